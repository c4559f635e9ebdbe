"""The way through a pack, as it is rehearsed: the operator's steps in their order, then all of it taken back.

The scripts and the paste forms are two ways to do the same. A step without a paste form is left out of the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mm365.rehearsal.paste import Argument
from mm365.rehearsal.shells import Way
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.paste_form import PasteForm
from mm365.scripts.script import Script

DONE, STOPPED, WAITING = 0, 1, 2
"""The exit codes: done; refused or failed; waiting as designed."""

_MARGIN_HOURS = 1.0
"""By how much more time passes than a step has to wait: nothing may hang on a minute."""
_OFF_SINCE = "RedirectOffSince"
"""The variable of a form that takes the time that another form printed."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One run of a script, or of a paste form, in the rehearsal.

    ``hours`` pass before it: the times in the notes and in the tenant are moved back by so much. ``exit_code`` is what
    it ends with when nothing goes wrong; one that ``may_wait`` may end with 2 whatever happens. ``again`` says that the
    same was run before, from the same tenant. ``takes_back`` says that it is part of rollback.
    """

    key: str
    title: str
    task: Script | PasteForm
    arguments: Mapping[str, str | bool] = field(default_factory=dict)
    exit_code: int = DONE
    hours: float = 0.0
    may_wait: bool = False
    again: bool = False
    takes_back: bool = False

    @property
    def pasted(self) -> bool:
        """Whether it is a paste form, which keeps no notes and does not resume."""
        return isinstance(self.task, PasteForm)

    @property
    def simulated(self) -> bool:
        """Whether it may change nothing, as it only asks what a change would do."""
        return self.arguments.get("WhatIf") is True

    @property
    def command(self) -> str:
        """The script with its arguments, as one types it; or the form with the variables that are set in it."""
        if isinstance(self.task, PasteForm):
            named = f"{self.task.number:02}-{self.task.name}"
            return ", ".join([named, *(f"${name} = ${str(value).lower()}" for name, value in self.arguments.items())])
        words = [f"-{name}" if value is True else f"-{name} {value}" for name, value in self.arguments.items()]
        return " ".join([self.task.name, *words])

    def given(self, *, state_folder: str, off_since: str) -> Mapping[str, Argument]:
        """All that the operator gives it: the arguments, the folder for notes, the time that was written down."""
        if isinstance(self.task, PasteForm):
            known = {_OFF_SINCE: off_since} if _OFF_SINCE in self.task.variables else {}
        else:
            known = {"StatePath": state_folder} if self.task.keeps_notes else {}
        return {**known, **self.arguments}


def stages_of(procedure: Sequence[OperatorStep], way: Way) -> tuple[Stage, ...]:
    """Every step in the order of the change, then the steps that stand by.

    A step that has to wait is tried too early first. After the stop switch, Redirect is turned on again.
    """
    steps = _rehearsed(procedure, way)
    stages = [stage for step in steps if not step.standby for stage in _stages(step, way)]
    resumed = [_again(stage) for stage in stages if stage.may_wait and stage.exit_code == DONE]
    for step in steps:
        if step.standby:
            stages += _stages(step, way)
            stages += [] if step.takes_back else resumed
    return tuple(stages)


def rollback_of(procedure: Sequence[OperatorStep], way: Way) -> tuple[Stage, ...]:
    """What takes everything back. A stage that ends with 2 has to be run again when its hours have passed."""
    return tuple(stage for step in _rehearsed(procedure, way) if step.takes_back for stage in _runs(step, way))


def _rehearsed(procedure: Sequence[OperatorStep], way: Way) -> list[OperatorStep]:
    return [step for step in procedure if (step.forms if way == "paste" else step.script)]


def _stages(step: OperatorStep, way: Way) -> Iterator[Stage]:
    """The runs of a step: too early where it has to wait, as a simulation where it is a form that has one, and so."""
    for stage in _runs(step, way):
        if stage.hours:
            title = f"{stage.title}: it has to wait"
            yield replace(stage, key=f"{stage.key}-waits", title=title, exit_code=WAITING, hours=0.0)
        if isinstance(stage.task, PasteForm) and "WhatIf" in stage.task.variables:
            title = f"{stage.title}, simulated"
            yield replace(stage, key=f"simulate-{stage.key}", title=title, arguments={"WhatIf": True}, may_wait=False)
            yield replace(stage, hours=0.0)
        else:
            yield stage


def _runs(step: OperatorStep, way: Way) -> Iterator[Stage]:
    """The script of a step, or its forms; the hours pass before the last of them."""
    title = step.title.partition(":")[0]
    tasks = step.forms if way == "paste" else (step.script,)
    for task in tasks:
        if task is None:
            continue
        waits = step.waiting and task is tasks[-1]
        yield Stage(
            key=step.key if len(tasks) == 1 else task.name,
            title=title if len(tasks) == 1 else f"{title}: {task.name}",
            task=task,
            arguments=step.arguments if isinstance(task, Script) else {},
            hours=step.hours + _MARGIN_HOURS if waits else 0.0,
            may_wait=waits,
            takes_back=step.takes_back,
        )


def _again(stage: Stage) -> Stage:
    return replace(stage, key=f"{stage.key}-again", title=f"{stage.title}, again", hours=0.0, again=True)
