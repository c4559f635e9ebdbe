"""A rehearsal as lines for a terminal: first what broke, then what held, folded to counts unless all is wanted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mm365.display import printable
from mm365.documents.terminal import BAD, GOOD, PLAIN, Line, table_lines
from mm365.documents.words import counted
from mm365.rehearsal.faults import Case
from mm365.rehearsal.outcomes import Counts, Outcome, RunThrough
from mm365.rehearsal.promises import Breach, Promise, promised
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.result import describe
from mm365.rehearsal.run import Run
from mm365.rehearsal.truth import last_words
from mm365.request.fields import UNUSABLE

WAYS_IN_WORDS = {
    "file": "each script as pwsh -File",
    "call": "each script with & in an open shell",
    "paste": "the paste forms, pasted into an open shell",
}
STATUS_WIDTH = 9
"""What a problem is stands in this many columns before its text."""
OF_RUNS = {False: "scripts", True: "paste forms"}
_MOST_CASES = 20
"""More of them nobody reads in a terminal."""
_BROKEN, _STOPPED, _OK, _CUT = "BROKEN", "STOPPED", "ok", "CUT"
_WIDE = 100_000
"""More columns than any line needs."""


def summary(done: Result, *, verbose: bool = False, width: int = _WIDE) -> Iterator[Line]:
    """All lines, from what was done to whether it held; a table that is wider than ``width`` is a list instead."""
    shell = f", PowerShell {done.shell.version} {done.shell.edition}" if done.shell else ""
    guard = done.request.loop_guard.value
    yield f"Rehearsed on an emulated Exchange Online: tenant {done.options.tenant}, loop guard {guard}{shell}", PLAIN
    if done.refused:
        yield UNUSABLE, PLAIN
    yield "", PLAIN
    yield from _stops(done)
    for outcome in done.broken[:_MOST_CASES]:
        yield from _broken(outcome)
    if (more := len(done.broken) - _MOST_CASES) > 0:
        yield _line(_BROKEN, f"{counted(more, 'more case')}: --report and --json have all of them"), BAD
    yield from _in_full(done, width) if verbose else _folded(done)
    yield "", PLAIN
    yield from verdict(done)


def _stops(done: Result) -> Iterator[Line]:
    """What did not go as it should on the ways through."""
    for through in (*done.refused, *done.ways):
        words = WAYS_IN_WORDS[through.way]
        for run, breaches in zip(through.stages, through.breaches, strict=True):
            if not run.as_expected:
                yield _line(_STOPPED, f"{run.stage.command}, {words}: {exit_in_words(run)}"), BAD
                yield _line("", printable(last_words(run))), BAD
            for breach in breaches:
                yield _line(_BROKEN, f"{run.stage.command}, {words}: {printable(breach.text)}"), BAD
        for breach in through.returned:
            yield _line(_BROKEN, f"At the end, {words}: {printable(breach.text)}"), BAD


def _folded(done: Result) -> Iterator[Line]:
    """What held, in counts."""
    for through in done.refused:
        if good := sum(map(_is_good, through.stages, through.breaches)):
            yield _line(_OK, f"{counted(good, 'refusal')} of the example, {WAYS_IN_WORDS[through.way]}"), GOOD
    for through in done.ways:
        good = sum(map(_is_good, through.stages, through.breaches))
        if good:
            yield _line(_OK, f"{counted(good, 'step')} of the way through, {WAYS_IN_WORDS[through.way]}"), GOOD
        yield from _end(through)
    held = len(done.outcomes) - len(done.broken)
    if held:
        yield _line(_OK, f"{counted(held, 'case')} in which something goes wrong"), GOOD
    yield _line("", "--verbose lists them, and what has to hold."), PLAIN


def _end(through: RunThrough) -> Iterator[Line]:
    if through.cut:
        text = f"the way through ended after {counted(len(through.stages), 'step')}, and nothing was rolled back"
        yield _line(_CUT, text), BAD
    elif not through.returned:
        yield _line(_OK, "it ends with exactly what was there before"), GOOD


def _in_full(done: Result, width: int) -> Iterator[Line]:
    for pasted in kinds_of_run(done):
        yield f"What has to hold for the {OF_RUNS[pasted]}, whatever goes wrong:", PLAIN
        yield from ((f"  {number}.  {text}", PLAIN) for number, text in enumerate(promised(pasted=pasted).values(), 1))
        yield "", PLAIN
    for through in done.refused:
        yield f"What the example has to refuse, {WAYS_IN_WORDS[through.way]}:", PLAIN
        yield from _steps(through, width)
        yield "", PLAIN
    for place, through in enumerate(done.ways):
        if place:
            yield "", PLAIN
        yield f"The way through, {WAYS_IN_WORDS[through.way]}:", PLAIN
        yield from _steps(through, width)
        yield from _end(through)
    if done.outcomes:
        yield "", PLAIN
        ways = ", ".join(through.way for through in done.ways)
        yield f"Faults, at each call in turn; run as: {ways}. Cases that held, and how many broke:", PLAIN
        yield from matrix(done.counts, width=width)


def _is_good(run: Run, breaches: Sequence[Breach]) -> bool:
    return run.as_expected and not breaches


def _steps(through: RunThrough, width: int) -> Iterator[Line]:
    good = list(map(_is_good, through.stages, through.breaches))
    rows = [_step(run, good=is_good) for run, is_good in zip(through.stages, good, strict=True)]
    lines = table_lines(rows, right=(3, 4))
    if max(map(len, lines)) > width:
        lines = [_line(status, f"{command}: {_joined(others)}") for status, command, *others in rows]
    yield from ((line, GOOD if is_good else BAD) for line, is_good in zip(lines, good, strict=True))


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(text for text in texts if text)


def _step(run: Run, *, good: bool) -> tuple[str, ...]:
    calls, seconds = counted(len(run.calls), "call"), f"{run.ended.seconds:.2f} s"
    return f"{_OK if good else _BROKEN:<6}", run.stage.command, exit_in_words(run), calls, seconds, counted_changes(run)


def exit_in_words(run: Run) -> str:
    """How a run ended, and how it should have if that is something else."""
    code = run.ended.exit_code
    ended = "did not end" if run.ended.hung else "killed" if code is None else f"exit {code}"
    if not run.as_expected:
        return f"{ended}, expected {run.stage.exit_code}"
    return f"{ended}, as it should" if code else ended


def kinds_of_run(done: Result) -> list[bool]:
    """Whether scripts were run (False), and whether forms were pasted (True)."""
    return sorted({through.way == "paste" for through in done.ways})


def counted_changes(run: Run) -> str:
    """The cmdlets that changed something, with how often if that is more than once."""
    times = Counter(call["cmdlet"] for call in run.changes)
    return ", ".join(cmdlet if count == 1 else f"{count} {cmdlet}" for cmdlet, count in times.items())


def matrix(counts: Counts, width: int = _WIDE) -> Iterator[Line]:
    """How many cases held and broke, by stage and kind of fault: a table, or a list where that is too wide."""
    kinds = (*counts.kinds, "")
    rows = [["", *counts.kinds, "all"]]
    rows += [
        [stage or "all", *(_cell(*counts.of(stage=stage, kind=kind)) for kind in kinds)]
        for stage in (*counts.stages, "")
    ]
    lines = [f"  {line}" for line in table_lines(rows, right=range(1, len(rows[0])))]
    if max(map(len, lines)) > width:
        lines = [f"  {stage}: {_joined(_named(counts.kinds, cells))}" for stage, *cells in rows[1:]]
    for line in lines:
        yield line, BAD if _BROKEN in line else PLAIN


_NONE = "."


def _named(kinds: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    return (f"{kind} {cell}" for kind, cell in zip((*kinds, "all"), cells, strict=True) if cell != _NONE)


def _cell(run: int, broken: int) -> str:
    if not run:
        return _NONE
    return f"{run - broken}" if not broken else f"{run - broken}, {broken} {_BROKEN}"


def breakages(done: Result) -> Iterator[Line]:
    """Every case that broke a promise, with what shows it, and how to run it alone."""
    for outcome in done.broken:
        yield from _broken(outcome)


def _broken(outcome: Outcome) -> Iterator[Line]:
    yield _line(_BROKEN, f"{describe(outcome.case)}, run as {outcome.way}"), BAD
    for promise in Promise:
        texts = [breach.text for breach in outcome.breaches if breach.promise is promise]
        if texts:
            yield _line("", f"promised: {promise.value}"), PLAIN
        yield from ((_line("", printable(text)), BAD) for text in texts)
    yield _line("", f"again:    {again(outcome.case)}"), PLAIN


def again(case: Case) -> str:
    """The option that lets the same go wrong again."""
    return f"--fault {case.name}" if case.number else f"--faults {case.kind}"


def _line(status: str, text: str) -> str:
    return f"{status:<{STATUS_WIDTH}}{text}"


def example_verdict(done: Result) -> Iterator[Line]:
    """Whether an example pack refused as it has to, and what was rehearsed in its place; nothing for another pack."""
    if not done.refused:
        return
    if all(through.held for through in done.refused):
        yield "The pack is an example and refuses to run, as it has to.", PLAIN
    else:
        yield "The pack is an example, and does not refuse everything that it has to.", BAD
    yield "The way through was run with a copy of it that had another header ID. The copy is gone.", PLAIN


def verdict(done: Result) -> Iterator[Line]:
    """Whether it went through and all held."""
    yield from example_verdict(done)
    stopped = [through.stopped for through in done.ways if through.stopped]
    if stopped:
        yield f"The change does not go through: {stopped[0].stage.command} stops. See above why.", BAD
    cases = len(done.outcomes)
    counts = f"{counted(cases, 'case')}, {cases - len(done.broken)} held, {len(done.broken)} broken; " if cases else ""
    said, look = ("NOT all held", BAD) if done.broke else ("All held", GOOD)
    if not done.complete:
        yield _interrupted(done), BAD
        said, look = (said, look) if done.broke else ("What was run held", PLAIN)
    yield f"{said}: {counts}{counted(done.runs, 'run')} in {done.seconds:.1f} s.", look
    yield "No tenant was touched.", PLAIN


def _interrupted(done: Result) -> str:
    if done.planned:
        return f"Interrupted: {len(done.outcomes)} of {counted(done.planned, 'case')} were run."
    return "Interrupted before the way through had ended."
