"""The command that makes a whole change pack: pack."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import Given, JsonOption, with_request_options
from mm365.request.fields import NEEDED


@with_request_options(NEEDED)
def pack(  # noqa: PLR0913, PLR0917 - one parameter an option
    given: Given,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="The folder to make. Default: output/<tenant>-<region>."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a pack that is there; its state folder is kept.")
    ] = False,
    rehearsal: Annotated[
        Path | None,
        typer.Option(
            "--rehearsal",
            metavar="FILE",
            help="The result of a rehearsal of these scripts, for the change request: what mm365 rehearse DIR --json "
            "printed.",
        ),
    ] = None,
    print_request: Annotated[
        bool, typer.Option("--print-request", help="Print the request as YAML to start from, and stop.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the whole change pack: scripts, paste forms, change request, runbook, manifest.

    The same request gives the same bytes, on every machine. The folder is written whole or not at all. To show the
    result of a rehearsal in the change request, make the pack, rehearse it, and make it again with --rehearsal: the
    scripts are the same, and a rehearsal of others is refused.

    \b
    Examples:
      mm365 pack --region eu --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11 \\
                 --tenant contoso.onmicrosoft.com --change CHG0012345
      mm365 pack --print-request > request.yaml
      mm365 pack --request request.yaml --output packs/contoso
      mm365 rehearse packs/contoso --faults all --json > rehearsal.json
      mm365 pack --request request.yaml --output packs/contoso \\
                 --rehearsal rehearsal.json --overwrite
    """
    from mm365.pack.contents import build_pack
    from mm365.pack.rehearsed import read_rehearsal
    from mm365.pack.summary import made_facts, made_lines
    from mm365.pack.writing import default_folder, write_pack
    from mm365.scripts.change import build_change

    if print_request:
        typer.echo(given.as_yaml(), nl=False)
        return
    request = given.request(NEEDED)
    rehearsed = read_rehearsal(rehearsal) if rehearsal else None
    made = build_pack(build_change(request), rehearsed)
    folder = output or default_folder(request)
    write_pack(made, folder, overwrite=overwrite)
    if as_json:
        typer.echo(json.dumps(made_facts(made, folder, request, rehearsed), indent=2))
    else:
        from mm365.documents.terminal import print_lines

        print_lines(made_lines(made, folder, request, rehearsed))


COMMANDS = {"pack": pack}
