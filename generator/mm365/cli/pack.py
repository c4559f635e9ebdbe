"""The command that makes a whole change pack: pack."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm365.cli.options import Given, JsonOption, with_request_options
from mm365.cli.snapshot_options import AdoptOption, SnapshotOption, needed
from mm365.request.fields import NEEDED

if TYPE_CHECKING:
    from mm365.plan.plan import Plan
    from mm365.request.request import Request


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
    snapshot: SnapshotOption = None,
    adopt: AdoptOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the whole change pack: scripts, paste forms, change request, runbook, manifest.

    The same request gives the same bytes, on every machine. The folder is written whole or not at all. To show the
    result of a rehearsal in the change request, make the pack, rehearse it, and make it again with --rehearsal: the
    scripts are the same, and a rehearsal of others is refused.

    Without --snapshot the pack is for a tenant that has none of the four objects. With it, the pack is for the plan
    that mm365 plan shows: it holds plan.json, creates and changes only what the plan says, and refuses to run once the
    tenant is not what the snapshot says any more. A plan that is refused makes no pack (exit code 1), and neither does
    one with nothing to do (exit code 0).

    \b
    Examples:
      mm365 pack --region eu --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11 \\
                 --tenant contoso.onmicrosoft.com --change CHG0012345
      mm365 pack --print-request > request.yaml
      mm365 pack --request request.yaml --output packs/contoso
      mm365 rehearse packs/contoso --faults all --json > rehearsal.json
      mm365 pack --request request.yaml --output packs/contoso \\
                 --rehearsal rehearsal.json --overwrite
      mm365 pack --request request.yaml --snapshot state/backup-20261124-101500-000.json
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
    plan = _plan(snapshot, request, adopt=adopt, as_json=as_json) if snapshot or adopt else None
    rehearsed = read_rehearsal(rehearsal) if rehearsal else None
    made = build_pack(build_change(request, plan), rehearsed)
    folder = output or default_folder(request)
    write_pack(made, folder, overwrite=overwrite)
    if as_json:
        typer.echo(json.dumps(made_facts(made, folder, request, rehearsed), indent=2))
    else:
        from mm365.documents.terminal import print_lines

        print_lines(made_lines(made, folder, request, rehearsed))


def _plan(snapshot: list[str] | None, request: "Request", *, adopt: bool, as_json: bool) -> "Plan":
    """The plan against a snapshot. One without steps is shown, and ends the command."""
    from mm365.integration.article import build_integration
    from mm365.plan.again import excerpt_of, plan_again
    from mm365.plan.against import plan_against
    from mm365.plan.result import as_facts
    from mm365.plan.summary import summary
    from mm365.snapshot.read import read_snapshot

    plan = plan_against(read_snapshot(needed(snapshot)), request, build_integration(request), adopt=adopt)
    if plan.steps:
        # From what the pack keeps of the snapshot, as mm365 verify-pack does it.
        return plan_again(excerpt_of(plan), request)
    if as_json:
        typer.echo(json.dumps(as_facts(plan, request), indent=2))
    else:
        from mm365.documents.terminal import print_lines

        print_lines(summary(plan, request))
        typer.echo("No pack was made.")
    raise typer.Exit(1 if plan.refused else 0)


COMMANDS = {"pack": pack}
