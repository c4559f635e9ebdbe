"""The command line: parse, call one function, turn an error into an exit code.

Imports that a command needs are made when it runs: ``mm365 --version`` needs none of them.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mm365 import __version__
from mm365.cli.evidence import add_evidence_command
from mm365.cli.notebook import add_notebook_command
from mm365.cli.options import (
    ChangeOption,
    HeaderIdOption,
    JsonOption,
    LoopGuardOption,
    RegionOption,
    RequestOption,
    TenantIdOption,
    TenantOption,
    named_values,
    read_request,
    texts_of_request,
)
from mm365.cli.rehearse import add_rehearse_command
from mm365.cli.scripts import add_script_commands
from mm365.errors import Mm365Error, OutputError

app = typer.Typer(
    name="mm365",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 a pack or its runbook is not what was generated; 2 the request is wrong; "
    "3 there is no PowerShell; 4 writing failed; 5 an extra is not installed.",
)


def main() -> NoReturn:
    """Run the command line; every error that a user can mend is one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Mm365Error as error:
        for line in str(error).splitlines():
            typer.echo(f"mm365: {line}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        typer.echo(f"mm365: {error.strerror or error}. Nothing was left half-written.", err=True)
        sys.exit(OutputError.exit_code)
    sys.exit(0)


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Change packs for MailMarshal Cloud in Microsoft 365 Integrated mode.

    One request (region, header ID, tenant) becomes a folder that an approver can read, hash and sign, and an
    operator can run, paste and roll back. mm365 holds no credentials and needs no network: what it writes
    touches the tenant, it does not.

    \b
    Start:
      mm365 pack --region eu --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11 \\
                 --tenant contoso.onmicrosoft.com --change CHG0012345
    """
    if version:
        typer.echo(f"mm365 {__version__}")
        raise typer.Exit


add_script_commands(app)


@app.command()
def pack(  # noqa: PLR0913, PLR0917 - one parameter an option
    region: RegionOption = "",
    header_id: HeaderIdOption = "",
    tenant: TenantOption = "",
    tenant_id: TenantIdOption = "",
    change: ChangeOption = "",
    loop_guard: LoopGuardOption = "",
    request: RequestOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="The folder to make. Default: output/<tenant>-<region>."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a pack that is there; its state folder is kept.")
    ] = False,
    print_request: Annotated[
        bool, typer.Option("--print-request", help="Print the request as YAML to start from, and stop.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the whole change pack: scripts, paste forms, change request, runbook, manifest.

    The same request gives the same bytes, on every machine. The folder is written whole or not at all.

    \b
    Examples:
      mm365 pack --region eu --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11 \\
                 --tenant contoso.onmicrosoft.com --change CHG0012345
      mm365 pack --print-request > request.yaml
      mm365 pack --request request.yaml --output packs/contoso
    """
    flags = named_values(region, header_id, tenant, tenant_id, change, loop_guard)
    if print_request:
        from mm365.request.file import request_as_yaml
        from mm365.request.request import parse_values

        texts, origins = texts_of_request(flags, request)
        typer.echo(request_as_yaml(parse_values(texts, origins=origins)), nl=False)
        return
    pack_request = read_request(flags, request, ("region", "tenant", "header_id"))
    from mm365.pack.contents import build_pack
    from mm365.pack.writing import default_folder, write_pack
    from mm365.scripts.change import build_change

    target = output or default_folder(pack_request)
    made = build_pack(build_change(pack_request))
    write_pack(made, target, overwrite=overwrite)
    if as_json:
        facts = {
            "folder": str(target),
            "fingerprint": made.fingerprint,
            "loop_guard": pack_request.loop_guard.value,
        }
        typer.echo(json.dumps({**facts, "files": list(made.files)}, indent=2))
        return
    typer.echo(f"Pack         {target}")
    typer.echo(f"Fingerprint  {made.fingerprint}  (SHA-256 of manifest.json)")
    typer.echo(f"Loop guard   {pack_request.loop_guard.value}")
    typer.echo("Next         have change-request.md read and the fingerprint signed; then scripts/10-preflight.ps1")


@app.command("verify-pack")
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
    from mm365.display import printable
    from mm365.pack.verification import verify_pack as verify

    report = verify(folder)
    approved = not fingerprint or fingerprint.strip().lower() == report.fingerprint
    if as_json:
        facts = {
            "intact": report.intact and approved,
            "fingerprint": report.fingerprint,
            "approved_fingerprint": approved if fingerprint else None,
            "generator": report.generator,
            "rendered_again": report.rendered_again,
            "files": {entry.path: entry.status.value for entry in report.files},
        }
        typer.echo(json.dumps(facts, indent=2))
    else:
        for entry in report.files:
            typer.echo(f"{entry.status.value:<8} {printable(entry.path)}")
        typer.echo(f"Fingerprint  {report.fingerprint}{'' if approved else '  NOT the one that was approved'}")
        typer.echo(f"Made by      {printable(report.generator)}; {_RENDERED_AGAIN[report.rendered_again]}")
        typer.echo(_verdict(report.rendered_again) if report.intact and approved else "NOT intact: see above.")
    raise typer.Exit(0 if report.intact and approved else 1)


add_evidence_command(app)
add_rehearse_command(app)

_RENDERED_AGAIN = {
    True: "its request gives the same bytes again",
    False: "its request gives OTHER bytes: the manifest was altered",
    None: "not rendered again: made by another version, or request.json is not what was generated",
}


@app.command()
def regions(as_json: JsonOption = False) -> None:
    """List the regions and what each one gives.

    \b
    Example:
      mm365 regions
    """
    from mm365.request.regions import REGIONS

    if as_json:
        facts = [
            {
                "region": r.code,
                "place": r.place,
                "smart_host": r.smart_host,
                "certificate_name": r.certificate_name,
            }
            for r in REGIONS.values()
        ]
        typer.echo(json.dumps(facts, indent=2))
        return
    rows = [("REGION", "PLACE", "SMART HOST", "CERTIFICATE NAME")]
    rows += [(r.code, r.place, r.smart_host, r.certificate_name) for r in REGIONS.values()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _verdict(rendered_again: bool | None) -> str:
    if rendered_again:
        return "Intact: all of it is what was generated."
    return "Intact as far as its manifest tells. Compare the fingerprint with the one that was approved."


add_notebook_command(app)
