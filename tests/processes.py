"""Which processes there are, for tests that nothing is left of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest


def working_in(folder: Path) -> list[str]:
    """The processes whose working folder is this one or below it, as that of every PowerShell of a rehearsal is."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("it cannot be seen here which processes there are")
    return list(_working_in(str(folder)))


def _working_in(folder: str) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*/cwd"):
        try:
            place = str(process.readlink())
        except OSError:
            # It has ended meanwhile, or belongs to somebody else.
            continue
        if place.startswith(folder):
            yield f"{process} in {place}"
