"""The way through a pack, as it is rehearsed: the operator's steps in their order, then all of it taken back.

The scripts and the paste forms are two ways to do the same. A step without a paste form is left out of the second.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mm365.rehearsal.paste import Argument, blocks, variables
from mm365.rehearsal.shells import Way
from mm365.scripts.change import Change
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.paste_form import PasteForm
from mm365.scripts.rendering import render_paste_form
from mm365.scripts.script import Script

DONE, STOPPED, WAITING = 0, 1, 2
"""The exit codes: done; refused or failed; waiting as designed."""

_MARGIN_HOURS = 1.0
"""By how much more time passes than a step has to wait: nothing may hang on a minute."""
_WHATIF = "WhatIf"
_OFF_SINCE = "RedirectOffSince"
"""The variable that takes the time that another form printed."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block of a paste form, ``number`` ``of`` all, and the variables that an operator may set in it."""

    form: PasteForm
    number: int
    of: int
    variables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One run of a script, or of one block of a paste form, in the rehearsal.

    ``hours`` pass before it: the times in the notes and in the tenant are moved back by as much. ``exit_code`` is what
    it ends with when nothing goes wrong; one that ``may_wait`` may end with 2 whatever happens. ``again`` says that the
    same was run before, from the same tenant. ``takes_back`` says that it is part of rollback. ``if_not`` is what the
    operator does when it does not end well.
    """

    key: str
    title: str
    task: Script | Block
    arguments: Mapping[str, str | bool] = field(default_factory=dict)
    exit_code: int = DONE
    hours: float = 0.0
    may_wait: bool = False
    again: bool = False
    takes_back: bool = False
    if_not: str = ""

    @property
    def pasted(self) -> bool:
        """Whether it is pasted. Paste forms keep no notes and do not resume."""
        return isinstance(self.task, Block)

    @property
    def refuses_example(self) -> bool:
        """Whether it refuses where the header ID is the example's."""
        return (self.task.form if isinstance(self.task, Block) else self.task).refuses_example

    @property
    def planned(self) -> bool:
        """Whether it compares the tenant with a snapshot, and refuses where that has changed."""
        return not isinstance(self.task, Block) and self.task.planned

    @property
    def label(self) -> str:
        """Its key, which a script and a form can have in common, and whether it is pasted."""
        return f"{self.key}, pasted" if self.pasted else self.key

    @property
    def path(self) -> str:
        """The file in the pack."""
        return self.task.form.path if isinstance(self.task, Block) else self.task.path

    @property
    def simulated(self) -> bool:
        """Whether it may change nothing, as it only asks what a change would do."""
        return self.arguments.get(_WHATIF) is True

    @property
    def command(self) -> str:
        """The script with its arguments, as one types it; or the form with the variables that are set in it."""
        if isinstance(self.task, Block):
            form = self.task.form
            named = f"{form.number:02}-{form.name}" + (f", block {self.task.number}" if self.task.of > 1 else "")
            return ", ".join([named, *(f"${name} = ${str(value).lower()}" for name, value in self.arguments.items())])
        words = [f"-{name}" if value is True else f"-{name} {value}" for name, value in self.arguments.items()]
        return " ".join([self.task.name, *words])

    def given(self, *, state_folder: str, off_since: str) -> Mapping[str, Argument]:
        """All that the operator gives it: the arguments, the folder for notes, the time that was written down."""
        if isinstance(self.task, Block):
            known = {_OFF_SINCE: off_since} if _OFF_SINCE in self.task.variables else {}
        else:
            known = {"StatePath": state_folder} if self.task.keeps_notes else {}
        return {**known, **self.arguments}


def stages_of(change: Change, way: Way) -> tuple[Stage, ...]:
    """Every step in the order of the change, then the steps that stand by.

    What has to wait is tried too early first. After the stop switch, Redirect is turned on again.
    """
    steps = _rehearsed(change, way)
    stages = [stage for step in steps if not step.standby for stage in _stages(step, change, way)]
    resumed = [_again(stage) for stage in stages if stage.may_wait and stage.exit_code == DONE]
    for step in (step for step in steps if step.standby):
        # Once all is taken back, nothing can be turned on.
        resumed = [] if step.takes_back else resumed
        stages += [*_stages(step, change, way), *resumed]
    return tuple(stages)


def rollback_of(change: Change, way: Way) -> tuple[Stage, ...]:
    """What takes everything back. A stage that ends with 2 has to be run again when its hours have passed."""
    steps = [step for step in _rehearsed(change, way) if step.takes_back]
    return tuple(stage for step in steps for task in _runs(step, change, way) for stage in task)


def _rehearsed(change: Change, way: Way) -> list[OperatorStep]:
    return [step for step in change.procedure if (step.forms if way == "paste" else step.script)]


def _stages(step: OperatorStep, change: Change, way: Way) -> Iterator[Stage]:
    """The runs of a step: too early where it has to wait, as a simulation where a form has one, and as it is meant."""
    for first, *others in _runs(step, change, way):
        if first.hours:
            yield _too_early(first, WAITING)
            # Whoever pastes a whole file pastes these too.
            yield from (_too_early(other, STOPPED) for other in others)
        for stage in (first, *others):
            if isinstance(stage.task, Block) and _WHATIF in stage.task.variables:
                yield _simulation(stage)
                yield replace(stage, hours=0.0)
            else:
                yield stage


def _runs(step: OperatorStep, change: Change, way: Way) -> Iterator[list[Stage]]:
    """The script of a step as one stage; or of each of its forms, the blocks. The hours pass before the last form."""
    if way != "paste":
        if step.script is not None:
            stage = Stage(
                key=step.key,
                title=step.title,
                task=step.script,
                arguments=step.arguments,
                takes_back=step.takes_back,
                if_not=step.if_not,
            )
            yield [_waiting(stage, step)]
        return
    for form in step.forms:
        key = step.key if len(step.forms) == 1 else form.name
        texts = blocks(render_paste_form(form, change).text)
        stages = [
            Stage(
                key=f"{key}-{number}" if len(texts) > 1 else key,
                title=step.title,
                task=Block(form=form, number=number, of=len(texts), variables=variables(text)),
                takes_back=step.takes_back,
            )
            for number, text in enumerate(texts, start=1)
        ]
        if form is step.forms[-1]:
            stages[0] = _waiting(stages[0], step)
        yield stages


def _waiting(stage: Stage, step: OperatorStep) -> Stage:
    return replace(stage, hours=step.hours + _MARGIN_HOURS, may_wait=True) if step.waiting else stage


def _too_early(stage: Stage, exit_code: int) -> Stage:
    title = f"{stage.title} (too early, so it {'waits' if exit_code == WAITING else 'refuses'})"
    return replace(stage, key=f"{stage.key}-early", title=title, exit_code=exit_code, hours=0.0)


def _simulation(stage: Stage) -> Stage:
    title = f"{stage.title} (simulated)"
    return replace(stage, key=f"simulate-{stage.key}", title=title, arguments={_WHATIF: True}, may_wait=False)


def _again(stage: Stage) -> Stage:
    return replace(stage, key=f"{stage.key}-again", title=f"{stage.title} (again)", hours=0.0, again=True)
