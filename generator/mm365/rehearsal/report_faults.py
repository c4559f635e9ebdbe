"""What was made to go wrong as plain data for the report: the promises, the matrix of faults, and what broke."""

from collections.abc import Iterator
from dataclasses import dataclass

from mm365.rehearsal.faults import HARMLESS, KILLS, MEANINGS
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.promises import Breach, promised
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report_way import Detail, detail_of, exit_words
from mm365.rehearsal.result import describe
from mm365.rehearsal.shells import Way
from mm365.rehearsal.summary import OF_RUNS, WAYS_IN_WORDS, kinds_of_run


@dataclass(frozen=True, kw_only=True)
class PromiseRow:
    """A promise, what it means, and in how many runs it was broken."""

    text: str
    meaning: str
    broken: int


@dataclass(frozen=True, kw_only=True)
class PromiseTable:
    """The promises of the scripts, or of the paste forms."""

    words: str
    rows: tuple[PromiseRow, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A step, and for each kind of fault and for all: how many cases were run, and how many broke."""

    stage: str
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The faults, by kind with what each is. ``harmless`` and ``killed_in_turn`` say that cases were put together."""

    kinds: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
    harmless: bool
    killed_in_turn: bool

    @property
    def head(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return ("Step", *(kind for kind, _ in self.kinds), "all")


@dataclass(frozen=True, kw_only=True)
class BrokenWay:
    """A way that did not hold with nothing going wrong: what was seen, each with the promise that it breaks, if any."""

    words: str
    found: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BrokenCase:
    """A case that broke a promise. ``again`` are the options that run it alone."""

    title: str
    found: tuple[tuple[str, str], ...]
    kind: str
    meaning: str
    words: str
    ended: str
    again: str
    detail: Detail


def promise_tables(done: Result) -> tuple[PromiseTable, ...]:
    """The promises for each kind of run, and how often each was broken."""
    return tuple(
        PromiseTable(words=OF_RUNS[pasted], rows=tuple(_promise_rows(done, pasted=pasted)))
        for pasted in kinds_of_run(done)
    )


def _promise_rows(done: Result, *, pasted: bool) -> Iterator[PromiseRow]:
    runs = [
        {breach.promise for breach in breaches} for way, breaches in _all_breaches(done) if (way == "paste") is pasted
    ]
    for promise, meaning in promised(pasted=pasted).items():
        yield PromiseRow(text=promise.value, meaning=meaning, broken=sum(promise in broken for broken in runs))


def matrix(done: Result) -> Matrix:
    """The faults by step and kind; the last row and the last column hold the sums."""
    counts = done.counts
    rows = [
        MatrixRow(stage=stage, cells=tuple(counts.of(stage=stage, kind=kind) for kind in (*counts.kinds, "")))
        for stage in (*counts.stages, "")
    ]
    return Matrix(
        kinds=tuple((kind, MEANINGS[kind]) for kind in counts.kinds),
        rows=tuple(rows),
        harmless=bool(HARMLESS.intersection(counts.kinds)),
        killed_in_turn=bool(KILLS.intersection(counts.kinds)) and len(done.ways) > 1,
    )


def broken_ways(done: Result) -> tuple[BrokenWay, ...]:
    """The ways that did not hold."""
    return tuple(
        BrokenWay(words=WAYS_IN_WORDS[through.way], found=tuple(_found(through)))
        for through in (*done.refused, *done.ways)
        if not through.held
    )


def broken_cases(done: Result) -> tuple[BrokenCase, ...]:
    """Every case that broke a promise."""
    return tuple(map(_case, done.broken))


def _all_breaches(done: Result) -> Iterator[tuple[Way, tuple[Breach, ...]]]:
    for through in (*done.refused, *done.ways):
        yield from ((through.way, breaches) for breaches in (*through.breaches, through.returned))
    yield from ((outcome.way, outcome.breaches) for outcome in done.outcomes)


def _found(through: RunThrough) -> Iterator[tuple[str, str]]:
    for run in through.stages:
        if not run.as_expected:
            yield f"{run.stage.command}: {exit_words(run)}, expected {run.stage.exit_code}", ""
    for run, breaches in zip(through.stages, through.breaches, strict=True):
        yield from ((f"{run.stage.command}: {breach.text}", breach.promise.value) for breach in breaches)
    yield from ((f"At the end: {breach.text}", breach.promise.value) for breach in through.returned)


def _case(outcome: Outcome) -> BrokenCase:
    case = outcome.case
    chosen = f"--fault {case.name}" if case.number else f"--faults {case.kind}"
    return BrokenCase(
        title=describe(case),
        found=tuple((breach.text, breach.promise.value) for breach in outcome.breaches),
        kind=case.kind,
        meaning=MEANINGS[case.kind],
        words=WAYS_IN_WORDS[outcome.way],
        ended=exit_words(outcome.run),
        again=f"{chosen} --way {outcome.way}",
        detail=detail_of(outcome.run, f"the case {case.name}, {outcome.way}"),
    )
