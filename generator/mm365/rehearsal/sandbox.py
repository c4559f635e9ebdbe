"""A folder in which a script runs: the emulated tenant's file, the log of calls, and the scripts' own notes."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mm365.emulator.contract import Call, Fault
from mm365.emulator.files import read_log
from mm365.emulator.tenants import Tenant
from mm365.exchange.kinds import Kind

TIMES = ("loopCheckOn", "redirectOn", "redirectOff", "drained")
MARKS = {"loopCheckMark": "LoopCheck", "redirectMark": "Redirect"}
"""The notes that hold when the service last changed an object, each with the object's key."""
TIME_FORMAT = "%Y-%m-%d %H:%M:%SZ"
"""How the scripts note a time."""
WRITTEN_FORMAT = "%Y-%m-%d %H:%M"
"""How the paste forms print a time."""
_CHANGES = ("WhenChanged", "WhenChangedUTC")


@dataclass(frozen=True, kw_only=True)
class State:
    """What there is at a moment: the tenant's file, and the scripts' notes if they have made any.

    Paste forms keep no notes; ``off_since`` is the time that one of them printed, as the operator wrote it down.
    ``quiet_hours`` have passed since Redirect has sent mail to the filter; None if it never has.
    """

    tenant: bytes
    notes: bytes | None = None
    off_since: str = ""
    quiet_hours: float | None = None

    @property
    def objects(self) -> Tenant:
        """The tenant as a dict."""
        loaded: Tenant = json.loads(self.tenant)
        return loaded

    def later(self, hours: float) -> "State":
        """The same when so many hours have passed: the times are moved back, as no clock can be moved on."""
        if not hours:
            return self
        objects = self.objects
        for item in (item for kind in Kind for item in objects[kind.plural]):
            item.update({name: _moved(item[name], hours) for name in _CHANGES if item.get(name)})
        return State(
            tenant=json.dumps(objects).encode("ascii"),
            notes=None if self.notes is None else _notes_later(self.notes, hours),
            off_since=_moved(self.off_since, hours),
            quiet_hours=None if self.quiet_hours is None else self.quiet_hours + hours,
        )


def mark_of(changed: str) -> str:
    """How the scripts note that the service last changed an object at a time: no reader of JSON takes it for a date."""
    return f"changed {changed}"


def _notes_later(data: bytes, hours: float) -> bytes:
    notes = json.loads(data)
    notes.update({name: _moved(notes[name], hours) for name in (*TIMES, *MARKS) if notes.get(name)})
    return json.dumps(notes).encode("ascii")


_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d)")


def _moved(text: str, hours: float) -> str:
    """A text with each time in it moved back by whole minutes. Seconds, and what a second is divided into, stay."""

    def earlier(found: re.Match[str]) -> str:
        time = datetime.strptime(f"{found[1]} {found[3]}", WRITTEN_FORMAT) - timedelta(hours=hours)  # noqa: DTZ007 - only moved, in the same zone
        return time.strftime(f"%Y-%m-%d{found[2]}%H:%M")

    return _MINUTE.sub(earlier, text)


class Sandbox:
    """The folder of one run after the other. Scripts get the folder ``state`` in it as their ``-StatePath``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state_folder = folder / "state"
        self.tenant_file = folder / "tenant.json"
        self.faults_file = folder / "tenant.faults.json"
        self.log_file = folder / "calls.jsonl"
        self._orders = 0

    def lay(self, state: State, faults: Sequence[Fault] = ()) -> None:
        """Empty the folder and put a state into it, with the faults of the next run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.state_folder.mkdir(parents=True)
        self.tenant_file.write_bytes(state.tenant)
        if state.notes is not None:
            (self.state_folder / "state.json").write_bytes(state.notes)
        self.inject(faults)

    def inject(self, faults: Sequence[Fault]) -> None:
        """Order the faults of the next run, and start a new log."""
        self.faults_file.unlink(missing_ok=True)
        if faults:
            self._orders += 1
            # The emulator starts to count calls when the file's text changes, and the same fault can be ordered twice.
            ordered = [{**fault, "order": self._orders} for fault in faults]
            self.faults_file.write_text(json.dumps(ordered), encoding="ascii")
        self.log_file.unlink(missing_ok=True)

    def read(self, *, than: State) -> State:
        """The state now. A text equal to that of ``than`` is the same object, as thousands of states are kept."""
        file = self.state_folder / "state.json"
        tenant, notes = self.tenant_file.read_bytes(), file.read_bytes() if file.is_file() else None
        return State(
            tenant=than.tenant if tenant == than.tenant else tenant,
            notes=than.notes if notes == than.notes else notes,
            off_since=than.off_since,
            quiet_hours=than.quiet_hours,
        )

    def calls(self) -> list[Call]:
        """The calls since the log was started, without the waits, which are not calls of the service."""
        return [call for call in read_log(self.log_file) if call["n"] is not None]

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables that tell the emulator which tenant it is."""
        return {
            "MM365_EXCHANGE_STATE": str(self.tenant_file),
            "MM365_EXCHANGE_LOG": str(self.log_file),
            "MM365_EXCHANGE_WATCH": str(self.state_folder),
            "MM365_EXCHANGE_NO_SLEEP": "1",
        }
