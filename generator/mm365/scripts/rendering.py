"""A request to texts: scripts in both forms, and the change request."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from jinja2 import Environment
from markupsafe import Markup

from mm365 import powershell
from mm365.documents.templates import environment
from mm365.exchange.objects import OTHER_SETTINGS, ExchangeObject
from mm365.integration.risks import REPEATING_ACTIONS, RISK_BY_KEY, STANDING_RISKS
from mm365.request.request import Request
from mm365.scripts.catalogue import NEXT_AFTER_STAGE, NEXT_AFTER_WHATIF, NOT_UNDONE
from mm365.scripts.change import Change
from mm365.scripts.script import Script
from mm365.scripts.single import single_scripts

Form = Literal["file", "paste"]


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A finished text and where it belongs in a pack.

    ``settings`` has the line (from 1) of each setting in it, by the key of its object and its own name.
    """

    path: str
    text: str
    settings: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The bytes of the file: line feeds on every machine."""
        return self.text.encode("utf-8")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


def render_script(name: str, change: Change, form: Form) -> Rendered:
    """One script that stands alone: ``inbound-connector``, ``transport-rules``, ``rollback`` ..."""
    return _render(single_scripts(change.integration, change.plan)[name], change, form)


def render_scripts(change: Change) -> tuple[Rendered, ...]:
    """All scripts of a pack: the seven files, then their paste forms."""
    forms: tuple[Form, ...] = ("file", "paste")
    return tuple(_render(script, change, form) for form in forms for script in change.scripts)


def _render(script: Script, change: Change, form: Form) -> Rendered:
    folder = "scripts" if form == "file" else "paste"
    ending = "ps1" if form == "file" else "txt"
    template = _scripts().get_template(f"scripts/{script.name}.ps1.j2")
    text = template.render(
        script=script,
        form=form,
        request=change.request,
        notes=_notes(change.request),
        stages={step.object.key: step for step in change.plan.enablings},
        next_after_stage=NEXT_AFTER_STAGE,
        next_after_whatif=NEXT_AFTER_WHATIF,
        other_settings={kind: OTHER_SETTINGS[kind] for kind in dict.fromkeys(item.kind for item in script.objects)},
        risks=RISK_BY_KEY,
        standing_risks=STANDING_RISKS,
        repeating_actions=REPEATING_ACTIONS,
        not_undone=NOT_UNDONE,
    )
    if form == "paste":
        # A shell without PSReadLine ends an open block at the first empty line.
        text = "".join(line for line in text.splitlines(keepends=True) if line.strip())
    text, settings = _without_marks(text)
    return Rendered(path=f"{folder}/{script.name}.{ending}", text=text, settings=settings)


_MARK = re.compile("\x01(.*?)\x02(.*?)\x03")
"""A setting's place in a text while it is made. No value can hold these characters: see ``powershell``."""


def _settings(object_: ExchangeObject, indent: int, *, reasons: bool) -> powershell.Code:
    """The settings of an object as the entries of a hashtable, each marked and, with ``reasons``, below its reason."""
    marks = {name: f"\x01{object_.key}\x02{name}\x03" for name in object_.values}
    return powershell.table(object_.values, indent, object_.reasons if reasons else None, marks)


def _without_marks(text: str) -> tuple[str, Mapping[tuple[str, str], int]]:
    """A text without its marks, and the line of each."""
    lines = text.splitlines(keepends=True)
    found = ((mark, number) for number, line in enumerate(lines, start=1) for mark in _MARK.findall(line))
    return _MARK.sub("", text), {(key, name): number for (key, name), number in found}


def _notes(request: Request) -> tuple[str, ...]:
    # The words before it are many on purpose: a comment that resembles the begin of a signature block, even
    # faintly, makes PowerShell refuse all code that follows.
    change = f"The change, as it was given: {request.change}" if request.change else "No change was named."
    return (
        f"Made by mailmarshal-m365 for tenant {request.tenant}, region {request.region.code}, loop guard "
        f"{request.loop_guard.value}.",
        change,
    )


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
            "settings": _settings,
            "table": powershell.table,
            "word_list": powershell.word_list,
        },
    )
