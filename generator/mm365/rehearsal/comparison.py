"""Compares tenants, and the states that scripts meet, without what changes from run to run.

"The four" are the two connectors and two rules of the change. Objects that the rehearsal lets another administrator
create bear the comment FOREIGN.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from mm365.emulator.files import comparable
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.rehearsal.sandbox import TIME_FORMAT, TIMES, State

FOREIGN = "Made by another administrator in between."
"""The comment on every object that the rehearsal lets another administrator create."""
OTHERS_RULE = "Rule of another administrator"

Found = dict[str, Any]
_LISTS = {
    Kind.INBOUND: "inboundConnectors",
    Kind.OUTBOUND: "outboundConnectors",
    Kind.RULE: "transportRules",
}
_IDENTITY = {"Guid", "ImmutableId", "ExchangeObjectId", "WhenCreated", "WhenCreatedUTC", "LastModifiedBy", "CreatedBy"}
_AGES = ((0.5, "now"), (24.0, "a while ago"))


@dataclass(frozen=True, eq=False)
class Comparison:
    """Compares tenants with regard to the four objects of ``integration``."""

    integration: Integration

    def find(self, tenant: Mapping[str, Any]) -> dict[str, Found | None]:
        """The objects in a tenant that have the names of the four, by their keys; None for one that is not there."""
        return {object_.key: _named(object_, tenant) for object_ in self.integration.objects}

    def is_on(self, key: str, tenant: Mapping[str, Any]) -> bool:
        """Whether the object of that key is there and on."""
        return condition(self.find(tenant)[key]) == "there, on"

    def conditions(self, tenant: Mapping[str, Any]) -> dict[str, str]:
        """The condition of each of the four by its key, in the scripts' words: see ``condition``."""
        return {key: condition(found) for key, found in self.find(tenant).items()}

    def titles(self) -> dict[str, str]:
        """The scripts' name for each of the four, by its key."""
        return {object_.key: f"{object_.label} '{object_.name}'" for object_ in self.integration.objects}

    def mail_problems(self, tenant: Mapping[str, Any]) -> list[str]:
        """Why mail would loop or be lost in this tenant, a line for each reason; empty if it would not."""
        found = self.find(tenant)
        if condition(found["Redirect"]) != "there, on":
            return []
        problems = [
            f"Redirect is on and {key} is {condition(item)}"
            for key, item in found.items()
            if condition(item) != "there, on"
        ]
        loop_check, redirect = found["LoopCheck"], found["Redirect"]
        if loop_check and redirect and loop_check["Priority"] >= redirect["Priority"]:
            problems.append("Redirect is on and Loop Check stands below it")
        return problems

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
        """All objects by list, but for those that the rehearsal let others create; rules without their numbers."""
        kept = {name: [item for item in tenant[name] if not is_foreign(item)] for name in _LISTS.values()}
        return _without_priorities(_compared(kept))

    def foreign(self, tenant: Mapping[str, Any]) -> list[Found]:
        """The objects that the rehearsal let others create."""
        return [item for name in _LISTS.values() for item in _compared(tenant)[name] if is_foreign(item)]

    def key(self, state: State) -> str:
        """A text that is equal for two states if every script would act the same in both."""
        return _key(self, state.tenant, state.notes)


def condition(found: Found | None) -> str:
    """The scripts' words for an object: ``not there``, ``there, on`` or ``there, off``."""
    if found is None:
        return "not there"
    on = found["State"] == "Enabled" if "State" in found else bool(found["Enabled"])
    return "there, on" if on else "there, off"


def is_foreign(found: Found) -> bool:
    """Whether the rehearsal let another administrator create this object."""
    return FOREIGN in (found.get("Comments"), found.get("Comment"))


def _compared(tenant: Mapping[str, Any]) -> dict[str, list[Found]]:
    return {str(name): items for name, items in comparable(dict(tenant)).items()}


def _named(object_: ExchangeObject, tenant: Mapping[str, Any]) -> Found | None:
    for item in tenant[_LISTS[object_.kind]]:
        if item["Name"].lower() == object_.name.lower():
            return dict(item)
    return None


def _without_priorities(lists: Mapping[str, list[Found]]) -> dict[str, list[Found]]:
    """The lists without the rules' numbers, which say no more than their order."""
    return {
        name: [{key: value for key, value in item.items() if key != "Priority"} for item in items]
        for name, items in lists.items()
    }


@lru_cache(maxsize=256)
def _key(comparison: Comparison, tenant: bytes, notes: bytes | None) -> str:
    objects = json.loads(tenant)
    ours = comparison.find(objects)
    # A new object has another Guid in every run, so it is compared without it.
    new = {item["Guid"] for item in ours.values() if item} | {item["Guid"] for item in comparison.foreign(objects)}
    lists = {
        name: [{k: v for k, v in item.items() if item.get("Guid") not in new or k not in _IDENTITY} for item in items]
        for name, items in _compared(objects).items()
    }
    return json.dumps([lists, list(_plain_notes(notes, ours))], sort_keys=True)


def _plain_notes(notes: bytes | None, ours: Mapping[str, Found | None]) -> Iterator[object]:
    """What the scripts take from their notes: how old each time is, and which marks and Guids fit the objects."""
    if notes is None:
        return
    saved = json.loads(notes)
    for name in TIMES:
        yield name, _age(saved.get(name, ""))
    for name, key in (("loopCheckMark", "LoopCheck"), ("redirectMark", "Redirect")):
        yield name, _fits(saved.get(name, ""), ours[key])
    for key, entry in saved["objects"].items():
        item = ours.get(key)
        guids = {field: bool(entry[field]) and item is not None and entry[field] == item["Guid"] for field in _GUIDS}
        yield key, entry["before"], entry["beforeOn"], guids, [bool(entry[field]) for field in _GUIDS]


_GUIDS = ("guid", "beforeGuid")


def _age(noted: str) -> str:
    if not noted:
        return "not noted"
    hours = (datetime.now(UTC) - datetime.strptime(noted, TIME_FORMAT).replace(tzinfo=UTC)).total_seconds() / 3600
    return next((age for limit, age in _AGES if hours < limit), "long ago")


def _fits(mark: str, item: Found | None) -> str:
    """Whether a mark (the time of the object's last change, as a script noted it) is that of the object now."""
    if not mark:
        return "not noted"
    changed = str(item["WhenChanged"]) if item else ""
    return "as it is" if _moment(mark) == _moment(changed) else "changed since"


def _moment(text: str) -> str:
    return re.sub(r"0*Z?$", "", text.removeprefix("changed ").strip()).rstrip(".")
