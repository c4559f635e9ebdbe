"""A whole rehearsal: the pack is verified, run from preflight to rollback, then run with every fault asked for."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mm365.display import printable
from mm365.emulator.backup import tenant_from_backup
from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.errors import PackError
from mm365.pack.verification import request_of, verify_pack
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import KILLS, Case, ChosenFault, case_of, cases_of, no_such_call
from mm365.rehearsal.matrix import Counts, Matrix, Outcome
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Progress, Tell
from mm365.rehearsal.promises import Breach, PromiseChecker
from mm365.rehearsal.run import Run, Runner, run_stages
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Abandoned, Way
from mm365.rehearsal.stages import stages_of
from mm365.request.request import Request
from mm365.scripts.change import Change, build_change

EMPTY, BUSY = "empty", "busy"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is rehearsed: the pack, the PowerShell, the ways of running scripts, the tenant and the faults.

    Every case is run in all ways. If ``turn`` is a number, each case is run in only one way, and the ways take turns,
    beginning with that number. Cases are numbered from ``turn`` on, and only those are run whose number leaves the rest
    ``part[0]`` when it is divided by ``part[1]``.
    """

    pack: Path
    program: str
    ways: Sequence[Way] = ("file",)
    tenant: str = EMPTY
    behaviour: Mapping[str, object] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    chosen: Sequence[ChosenFault] = ()
    turn: int | None = None
    part: tuple[int, int] = (0, 1)


