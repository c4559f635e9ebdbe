"""The command that says whether a pack is what was generated: verify-pack."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import JsonOption


def verify_pack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a pack.")],
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", metavar="SHA256", help="The fingerprint that was approved.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say for each file of a pack whether it is what was generated.

    Exit code 0: all of it is. 1: it is not, and every changed, missing and added file is named. Notes of the
    scripts in state/ count as no addition; a script that differs only by an Authenticode signature at its end is
    reported as signed.

    \b
    Example:
      mm365 verify-pack output/contoso.onmicrosoft.com-eu
    """
    from mm365.documents.terminal import table_lines
    from mm365.pack.summary import Verdict
    from mm365.pack.verification import verify_pack as verify

    verdict = Verdict(report=verify(folder), signed=fingerprint)
    if as_json:
        typer.echo(json.dumps(verdict.facts, indent=2))
    else:
        typer.echo("\n".join([*table_lines(verdict.rows), *verdict.lines]))
    raise typer.Exit(0 if verdict.good else 1)


COMMANDS = {"verify-pack": verify_pack}
