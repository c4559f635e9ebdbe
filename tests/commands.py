"""Runs the installed ``mm365`` as a person does: as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

HEADER_ID = "c41d7e93-2b60-4f8a-a5d2-7e13b9064c58"
"""Not the example's: a pack with that one cannot be used."""
VALUES = {
    "region": "eu",
    "header_id": HEADER_ID,
    "tenant": "contoso.onmicrosoft.com",
    "change": "CHG0012345",
}
"""A request with nothing wrong in it."""

REQUEST = (
    "--region", "eu", "--header-id", HEADER_ID, "--tenant", "contoso.onmicrosoft.com", "--change", "CHG0012345",
)  # fmt: skip
"""The same as options."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a command left behind: ``out`` as bytes, for scripts are compared so; ``err`` as text."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


def mm365() -> str:
    """The console script beside the Python that runs the tests."""
    found = shutil.which("mm365", path=str(Path(sys.executable).parent))
    assert found, "mm365 is not installed beside this Python; run: pip install -e '.[test]'"
    return found


def run(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Run ``mm365`` to its end; ``env`` is added to the environment. A hang is a failure, hence the limit."""
    done = subprocess.run(
        [mm365(), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Result(code=done.returncode, out=done.stdout, err=done.stderr.decode("utf-8", "replace"))


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
