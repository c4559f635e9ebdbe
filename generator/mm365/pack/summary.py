"""What the command line says of a pack that was made, for people and for machines."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from mm365.documents.terminal import BAD, GOOD, PLAIN, WARN, Line
from mm365.pack.contents import Pack
from mm365.pack.rehearsed import Rehearsed
from mm365.request.fields import UNUSABLE
from mm365.request.request import Request


def made_lines(pack: Pack, folder: Path, request: Request, rehearsed: Rehearsed | None = None) -> tuple[Line, ...]:
    """A pack that was written, and what to do with it."""
    return (
        (f"Pack         {folder}", GOOD),
        (f"Fingerprint  {pack.fingerprint}  (SHA-256 of manifest.json)", PLAIN),
        (f"Loop guard   {request.loop_guard.value}", PLAIN),
        *_rehearsal(rehearsed),
        *(_only_to_look_at(folder) if request.is_example else _NEXT),
    )


_NEXT = (("Next         have change-request.md read and the fingerprint signed; then scripts/10-preflight.ps1", PLAIN),)


def _rehearsal(rehearsed: Rehearsed | None) -> tuple[Line, ...]:
    if rehearsed is None:
        return ()
    return (("Rehearsal    held", GOOD) if rehearsed.held else ("Rehearsal    did NOT hold", BAD),)


def _only_to_look_at(folder: Path) -> tuple[Line, ...]:
    """What can be done with an example, and how to make a pack that can be used."""
    return (
        (UNUSABLE, WARN),
        (f"To try it    read change-request.md; then mm365 rehearse {shlex.quote(str(folder))}", PLAIN),
        ("To use it    mm365 pack --print-request > request.yaml; put your own values into that file; then", PLAIN),
        ("             mm365 pack --request request.yaml", PLAIN),
    )


def made_facts(pack: Pack, folder: Path, request: Request, rehearsed: Rehearsed | None = None) -> Mapping[str, object]:
    """The same as plain values."""
    return {
        "folder": str(folder),
        "fingerprint": pack.fingerprint,
        "loop_guard": request.loop_guard.value,
        "example": request.is_example,
        "rehearsal_held": rehearsed.held if rehearsed else None,
        "files": list(pack.files),
    }
