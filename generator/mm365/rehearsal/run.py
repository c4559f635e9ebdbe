"""The stages of the way through, run one after the other with nothing going wrong."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mm365.emulator.contract import Call, Fault
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.paste import blocks, with_values
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Ended, Job, OpenShell, Way
from mm365.rehearsal.stages import STOPPED, WAITING, Block, Stage

_OFF_SINCE = re.compile(r"\$RedirectOffSince = '(\d{4}-\d\d-\d\d \d\d:\d\d)'")
"""What the forms print for the operator to write down."""


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
    """Runs scripts or paste forms of a pack, in one way, in a shell and a folder of its own."""

    pack: Path
    shell: OpenShell
    sandbox: Sandbox
    comparison: Comparison

    def perform(self, stage: Stage, state: State, faults: Sequence[Fault] = ()) -> Run:
        """Run one stage from a state, once the hours that it waits have passed."""
        before = state.later(stage.hours)
        self.sandbox.lay(before, faults)
        ended = self.shell.run(self._job(stage, before))
        calls = tuple(self.sandbox.calls())
        after = self.sandbox.read(than=before)
        if self._sent(before, after, calls):
            after = replace(after, quiet_hours=0.0)
        # The operator writes down the time that a form prints, in place of an earlier one.
        if stage.pasted and (printed := _OFF_SINCE.findall(ended.output)):
            after = replace(after, off_since=printed[-1])
        return Run(stage=stage, way=self.shell.way, before=before, after=after, calls=calls, ended=ended)

    def _sent(self, before: State, after: State, calls: Sequence[Call]) -> bool:
        """Whether Redirect has sent mail in between, also if it was on only for a moment."""
        if self.comparison.sends(before.objects) or self.comparison.sends(after.objects):
            return True
        redirect = self.comparison.find(after.objects)["Redirect"]
        if redirect is None or redirect["Mode"] != "Enforce":
            return False
        enabled = (call for call in calls if call["changed"] and call["cmdlet"].startswith("Enable-"))
        return any(call["parameters"].get("Identity") in {redirect["Guid"], redirect["Name"]} for call in enabled)

    def _job(self, stage: Stage, state: State) -> Job:
        path = self.pack / stage.path
        given = stage.given(state_folder=str(self.sandbox.state_folder), off_since=state.off_since)
        environment = self.sandbox.environment
        if isinstance(stage.task, Block):
            block = blocks(path.read_text(encoding="ascii"))[stage.task.number - 1]
            return Job(path=path, text=with_values(block, given), environment=environment)
        return Job(path=path, arguments=given, environment=environment)


Heard = Callable[[Run], object]
"""Is told of each run."""


def run_stages(
    runner: Runner, stages: Sequence[Stage], rollback: Sequence[Stage], start: State, tell: Heard = lambda _: None
) -> list[Run]:
    """Run all stages. Where one does not end as it should, everything is taken back instead of the others."""
    runs: list[Run] = []
    state = start
    for stage in stages:
        runs.append(runner.perform(stage, state))
        tell(runs[-1])
        state = runs[-1].after
        if not runs[-1].as_expected:
            return runs + roll_back(runner, rollback, state, tell)
    return runs


def roll_back(runner: Runner, rollback: Sequence[Stage], state: State, tell: Heard = lambda _: None) -> list[Run]:
    """The runs of rollback up to the first that stops: each stage, and once more later if it had to wait."""
    runs: list[Run] = []
    for stage in rollback:
        for hours in (0.0, stage.hours):
            run = runner.perform(replace(stage, hours=hours), state)
            waits = run.ended.exit_code == WAITING and not hours
            runs.append(replace(run, stage=replace(run.stage, exit_code=WAITING)) if waits else run)
            tell(runs[-1])
            state = run.after
            if run.ended.exit_code == STOPPED:
                return runs
            if not waits:
                break
    return runs
