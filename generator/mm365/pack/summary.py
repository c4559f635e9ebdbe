"""What the command line says of a pack that was made or verified, for people and for machines."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mm365.display import printable
from mm365.pack.contents import Pack
from mm365.pack.verification import PackReport, Status
from mm365.request.fields import UNUSABLE
from mm365.request.request import Request


def made_lines(pack: Pack, folder: Path, request: Request) -> tuple[str, ...]:
    """A pack that was written, and what to do with it."""
    return (
        f"Pack         {folder}",
        f"Fingerprint  {pack.fingerprint}  (SHA-256 of manifest.json)",
        f"Loop guard   {request.loop_guard.value}",
        *(_only_to_look_at(folder) if request.is_example else _NEXT),
    )


_NEXT = ("Next         have change-request.md read and the fingerprint signed; then scripts/10-preflight.ps1",)


def _only_to_look_at(folder: Path) -> tuple[str, ...]:
    """What can be done with an example, and how to make a pack that can be used."""
    return (
        UNUSABLE,
        f"To try it    read change-request.md; then mm365 rehearse {shlex.quote(str(folder))}",
        "To use it    mm365 pack --print-request > request.yaml; put your own values into that file; then",
        "             mm365 pack --request request.yaml",
    )


def made_facts(pack: Pack, folder: Path, request: Request) -> Mapping[str, object]:
    """The same as plain values."""
    return {
        "folder": str(folder),
        "fingerprint": pack.fingerprint,
        "loop_guard": request.loop_guard.value,
        "example": request.is_example,
        "files": list(pack.files),
    }


_RENDERED_AGAIN = {
    True: "its request gives the same bytes again",
    False: "its request gives OTHER bytes: the manifest was altered",
    None: "not rendered again: made by another version, or request.json is not what was generated",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A report on a pack, and the fingerprint that was signed, or nothing where none was given."""

    report: PackReport
    signed: str = ""

    @property
    def approved(self) -> bool:
        """Whether the fingerprint is the one that was signed, if one was given."""
        return not self.signed or self.signed.strip().lower() == self.report.fingerprint

    @property
    def good(self) -> bool:
        """Whether the pack is what was generated, and what was signed."""
        return self.report.intact and self.approved

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What became of each file, in columns of the same width for every pack: reports can be compared."""
        width = max(map(len, Status))
        return tuple((entry.status.value.ljust(width), printable(entry.path)) for entry in self.report.files)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is to be known besides, the verdict last."""
        again = self.report.rendered_again
        intact = (
            "Intact: all of it is what was generated."
            if again
            else "Intact as far as its manifest tells. Compare the fingerprint with the one that was approved."
        )
        return (
            *((UNUSABLE,) if self.report.example else ()),
            f"Fingerprint  {self.report.fingerprint}{'' if self.approved else '  NOT the one that was approved'}",
            f"Made by      {printable(self.report.generator)}; {_RENDERED_AGAIN[again]}",
            intact if self.good else "NOT intact: see above.",
        )

    @property
    def facts(self) -> Mapping[str, object]:
        """All of it as plain values."""
        return {
            "intact": self.good,
            "fingerprint": self.report.fingerprint,
            "approved_fingerprint": self.approved if self.signed else None,
            "generator": self.report.generator,
            "rendered_again": self.report.rendered_again,
            "example": self.report.example,
            "files": {entry.path: entry.status.value for entry in self.report.files},
        }
