"""Whether an object of the tenant is as it was approved, and which object of the tenant is which of ours.

Names and values are the same if their characters are, without regard to case, as in the scripts; lists without regard
to their order. How the service compares is not documented.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.exchange.parameters import must_not_be_set
from mm365.snapshot.difference import Difference
from mm365.snapshot.normal import is_list, parameter_types
from mm365.snapshot.snapshot import UNKNOWN, TenantObject, is_empty

NOT_COMPARED = frozenset({"Name", "Enabled"})
"""By its name an object is found, and whether it is on is a question of its own."""
EXCEPTION = "ExceptIf"
"""How the exceptions of rules begin."""
LISTINGS: Mapping[str, str] = {"Conditions": "", "Exceptions": EXCEPTION}
"""What a rule lists besides its settings, also what is not known by name; and how those settings begin."""


def same(one: object, other: object) -> bool:
    """Whether two values are the same, texts without regard to case and lists without regard to their order."""
    return _plain(one) == _plain(other)


def _plain(value: object) -> object:
    if is_empty(value):
        return None
    if isinstance(value, tuple | list):
        # A list of one is stored as a text by some exports, and the weight of a domain is not ours to decide.
        items = sorted(_without_weight(item) for item in value)
        return items[0] if len(items) == 1 else items
    return value if isinstance(value, bool | int) else _without_weight(value)


def _without_weight(value: object) -> str:
    text = str(value).casefold()
    return text.removeprefix("smtp:").rpartition(";")[0] if text.startswith("smtp:") and ";" in text else text


def is_named(each: TenantObject, name: str) -> bool:
    """Whether an object has that name, in capitals or not."""
    return each.name.casefold() == name.casefold()


def names_of(connector: TenantObject | None, name: str) -> tuple[str, ...]:
    """What a rule can refer to an outbound connector by: the name that it should have, and those that it has."""
    if connector is None:
        return (name,)
    distinguished = str(connector.settings.get("DistinguishedName") or "")
    return tuple(each for each in (name, connector.name, connector.guid, distinguished) if each)


def differences(each: TenantObject, approved: ExchangeObject, connector: Sequence[str]) -> tuple[Difference, ...]:
    """What of an object is other than approved, whether it is on apart; ``connector`` is what Redirect may route to.

    A setting that the export does not hold is not among it: see ``completeness``.
    """
    return tuple(_differences(each, approved, connector))


def _differences(each: TenantObject, approved: ExchangeObject, connector: Sequence[str]) -> Iterator[Difference]:
    for name, wanted in approved.values.items():
        now = each.value(name)
        if name in NOT_COMPARED or now is UNKNOWN or same(now, wanted):
            continue
        if name == "RouteMessageOutboundConnector" and any(same(now, other) for other in connector):
            continue
        yield Difference(setting=name, now=now, approved=wanted)
    for name, now in each.settings.items():
        if name not in approved.values and _must_be_unset(each.kind, name) and not is_empty(now):
            yield Difference(setting=name, now=now, approved=unset(each.kind, name))
    if each.kind is Kind.RULE:
        yield from _listed(each, approved)


def _must_be_unset(kind: Kind, name: str) -> bool:
    if kind is Kind.RULE and name.startswith(EXCEPTION):
        return True
    return name in must_not_be_set(kind)


def _listed(each: TenantObject, approved: ExchangeObject) -> Iterator[Difference]:
    """Conditions or exceptions that no setting known by name accounts for: there is nothing to take them away with."""
    for listing, before in LISTINGS.items():
        found = each.value(listing)
        wanted = 1 if f"{before}HeaderContainsWords" in approved.values else 0
        if not isinstance(found, tuple) or len(found) <= wanted:
            continue
        names = [f"{before}{name}" for name in conditions()]
        if not any(each.is_set(name) and name not in approved.values for name in names):
            yield Difference(setting=listing, now=found, approved=None)


@cache
def conditions() -> frozenset[str]:
    """The settings of a rule that are conditions: those that can be an exception as well."""
    types = parameter_types(Kind.RULE)
    return frozenset(name for name in types if f"{EXCEPTION}{name}" in types)


def unset(kind: Kind, name: str) -> object:
    """The value that takes a setting away again."""
    type_ = parameter_types(kind).get(name, "")
    return False if type_ == "Boolean" else () if is_list(type_) else None
