"""A whole rehearsal: the pack is verified, gone through, then run with every fault that was asked for."""

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
from mm365.integration.article import build_integration
from mm365.pack.verification import request_of, verify_pack
from mm365.rehearsal.comparison import Likeness
from mm365.rehearsal.faults import KILLS, Case, Wanted, case_of, cases_of
from mm365.rehearsal.matrix import Counts, Matrix, Outcome
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Progress, Tell
from mm365.rehearsal.promises import Breach, Judge
from mm365.rehearsal.run import Actor, Passed, walk
from mm365.rehearsal.sandbox import Ground, Standing
from mm365.rehearsal.shells import Abandoned, Way
from mm365.rehearsal.stages import course
from mm365.request.request import Request

EMPTY, BUSY = "empty", "busy"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be rehearsed: a pack, in which shell and ways, from which tenant, with which faults.

    Every case is run in all ways; or, where ``turn`` is a number, in one of them, in turn from that number on. Of the
    cases, counted from that number on, those are run that leave ``part[0]`` when divided by ``part[1]``.
    """

    pack: Path
    program: str
    ways: Sequence[Way] = ("file",)
    tenant: str = EMPTY
    behaviour: Mapping[str, object] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    wanted: Sequence[Wanted] = ()
    turn: int | None = None
    part: tuple[int, int] = (0, 1)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """The way through in one way of running scripts, and what each stage broke."""

    way: Way
    stages: tuple[Passed, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    returned: tuple[Breach, ...]

    @property
    def stopped(self) -> Passed | None:
        """The stage that did not end as it should, so that the change does not go in; None if all did."""
        return next((passed for passed in self.stages if not passed.as_expected), None)

    @property
    def held(self) -> bool:
        """Whether it went through, came back, and broke nothing."""
        return self.stopped is None and not self.returned and not any(self.breaches)


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a rehearsal found."""

    wish: Wish
    request: Request
    fingerprint: str
    walks: tuple[Walked, ...]
    outcomes: tuple[Outcome, ...]
    runs: int
    seconds: float

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """The cases in which a promise was not kept."""
        return tuple(outcome for outcome in self.outcomes if not outcome.held)

    @property
    def held(self) -> bool:
        """Whether everything held."""
        return not self.broken and all(walked.held for walked in self.walks)

    @cached_property
    def counts(self) -> Counts:
        """How many cases were run and how many broke."""
        return Counts(self.outcomes)


def rehearse(wish: Wish, tell: Tell = lambda _: None, pool: Pool | None = None) -> Rehearsed:
    """Verify a pack, go the way through in each way, then run the faults, in shells of ``pool`` if one is given.

    Raises PackError for a pack that is not what was generated, RehearsalError for what cannot be rehearsed, and
    Abandoned soon after ``stop`` of the pool is set. No process of its own and no folder is left in any case.
    """
    return perform(wish, *verified(wish.pack), tell, pool)


def perform(
    wish: Wish, request: Request, fingerprint: str, tell: Tell = lambda _: None, pool: Pool | None = None
) -> Rehearsed:
    """Rehearse a pack that was made from ``request``. Its scripts are run as they are: see ``verified``."""
    begun = time.monotonic()
    start = _start(wish, request)
    likeness = Likeness(build_integration(request))
    judge = Judge(likeness, likeness.everything(start.objects))
    shells = pool or Pool(wish.program)
    matrix = Matrix(wish.pack, shells, judge)
    with tempfile.TemporaryDirectory(prefix="mm365-rehearsal-") as folder:
        try:
            walks = _walk_all(wish, start, matrix, Path(folder), tell)
            outcomes = _run_all(list(_cases(wish, walks, likeness)), matrix, Path(folder), tell)
        finally:
            if pool is None:
                shells.close()
    return Rehearsed(
        wish=wish,
        request=request,
        fingerprint=fingerprint,
        walks=walks,
        outcomes=outcomes,
        runs=matrix.known.runs + sum(len(walked.stages) for walked in walks),
        seconds=time.monotonic() - begun,
    )


