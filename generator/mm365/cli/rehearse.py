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
            "--behaviour", metavar="NAME=VALUE", help="How the service acts where that is not documented; see above."
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
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List also what held: promises, steps, and cases by step and fault.")
    ] = False,
) -> None:
    """Run a pack's scripts or paste forms, unchanged, in your PowerShell against an emulated Exchange Online.

    Nothing is connected and no tenant is touched. All steps are run, from preflight to rollback. Where a real change
    has to wait for hours, the rehearsal sets the noted times back by as much; it also runs the step too early, to see
    that it waits. With faults, every step is run with something going wrong at each call in turn, then run again and
    rolled back. Four things must hold: each ends with a true exit code and says what is known; what the pack did not
    create stays as it is; rollback brings back exactly what was there; no mail loops or is lost.
    An example pack must also refuse to run; the rest of the way is shown with another header ID in its place.

    What broke comes first. What held is counted; --verbose lists it, and says what must hold for scripts and for
    paste forms. After Ctrl-C you see what was found until then, and no file is written.

    Exit code 0: all held. 1: something broke, or the pack is not what was generated. 2: it cannot be rehearsed as
    asked. 3: there is no PowerShell. 4: a file could not be written. 130: Ctrl-C.

    \b
    Kinds of fault:
      error, lost, kill, kill-after, warning, delay, throttle, differs,
      other-creates, other-disables, other-removes, other-takes-name
    Behaviours (the first is the default):
      language=en|de
      outboundListing=documented|captured
      unknownIdentity=error|all
      routeReadsBackAs=name|guid
      removeReferencedConnector=error|allow
      inboundCreation=enabled|disabled|refused
      lateCalls=0|1|...

    \b
    Examples:
      mm365 rehearse output/contoso.onmicrosoft.com-eu
      mm365 rehearse DIR --tenant-state DIR/state/backup-20261124-101500-000.json
      mm365 rehearse DIR --tenant-state busy --faults all --report rehearsal.html
      mm365 rehearse DIR --fault New-TransportRule#2:lost --shell powershell.exe
    """
    from mm365.rehearsal.options import read_options
    from mm365.rehearsal.rehearsal import Interrupted, rehearse_verified, verified
    from mm365.rehearsal.targets import check_targets

    request, fingerprint = verified(pack)
    options = read_options(
        pack=pack,
        shell=shell,
        tenant=tenant_state,
        way=way,
        faults=faults,
        fault=fault or [],
        behaviour=behaviour or [],
    )
    check_targets(report, keep)
    try:
        with _bar() as tell:
            done = rehearse_verified(options, request, fingerprint, tell)
    except Interrupted as stopped:
        show(stopped.result, as_json=as_json, verbose=verbose)
        _say_not_written(report, keep)
        raise typer.Exit(_CTRL_C) from stopped
    show(done, as_json=as_json, verbose=verbose)
    _write(done, report, keep)
    raise typer.Exit(0 if done.held else 1)


_CTRL_C = 130
"""The exit code of a program that Ctrl-C ended, as shells have it."""


@contextmanager
def _bar() -> "Iterator[Tell]":
    """A progress bar on standard error, where that is a terminal. In a narrow one only its text is cut."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    console = Console(stderr=True)
    columns = (
        BarColumn(bar_width=max(4, min(30, console.width // 4))),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, no_wrap=True)),
    )
    with Bar(*columns, console=console, expand=True, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("starting PowerShell", total=None)

        def tell(progress: "Progress") -> None:
            broken = f"{progress.broken} broken  " if progress.broken else ""
            bar.update(task, completed=progress.done, total=progress.total, description=broken + progress.text)

        yield tell


def show(done: "Result", *, as_json: bool, verbose: bool) -> None:
    """What was found, on standard output, whatever becomes of the files that are written afterwards."""
    if as_json:
        from mm365.rehearsal.result import as_facts

        typer.echo(json.dumps(as_facts(done), indent=2))
        return
    from mm365.documents.terminal import print_lines, window_width
    from mm365.rehearsal.summary import summary

    print_lines(summary(done, verbose=verbose, width=window_width()))


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


def _say_not_written(report: Path | None, keep: Path | None) -> None:
    for target in (report, keep):
        if target is not None:
            typer.echo(f"Not written: {target}. The rehearsal did not end.", err=True)


COMMANDS = {"rehearse": rehearse}
