"""A change to PowerShell: the scripts of a pack, the functions that they share, and the paste forms."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from mm365 import __version__, powershell
from mm365.documents.templates import environment
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.exchange.parameters import must_not_be_set
from mm365.integration.risks import STANDING_RISKS
from mm365.scripts import library
from mm365.scripts.change import Change
from mm365.scripts.paste_form import PasteForm
from mm365.scripts.planned import SNAPSHOT_PATH, Planned, changed_names, changed_settings
from mm365.scripts.script import NEXT_AFTER_WHATIF, Script


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A finished text and where it belongs in a pack.

    ``places`` has the line (from 1) of each setting in it, by the key of its object and its own name, and of each step,
    by ``STEP`` and its number.
    """

    path: str
    text: str
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The bytes of the file: line feeds on every machine."""
        return self.text.encode("utf-8")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def lines(self) -> int:
        """How many lines a reader has to read."""
        return self.text.count("\n")


def render_scripts(change: Change) -> tuple[Rendered, ...]:
    """The scripts of a pack in the order of use, and then the functions that they share."""
    shared = Rendered(path=library.PATH, text=library.shared_functions())
    return (*(_script(script, change) for script in change.scripts), shared, *_planned_against(change))


def _planned_against(change: Change) -> Iterator[Rendered]:
    """What a pack that was planned against a snapshot has besides: functions, and the snapshot as far as it matters."""
    if change.excerpt:
        yield Rendered(path=library.SNAPSHOT_PATH, text=library.snapshot_functions())
        yield Rendered(path=SNAPSHOT_PATH, text=change.excerpt)


def render_paste_forms(change: Change) -> tuple[Rendered, ...]:
    """All paste forms of a pack, in the order of use."""
    return tuple(render_paste_form(form, change) for form in change.forms)


def render_paste_form(form: PasteForm, change: Change) -> Rendered:
    """One paste form. The request has to have the fields that the form ``needs``."""
    text = (
        _templates()
        .get_template(f"paste/{form.name}.txt.j2")
        .render(
            form=form,
            request=change.request,
            inbound=change.integration.inbound,
            outbound=change.integration.outbound,
            loop_check=change.integration.loop_check,
            redirect=change.integration.redirect,
        )
    )
    # A shell without PSReadLine ends an open block at the first empty line; between two blocks there is one.
    lines = (line for line in text.splitlines(keepends=True) if line.strip())
    return _without_marks(form.path, "".join(lines).replace("\n}\n& {", "\n}\n\n& {"))


def _script(script: Script, change: Change) -> Rendered:
    template = _templates().get_template(f"scripts/{script.name}.ps1.j2")
    text = template.render(
        script=script,
        request=change.request,
        version=__version__,
        shared_sha256=library.shared_sha256(),
        next_after_whatif=NEXT_AFTER_WHATIF,
        standing_risks=STANDING_RISKS,
        plan=change.plan,
        planned=Planned(change) if script.planned else None,
    )
    return _without_marks(script.path, text)


STEP = "step"
"""What a step's mark has in place of an object's key."""

_MARK = re.compile("\x01(.*?)\x02(.*?)\x03")
"""A setting's place in a text while it is made. No value can hold these characters: see ``powershell``."""


def _settings(object_: ExchangeObject, indent: int, leave_out: tuple[str, ...] = ()) -> Markup:
    """The settings of an object as the entries of a hashtable, each marked and with its reason at its side."""
    notes = {setting.name: setting.note for setting in object_.settings}
    values = {name: value for name, value in object_.values.items() if name not in leave_out}
    marks = {name: powershell.mark(object_.key, name) for name in values}
    return powershell.entries(values, indent, notes, marks)


_COMPARED_APART = frozenset({"Enabled", "RouteMessageOutboundConnector"})
"""Settings of a rule that do not read back as they are given: State, and the connector's name or Guid."""
_CONDITION, _EXCEPTION = "HeaderContains", "ExceptIf"


def _as_created(object_: ExchangeObject, indent: int) -> Markup:
    """The settings of an object as they read back when it is as created; of a rule also what has to be unset.

    One text is written as such: it compares the same as a list of it.
    """
    values = dict(object_.values)
    if object_.kind is Kind.RULE:
        values = {name: value for name, value in values.items() if name not in _COMPARED_APART}
        values |= {"ActivationDate": "", "ExpiryDate": ""}
        values |= {} if any(name.startswith(_CONDITION) for name in values) else {"Conditions": ""}
        values |= {} if any(name.startswith(_EXCEPTION) for name in values) else {"Exceptions": ""}
    single = {
        name: value[0] if isinstance(value, tuple) and len(value) == 1 else value for name, value in values.items()
    }
    pairs = [f"{name} = {powershell.literal(value)}" for name, value in single.items()]
    return powershell.packed(pairs, indent, _WIDTH)


_WIDTH = 132


def _actions(rule: ExchangeObject) -> Markup:
    """A pattern that every action of a rule matches when it is as created.

    Whether StopRuleProcessing is among them when it is false is not documented, so it always may be; its value is
    compared by itself.
    """
    others = ("Name", "Mode", "RuleErrorAction", "Enabled")
    names = [name for name in rule.values if name not in others]
    return powershell.literal("|".join(name for name in names if not name.startswith((_CONDITION, _EXCEPTION))))


def _must_not_be_set(objects: Sequence[ExchangeObject], indent: int) -> Markup:
    """What must not be set on these objects besides their own settings, as a wrapped list of names."""
    names = {name for item in objects for name in must_not_be_set(item.kind)}
    names -= {name for item in objects for name in item.values}
    return powershell.listed_lines(sorted(names, key=str.lower), indent)


def _placed(place: int) -> Markup:
    """A mark for the line of a script's step, counted from 1."""
    return powershell.mark(STEP, str(place))


def _without_marks(path: str, text: str) -> Rendered:
    """A text without its marks, and with the line of each."""
    lines = text.splitlines(keepends=True)
    found = {mark: number for number, line in enumerate(lines, start=1) for mark in _MARK.findall(line)}
    return Rendered(path=path, text=_MARK.sub("", text), places=found)


@cache
def _templates() -> Environment:
    def code(value: object) -> Markup:
        return value if isinstance(value, Markup) else powershell.literal(value)

    return environment(
        code,
        {
            "actions": _actions,
            "as_created": _as_created,
            "comment": powershell.comment,
            "comment_lines": powershell.comment_lines,
            "entries": powershell.entries,
            "listed": powershell.listed,
            "listed_lines": powershell.listed_lines,
            "must_not_be_set": _must_not_be_set,
            "name": powershell.name,
            "placed": _placed,
            "settings": _settings,
            "changed_names": changed_names,
            "changed_settings": changed_settings,
            "short_comment": powershell.short_comment,
        },
    )
