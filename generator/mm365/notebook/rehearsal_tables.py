"""What came of a rehearsal, for a notebook: the verdict, what broke, the matrix of faults, the way through."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from mm365.display import masked, printable
from mm365.documents.html import render_html
from mm365.documents.terminal import BAD, GOOD, PLAIN
from mm365.rehearsal.faults import MEANINGS
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.promises import Breach
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.result import describe
from mm365.rehearsal.run import Run
from mm365.rehearsal.summary import WAYS_IN_WORDS, counted_changes, verdict
from mm365.rehearsal.truth import last_words

_KINDS = {GOOD: "done", BAD: "error", PLAIN: ""}


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step of the way through; ``wrong`` is empty where it kept its promises."""

    command: str
    wrong: tuple[str, ...]
    ended: str
    calls: int
    seconds: str
    changes: str


@dataclass(frozen=True, kw_only=True)
class WayTable:
    """The way through in one way of running scripts. ``left`` is what the last rollback did not bring back."""

    words: str
    held: bool
    unfolded: bool
    steps: tuple[StepRow, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A step; for each kind of fault and for all: cases that were run, that held, and that broke."""

    stage: str
    cells: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The faults by step and kind, and what each kind is."""

    ways: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return ("Step", *(kind for kind, _ in self.kinds), "all")


@dataclass(frozen=True, kw_only=True)
class BrokenCase:
    """A case that broke promises, the option that runs it alone, and what broke each promise."""

    title: str
    option: str
    found: tuple[tuple[str, str], ...]


def rehearsed(done: Result) -> str:
    """All of it as HTML, the verdict first, without the header ID."""
    shown = render_html(
        "notebook/rehearsed.html.j2",
        verdict=tuple((text, _KINDS[look]) for text, look in verdict(done)),
        broken=tuple(map(_case, done.broken)),
        matrix=_matrix(done) if done.outcomes else None,
        ways=tuple(map(_way, done.ways)),
    )
    return masked(shown, done.request.header_id)


def _way(through: RunThrough) -> WayTable:
    return WayTable(
        words=WAYS_IN_WORDS[through.way],
        held=through.held,
        unfolded=through.way == "file" or not through.held,
        steps=tuple(_steps(through)),
        left=tuple(printable(breach.text) for breach in through.returned),
    )


def _steps(through: RunThrough) -> Iterator[StepRow]:
    for run, breaches in zip(through.stages, through.breaches, strict=True):
        wrong = [] if run.as_expected else [last_words(run)]
        wrong += [breach.text for breach in breaches]
        yield StepRow(
            command=run.stage.command,
            wrong=tuple(map(printable, wrong)),
            ended=_end(run),
            calls=len(run.calls),
            seconds=f"{run.ended.seconds:.1f} s",
            changes=counted_changes(run),
        )


def _end(run: Run) -> str:
    code = run.ended.exit_code
    ended = "no exit code" if code is None else f"exit {code}"
    if not run.as_expected:
        return f"{ended}, not {run.stage.exit_code}"
    return f"{ended}, as it should" if code else ended


def _matrix(done: Result) -> Matrix:
    counts = done.counts
    rows = []
    for stage in (*counts.stages, ""):
        cells = (counts.of(stage=stage, kind=kind) for kind in (*counts.kinds, ""))
        rows.append(MatrixRow(stage=stage, cells=tuple((run, run - broken, broken) for run, broken in cells)))
    return Matrix(
        ways=tuple(through.way for through in done.ways),
        kinds=tuple((kind, MEANINGS[kind]) for kind in counts.kinds),
        rows=tuple(rows),
    )


def _case(outcome: Outcome) -> BrokenCase:
    by_promise = groupby(sorted(outcome.breaches, key=_promise), key=_promise)
    return BrokenCase(
        title=f"{describe(outcome.case)}, run as {outcome.way}",
        option=f"--fault {outcome.case.name}",
        found=tuple(
            (promise, " / ".join(printable(breach.text) for breach in breaches)) for promise, breaches in by_promise
        ),
    )


def _promise(breach: Breach) -> str:
    return breach.promise.value
