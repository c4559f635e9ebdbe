"""The files of a snapshot as a field takes them: one on each line, as the command line's --snapshot."""

from dataclasses import dataclass, field

from mm365.errors import SnapshotError
from mm365.request.fields import label
from mm365.snapshot.read import read_snapshot
from mm365.snapshot.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class SnapshotFiles:
    """What was entered, and what was read then. ``problem`` says why there is no ``snapshot``, if files are named.

    Two are equal if the same was read.
    """

    text: str = ""
    snapshot: Snapshot | None = field(default=None, compare=False)
    sha256: str = ""
    problem: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The files, each as the command line takes it."""
        return files_in(self.text)


NO_FILES = SnapshotFiles()


def read_files(text: str) -> SnapshotFiles:
    """Read the files that are named in a text; none in an empty one."""
    names = files_in(text)
    if not names:
        return SnapshotFiles(text=text)
    try:
        snapshot = read_snapshot(names)
    except SnapshotError as error:
        return SnapshotFiles(text=text, problem=error.said(_label))
    return SnapshotFiles(text=text, snapshot=snapshot, sha256=snapshot.sha256)


def files_in(text: str) -> tuple[str, ...]:
    """The files that are named in a text, one on each line."""
    return tuple(name for line in text.splitlines() if (name := line.strip()))


def _label(name: str) -> str:
    return "Snapshot" if name == "snapshot" else label(name)
