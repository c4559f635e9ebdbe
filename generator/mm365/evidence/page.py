"""A checked runbook as a page of HTML that stands alone: no script, nothing from a network.

The only module that knows nbformat and nbconvert. Text that somebody filled in, altered or added is shown as text in
a block; Markdown is read only in what was approved. What comes of it is sanitised, and the page forbids scripts.
"""

from string import Template

from mm365.documents import markdown
from mm365.errors import MissingExtraError
from mm365.evidence.evidence import CellReport, CellStatus, Evidence
from mm365.evidence.notebook_file import NotebookCell
from mm365.scripts.rendering import render_document
from mm365.shipped import shipped_folder

_TAGS = (
    "a", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
)  # fmt: skip
"""What Markdown makes, and no more."""

_SAYS = {
    CellStatus.MOVED: "This cell does not stand where it stood when it was approved:",
    CellStatus.ALTERED: "This cell is not what was approved. It says:",
    CellStatus.ADDED: "This cell is not in the approved runbook. It says:",
}


def render_page(evidence: Evidence) -> bytes:
    """The page. Raises MissingExtraError where the extra ``notebook`` is not installed."""
    try:
        import nbformat
        from nbconvert import HTMLExporter
        from nbconvert.preprocessors.sanitize import SanitizeHTML
    except ModuleNotFoundError as error:
        raise MissingExtraError("nbformat or nbconvert, which --html needs, is") from error
    cells = [_verdict(evidence)]
    for cell, report in evidence.found:
        cells += _shown(cell, report, evidence)
    notebook = nbformat.from_dict(
        {
            "cells": [
                {"cell_type": "markdown", "id": f"cell-{number}", "metadata": {"tags": [tag]}, "source": text}
                for number, (tag, text) in enumerate(cells)
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    nbformat.validate(notebook)
    exporter = HTMLExporter(template_name="basic", sanitize_html=True, exclude_anchor_links=True)
    # Its own list leaves out headings and paragraphs.
    sanitizer = SanitizeHTML(tags=list(_TAGS), attributes={"*": ["class"], "a": ["href"]}, styles=[])
    exporter.register_filter("clean_html", sanitizer.sanitize_html_tags)
    body, _ = exporter.from_notebook_node(notebook)
    page = (shipped_folder("templates") / "evidence-page.html").read_text(encoding="utf-8")
    return Template(page).substitute(body=body).encode("utf-8", "backslashreplace")


def _verdict(evidence: Evidence) -> tuple[str, str]:
    departures = [cell for cell in evidence.cells if cell.status is not CellStatus.OK]
    good = evidence.as_approved and evidence.complete
    return "good" if good else "bad", render_document("evidence.md.j2", evidence=evidence, departures=departures)


def _shown(cell: NotebookCell, report: CellReport, evidence: Evidence) -> list[tuple[str, str]]:
    """A cell as Markdown texts, each with the tag that gives it its look."""
    text = markdown.block(cell.source)
    if report.status is CellStatus.ADDED:
        return [("wrong", f"{_SAYS[report.status]}\n\n{text}")]
    approved = evidence.approved[report.name]
    if report.status is CellStatus.ALTERED:
        was = markdown.block(approved.source)
        return [("wrong", f"{_SAYS[report.status]}\n\n{text}"), ("approved", f"Approved was:\n\n{was}")]
    where = [("wrong", _SAYS[report.status])] if report.status is CellStatus.MOVED else []
    return [*where, ("filled", str(text)) if approved.is_record else ("approved", approved.source)]
