"""What the scripts of a pack say that was planned against a snapshot."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mm365 import powershell
from mm365.plan.plan import Plan
from mm365.plan.step import TurnOff, TurnOn, Update
from mm365.scripts import library

if TYPE_CHECKING:
    from mm365.scripts.change import Change

SNAPSHOT_PATH = "scripts/Snapshot.json"
"""Where a pack keeps what it needs of the snapshot that it was planned against."""
ENABLED, MODE = "Enabled", "Mode"


class Planned:
    """What a template needs besides the change: the files that a script reads, and the settings that may change."""

    def __init__(self, change: "Change") -> None:
        """For the scripts of a change by a plan against a snapshot."""
        snapshot = hashlib.sha256(change.excerpt.encode("ascii")).hexdigest().upper()
        self.files: Mapping[str, str] = {
            PurePosixPath(library.SNAPSHOT_PATH).name: library.snapshot_functions_sha256(),
            PurePosixPath(SNAPSHOT_PATH).name: snapshot,
        }
        self.changes = planned_changes(change.plan)
        self.mode_back = MODE in self.changes.get("Redirect", ()) and not _sets_mode(change.plan)
        """Whether rollback has to set the mode of Redirect back apart from an update."""
        self.redirect_first = any(step.priority is not None for step in change.plan.creations)


def planned_changes(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The settings that a pack may change on objects that were there, by their keys.

    50-enable may set the mode of a Redirect that it turns on.
    """
    found: dict[str, list[str]] = {}
    for step in plan.changes:
        if isinstance(step, Update | TurnOn):
            found.setdefault(step.object.key, []).extend(_names(step))
    created = {step.object.key for step in plan.creations}
    for enabling in plan.enablings:
        if enabling.object.key == "Redirect" and "Redirect" not in created and not _sets_mode(plan):
            found.setdefault("Redirect", []).append(MODE)
    return {key: tuple(names) for key, names in found.items()}


def _sets_mode(plan: Plan) -> bool:
    updates = (step for step in plan.steps if isinstance(step, Update) and step.object.key == "Redirect")
    return any(MODE in _names(step) for step in updates)


def _names(step: Update | TurnOn | TurnOff) -> Iterator[str]:
    if isinstance(step, Update):
        yield from (difference.setting for difference in step.differences)
    else:
        yield ENABLED


def changed_names(step: Update | TurnOn | TurnOff) -> tuple[str, ...]:
    """The names of the settings that a step sets."""
    return tuple(_names(step))


def changed_settings(step: Update, indent: int) -> powershell.Code:
    """What an update sets, as the entries of a hashtable, each marked and with its reason at its side."""
    # The values of before stand in Snapshot.json. A comment that resembles the begin of a signature would make
    # PowerShell refuse all code behind it, so what others wrote is not put into one.
    why = {setting.name: setting.note for setting in step.object.settings}
    values: dict[str, powershell.Value] = {}
    notes, marks = {}, {}
    for difference in step.differences:
        name = difference.setting
        unset = difference.approved is None or difference.approved == ()
        values[name] = powershell.NOTHING if unset else step.object.values.get(name, False)
        notes[name] = why.get(name, "this pack does not set it")
        marks[name] = powershell.mark(step.object.key, name)
    return powershell.entries(values, indent, notes, marks)
