"""The command that rehearses a pack: rehearse."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm365.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mm365.rehearsal.progress import Progress, Tell
    from mm365.rehearsal.rehearsal import Result


def rehearse(  # noqa: PLR0913, PLR0917 - one parameter an option
    pack: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a pack.")],
    tenant_state: Annotated[
        str,
        typer.Option(
            "--tenant-state",
            metavar="empty|busy|FILE",
            help="The tenant to begin with: without connectors and rules, with those of others, or as 20-backup "
            "saved it or another tool exported it, see mm365 plan --help. A pack that was planned against a snapshot "
            "begins with what that says, if nothing else is given.",
        ),
    ] = "empty",
    faults: Annotated[
        str,
        typer.Option("--faults", metavar="all|KIND,...", help="Let these go wrong at every call in turn."),
    ] = "",
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="[STAGE/]CMDLET#N:KIND",
            help="Let this go wrong at the Nth call of a cmdlet in each script, or in that of one stage. "
            "Can be given several times.",
        ),
    ] = None,
    way: Annotated[
        str,
        typer.Option(
            "--way",
            metavar="file|call|paste|all",
            help="How it is run: the scripts with pwsh -File, the scripts with & in an open shell, the paste forms "
            "pasted. Default: file; with faults, all.",
        ),
    ] = "",
    behaviour: Annotated[
        list[str] | None,
        typer.Option(
            "--behaviour", metavar="NAME=VALUE", help="How the service acts where that is not documented; see below."
        ),
    ] = None,
    shell: Annotated[
        str, typer.Option("--shell", metavar="PROGRAM", help="The PowerShell. Default: MM365_PWSH, then the PATH.")
    ] = "",
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write all of it there as a page of HTML.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep the tenant, the calls and the output of each run there."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a pack's scripts or paste forms, unchanged, in your PowerShell against an emulated Exchange Online.

    Nothing is connected and no tenant is touched. The way goes from preflight to rollback; hours that have to pass
    are taken as passed, and what has to wait is tried too early as well. With faults, every step is run with
    something going wrong at each call in turn, then run again and rolled back. Four things must hold: each ends with
    a true exit code and says what is known; what the pack did not create stays as it is; rollback brings back exactly
    what was there; no mail loops or is lost. The first lines say what that means for scripts and for paste forms.
    An example pack must also refuse to run; the rest of the way is shown with another header ID in its place.

    Exit code 0: all held. 1: something broke, or the pack is not what was generated. 3: there is no PowerShell.

    \b
    Kinds of fault:
      error, lost, kill, kill-after, warning, delay, throttle, differs,
      other-creates, other-disables, other-removes, other-takes-name
    Behaviours (the first is the default):
      language=en|de  outboundListing=documented|captured  unknownIdentity=error|all
      routeReadsBackAs=name|guid  removeReferencedConnector=error|allow
      inboundCreation=enabled|disabled|refused  lateCalls=0|1|...

    \b
    Examples:
      mm365 rehearse output/contoso.onmicrosoft.com-eu
      mm365 rehearse DIR --tenant-state DIR/state/backup-20261124-101500-000.json
      mm365 rehearse DIR --tenant-state busy --faults all --report rehearsal.html
      mm365 rehearse DIR --fault New-TransportRule#2:lost --shell powershell.exe
    """
    from mm365.rehearsal.options import read_options
    from mm365.rehearsal.rehearsal import rehearse as run

    options = read_options(
        pack=pack,
        shell=shell,
        tenant=tenant_state,
        way=way,
        faults=faults,
        fault=fault or [],
        behaviour=behaviour or [],
    )
    _check_targets(report, keep)
    with _bar() as tell:
        done = run(options, tell)
    _write(done, report, keep)
    if as_json:
        from mm365.rehearsal.result import as_facts

        typer.echo(json.dumps(as_facts(done), indent=2))
    else:
        _show(done)
    raise typer.Exit(0 if done.held else 1)


@contextmanager
def _bar() -> "Iterator[Tell]":
    """A progress bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("starting PowerShell", total=None)

        def tell(progress: "Progress") -> None:
            broken = f"{progress.broken} broken  " if progress.broken else ""
            bar.update(task, completed=progress.done, total=progress.total, description=broken + progress.text)

        yield tell


def _show(done: "Result") -> None:
    from mm365.rehearsal.summary import BAD, GOOD, summary

    colours = {GOOD: typer.colors.GREEN, BAD: typer.colors.RED}
    for text, look in summary(done):
        typer.secho(text, fg=colours.get(look))


def _check_targets(report: Path | None, keep: Path | None) -> None:
    """What could not be written at the end is known at the beginning."""
    if report is not None:
        from mm365.pack.writing import check_new

        check_new(report, field="report")
    if keep is not None:
        from mm365.rehearsal.keep import check_target

        check_target(keep)


def _write(done: "Result", report: Path | None, keep: Path | None) -> None:
    if report is not None:
        from mm365.pack.writing import write_file
        from mm365.rehearsal.report import render_report

        write_file(report, render_report(done), field="report")
        typer.echo(f"Written: {report}", err=True)
    if keep is not None:
        from mm365.rehearsal.keep import keep_runs

        keep_runs(done, keep)
        typer.echo(f"Kept: {keep}. It holds the header ID: keep it where few can read.", err=True)


COMMANDS = {"rehearse": rehearse}
