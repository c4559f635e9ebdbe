"""The document for change approval."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm365 import __version__
from mm365.documents.markdown import render_document
from mm365.exchange.sources import Source
from mm365.integration.facts import DRAIN_HOURS, FACTS, WAIT_MINUTES
from mm365.integration.loop_guard import explain_loop
from mm365.integration.risks import RISK_BY_KEY, RISKS, STANDING_RISKS, TENANT_RISKS
from mm365.pack.plan_section import plan_section
from mm365.request.request import LoopGuard
from mm365.scripts import library
from mm365.scripts.catalogue import NOT_UNDONE
from mm365.scripts.change import Change
from mm365.scripts.rendering import STEP, Rendered
from mm365.scripts.script import Script

PATH = "change-request.md"


def render_change_request(change: Change, files: Sequence[Rendered]) -> Rendered:
    """The document, as Markdown, for a pack with these scripts and paste forms. The header ID is shortened in it."""
    by_path = {file.path: file for file in files}
    text = render_document(
        "change-request.md.j2",
        request=change.request,
        integration=change.integration,
        plan=change.plan,
        procedure=change.procedure,
        facts=FACTS,
        inbound_acts=RISK_BY_KEY["inbound_acts"],
        standing_risks=STANDING_RISKS,
        tenant_risks=TENANT_RISKS,
        not_undone=NOT_UNDONE,
        guard=explain_loop(change.request.loop_guard),
        other_guards=[explain_loop(guard) for guard in LoopGuard if guard is not change.request.loop_guard],
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
    return tuple(dict.fromkeys(source for sources in named for source in sources))
