"""What the command line says of a pack that was verified, for people and for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mm365.display import printable
from mm365.documents.terminal import BAD, GOOD, PLAIN, WARN, Finding, Line, finding_lines
from mm365.documents.words import counted
from mm365.pack.verification import FileReport, PackReport, Status
from mm365.request.fields import UNUSABLE

_RENDERED_AGAIN = {
    True: "its request gives the same bytes again",
    False: "its request gives OTHER bytes: the manifest was altered",
    None: "not rendered again: made by another version, or request.json is not what was generated",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A report on a pack, and the fingerprint that was approved, or nothing where none was given."""

    report: PackReport
    approved: str = ""

    @property
    def same(self) -> bool:
        """Whether the fingerprint is the one that was approved, if one was given."""
        return not self.approved or self.approved == self.report.fingerprint

    @property
    def good(self) -> bool:
        """Whether the pack is what was generated, and what was approved."""
        return self.report.intact and self.same

    def lines(self, *, verbose: bool) -> Iterator[Line]:
        """Problems first, then what is to be known besides, the verdict last."""
        findings = [_finding(entry) for entry in self.report.files]
        yield from finding_lines(findings, _generated, verbose=verbose)
        if self.report.example:
            yield UNUSABLE, WARN
        yield f"Fingerprint  {self.report.fingerprint}", PLAIN
        if not self.same:
            yield f"Approved     {self.approved}", BAD
        yield f"Made by      {printable(self.report.generator)}; {_RENDERED_AGAIN[self.report.rendered_again]}", PLAIN
        yield self.sentence, GOOD if self.good else BAD

    @property
    def sentence(self) -> str:
        """The verdict."""
        if not self.report.intact:
            return (
                "NOT intact: see above." if self.same else "NOT intact, and NOT the pack that was approved: see above."
            )
        if not self.same:
            return (
                "Every file is what was generated, but this is NOT the pack that was approved: its fingerprint differs."
            )
        if self.report.rendered_again:
            return "Intact: all of it is what was generated."
        return "Intact as far as its manifest tells. Compare the fingerprint with the one that was approved."

    @property
    def facts(self) -> Mapping[str, object]:
        """All of it as plain values."""
        return {
            "intact": self.good,
            "fingerprint": self.report.fingerprint,
            "approved_fingerprint": self.same if self.approved else None,
            "generator": self.report.generator,
            "rendered_again": self.report.rendered_again,
            "example": self.report.example,
            "files": {entry.path: entry.status.value for entry in self.report.files},
            "differences": {entry.path: entry.difference for entry in self.report.files if entry.difference},
        }


def _finding(entry: FileReport) -> Finding:
    # A signature is not a problem, but is named wherever it is: whoever signed has changed the file.
    look = PLAIN if entry.status is Status.SIGNED else GOOD if entry.good else BAD
    below = tuple((line, _LOOKS.get(line[0], PLAIN)) for line in entry.difference)
    return Finding(status=entry.status.value, text=printable(entry.path), look=look, below=below)


_LOOKS = {"-": BAD, "+": GOOD}


def _generated(number: int) -> str:
    return f"{counted(number, 'file')} {'is' if number == 1 else 'are'} what was generated"
