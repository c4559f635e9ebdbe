"""A rehearsal as lines for a terminal: the way through as a table, the matrix of faults, and what broke."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from mm365.display import printable
from mm365.documents.terminal import table_lines
from mm365.documents.words import counted
from mm365.rehearsal.outcomes import Counts, RunThrough
from mm365.rehearsal.promises import promised
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.result import describe
from mm365.rehearsal.run import Run
from mm365.rehearsal.truth import last_words
from mm365.request.fields import UNUSABLE

GOOD, BAD, PLAIN = "good", "bad", ""
Line = tuple[str, str]
"""A line and its look: good, bad or plain."""

WAYS_IN_WORDS = {
    "file": "each script as pwsh -File",
    "call": "each script with & in an open shell",
    "paste": "the paste forms, pasted into an open shell",
}
OF_RUNS = {False: "scripts", True: "paste forms"}
_MOST_LINES = 100
_BROKEN = "BROKEN"


def summary(done: Result) -> Iterator[Line]:
    """All lines, from what was done to whether it held."""
    guard = done.request.loop_guard.value
    yield (
        f"Rehearsed against an emulated Exchange Online, tenant: {done.options.tenant}; loop guard: {guard}",
        PLAIN,
    )
    yield from _promises(done)
    if done.refused:
        yield "", PLAIN
        yield UNUSABLE, PLAIN
    for through in done.refused:
        yield "", PLAIN
        yield f"What the example has to refuse, {WAYS_IN_WORDS[through.way]}:", PLAIN
        yield from _steps(through)
    for through in done.ways:
        yield from _way_through(through)
    if done.outcomes:
        yield from _faults(done)
        yield from list(breakages(done))[:_MOST_LINES]
    yield "", PLAIN
    yield from verdict(done)


def _promises(done: Result) -> Iterator[Line]:
    for pasted in kinds_of_run(done):
        yield "", PLAIN
        yield f"What has to hold for the {OF_RUNS[pasted]}, whatever goes wrong:", PLAIN
        for number, text in enumerate(promised(pasted=pasted).values(), start=1):
            for line in textwrap.wrap(f"{number}. {text}", 110, subsequent_indent="   "):
                yield f"  {line}", PLAIN


def kinds_of_run(done: Result) -> list[bool]:
    """Whether scripts were run (False), and whether forms were pasted (True)."""
    return sorted({through.way == "paste" for through in done.ways})


def _way_through(through: RunThrough) -> Iterator[Line]:
    yield "", PLAIN
    yield f"The way through, {WAYS_IN_WORDS[through.way]}:", PLAIN
    yield from _steps(through)
    for breach in through.returned:
        yield f"  BAD  {printable(breach.text)}", BAD
    if not through.returned:
        yield "  ok   it ends with exactly what was there before", GOOD


def _steps(through: RunThrough) -> Iterator[Line]:
    steps = table_lines([_step(through, place) for place in range(len(through.stages))], right=(3, 4))
    for step, run, breaches in zip(steps, through.stages, through.breaches, strict=True):
        yield f"  {step}", GOOD if run.as_expected and not breaches else BAD
        if not run.as_expected:
            yield f"         {printable(last_words(run))}", BAD
        for breach in breaches:
            yield f"         {printable(breach.text)}", BAD


def _step(through: RunThrough, place: int) -> tuple[str, ...]:
    run = through.stages[place]
    good = run.as_expected and not through.breaches[place]
    code = "killed" if run.ended.exit_code is None else f"exit {run.ended.exit_code}"
    calls, seconds = f"{len(run.calls)} calls", f"{run.ended.seconds:.2f} s"
    return "ok " if good else "BAD", run.stage.command, code, calls, seconds, counted_changes(run)


def counted_changes(run: Run) -> str:
    """The cmdlets that changed something, with how often if that is more than once."""
    times = Counter(call["cmdlet"] for call in run.changes)
    return ", ".join(cmdlet if count == 1 else f"{count} {cmdlet}" for cmdlet, count in times.items())


def _faults(done: Result) -> Iterator[Line]:
    ways = ", ".join(through.way for through in done.ways)
    yield "", PLAIN
    yield f"Faults, at each call in turn; run as: {ways}. Cases that held, and how many broke:", PLAIN
    yield from matrix(done.counts)


def matrix(counts: Counts) -> Iterator[Line]:
    """How many cases held and broke, by stage and kind of fault, as a table."""
    rows = [["", *counts.kinds, "all"]]
    rows += [
        [stage or "all", *(_cell(*counts.of(stage=stage, kind=kind)) for kind in (*counts.kinds, ""))]
        for stage in (*counts.stages, "")
    ]
    for line in table_lines(rows, right=range(1, len(rows[0]))):
        yield f"  {line}", BAD if _BROKEN in line else PLAIN


def _cell(run: int, broken: int) -> str:
    if not run:
        return "."
    return f"{run - broken}" if not broken else f"{run - broken}, {broken} {_BROKEN}"


def breakages(done: Result) -> Iterator[Line]:
    """Every case that broke a promise, with what shows it, and how to run it alone."""
    for outcome in done.broken:
        yield f"BROKEN  {describe(outcome.case)}, run as {outcome.way}  (--fault {outcome.case.name})", BAD
        for breach in outcome.breaches:
            yield f"        {breach.promise.value}:", PLAIN
            yield f"          {printable(breach.text)}", BAD


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
    counts = f"{cases} cases, {cases - len(done.broken)} held, {len(done.broken)} broken; " if cases else ""
    said, look = ("All held", GOOD) if done.held else ("NOT all held", BAD)
    if len(list(breakages(done))) > _MOST_LINES:
        yield "There is more that broke: --json and --report have all of it.", BAD
    yield f"{said}: {counts}{counted(done.runs, 'run')} in {done.seconds:.1f} s.", look
    yield "No tenant was touched.", PLAIN
