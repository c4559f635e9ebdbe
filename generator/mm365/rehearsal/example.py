"""An example pack: what refuses its header ID is run as it is, and the rest of the way with another ID in its place.

Whoever tries the project begins with such a pack. It has to refuse, and the way through is still worth seeing. So the
way is run with a copy of the pack whose header ID stands in for a customer's; the copy is gone when the rehearsal ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.plan.again import plan_again
from mm365.rehearsal.outcomes import RunThrough
from mm365.rehearsal.promises import Breach, Promise, PromiseChecker
from mm365.rehearsal.run import Run, Runner
from mm365.rehearsal.sandbox import State
from mm365.rehearsal.shells import Way
from mm365.rehearsal.stages import STOPPED, Stage, stages_of
from mm365.request.fields import STAND_IN_ID, UNUSABLE
from mm365.scripts.change import Change, build_change

_MARK = UNUSABLE.split()[0]


def refusing_stages(change: Change, way: Way) -> tuple[Stage, ...]:
    """Each command of the way through that an example refuses, once. Nothing passes before it, and it ends with 1."""
    found = {stage.command: stage for stage in stages_of(change, way) if stage.refuses_example}
    return tuple(replace(stage, exit_code=STOPPED, hours=0.0, may_wait=False) for stage in found.values())


def run_refusals(runner: Runner, stages: Sequence[Stage], start: State, checker: PromiseChecker) -> RunThrough:
    """Run each of these stages from the same state, and check that it refuses, for that reason, and changes nothing."""
    runs = tuple(runner.perform(stage, start) for stage in stages)
    breaches = tuple((*checker.check(run), *_not_refused(run)) for run in runs)
    return RunThrough(way=runner.shell.way, stages=runs, breaches=breaches, returned=())


def _not_refused(run: Run) -> Iterator[Breach]:
    if run.changes:
        yield Breach(promise=Promise.TRUTH, text="it has the example's header ID, and it changed the tenant")
    if _MARK not in run.ended.output:
        yield Breach(promise=Promise.TRUTH, text="it does not say that it is an example")


def write_stand_in(change: Change, folder: Path) -> Change:
    """Write the pack of this change with another header ID into a new folder; the change that it carries out."""
    request = replace(change.request, header_id=STAND_IN_ID)
    other = build_change(request, plan_again(change.excerpt, request) if change.excerpt else None)
    write_pack(build_pack(other), folder)
    return other
