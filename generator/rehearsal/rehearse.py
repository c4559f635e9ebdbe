"""A whole rehearsal: the pack is verified, gone through, then run with every fault that was asked for."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.emulator.backup import tenant_from_backup
from generator.emulator.busy import busy_tenant
from generator.emulator.tenants import Tenant, empty_tenant
from generator.errors import PackError
from generator.integration import build_integration
from generator.rehearsal.course import course
from generator.rehearsal.faults import KILLS, MEANINGS, Case, Wanted, case_of, cases_of
from generator.rehearsal.ground import Ground, Standing
from generator.rehearsal.judge import Breach, Judge
from generator.rehearsal.likeness import Likeness
from generator.rehearsal.matrix import Matrix, Outcome
from generator.rehearsal.progress import Progress, Tell
from generator.rehearsal.shells import Abandoned, OpenShell, Way
from generator.rehearsal.walk import Actor, Passed, walk
from generator.request import Request
from generator.verification import printable, request_of, verify_pack

EMPTY, BUSY = "empty", "busy"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be rehearsed: a pack, in which shell and ways, from which tenant, with which faults."""

    pack: Path
    program: str
    ways: Sequence[Way] = ("file",)
    tenant: str = EMPTY
    behaviour: Mapping[str, object] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    wanted: Sequence[Wanted] = ()


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
    def cells(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """How many cases were run and how many broke, by stage and kind of fault."""
        counts: dict[tuple[str, str], tuple[int, int]] = {}
        for outcome in self.outcomes:
            at = (outcome.case.passed.stage.key, outcome.case.kind)
            run, broke = counts.get(at, (0, 0))
            counts[at] = (run + 1, broke + (not outcome.held))
        return counts

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fault that were run, in their order."""
        run = {kind for _, kind in self.cells}
        return tuple(kind for kind in MEANINGS if kind in run)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in which faults were run."""
        return tuple(dict.fromkeys(stage for stage, _ in self.cells))

    def count(self, *, stage: str = "", kind: str = "") -> tuple[int, int]:
        """How many cases were run and how many broke, in a stage or all, of a kind or all."""
        chosen = [
            count for at, count in self.cells.items() if (not stage or at[0] == stage) and (not kind or at[1] == kind)
        ]
        return sum(run for run, _ in chosen), sum(broke for _, broke in chosen)


def rehearse(wish: Wish, tell: Tell = lambda _: None, stop: threading.Event | None = None) -> Rehearsed:
    """Verify a pack, go the way through in each way, then run the faults.

    Raises PackError for a pack that is not what was generated, RehearsalError for what cannot be rehearsed, and
    Abandoned soon after ``stop`` is set. No process and no folder is left in any case.
    """
    begun = time.monotonic()
    request, fingerprint = _verified(wish.pack)
    start = _start(wish, request)
    likeness = Likeness(build_integration(request))
    judge = Judge(likeness, likeness.everything(start.objects))
    matrix = Matrix(wish.pack, wish.program, judge, stop or threading.Event())
    with tempfile.TemporaryDirectory(prefix="mm365-rehearsal-") as folder:
        walks = _walk_all(wish, start, matrix, Path(folder), tell)
        outcomes = _run_all(list(_cases(wish, walks, likeness)), matrix, Path(folder), tell)
    return Rehearsed(
        wish=wish,
        request=request,
        fingerprint=fingerprint,
        walks=walks,
        outcomes=outcomes,
        runs=matrix.known.runs + sum(len(walked.stages) for walked in walks),
        seconds=time.monotonic() - begun,
    )


def _verified(folder: Path) -> tuple[Request, str]:
    report = verify_pack(folder)
    request = request_of(folder)
    if not report.intact or request is None:
        wrong = [f"{printable(entry.path)} is {entry.status.value}" for entry in report.files if not entry.good]
        raise PackError(
            f"{folder} is not what was generated ({', '.join(wrong) or 'request.json cannot be read'}), "
            "so it is not rehearsed; see mm365 verify-pack."
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
        shell = OpenShell(wish.program, way, matrix.stop)
        try:
            actor = Actor(pack=wish.pack, shell=shell, ground=Ground(folder / way))
            walks.append(_walked(way, walk(actor, stages, start, heard), matrix.judge))
        finally:
            shell.discard()
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
    """Every case in every way. What is left of a killed process is the same in all ways if their calls and files are:
    then each kill is made in one of them, in turn."""
    alike = len({_trace(walked) for walked in walks}) == 1
    for place, walked in enumerate(walks):
        turn = 0
        # A script is tried in the state in which it meets the tenant on the way; once for each state.
        stages = [passed for passed in walked.stages if not passed.stage.again]
        for passed in stages:
            for case in cases_of(passed, likeness, wish.kinds):
                if case.kind in KILLS and alike:
                    turn += 1
                    if turn % len(walks) != place:
                        continue
                yield case, walked.way
        for wanted in wish.wanted:
            for case in case_of(wanted, stages, likeness):
                yield case, walked.way


def _trace(walked: Walked) -> tuple[tuple[str, bool, bool], ...]:
    """The calls of a way, and before which of them the tenant or a file had changed."""
    calls = [call for passed in walked.stages for call in passed.calls]
    return tuple(
        (call["cmdlet"], call["changed"], before.get("watched") != call.get("watched"))
        for before, call in zip(calls[:1] + calls, calls, strict=False)
    )
