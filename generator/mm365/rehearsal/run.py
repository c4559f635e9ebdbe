"""Runs stages of a rehearsal, one after the other, each from the state that the one before left behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm365.emulator.contract import Call, Fault
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Ended, Job, OpenShell, Way
from mm365.rehearsal.stages import ROLLBACK, Stage


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stage that was run: the state before and after it, its calls, and how it ended."""

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
        """Whether it ended with the exit code that the stage has when nothing goes wrong."""
        return self.ended.exit_code == self.stage.exit_code


@dataclass(frozen=True)
class Runner:
    """Runs the scripts of a pack in one shell and one folder."""

    pack: Path
    shell: OpenShell
    sandbox: Sandbox

    def perform(self, stage: Stage, state: State, faults: Sequence[Fault] = ()) -> Run:
        """Run one stage from a state, once the hours that it waits have passed."""
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
        state = {"StatePath": str(self.sandbox.state_folder)} if stage.keeps_notes else {}
        return Job(
            script=self.pack / "scripts" / f"{stage.script}.ps1",
            paste=self.pack / "paste" / f"{stage.script}.txt",
            arguments={**state, **stage.arguments},
            environment=self.sandbox.environment,
        )


def run_stages(
    runner: Runner, stages: Sequence[Stage], start: State, tell: Callable[[Run], object] = lambda _: None
) -> list[Run]:
    """Run all stages. After one that does not end as it should, only the rollback is run."""
    runs: list[Run] = []
    state = start
    left = list(stages)
    while left:
        run = runner.perform(left.pop(0), state)
        runs.append(run)
        tell(run)
        if not run.as_expected:
            left = [stage for stage in left if stage.script == ROLLBACK.script]
        state = run.after
    return runs
