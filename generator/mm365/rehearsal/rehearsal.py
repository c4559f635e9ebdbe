"""A whole rehearsal: the pack is verified, run from preflight to rollback, then run with every fault asked for."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
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
from mm365.rehearsal.findings import Findings
from mm365.rehearsal.matrix import Matrix
from mm365.rehearsal.outcomes import Counts, Outcome, RunThrough
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Tell
from mm365.rehearsal.promises import PromiseChecker
from mm365.rehearsal.run import Runner
from mm365.rehearsal.sandbox import Sandbox
from mm365.rehearsal.shells import ShellFacts, Way
from mm365.rehearsal.stages import rollback_of, stages_of
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
    """What a rehearsal found, and in which PowerShell; ``begun`` is in UTC.

    ``planned`` cases were to be run. If it was interrupted it is not ``complete``, and has what was found until then.
    ``refused`` is for an example pack: what it refuses, run as it is.
    """

    options: Options
    change: Change
    fingerprint: str
    begun: datetime
    shell: ShellFacts | None
    ways: tuple[RunThrough, ...]
    outcomes: tuple[Outcome, ...]
    planned: int
    runs: int
    seconds: float
    complete: bool = True
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
    def broke(self) -> bool:
        """Whether a promise was broken, or a step did not end as it should."""
        return bool(self.broken) or not all(through.held for through in (*self.refused, *self.ways))

    @property
    def held(self) -> bool:
        """Whether every promise was kept, on the way through and in every case, and all of them were run."""
        return self.complete and not self.broke

    @cached_property
    def counts(self) -> Counts:
        """The number of cases that were run and that broke a promise."""
        return Counts(self.outcomes)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a rehearsal. ``result`` is what was found until then."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def rehearse(options: Options, tell: Tell = lambda _: None, pool: Pool | None = None) -> Result:
    """Verify a pack, run the way through in each way of running scripts, then the faults.

    The scripts run in the shells of ``pool`` if one is given. Raises PackError for a pack that is not what was
    generated, RehearsalError for what cannot be rehearsed, Abandoned soon after ``stop`` of the pool is set, and
    Interrupted after Ctrl-C. In any case neither a process of its own nor a folder is left behind.
    """
    return rehearse_verified(options, *verified(options.pack), tell, pool)


def rehearse_verified(
    options: Options, change: Change, fingerprint: str, tell: Tell = lambda _: None, pool: Pool | None = None
) -> Result:
    """Rehearse a pack that ``verified`` has found to be what was generated; of an example, also what it refuses."""
    if not change.request.is_example:
        return rehearse_pack(options, change, fingerprint, tell, pool)
    shells = pool or Pool(options.program)
    with tempfile.TemporaryDirectory(prefix="mm365-example-") as folder:
        try:
            refused = tuple(_refused(options, change, Path(folder), shells))
            other = write_stand_in(change, Path(folder) / "pack")
            done = rehearse_pack(replace(options, pack=Path(folder) / "pack"), other, fingerprint, tell, shells)
        except Interrupted as stopped:
            raise Interrupted(_with_refusals(stopped.result, options, refused)) from stopped
        finally:
            if pool is None:
                shells.close()
    return _with_refusals(done, options, refused)


def _with_refusals(done: Result, options: Options, refused: tuple[RunThrough, ...]) -> Result:
    """The rehearsal of the stand-in as that of the example, with what the example refused."""
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
    begun, clock = datetime.now(UTC), time.monotonic()
    options = replace(options, ways=possible_ways(options.ways, change), tenant=chosen_tenant(options.tenant, change))
    start = first_state(options.tenant, options.behaviour, change)
    comparison = Comparison(change.integration)
    checker = PromiseChecker(comparison, comparison.everything(start.objects), changes_of(change))
    shells = pool or Pool(options.program)
    with tempfile.TemporaryDirectory(prefix="mm365-rehearsal-") as folder:
        rollback = {way: rollback_of(change, way) for way in options.ways}
        findings = Findings(Matrix(options.pack, rollback, shells, checker, Path(folder)), tell)

        def result(*, complete: bool) -> Result:
            return Result(
                options=options,
                change=change,
                fingerprint=fingerprint,
                begun=begun,
                shell=shells.facts,
                ways=findings.ways,
                outcomes=findings.outcomes,
                planned=findings.planned,
                runs=findings.runs,
                seconds=time.monotonic() - clock,
                complete=complete,
            )

        try:
            findings.run_ways({way: stages_of(change, way) for way in options.ways}, start)
            findings.run_cases(_cases(options, findings.ways, comparison))
        except KeyboardInterrupt as stopped:
            raise Interrupted(result(complete=False)) from stopped
        finally:
            if pool is None:
                shells.close()
    return result(complete=True)


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


def _cases(options: Options, ways_through: Sequence[RunThrough], comparison: Comparison) -> list[tuple[Case, Way]]:
    return [
        *cases_to_run(ways_through, comparison, options.kinds, options.turns),
        *chosen_cases(ways_through, comparison, options.chosen),
    ]
