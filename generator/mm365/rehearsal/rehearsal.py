"""A whole rehearsal: the pack is verified, run from preflight to rollback, then run with every fault asked for."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from mm365.display import printable
from mm365.errors import PackError
from mm365.pack.verification import change_of, verify_pack
from mm365.rehearsal.beginning import EMPTY, changes_of, chosen_tenant, first_state, possible_ways
from mm365.rehearsal.cases import Turns, cases_to_run, chosen_cases
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.example import refusing_stages, run_refusals, write_stand_in
from mm365.rehearsal.faults import Case, ChosenFault
from mm365.rehearsal.matrix import Matrix
from mm365.rehearsal.outcomes import Counts, Outcome, RunThrough
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Progress, Tell
from mm365.rehearsal.promises import PromiseChecker
from mm365.rehearsal.run import Run, Runner, run_stages
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Abandoned, Way
from mm365.rehearsal.stages import Stage, rollback_of, stages_of
from mm365.request.request import Request
from mm365.scripts.change import Change


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is rehearsed: the pack, the PowerShell, the ways of running scripts, the tenant and the faults."""

    pack: Path
    program: str
    ways: Sequence[Way] = ("file",)
    tenant: str = EMPTY
    behaviour: Mapping[str, object] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    chosen: Sequence[ChosenFault] = ()
    turns: Turns = field(default_factory=Turns)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a rehearsal found. ``refused`` is for an example pack: what it refuses, run as it is."""

    options: Options
    change: Change
    fingerprint: str
    ways: tuple[RunThrough, ...]
    outcomes: tuple[Outcome, ...]
    runs: int
    seconds: float
    refused: tuple[RunThrough, ...] = ()

    @property
    def request(self) -> Request:
        """What the pack was made from; of an example pack, with the header ID that stood in for the example's."""
        return self.change.request

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """The cases in which a promise was broken."""
        return tuple(outcome for outcome in self.outcomes if not outcome.held)

    @property
    def held(self) -> bool:
        """Whether every promise was kept, on the way through and in every case."""
        return not self.broken and all(through.held for through in (*self.refused, *self.ways))

    @cached_property
    def counts(self) -> Counts:
        """The number of cases that were run and that broke a promise."""
        return Counts(self.outcomes)


def rehearse(options: Options, tell: Tell = lambda _: None, pool: Pool | None = None) -> Result:
    """Verify a pack, run the way through in each way of running scripts, then the faults.

    The scripts run in the shells of ``pool`` if one is given. Raises PackError for a pack that is not what was
    generated, RehearsalError for what cannot be rehearsed, and Abandoned soon after ``stop`` of the pool is set. In
    any case neither a process of its own nor a folder is left behind.
    """
    change, fingerprint = verified(options.pack)
    if not change.request.is_example:
        return rehearse_pack(options, change, fingerprint, tell, pool)
    shells = pool or Pool(options.program)
    with tempfile.TemporaryDirectory(prefix="mm365-example-") as folder:
        try:
            refused = tuple(_refused(options, change, Path(folder), shells))
            other = write_stand_in(change, Path(folder) / "pack")
            done = rehearse_pack(replace(options, pack=Path(folder) / "pack"), other, fingerprint, tell, shells)
        finally:
            if pool is None:
                shells.close()
    runs = [run for through in refused for run in through.stages]
    seconds = done.seconds + sum(run.ended.seconds for run in runs)
    return replace(done, options=options, refused=refused, runs=done.runs + len(runs), seconds=seconds)


def _refused(options: Options, change: Change, folder: Path, shells: Pool) -> Iterator[RunThrough]:
    """What an example pack refuses, in each way of running scripts."""
    start = first_state(options.tenant, options.behaviour, change)
    comparison = Comparison(change.integration)
    checker = PromiseChecker(comparison, comparison.everything(start.objects), changes_of(change))
    for way in options.ways:
        with shells.shell(way) as shell:
            runner = Runner(options.pack, shell, Sandbox(folder / way), comparison)
            yield run_refusals(runner, refusing_stages(change, way), start, checker)


