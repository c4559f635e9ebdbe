"""What the command line says of a pack that was made, for people and for machines."""

from collections.abc import Mapping
from pathlib import Path

from mm365.documents.terminal import GOOD, PLAIN, Line
from mm365.pack.contents import Pack
from mm365.request.request import Request


def made_lines(pack: Pack, folder: Path, request: Request) -> tuple[Line, ...]:
    """A pack that was written, and what to do with it."""
    return (
        (f"Pack         {folder}", GOOD),
        (f"Fingerprint  {pack.fingerprint}  (SHA-256 of manifest.json)", PLAIN),
        (f"Loop guard   {request.loop_guard.value}", PLAIN),
        ("Next         have change-request.md read and the fingerprint signed; then scripts/10-preflight.ps1", PLAIN),
    )


def made_facts(pack: Pack, folder: Path, request: Request) -> Mapping[str, object]:
    """The same as plain values."""
    return {
        "folder": str(folder),
        "fingerprint": pack.fingerprint,
        "loop_guard": request.loop_guard.value,
        "files": list(pack.files),
    }
