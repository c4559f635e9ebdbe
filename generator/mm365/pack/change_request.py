"""The document for change approval."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm365 import __version__
from mm365.documents.markdown import render_document
from mm365.exchange.sources import Source
from mm365.integration.facts import DRAIN_HOURS, FACTS, WAIT_MINUTES
from mm365.integration.questions import QUESTIONS
from mm365.integration.ranking import IMPACT_MEANS, ranked
from mm365.integration.risks import RISK_BY_KEY, RISKS
from mm365.mailflow.loop_guard import explain_loop
from mm365.pack.mail_flow import before_and_after
from mm365.pack.plan_section import plan_section
from mm365.pack.rehearsed import Rehearsed
from mm365.request.request import LoopGuard
from mm365.scripts import library
from mm365.scripts.catalogue import NOT_UNDONE
from mm365.scripts.change import Change
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.rendering import STEP, Rendered
from mm365.scripts.script import Script

PATH = "change-request.md"


MATTERING = 3
"""How many risks stand on the first page."""


def render_change_request(change: Change, files: Sequence[Rendered], rehearsed: Rehearsed | None = None) -> Rendered:
    """The document, as Markdown, for a pack with these scripts and paste forms, and with the result of a rehearsal.

    The header ID is shortened in it.
    """
    by_path = {file.path: file for file in files}
    guard = change.request.loop_guard
    text = render_document(
        "change-request.md.j2",
        request=change.request,
        integration=change.integration,
        plan=change.plan,
        procedure=change.procedure,
        window=Window(steps=change.procedure),
        rehearsed=rehearsed,
        facts=FACTS,
        questions=QUESTIONS,
        inbound_acts=RISK_BY_KEY["inbound_acts"],
        risks=ranked(RISKS, guard),
        mattering=MATTERING,
        impact_means=IMPACT_MEANS,
        not_undone=NOT_UNDONE,
        guard=explain_loop(guard),
        ways=before_and_after(change.request),
        guards=[explain_loop(each) for each in _weighed(guard)],
        other_guards=[explain_loop(each) for each in LoopGuard if each is not guard],
        sources=_sources_used(change),
        reading=tuple(_reading(change, by_path)),
        forms=tuple((form, by_path[form.path]) for form in change.forms),
        shared=by_path[library.PATH],
        shared_sha256=library.shared_sha256(),
        version=__version__,
        planned=plan_section(change),
        wait_minutes=WAIT_MINUTES,
        drain_hours=DRAIN_HOURS,
    )
    return Rendered(path=PATH, text=text)


def _weighed(chosen: LoopGuard) -> tuple[LoopGuard, ...]:
    """The loop guards between which one chooses, and the chosen one, which comes first."""
    return tuple(dict.fromkeys([chosen, LoopGuard.STOP, LoopGuard.STOP_AND_EXCEPT]))


@dataclass(frozen=True, kw_only=True)
class Window:
    """What the procedure says of how long the change takes; ``steps`` are all of the procedure."""

    steps: Sequence[OperatorStep]

    @property
    def before(self) -> tuple[OperatorStep, ...]:
        """The steps that run a script before the window."""
        return tuple(step for step in self.steps if step.script and not step.standby and not step.in_window)

    @property
    def runs(self) -> tuple[OperatorStep, ...]:
        """The steps in the window that run a script, without those that nobody has to do."""
        return tuple(step for step in self.steps if step.script and step.in_window and not step.optional)

    @property
    def pauses(self) -> tuple[OperatorStep, ...]:
        """The steps for which minutes pass on purpose."""
        return tuple(step for step in self.steps if step.in_window and step.pause)

    @property
    def minutes(self) -> int:
        """The minutes that pass on purpose, all together."""
        return sum(step.pause for step in self.pauses)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an approver reads of a script: how many lines it has, and which of them, where these are not all."""

    script: Script
    lines: int
    parts: tuple[tuple[str, int, int], ...]


def _reading(change: Change, files: Mapping[str, Rendered]) -> Iterator[Reading]:
    for script in change.scripts:
        file = files[script.path]
        settings = [line for (key, _), line in file.places.items() if key != STEP]
        steps = [line for (key, _), line in file.places.items() if key == STEP]
        named = (("the values, each with its reason", settings), ("the steps, each with its call", steps))
        parts = tuple((text, min(lines), max(lines)) for text, lines in named if lines)
        yield Reading(script=script, lines=file.lines, parts=parts)


def _sources_used(change: Change) -> tuple[Source, ...]:
    named = [explain_loop(change.request.loop_guard).sources]
    named += [setting.sources for object_ in change.integration.objects for setting in object_.settings]
    named += [risk.sources for risk in RISKS]
    named += [step.sources for step in (*change.plan.steps, *change.plan.undo)]
    named += [fact.sources for fact in FACTS.values()]
    named += [question.sources for question in QUESTIONS]
    return tuple(dict.fromkeys(source for sources in named for source in sources))
