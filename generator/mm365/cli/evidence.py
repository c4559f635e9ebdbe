"""The command that reads a filled-in runbook back: evidence."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import JsonOption


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
    1: not so, and every altered, missing, moved and added cell and every step without a result is named. A step
    whose script ended with exit code 2 has not failed: it waits, and is not finished until it has run again. The
    pack is verified first.

    \b
    Example:
      mm365 evidence output/contoso.onmicrosoft.com-eu/state/runbook.ipynb \\
            --pack output/contoso.onmicrosoft.com-eu --html evidence.html
    """
    from mm365.evidence.evidence import check_evidence
    from mm365.evidence.summary import as_facts, lines

    checked = check_evidence(filled, pack)
    if html is not None:
        from mm365.evidence.page import render_page
        from mm365.pack.writing import write_file

        write_file(html, render_page(checked), field="html")
    typer.echo(json.dumps(as_facts(checked), indent=2) if as_json else "\n".join(lines(checked)))
    if html is not None:
        typer.echo(f"Written: {html}", err=True)
    raise typer.Exit(0 if checked.as_approved and checked.complete else 1)


COMMANDS = {"evidence": evidence}
