"""A checked runbook as a page of HTML that stands alone: no script, nothing from a network.

Text that somebody filled in, altered or added is shown as text in a block; Markdown is read only in what was approved.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mm365.documents.html import render_html
from mm365.evidence.cells import CellReport, CellStatus
from mm365.evidence.evidence import Evidence
from mm365.evidence.notebook_file import NotebookCell
from mm365.evidence.record import without_fence
from mm365.evidence.summary import to_do

_APPROVED, _FILLED, _WRONG = "approved", "filled", "wrong"
_SAYS = {
    CellStatus.MOVED: "This cell is not where it was when it was approved:",
    CellStatus.ALTERED: "This cell is not what was approved. It says:",
    CellStatus.ADDED: "This cell is not in the approved runbook. It says:",
}


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A cell, or something that is said of one. Its text is read as Markdown only where that was approved."""

    look: str
    says: str = ""
    text: str = ""
    is_markdown: bool = False


def render_page(evidence: Evidence) -> bytes:
    """The page."""
    page = render_html(
        "documents/evidence.html.j2",
        evidence=evidence,
        problems=[(step, to_do(step)) for step in evidence.steps if step.problems],
        parts=[part for cell, report in evidence.found for part in _parts(cell, report, evidence)],
    )
    return page.encode("utf-8")


def _parts(cell: NotebookCell, report: CellReport, evidence: Evidence) -> Iterator[_Part]:
    if report.status in {CellStatus.ADDED, CellStatus.ALTERED}:
        yield _Part(look=_WRONG, says=_SAYS[report.status], text=cell.source)
    if report.status is CellStatus.ADDED:
        return
    approved = evidence.approved[report.name]
    if report.status is CellStatus.ALTERED:
        yield _Part(look=_APPROVED, says="Approved was:", text=approved.source)
        return
    if report.status is CellStatus.MOVED:
        yield _Part(look=_WRONG, says=_SAYS[report.status])
    if approved.is_record:
        yield _Part(look=_FILLED, text=without_fence(cell.source))
    else:
        yield _Part(look=_APPROVED, text=approved.source, is_markdown=True)
