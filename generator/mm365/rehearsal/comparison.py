"""What counts as the same: a tenant without what changes by itself, and notes without times and identities."""

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
"""The comment on what the rehearsal lets somebody else create."""
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
    """Compares tenants in which the four objects of ``integration`` may be."""

    integration: Integration

    def find(self, tenant: Mapping[str, Any]) -> dict[str, Found | None]:
        """The objects of the four names in a tenant, by their keys; None where there is none."""
        return {object_.key: _named(object_, tenant) for object_ in self.integration.objects}

    def is_on(self, key: str, tenant: Mapping[str, Any]) -> bool:
        """Whether one of the four is there and on."""
        return condition(self.find(tenant)[key]) == "there, on"

    def conditions(self, tenant: Mapping[str, Any]) -> dict[str, str]:
        """What the scripts say of each of the four: not there; there, on; there, off."""
        return {key: condition(found) for key, found in self.find(tenant).items()}

    def titles(self) -> dict[str, str]:
        """How the scripts name each of the four."""
        return {object_.key: f"{object_.label} '{object_.name}'" for object_ in self.integration.objects}

    def at_risk(self, tenant: Mapping[str, Any]) -> list[str]:
        """Why mail would loop or be lost in this tenant; nothing where it would not."""
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
        """Everything but the four, without what the rehearsal let others create; rules numbered among themselves."""
        names = {object_.name.lower() for object_ in self.integration.objects}
        everything = self.everything(tenant)
        return {
            name: [item for item in items if item["Name"].lower() not in names] for name, items in everything.items()
        }

    def everything(self, tenant: Mapping[str, Any]) -> dict[str, list[Found]]:
        """Everything but what the rehearsal let others create; rules numbered among themselves."""
        kept = {name: [item for item in tenant[name] if not is_foreign(item)] for name in _LISTS.values()}
        return _without_priorities(_compared(kept))

    def foreign(self, tenant: Mapping[str, Any]) -> list[Found]:
        """What the rehearsal let others create."""
        return [item for name in _LISTS.values() for item in _compared(tenant)[name] if is_foreign(item)]

    def key(self, state: State) -> str:
        """The same text for all moments from which scripts would go on in the same way."""
        return _key(self, state.tenant, state.notes)


def condition(found: Found | None) -> str:
    """What the scripts say of an object."""
    if found is None:
        return "not there"
    on = found["State"] == "Enabled" if "State" in found else bool(found["Enabled"])
    return "there, on" if on else "there, off"


def is_foreign(found: Found) -> bool:
    """Whether the rehearsal let somebody else create it."""
    return FOREIGN in (found.get("Comments"), found.get("Comment"))


def _compared(tenant: Mapping[str, Any]) -> dict[str, list[Found]]:
    return {str(name): items for name, items in comparable(dict(tenant)).items()}


def _named(object_: ExchangeObject, tenant: Mapping[str, Any]) -> Found | None:
    for item in tenant[_LISTS[object_.kind]]:
        if item["Name"].lower() == object_.name.lower():
            return dict(item)
    return None


def _without_priorities(lists: Mapping[str, list[Found]]) -> dict[str, list[Found]]:
    """Rules keep their order, which says all that their numbers say."""
    return {
        name: [{key: value for key, value in item.items() if key != "Priority"} for item in items]
        for name, items in lists.items()
    }


@lru_cache(maxsize=256)
def _key(comparison: Comparison, tenant: bytes, notes: bytes | None) -> str:
    objects = json.loads(tenant)
    ours = comparison.find(objects)
    # New objects have another Guid in every run.
    new = {item["Guid"] for item in ours.values() if item} | {item["Guid"] for item in comparison.foreign(objects)}
    lists = {
        name: [{k: v for k, v in item.items() if item.get("Guid") not in new or k not in _IDENTITY} for item in items]
        for name, items in _compared(objects).items()
    }
    return json.dumps([lists, list(_plain_notes(notes, ours))], sort_keys=True)


def _plain_notes(notes: bytes | None, ours: Mapping[str, Found | None]) -> Iterator[object]:
    """Notes as far as scripts go by them: which times are noted and how old they are, whose marks and Guids fit."""
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
    """Whether a mark, which holds when the service last changed an object, is of the object as it is now."""
    if not mark:
        return "not noted"
    changed = str(item["WhenChanged"]) if item else ""
    return "as it is" if _moment(mark) == _moment(changed) else "changed since"


def _moment(text: str) -> str:
    return re.sub(r"0*Z?$", "", text.removeprefix("changed ").strip()).rstrip(".")
