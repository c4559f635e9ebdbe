"""A request to texts: scripts in both forms, and the change request."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import Environment
from markupsafe import Markup

from mm365 import powershell
from mm365.documents.markdown import render_document
from mm365.documents.templates import environment
from mm365.exchange.objects import OTHER_SETTINGS, ExchangeObject, Integration, Kind
from mm365.integration.article import build_integration
from mm365.integration.loop_guard import explain_loop
from mm365.integration.risks import REPEATING_ACTIONS, RISK_BY_KEY, RISKS
from mm365.plan.create import Action, Plan, Step, build_plan
from mm365.request.request import Request
from mm365.scripts.catalogue import NEXT_AFTER_STAGE, NEXT_AFTER_WHATIF, NOT_UNDONE, pack_scripts, single_scripts
from mm365.scripts.procedure import operator_steps
from mm365.scripts.script import Script

Form = Literal["file", "paste"]


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A finished text and where it belongs in a pack."""

    path: str
    text: str

    @property
    def data(self) -> bytes:
        """The bytes of the file: line feeds on every machine."""
        return self.text.encode("utf-8")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


def render_script(name: str, request: Request, form: Form) -> Rendered:
    """One script that stands alone: ``inbound-connector``, ``transport-rules``, ``rollback`` ..."""
    integration = build_integration(request)
    return _render(single_scripts(integration)[name], request, integration, form)


def render_scripts(request: Request) -> tuple[Rendered, ...]:
    """All scripts of a pack: the seven files, then their paste forms."""
    integration = build_integration(request)
    scripts = pack_scripts(integration)
    forms: tuple[Form, ...] = ("file", "paste")
    return tuple(_render(script, request, integration, form) for form in forms for script in scripts)


def render_change_request(request: Request) -> Rendered:
    """The document for change approval."""
    integration = build_integration(request)
    plan = build_plan(integration)
    text = render_document(
        "change-request.md.j2",
        request=request,
        integration=integration,
        plan=plan,
        procedure=operator_steps(integration),
        risks=RISKS,
        not_undone=NOT_UNDONE,
        guard=explain_loop(request.loop_guard),
        sources=_sources_used(integration),
    )
    return Rendered(path="change-request.md", text=text)


def _render(script: Script, request: Request, integration: Integration, form: Form) -> Rendered:
    folder = "scripts" if form == "file" else "paste"
    ending = "ps1" if form == "file" else "txt"
    template = _scripts().get_template(f"scripts/{script.name}.ps1.j2")
    text = template.render(
        script=script,
        form=form,
        request=request,
        notes=_notes(request),
        **_context(script, integration, build_plan(integration)),
    )
    if form == "paste":
        # A shell without PSReadLine ends an open block at the first empty line.
        text = "".join(line for line in text.splitlines(keepends=True) if line.strip())
    return Rendered(path=f"{folder}/{script.name}.{ending}", text=text)


def _context(script: Script, integration: Integration, plan: Plan) -> dict[str, object]:
    """What a script's template receives besides the script, its form and the request."""
    creations = plan.only(Action.CREATE)
    created = tuple(step for step in creations if not script.alone or f"New-{step.object.kind}" in script.needs)
    objects = integration.objects
    preconditions: tuple[ExchangeObject, ...] = ()
    if script.name.endswith("backup"):
        objects = ()
    elif script.name.endswith("stop"):
        objects = (integration.redirect,)
    elif script.alone and not script.name.endswith("rollback"):
        objects = tuple(step.object for step in created)
        if integration.redirect in objects:
            preconditions = (integration.outbound,)
            objects = preconditions + objects
    steps: tuple[Step, ...] = plan.undo if script.name.endswith("rollback") else created
    return {
        "objects": objects,
        "preconditions": preconditions,
        "sees_rules": integration.redirect in objects,
        "creates": tuple(step.object.key for step in created),
        "steps": steps,
        "stages": _stages(plan),
        "next_after_whatif": NEXT_AFTER_WHATIF,
        "other_settings": {kind: OTHER_SETTINGS[kind] for kind in _kinds(objects)},
        "risks": RISK_BY_KEY,
        "standing_risks": tuple(risk for risk in RISKS if risk.standing),
        "repeating_actions": REPEATING_ACTIONS,
        "not_undone": NOT_UNDONE,
    }


def _stages(plan: Plan) -> dict[str, dict[str, str]]:
    return {
        step.object.key: {"why": step.why, "next": NEXT_AFTER_STAGE[step.object.key]}
        for step in plan.only(Action.ENABLE)
    }


def _kinds(objects: tuple[ExchangeObject, ...]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(object_.kind for object_ in objects))


def _notes(request: Request) -> tuple[str, ...]:
    # The words before it are many on purpose: a comment that resembles the begin of a signature block, even
    # faintly, makes PowerShell refuse all code that follows.
    change = f"The change, as it was given: {request.change}" if request.change else "No change was named."
    return (
        f"Made by mailmarshal-m365 for tenant {request.tenant}, region {request.region.code}, loop guard "
        f"{request.loop_guard.value}.",
        change,
    )


def _sources_used(integration: Integration) -> tuple[tuple[str, str, str], ...]:
    settings = [source for object_ in integration.objects for item in object_.settings for source in item.sources]
    risks = [source for risk in RISKS for source in risk.sources]
    return tuple((source.short, source.title, source.date) for source in dict.fromkeys(settings + risks))


@cache
def _scripts() -> Environment:
    def code(value: object) -> Markup:
        return value if isinstance(value, Markup) else powershell.literal(value)

    return environment(
        code,
        {
            "comment_lines": powershell.comment_lines,
            "free_text": powershell.free_text,
            "comment": powershell.comment,
            "listed": powershell.listed,
            "name": powershell.name,
            "table": powershell.table,
            "word_list": powershell.word_list,
        },
    )
