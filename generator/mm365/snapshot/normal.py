"""An object of an export as the cmdlets would take it: their names, their values.

What exports do to values is in the captured answers of the Get cmdlets (see ``exchange.sources.CAPTURES``) and in the
documentation of ConvertTo-Json: names in other cases, a text for a list of one, State for Enabled, dates as
``/Date(ms)/``, sender domains as ``smtp:*;1``.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import catalogue
from mm365.snapshot.snapshot import TenantObject

Json = Mapping[str, object]

_ALSO = (
    "Guid", "State", "Conditions", "Exceptions", "Actions", "Description", "DistinguishedName", "OrganizationId",
    "Identity",
)  # fmt: skip
"""Properties that a Get returns, that no cmdlet takes, and that something here reads."""
_LISTS = frozenset({"Conditions", "Exceptions", "Actions"})
_DATE = re.compile(r"\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/")
_DOMAIN = re.compile(r"smtp:(.*);1", re.IGNORECASE)
_STATES: Mapping[str, bool] = {"enabled": True, "disabled": False}
_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}


def tenant_object(kind: Kind, raw: Json, *, leaves_out_unset: bool = False) -> TenantObject:
    """The object of an export; keys such as ``Priority@data.type`` say what type a property has, and are left out."""
    names, types = _names(kind), parameter_types(kind)
    settings: dict[str, object] = {}
    for key, value in raw.items():
        if "@" in key:
            continue
        name = names.get(key.lower(), key)
        settings[name] = value if value is None else _value(types.get(name, ""), name, value)
    if kind is Kind.RULE and "State" in settings:
        state = settings.pop("State")
        # A number stays what it is: which of the states it stands for is not documented.
        settings["Enabled"] = _STATES.get(state.lower(), state) if isinstance(state, str) else state
    if "Name" not in settings and isinstance(settings.get("Identity"), str):
        settings["Name"] = settings["Identity"]
    return TenantObject(kind=kind, settings=settings, leaves_out_unset=leaves_out_unset)


@cache
def parameter_types(kind: Kind, verb: str = "") -> Mapping[str, str]:
    """The type of each setting of a kind of object, as the cmdlet reference calls it; of one cmdlet or of both."""
    cmdlets = catalogue()["cmdlets"]
    verbs = (verb,) if verb else ("Set", "New")
    parameters = {name: each for one in verbs for name, each in cmdlets[f"{one}-{kind}"]["parameters"].items()}
    return {name: str(parameter["type"]) for name, parameter in parameters.items()}


@cache
def named_values(kind: Kind) -> frozenset[str]:
    """The settings of a kind of object whose values are names out of a list."""
    parameters = catalogue()["cmdlets"][f"New-{kind}"]["parameters"]
    return frozenset(name for name, parameter in parameters.items() if parameter.get("values"))


def is_list(type_: str) -> bool:
    """Whether a parameter of that type takes a list."""
    return type_ == "MultiValuedProperty" or type_.endswith("[]")


@cache
def _names(kind: Kind) -> Mapping[str, str]:
    return {name.lower(): name for name in (*parameter_types(kind), *_ALSO)}


def _value(type_: str, name: str, value: object) -> object:
    if isinstance(value, str):
        value = _text(type_, value)
    elif isinstance(value, dict) and set(value) == {"value", "Count"}:
        # Windows PowerShell writes a list so that has been given properties of its own.
        value = value["value"]
    if is_list(type_) or name in _LISTS:
        items = value if isinstance(value, list) else [value]
        return tuple(_item(name, item) for item in items if item is not None)
    return value


def _text(type_: str, value: str) -> object:
    if type_ == "Boolean":
        return _TRUTHS.get(value.lower(), value)
    if type_ == "Int32" and value.isascii() and value.isdigit():
        return int(value[:9])
    if "/Date(" in value and (date := _DATE.fullmatch(value)):
        return _iso(int(date[1]))
    return value


def _iso(milliseconds: int) -> str:
    """The time so many milliseconds after the start of 1970, in UTC; a time that no calendar has stays a number."""
    try:
        time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _item(name: str, item: object) -> object:
    # The service writes a weight behind a sender domain. That of 1 is what a domain without one gets.
    if name == "SenderDomains" and isinstance(item, str) and (domain := _DOMAIN.fullmatch(item)):
        return domain[1]
    return item
