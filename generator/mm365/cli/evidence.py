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
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List what is fine, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say whether a change succeeded, by its filled-in runbook, and whether that is still what was approved.

    There are three verdicts. Succeeded, exit code 0: the text of every step is as approved, and every step that the
    change needs ended as it should. Failed, exit code 1: a step did not end as it should, came out of turn or after a
    failure, the change was taken back, or a cell is not as approved. Incomplete, exit code 1: something is not
    recorded, cannot be read, or is still waiting. Each problem is named with what to do. The pack is verified first.

    \b
    Example:
      mm365 evidence output/contoso.onmicrosoft.com-eu/state/runbook.ipynb \\
            --pack output/contoso.onmicrosoft.com-eu --html evidence.html
    """
    from mm365.documents.terminal import print_lines
    from mm365.evidence.evidence import Verdict, check_evidence
    from mm365.evidence.summary import as_facts, lines

    checked = check_evidence(filled, pack)
    if html is not None:
        from mm365.evidence.page import render_page
        from mm365.pack.writing import write_file

        write_file(html, render_page(checked), field="html")
    if as_json:
        typer.echo(json.dumps(as_facts(checked), indent=2))
    else:
        print_lines(lines(checked, verbose=verbose))
    if html is not None:
        typer.echo(f"Written: {html}", err=True)
    raise typer.Exit(0 if checked.verdict is Verdict.SUCCEEDED else 1)


COMMANDS = {"evidence": evidence}