@dataclass(frozen=True, kw_only=True)
class RunThrough:
    """The way through, run in one way of running scripts.

    ``breaches`` holds the promises that each stage broke, ``returned`` what the last rollback did not bring back.
    """

    way: Way
    stages: tuple[Run, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    returned: tuple[Breach, ...]

    @property
    def stopped(self) -> Run | None:
        """The first stage that did not end as it should; None if all did."""
        return next((run for run in self.stages if not run.as_expected), None)

    @property
    def held(self) -> bool:
        """Whether every stage ended as it should, nothing was broken, and the rollback brought everything back."""
        return self.stopped is None and not self.returned and not any(self.breaches)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a rehearsal found."""

    options: Options
    change: Change
    fingerprint: str
    ways: tuple[RunThrough, ...]
    outcomes: tuple[Outcome, ...]
    runs: int
    seconds: float

    @property
    def request(self) -> Request:
        """What the pack was made from."""
        return self.change.request

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """The cases in which a promise was broken."""
        return tuple(outcome for outcome in self.outcomes if not outcome.held)

    @property
    def held(self) -> bool:
        """Whether every promise was kept, on the way through and in every case."""
        return not self.broken and all(through.held for through in self.ways)

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
    return rehearse_pack(options, *verified(options.pack), tell, pool)


def rehearse_pack(
    options: Options, request: Request, fingerprint: str, tell: Tell = lambda _: None, pool: Pool | None = None
) -> Result:
    """Rehearse a pack that was made from ``request``. Its scripts are not verified here: ``verified`` does that."""
    begun = time.monotonic()
    start = _start(options, request)
    change = build_change(request)
    comparison = Comparison(change.integration)
    checker = PromiseChecker(comparison, comparison.everything(start.objects))
    shells = pool or Pool(options.program)
    with tempfile.TemporaryDirectory(prefix="mm365-rehearsal-") as folder:
        matrix = Matrix(options.pack, change, shells, checker, Path(folder))
        try:
            ways_through = _run_all_ways(options, start, matrix, tell)
            outcomes = _run_all(list(_cases(options, ways_through, comparison)), matrix, tell)
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


def verified(folder: Path) -> tuple[Request, str]:
    """The request and the fingerprint of a pack, whose scripts must be those that this version makes of the request.

    A manifest alone does not prove that: it can be written again for other scripts, and those would be run on this
    machine. Raises PackError.
    """
    report = verify_pack(folder)
    request = request_of(folder)
    wrong = [f"{printable(entry.path)} is {entry.status.value}" for entry in report.files if not entry.good]
    if wrong or request is None:
        raise PackError(
            f"{folder} is not what was generated ({', '.join(wrong) or 'request.json cannot be read'}), "
            "so it is not rehearsed; see mm365 verify-pack."
        )
    if not report.rendered_again:
        raise PackError(
            f"{folder} was made by {printable(report.generator)}, so it cannot be known here whether its scripts are "
            "what was generated; rehearse it with that version."
        )
    return request, report.fingerprint


def _start(options: Options, request: Request) -> State:
    tenant: Tenant
    if options.tenant in {EMPTY, BUSY}:
        make = empty_tenant if options.tenant == EMPTY else busy_tenant
        tenant = make(request.tenant, accepted_domains=())
        if request.tenant_id:
            tenant["connections"][0]["TenantID"] = request.tenant_id
    else:
        tenant = tenant_from_backup(Path(options.tenant), request)
    tenant["behaviour"] = dict(options.behaviour)
    return State(tenant=json.dumps({key: value for key, value in tenant.items() if key != "faults"}).encode())


def _run_all_ways(options: Options, start: State, matrix: Matrix, tell: Tell) -> tuple[RunThrough, ...]:
    stages = {way: stages_of(matrix.change.procedure, way) for way in options.ways}
    total = sum(map(len, stages.values()))
    run: list[Run] = []
    ways_through: list[RunThrough] = []

    def heard(one: Run) -> None:
        run.append(one)
        tell(Progress(done=len(run), total=total, text=one.stage.command))

    for way in options.ways:
        with matrix.pool.shell(way) as shell:
            through = run_stages(Runner(options.pack, shell, Sandbox(matrix.folder / way)), stages[way], start, heard)
        ways_through.append(_run_through(way, through, matrix.checker))
    return tuple(ways_through)


def _run_through(way: Way, stages: Sequence[Run], checker: PromiseChecker) -> RunThrough:
    return RunThrough(
        way=way,
        stages=tuple(stages),
        breaches=tuple(tuple(checker.check(run)) for run in stages),
        returned=tuple(checker.returned(stages[-1])),
    )


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


def _cases(options: Options, ways_through: Sequence[RunThrough], comparison: Comparison) -> Iterator[tuple[Case, Way]]:
    """Every case, in every way or in turn. Scripts and paste forms take turns among themselves only.

    What a killed process leaves is the same in all ways if their calls and files are: then each kill is made in one of
    them, in turn.
    """
    for alike in _groups(ways_through):
        for place, through in enumerate(alike):
            cases = [case for run in _tried(through) for case in cases_of(run, comparison, options.kinds)]
            for number, case in enumerate(cases, start=options.turn or 0):
                in_turn = options.turn is not None or (case.kind in KILLS and len(set(map(trace, alike))) == 1)
                mine = not in_turn or number // options.part[1] % len(alike) == place
                if mine and number % options.part[1] == options.part[0]:
                    yield case, through.way
    yield from _chosen(options, ways_through, comparison)


def _chosen(options: Options, ways_through: Sequence[RunThrough], comparison: Comparison) -> Iterator[tuple[Case, Way]]:
    for chosen in options.chosen:
        cases = [
            (case, through.way) for through in ways_through for case in case_of(chosen, _tried(through), comparison)
        ]
        if not cases:
            raise no_such_call(chosen)
        yield from cases


def _groups(ways_through: Sequence[RunThrough]) -> list[list[RunThrough]]:
    """The ways that run the scripts, and the way that pastes the forms."""
    groups = [[through for through in ways_through if (through.way == "paste") is pasted] for pasted in (False, True)]
    return [group for group in groups if group]


def _tried(through: RunThrough) -> list[Run]:
    """The stages to try with faults: each in the state in which it meets the tenant on the way, once for each state."""
    return [run for run in through.stages if not run.stage.again]


def trace(through: RunThrough) -> tuple[tuple[str, bool, bool], ...]:
    """The calls of a way through, and whether the tenant or a file changed at or before each of them."""
    calls = [call for run in through.stages for call in run.calls]
    return tuple(
        (call["cmdlet"], call["changed"], before.get("watched") != call.get("watched"))
        for before, call in zip(calls[:1] + calls, calls, strict=False)
    )
