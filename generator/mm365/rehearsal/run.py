"""A pack's scripts on the way through, one after the other, with nothing going wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm365.emulator.contract import Call, Fault
from mm365.rehearsal.sandbox import Ground, Standing
from mm365.rehearsal.shells import Ended, Job, OpenShell, Way
from mm365.rehearsal.stages import ROLLBACK, Stage


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A stage that was run: what there was before and after it, its calls, and how it ended."""

    stage: Stage
    way: Way
    before: Standing
    after: Standing
    calls: tuple[Call, ...]
    ended: Ended

    @property
    def changes(self) -> tuple[Call, ...]:
        """The calls that changed the tenant."""
        return tuple(call for call in self.calls if call["changed"])

    @property
    def as_expected(self) -> bool:
        """Whether it ended with the exit code that it has when nothing goes wrong."""
        return self.ended.exit_code == self.stage.exit_code


@dataclass(frozen=True)
class Actor:
    """Who runs scripts of a pack: in a way, in a shell, on a ground of its own."""

    pack: Path
    shell: OpenShell
    ground: Ground

    def perform(self, stage: Stage, standing: Standing, faults: Sequence[Fault] = ()) -> Passed:
        """Run one stage from what there was at a moment; the stage's hours pass before."""
        before = standing.later(stage.hours)
        self.ground.lay(before, faults)
        ended = self.shell.run(self._job(stage))
        return Passed(
            stage=stage,
            way=self.shell.way,
            before=before,
            after=self.ground.standing(than=before),
            calls=tuple(self.ground.calls()),
            ended=ended,
        )

    def _job(self, stage: Stage) -> Job:
        script = self.pack / "scripts" / f"{stage.script}.ps1"
        state = {"StatePath": str(self.ground.state)} if "[string]$StatePath" in script.read_text("ascii") else {}
        return Job(
            script=script,
            paste=self.pack / "paste" / f"{stage.script}.txt",
            arguments={**state, **stage.arguments},
            environment=self.ground.environment,
        )


def walk(
    actor: Actor, stages: Sequence[Stage], start: Standing, tell: Callable[[Passed], object] = lambda _: None
) -> list[Passed]:
    """Go the whole way. Where a stage does not end as it should, what is left of it is only the way back."""
    passed: list[Passed] = []
    standing = start
    left = list(stages)
    while left:
        stage = left.pop(0)
        done = actor.perform(stage, standing)
        passed.append(done)
        tell(done)
        if not done.as_expected:
            left = [stage for stage in left if stage.script == ROLLBACK.script]
        standing = done.after
    return passed
