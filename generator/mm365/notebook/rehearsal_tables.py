"""What came of a rehearsal as HTML: the verdict, the way through, the matrix of faults, every case that broke."""

from collections.abc import Iterator
from itertools import groupby

from mm365.display import printable
from mm365.notebook import hypertext
from mm365.rehearsal.faults import MEANINGS
from mm365.rehearsal.matrix import Outcome
from mm365.rehearsal.promises import Breach, last_words
from mm365.rehearsal.rehearsal import Result, RunThrough
from mm365.rehearsal.result import describe
from mm365.rehearsal.run import Run
from mm365.rehearsal.summary import (
    BAD,
    GOOD,
    PLAIN,
    WAYS_IN_WORDS,
    counted_changes,
    verdict,
)

_HELD = "held"
_KINDS = {GOOD: "done", BAD: "error", PLAIN: ""}


def rehearsed(done: Result) -> str:
    """All of it, the verdict first."""
    told = "".join(hypertext.message(text, _KINDS[look]) for text, look in verdict(done))
    return told + "".join(_broken(done)) + "".join(_matrix(done)) + "".join(map(_way_through, done.ways))


def _way_through(through: RunThrough) -> str:
    """A table of the stages; it is open where there is something to see."""
    rows = []
    for run, breaches in zip(through.stages, through.breaches, strict=True):
        bad = [] if run.as_expected else [last_words(run)]
        bad += [breach.text for breach in breaches]
        said = " / ".join(map(printable, bad)) or _HELD
        seconds, changed = f"{run.ended.seconds:.1f} s", counted_changes(run) or "nothing"
        rows.append((run.stage.command, said, _end(run), str(len(run.calls)), seconds, changed))
    back = [printable(breach.text) for breach in through.returned]
    table = hypertext.marked_table(
        ("Script", "Promises", "Ends with", "Calls", "Takes", "Changes"),
        rows,
        bad=lambda column, cell: column == 1 and cell != _HELD,
        label=f"The way through, {WAYS_IN_WORDS[through.way]}",
    )
    end = (
        hypertext.lines(back, "error")
        if back
        else hypertext.message("It ends with exactly what was there before.", "done")
    )
    title = f"The way through, {WAYS_IN_WORDS[through.way]}: {'held' if through.held else 'NOT held'}"
    return hypertext.folded(title, table + end, unfolded=through.way == "file" or not through.held)


def _end(run: Run) -> str:
    code = run.ended.exit_code
    ended = "no exit code" if code is None else f"exit {code}"
    if not run.as_expected:
        return f"{ended}, not {run.stage.exit_code}"
    return f"{ended}, as it should" if code else ended


def _matrix(done: Result) -> Iterator[str]:
    if not done.outcomes:
        return
    ways = ", ".join(through.way for through in done.ways)
    table = hypertext.marked_table(
        ("Fault", *done.counts.stages, "all"),
        [
            (kind, *(_cell(*done.counts.of(stage=stage, kind=kind)) for stage in (*done.counts.stages, "")))
            for kind in done.counts.kinds
        ],
        bad=lambda _, cell: "BROKEN" in cell,
        label="Cases that held, by fault and step",
    )
    meanings = hypertext.table(("Fault", "Is"), [(kind, MEANINGS[kind]) for kind in done.counts.kinds], code=(0,))
    yield hypertext.page(
        hypertext.paragraph(f"Faults at each call in turn; run as: {ways}. How many cases held, and how many broke:"),
        table,
    )
    yield hypertext.folded("What each fault is", meanings)


def _cell(run: int, broken: int) -> str:
    if not run:
        return "\N{MIDDLE DOT}"
    return f"{run - broken}, {broken} BROKEN" if broken else str(run)


def _broken(done: Result) -> Iterator[str]:
    if done.broken:
        inner = "".join(map(_case, done.broken))
        count = len(done.broken)
        yield hypertext.folded(f"{count} {'case' if count == 1 else 'cases'} broken, one by one", inner, unfolded=True)


def _case(outcome: Outcome) -> str:
    title = f"{describe(outcome.case)}, run as {outcome.way}"
    by_promise = groupby(sorted(outcome.breaches, key=_promise), key=_promise)
    rows = [(promise, " / ".join(printable(one.text) for one in breaches)) for promise, breaches in by_promise]
    return hypertext.finding(title, f"--fault {outcome.case.name}", rows)


def _promise(breach: Breach) -> str:
    return breach.promise.value
