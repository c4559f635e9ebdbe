"""A rehearsal from a notebook as plain state, without widgets: what is chosen, how far it is, and the result.

The scripts run in a thread of their own, so the kernel stays free and the rehearsal can be stopped.
"""

import shlex
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mm365.errors import Mm365Error, NoPowerShellError
from mm365.pack.verification import verify_pack
from mm365.rehearsal.beginning import BUSY, EMPTY
from mm365.rehearsal.options import read_options
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.progress import Progress
from mm365.rehearsal.rehearsal import Result, rehearse
from mm365.rehearsal.shells import Abandoned
from mm365.request.fields import label, option

BACKUP = "backup"
TENANTS: Mapping[str, str] = {
    EMPTY: "as the pack expects it: its snapshot, or no connectors and no rules",
    BUSY: "busy: with connectors and rules of others",
    BACKUP: "your own, as 20-backup saved it",
}
"""The tenants that a user can choose, each with its text on the screen."""

FAULTS: Mapping[str, str] = {
    "": "the way through",
    "all": "the way through and every fault",
}
"""How far a rehearsal can go, each with its text on the screen."""

STOPPED = "Stopped. Nothing is left of it: no PowerShell, no files."


@dataclass(frozen=True, kw_only=True)
class PackToRehearse:
    """A pack that may be rehearsed. Its scripts run on this machine, so only the pack of this fingerprint is run."""

    folder: Path
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is rehearsed; ``faults`` and ``way`` are as on the command line."""

    tenant: str = EMPTY
    backup: str = ""
    faults: str = ""
    way: str = ""

    @property
    def start(self) -> str:
        """The tenant as the command line takes it: ``empty``, ``busy``, or the file."""
        return self.backup.strip() if self.tenant == BACKUP else self.tenant


@dataclass(frozen=True, kw_only=True)
class _Ended:
    subject: PackToRehearse
    result: Result | None = None
    problem: str = ""
    note: str = ""


class _Stop(threading.Event):
    """Set when somebody stops the rehearsal, and when the kernel ends, which would otherwise wait for every case."""

    def is_set(self) -> bool:
        return super().is_set() or not threading.main_thread().is_alive()


class NotebookRehearsal:
    """The rehearsals of one notebook, one at a time.

    ``subject`` returns the pack as it is now. If it returns None, ``without`` returns the reason. ``changed`` is called
    after each change of the state, from other threads too.
    """

    def __init__(self, subject: Callable[[], PackToRehearse | None], without: Callable[[], str]) -> None:
        self._subject, self._without = subject, without
        self.choice = Choice()
        self.changed: Callable[[], object] = lambda: None
        self.progress: Progress | None = None
        self._ended: _Ended | None = None
        self._thread: threading.Thread | None = None
        self._stop = _Stop()

    def choose(self, **values: str) -> None:
        """Choose another tenant, backup or extent. A problem of the last rehearsal is forgotten."""
        self.choice = replace(self.choice, **values)
        if self._ended and not self._ended.result and not self.running:
            self._ended = None
        self.changed()

    @property
    def running(self) -> bool:
        """Whether scripts are being run."""
        return self._thread is not None

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and still runs."""
        return self.running and self._stop.is_set()

    @property
    def obstacle(self) -> str:
        """Why nothing can be rehearsed at present; empty if something can."""
        if self._subject() is None:
            return self._without()
        if self.choice.tenant == BACKUP and not self.choice.start:
            return "Give the file that 20-backup wrote, such as state/backup-20261124-101500-000.json in the pack."
        return ""

    @property
    def command(self) -> str:
        """The command line that rehearses the same, quoted for a POSIX shell; empty while there is an obstacle."""
        subject = self._subject()
        if subject is None or self.obstacle:
            return ""
        words = ["mm365", "rehearse", str(subject.folder)]
        for name, value in (("tenant_state", self.choice.start), ("faults", self.choice.faults)):
            words += [option(name), value] if value and value != EMPTY else []
        return shlex.join(words)

    @property
    def now(self) -> str:
        """What is being done, and how many cases broke so far; empty while nothing runs."""
        if not self.running:
            return ""
        if self.stopping:
            return "Stopping ..."
        if self.progress is None:
            return "Reading the pack and starting PowerShell ..."
        at = self.progress
        part = f"Faults: {at.broken or 'none'} broken so far" if at.faults else "The way through"
        return f"{part}. {at.done} of {at.total} done, the last was {at.text}"

    @property
    def result(self) -> Result | None:
        """The result of the last rehearsal, if it was of the pack as it is now."""
        found, subject = self._ended and self._ended.result, self._subject()
        return found if found and subject and found.fingerprint == subject.fingerprint else None

    @property
    def problem(self) -> str:
        """Why the rehearsal could not be finished, on one line; empty if it could."""
        return self._ended.problem if self._ended and self._ended.subject == self._subject() else ""

    @property
    def note(self) -> str:
        """What else the user should know: that the rehearsal was stopped, or was of another pack."""
        if self._ended is None:
            return ""
        if self._ended.result and not self.result:
            return f"What was rehearsed is another pack, with the fingerprint {self._ended.result.fingerprint}."
        return self._ended.note

    def start(self) -> None:
        """Start a rehearsal in a thread of its own, unless one runs already or there is an obstacle."""
        subject = self._subject()
        if subject is None or self.obstacle or self.running:
            return
        self.progress, self._ended, self._stop = None, None, _Stop()
        # Not a daemon: it ends its PowerShell and removes its folder before the kernel is gone.
        self._thread = threading.Thread(target=self._run, args=(subject, self.choice), name="rehearsal")
        self._thread.start()
        self.changed()

    def stop(self) -> None:
        """Ask the rehearsal to stop, which takes about a second."""
        self._stop.set()
        self.changed()

    def wait(self) -> None:
        """Wait until the rehearsal has ended."""
        if thread := self._thread:
            thread.join()

    def _run(self, subject: PackToRehearse, choice: Choice) -> None:
        ended = _Ended(subject=subject, problem="It broke off; the kernel's log says why.")
        try:
            ended = self._outcome(subject, choice)
        finally:
            # After an unexpected error too, which Python then writes to the kernel's log.
            self._ended, self._thread = ended, None
            self.changed()

    def _outcome(self, subject: PackToRehearse, choice: Choice) -> _Ended:
        try:
            if verify_pack(subject.folder).fingerprint != subject.fingerprint:
                return _Ended(subject=subject, problem=f"{subject.folder} holds another pack by now; look at it first.")
            options = read_options(pack=subject.folder, tenant=choice.start, faults=choice.faults, way=choice.way)
            pool = Pool(options.program, self._stop)
            try:
                return _Ended(subject=subject, result=rehearse(options, self._tell, pool))
            finally:
                pool.close()
        except Abandoned:
            return _Ended(subject=subject, note=STOPPED)
        except NoPowerShellError as error:
            return _Ended(subject=subject, problem=f"{error.said(label)} Then start the notebook again.")
        except Mm365Error as error:
            return _Ended(subject=subject, problem=error.said(label))
        except OSError as error:
            return _Ended(subject=subject, problem=str(error))

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        self.changed()
