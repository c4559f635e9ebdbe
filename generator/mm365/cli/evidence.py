"""The command that reads a filled-in runbook back: evidence."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm365.cli.options import JsonOption

if TYPE_CHECKING:
    from mm365.evidence.evidence import Evidence


def evidence(
    filled: Annotated[Path, typer.Argument(metavar="FILLED.ipynb", help="The filled-in copy of runbook.ipynb.")],
    pack: Annotated[Path, typer.Option("--pack", metavar="DIR", help="The pack that was approved.")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the runbook and the verdict there, as HTML.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a filled-in runbook is still what was approved, and which steps have no result.

    Exit code 0: the text of every step is as approved, and every step has a result or a reason why it was not done.
    1: not so, and every altered, missing, moved and added cell and every step without a result is named. The pack
    is verified first.

    \b
    Example:
      mm365 evidence output/contoso.onmicrosoft.com-eu/state/runbook.ipynb \\
            --pack output/contoso.onmicrosoft.com-eu --html evidence.html
    """
    from mm365.evidence.evidence import check_evidence

    checked = check_evidence(filled, pack)
    if html is not None:
        from mm365.evidence.page import render_page
        from mm365.pack.writing import write_file

        write_file(html, render_page(checked), option="--html")
    typer.echo(json.dumps(_facts(checked), indent=2) if as_json else "\n".join(_lines(checked)))
    if html is not None:
        typer.echo(f"Written: {html}", err=True)
    raise typer.Exit(0 if checked.as_approved and checked.complete else 1)


def _lines(checked: "Evidence") -> list[str]:
    from mm365.evidence.evidence import CellStatus

    lines = []
    steps = {step.step: step for step in checked.steps}
    for cell in checked.cells:
        step = steps.get(cell.name) if cell.status is not CellStatus.ADDED else None
        said = f"{step.result}{'' if not step.remarks else ': ' + '; '.join(step.remarks)}" if step else ""
        if said or cell.status is not CellStatus.OK or not checked.approved[cell.name].is_record:
            lines.append(f"{cell.status.value:<8} {cell.place:<20} {said}".rstrip())
        if cell.line or cell.status is CellStatus.ALTERED:
            place = f"line {cell.line}, " if cell.line else ""
            # As ASCII: letters of other alphabets can look the same.
            lines += [f"         {place}approved: {cell.approved!a}", f"         {place}found:    {cell.found!a}"]
    lines.append(f"Fingerprint  {checked.fingerprint}  (of the pack; compare it with the one that was signed)")
    lines.append(f"Filled in    {checked.sha256}  (SHA-256 of the file)")
    return [*lines, checked.verdict]


def _facts(checked: "Evidence") -> dict[str, object]:
    return {
        "as_approved": checked.as_approved,
        "complete": checked.complete,
        "fingerprint": checked.fingerprint,
        "fingerprint_agrees": checked.fingerprint_agrees,
        "sha256": checked.sha256,
        "cells": [
            {"name": cell.name, "status": cell.status.value, **({"after": cell.after} if cell.after else {})}
            for cell in checked.cells
        ],
        "steps": [
            {
                "step": step.step,
                "title": step.title,
                "result": step.result.value.lower(),
                "missing": step.missing,
                "notes": step.notes,
            }
            for step in checked.steps
        ],
    }


def add_evidence_command(app: typer.Typer) -> None:
    """Add ``mm365 evidence``."""
    app.command("evidence")(evidence)
