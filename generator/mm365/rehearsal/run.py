"""A pack's scripts on the way through, one after the other, with nothing going wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm365.emulator.contract import Call, Fault
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Ended, Job, OpenShell, Way
from mm365.rehearsal.stages import ROLLBACK, Stage


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stage that was run: what there was before and after it, its calls, and how it ended."""

    stage: Stage
    way: Way
    before: State
    after: State
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
class Runner:
    """Who runs scripts of a pack: in a way, in a shell, on a ground of its own."""

    pack: Path
    shell: OpenShell
    sandbox: Sandbox

    def perform(self, stage: Stage, state: State, faults: Sequence[Fault] = ()) -> Run:
        """Run one stage from what there was at a moment; the stage's hours pass before."""
        before = state.later(stage.hours)
        self.sandbox.lay(before, faults)
        ended = self.shell.run(self._job(stage))
        return Run(
            stage=stage,
            way=self.shell.way,
            before=before,
            after=self.sandbox.read(than=before),
            calls=tuple(self.sandbox.calls()),
            ended=ended,
        )

    def _job(self, stage: Stage) -> Job:
        script = self.pack / "scripts" / f"{stage.script}.ps1"
        state = {"StatePath": str(self.sandbox.state_folder)} if stage.keeps_notes else {}
        return Job(
            script=script,
            paste=self.pack / "paste" / f"{stage.script}.txt",
            arguments={**state, **stage.arguments},
            environment=self.sandbox.environment,
        )


def run_stages(
    runner: Runner, stages: Sequence[Stage], start: State, tell: Callable[[Run], object] = lambda _: None
) -> list[Run]:
    """Go the whole way. Where a stage does not end as it should, what is left of it is only the way back."""
    run: list[Run] = []
    state = start
    left = list(stages)
    while left:
        stage = left.pop(0)
        done = runner.perform(stage, state)
        run.append(done)
        tell(done)
        if not done.as_expected:
            left = [stage for stage in left if stage.script == ROLLBACK.script]
        state = done.after
    return run