def verified(folder: Path) -> tuple[Request, str]:
    """The request and the fingerprint of a pack whose scripts are those that this version makes of its request.

    A manifest can be written anew for other scripts, and these would be run here. Raises PackError.
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


def _start(wish: Wish, request: Request) -> Standing:
    tenant: Tenant
    if wish.tenant in {EMPTY, BUSY}:
        make = empty_tenant if wish.tenant == EMPTY else busy_tenant
        tenant = make(request.tenant, accepted_domains=())
        if request.tenant_id:
            tenant["connections"][0]["TenantID"] = request.tenant_id
    else:
        tenant = tenant_from_backup(Path(wish.tenant), request)
    tenant["behaviour"] = dict(wish.behaviour)
    return Standing(tenant=json.dumps({key: value for key, value in tenant.items() if key != "faults"}).encode())


def _walk_all(wish: Wish, start: Standing, matrix: Matrix, folder: Path, tell: Tell) -> tuple[Walked, ...]:
    stages = course(matrix.judge.likeness.integration)
    total = len(wish.ways) * len(stages)
    passed: list[Passed] = []
    walks = []

    def heard(one: Passed) -> None:
        passed.append(one)
        tell(Progress(done=len(passed), total=total, text=one.stage.command))

    for way in wish.ways:
        with matrix.pool.shell(way) as shell:
            walked = walk(Actor(wish.pack, shell, Ground(folder / way)), stages, start, heard)
        walks.append(_walked(way, walked, matrix.judge))
    return tuple(walks)


def _walked(way: Way, stages: Sequence[Passed], judge: Judge) -> Walked:
    return Walked(
        way=way,
        stages=tuple(stages),
        breaches=tuple(tuple(judge.run(passed)) for passed in stages),
        returned=tuple(judge.returned(stages[-1])),
    )


def _run_all(cases: Sequence[tuple[Case, Way]], matrix: Matrix, folder: Path, tell: Tell) -> tuple[Outcome, ...]:
    """All cases, whose outcomes come as they end, in the order of the cases."""
    outcomes: dict[tuple[int, Way], Outcome] = {}
    broken = 0

    def heard(outcome: Outcome) -> None:
        nonlocal broken
        outcomes[id(outcome.case), outcome.way] = outcome
        broken += not outcome.held
        tell(Progress(done=len(outcomes), total=len(cases), text=outcome.case.name, broken=broken, faults=True))

    matrix.run(cases, folder, heard)
    if len(outcomes) < len(cases):
        raise Abandoned
    return tuple(outcomes[id(case), way] for case, way in cases)


def _cases(wish: Wish, walks: Sequence[Walked], likeness: Likeness) -> Iterator[tuple[Case, Way]]:
    """Every case, in every way or in turn. What a killed process leaves is the same in all ways if their calls and
    files are: then each kill is made in one of them, in turn."""
    alike = len({trace(walked) for walked in walks}) == 1
    for place, walked in enumerate(walks):
        # A script is tried in the state in which it meets the tenant on the way; once for each state.
        stages = [passed for passed in walked.stages if not passed.stage.again]
        cases = [case for passed in stages for case in cases_of(passed, likeness, wish.kinds)]
        for number, case in enumerate(cases, start=wish.turn or 0):
            shared = wish.turn is not None or (alike and case.kind in KILLS)
            mine = not shared or number % len(walks) == place
            if mine and number % wish.part[1] == wish.part[0]:
                yield case, walked.way
        for wanted in wish.wanted:
            for case in case_of(wanted, stages, likeness):
                yield case, walked.way


def trace(walked: Walked) -> tuple[tuple[str, bool, bool], ...]:
    """The calls of a way, and before which of them the tenant or a file had changed."""
    calls = [call for passed in walked.stages for call in passed.calls]
    return tuple(
        (call["cmdlet"], call["changed"], before.get("watched") != call.get("watched"))
        for before, call in zip(calls[:1] + calls, calls, strict=False)
    )
