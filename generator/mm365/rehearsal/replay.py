"""When two moments are alike, so that what follows from the one follows from the other."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from mm365.emulator.files import comparable
from mm365.integration.facts import DRAIN_HOURS, WAIT_MINUTES
from mm365.rehearsal.comparison import Comparison, Found
from mm365.rehearsal.sandbox import MARKS, TIME_FORMAT, TIMES, WRITTEN_FORMAT, State, mark_of

_IDENTITY = {"Guid", "ImmutableId", "ExchangeObjectId", "WhenCreated", "WhenCreatedUTC", "LastModifiedBy", "CreatedBy"}
_GUIDS = ("guid", "beforeGuid")
_AGES = ((WAIT_MINUTES / 60, "now"), (DRAIN_HOURS, "a while ago"))


@lru_cache(maxsize=256)
def key_of(comparison: Comparison, state: State) -> str:
    """The same text for all moments from which scripts and forms would go on in the same way."""
    objects = state.objects
    ours = comparison.find(objects)
    # New objects have another Guid in every run.
    new = {item["Guid"] for item in ours.values() if item} | {item["Guid"] for item in comparison.foreign(objects)}
    lists = {
        name: [{k: v for k, v in item.items() if item.get("Guid") not in new or k not in _IDENTITY} for item in items]
        for name, items in comparable(objects).items()
    }
    # The forms go by these two times in place of notes.
    loop_check = ours["LoopCheck"]
    times = (str(loop_check["WhenChanged"])[:16].replace("T", " ") if loop_check else "", state.off_since)
    ages = [*(_age(time, WRITTEN_FORMAT) for time in times), state.quiet_hours]
    return json.dumps([lists, ages, list(_plain_notes(state.notes, ours))], sort_keys=True)


def _plain_notes(notes: bytes | None, ours: Mapping[str, Found | None]) -> Iterator[object]:
    """Notes as far as scripts go by them: which times are noted and how old they are, whose marks and Guids fit."""
    if notes is None:
        return
    saved = json.loads(notes)
    for name in TIMES:
        yield name, _age(saved.get(name, ""), TIME_FORMAT)
    for name, key in MARKS.items():
        yield name, _fits(saved.get(name, ""), ours[key])
    for key, entry in saved["objects"].items():
        item = ours.get(key)
        guids = {field: bool(entry[field]) and item is not None and entry[field] == item["Guid"] for field in _GUIDS}
        yield (
            key,
            entry["before"],
            entry["beforeOn"],
            entry.get("changed", ""),
            guids,
            [bool(entry[field]) for field in _GUIDS],
        )


def _age(noted: str, form: str) -> str:
    if not noted:
        return "not noted"
    hours = (datetime.now(UTC) - datetime.strptime(noted, form).replace(tzinfo=UTC)).total_seconds() / 3600
    return next((age for limit, age in _AGES if hours < limit), "long ago")


def _fits(mark: str, item: Found | None) -> str:
    """Whether a mark, which holds when the service last changed an object, is of the object as it is now."""
    if not mark:
        return "not noted"
    changed = str(item["WhenChanged"]) if item else ""
    return "as it is" if _moment(mark) == _moment(mark_of(changed)) else "changed since"


def _moment(mark: str) -> str:
    """A mark without the zeros at its end, of which scripts and service write different numbers."""
    return re.sub(r"0*Z?$", "", mark.strip()).rstrip(".")
