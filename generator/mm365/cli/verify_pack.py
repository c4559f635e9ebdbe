"""The command that says whether a pack is what was generated: verify-pack."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import JsonOption


def verify_pack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a pack.")],
    fingerprint: Annotated[
        str | None,
        typer.Option("--fingerprint", metavar="SHA256", help="The fingerprint that was approved, to compare with."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every file, also those that are what was generated.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say for each file of a pack whether it is what was generated.

    Exit code 0: all of it is. 1: it is not, and every changed, missing and added file is named, with some lines of
    what was changed. 2: there is no such folder, or the fingerprint is not one. Notes of the scripts in state/ count
    as no addition; a script that differs only by an Authenticode signature at its end is reported as signed.

    \b
    Examples:
      mm365 verify-pack output/contoso.onmicrosoft.com-eu
      mm365 verify-pack DIR --verbose --fingerprint SHA256
    """
    from mm365.documents.terminal import print_lines
    from mm365.pack.verdict import Verdict
    from mm365.pack.verification import approved_fingerprint
    from mm365.pack.verification import verify_pack as verify

    approved = "" if fingerprint is None else approved_fingerprint(fingerprint)
    verdict = Verdict(report=verify(folder), approved=approved)
    if as_json:
        typer.echo(json.dumps(verdict.facts, indent=2))
    else:
        print_lines(verdict.lines(verbose=verbose))
    raise typer.Exit(0 if verdict.good else 1)


COMMANDS = {"verify-pack": verify_pack}