def rehearse_pack(
    options: Options, change: Change, fingerprint: str, tell: Tell = lambda _: None, pool: Pool | None = None
) -> Result:
    """Rehearse a pack that carries out ``change``. Its scripts are not verified here: ``verified`` does that."""
    begun = time.monotonic()
    options = replace(options, ways=possible_ways(options.ways, change), tenant=chosen_tenant(options.tenant, change))
    start = first_state(options.tenant, options.behaviour, change)
    comparison = Comparison(change.integration)
    checker = PromiseChecker(comparison, comparison.everything(start.objects), changes_of(change))
    shells = pool or Pool(options.program)
    with tempfile.TemporaryDirectory(prefix="mm365-rehearsal-") as folder:
        rollback = {way: rollback_of(change, way) for way in options.ways}
        matrix = Matrix(options.pack, rollback, shells, checker, Path(folder))
        try:
            ways_through = _run_all_ways(
                options, {way: stages_of(change, way) for way in options.ways}, start, matrix, tell
            )
            outcomes = _run_all(_cases(options, ways_through, comparison), matrix, tell)
        finally:
            if pool is None:
                shells.close()
    return Result(
        options=options,
        change=change,
        fingerprint=fingerprint,
        ways=ways_through,
        outcomes=outcomes,
        runs=matrix.known.runs + sum(len(through.stages) for through in ways_through),
        seconds=time.monotonic() - begun,
    )


def verified(folder: Path) -> tuple[Change, str]:
    """The change and the fingerprint of a pack, whose scripts must be those that this version makes of the request.

    A manifest alone does not prove that: it can be written again for other scripts, and those would be run on this
    machine. Raises PackError.
    """
    report = verify_pack(folder)
    change = change_of(folder)
    wrong = [f"{printable(entry.path)} is {entry.status.value}" for entry in report.files if not entry.good]
    if wrong or change is None:
        raise PackError(
            f"{folder} is not what was generated ({', '.join(wrong) or 'its request or snapshot cannot be read'}), "
            "so it is not rehearsed; see mm365 verify-pack."
        )
    if not report.rendered_again:
        raise PackError(
            f"{folder} was made by {printable(report.generator)}, so it cannot be known here whether its scripts are "
            "what was generated; rehearse it with that version."
        )
    return change, report.fingerprint


def _run_all_ways(
    options: Options, stages: Mapping[Way, Sequence[Stage]], start: State, matrix: Matrix, tell: Tell
) -> tuple[RunThrough, ...]:
    total = sum(map(len, stages.values()))
    run: list[Run] = []
    ways_through: list[RunThrough] = []

    def heard(one: Run) -> None:
        run.append(one)
        tell(Progress(done=len(run), total=total, text=one.stage.command))

    for way in options.ways:
        with matrix.pool.shell(way) as shell:
            runner = Runner(options.pack, shell, Sandbox(matrix.folder / way), matrix.checker.comparison)
            through = run_stages(runner, stages[way], matrix.rollback[way], start, heard)
        ways_through.append(_run_through(way, through, matrix.checker))
    return tuple(ways_through)


def _run_through(way: Way, stages: Sequence[Run], checker: PromiseChecker) -> RunThrough:
    return RunThrough(
        way=way,
        stages=tuple(stages),
        breaches=tuple(tuple(checker.check(run)) for run in stages),
        returned=tuple(checker.returned(stages[-1])),
    )


def _cases(options: Options, ways_through: Sequence[RunThrough], comparison: Comparison) -> list[tuple[Case, Way]]:
    return [
        *cases_to_run(ways_through, comparison, options.kinds, options.turns),
        *chosen_cases(ways_through, comparison, options.chosen),
    ]


def _run_all(cases: Sequence[tuple[Case, Way]], matrix: Matrix, tell: Tell) -> tuple[Outcome, ...]:
    """Run all cases; their outcomes in the order of the cases. Raises Abandoned if not all were run."""
    outcomes: dict[tuple[int, Way], Outcome] = {}
    broken = 0

    def heard(outcome: Outcome) -> None:
        nonlocal broken
        outcomes[id(outcome.case), outcome.way] = outcome
        broken += not outcome.held
        tell(Progress(done=len(outcomes), total=len(cases), text=outcome.case.name, broken=broken, faults=True))

    matrix.run(cases, heard)
    if len(outcomes) < len(cases):
        raise Abandoned
    return tuple(outcomes[id(case), way] for case, way in cases)
