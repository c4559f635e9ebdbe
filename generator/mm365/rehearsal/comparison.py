"""What a tenant has, as it is compared: without what changes by itself, and as the scripts and forms speak of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mm365.emulator.files import comparable
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.exchange.parameters import must_not_be_set

FOREIGN = "Made by another administrator in between."
"""The comment on every object that the rehearsal lets another administrator create."""
OTHERS_RULE = "Rule of another administrator"
ON = "there, on"

Found = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Compares tenants with regard to the four objects of ``integration``."""

    integration: Integration

    def find(self, tenant: Mapping[str, Any]) -> dict[str, Found | None]:
        """The objects in a tenant that have the names of the four, by their keys; None for one that is not there."""
        return {object_.key: _named(object_, tenant) for object_ in self.integration.objects}

    def is_on(self, key: str, tenant: Mapping[str, Any]) -> bool:
        """Whether one of the four is there and on."""
        return condition(self.find(tenant)[key]) == ON

    def sends(self, tenant: Mapping[str, Any]) -> bool:
        """Whether Redirect sends mail to the filter: in mode Audit a rule that is on takes no action."""
        return _acts(self.find(tenant)["Redirect"])

    def conditions(self, tenant: Mapping[str, Any]) -> dict[str, str]:
        """The condition of each of the four by its key, in the scripts' words: see ``condition``."""
        return {key: condition(found) for key, found in self.find(tenant).items()}

    def titles(self) -> dict[str, str]:
        """The scripts' name for each of the four, by its key."""
        return {object_.key: f"{object_.label} '{object_.name}'" for object_ in self.integration.objects}

    def at_risk(self, tenant: Mapping[str, Any]) -> list[str]:
        """Why mail would loop or be lost in this tenant; nothing where it would not."""
        if not self.sends(tenant):
            return []
        found = self.find(tenant)
        problems = [f"Redirect is on and {key} is {condition(item)}" for key, item in found.items() if not _acts(item)]
        loop_check, redirect = found["LoopCheck"], found["Redirect"]
        if loop_check and redirect and loop_check["Priority"] >= redirect["Priority"]:
            problems.append("Redirect is on and Loop Check stands below it")
        return problems

    def not_as_created(self, tenant: Mapping[str, Any]) -> dict[str, list[str]]:
        """Of the four, those that are there and not in every setting what the pack creates: the settings by key.

        Whether it is on does not count: the pack itself turns rules on.
        """
        found = self.find(tenant)
        routes = {str(found["Outbound"]["Guid"])} if found["Outbound"] else set()
        differing = {
            object_.key: list(_differing(object_, item, routes))
            for object_ in self.integration.objects
            if (item := found[object_.key])
        }
        return {key: settings for key, settings in differing.items() if settings}

    def bystanders(self, tenant: Mapping[str, Any]) -> dict[str, list[Found]]:
        """The tenant's own objects by list: neither the four nor those that the rehearsal let others create.

        Rules keep their order and lose their numbers.
        """
        names = {object_.name.lower() for object_ in self.integration.objects}
        everything = self.everything(tenant)
        return {
            name: [item for item in items if item["Name"].lower() not in names] for name, items in everything.items()
        }

    def everything(self, tenant: Mapping[str, Any]) -> dict[str, list[Found]]:
        """Everything but what the rehearsal let others create; rules numbered among themselves."""
        kept = {kind.plural: [item for item in tenant[kind.plural] if not is_foreign(item)] for kind in Kind}
        return _without_priorities(comparable(kept))

    def foreign(self, tenant: Mapping[str, Any]) -> list[Found]:
        """What the rehearsal let others create."""
        return [item for items in comparable(dict(tenant)).values() for item in items if is_foreign(item)]


def condition(found: Found | None) -> str:
    """The scripts' words for an object: ``not there``, ``there, on`` or ``there, off``."""
    if found is None:
        return "not there"
    on = found["State"] == "Enabled" if "State" in found else bool(found["Enabled"])
    return ON if on else "there, off"


def is_foreign(found: Found) -> bool:
    """Whether the rehearsal let another administrator create this object."""
    return FOREIGN in (found.get("Comments"), found.get("Comment"))


def _acts(found: Found | None) -> bool:
    return found is not None and condition(found) == ON and not str(found.get("Mode", "")).lower().startswith("audit")


def _named(object_: ExchangeObject, tenant: Mapping[str, Any]) -> Found | None:
    for item in tenant[object_.kind.plural]:
        if item["Name"].lower() == object_.name.lower():
            return dict(item)
    return None


def _differing(object_: ExchangeObject, found: Found, routes: set[str]) -> Iterator[str]:
    for name, value in object_.values.items():
        is_ = _texts(found.get(name))
        by_guid = name == "RouteMessageOutboundConnector" and routes.issuperset(is_)
        if name != "Enabled" and is_ != _texts(value) and not by_guid:
            yield name
    for name in found:
        may_not = name in must_not_be_set(object_.kind) or name.startswith("ExceptIf")
        if may_not and name not in object_.values and _texts(found[name]) not in _UNSET:
            yield name


_UNSET: tuple[list[str], ...] = ([], [""], ["false"], ["00000000-0000-0000-0000-000000000000"])


def _texts(value: object) -> list[str]:
    """A value as the texts in it. The service stores the sender domain * as smtp:*;1."""
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return sorted(re.sub(r"^smtp:(.*);\d+$", r"\1", str(item).lower()) for item in values)


def _without_priorities(lists: Mapping[str, list[Found]]) -> dict[str, list[Found]]:
    """The lists without the rules' numbers, which say no more than their order."""
    return {
        name: [{key: value for key, value in item.items() if key != "Priority"} for item in items]
        for name, items in lists.items()
    }
