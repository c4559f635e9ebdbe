"""The command that follows messages through a tenant: mailflow."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm365.cli.options import Given, JsonOption, with_request_options
from mm365.cli.snapshot_options import SnapshotOption
from mm365.request.fields import NEEDED

if TYPE_CHECKING:
    from mm365.mailflow.flow import MailFlow

_PIPE = 100
"""Columns where there is no terminal that says how many it has."""


@with_request_options(NEEDED)
def mailflow(  # noqa: PLR0913, PLR0917 - one parameter an option
    given: Given,
    stage: Annotated[
        str,
        typer.Option(
            "--stage",
            metavar="before|created|loop-check|redirect|stopped|rolled-back",
            help="How far the change is.",
        ),
    ] = "redirect",
    snapshot: SnapshotOption = None,
    message: Annotated[
        Path | None,
        typer.Option("--message", metavar="FILE", help="Follow the message in this YAML or JSON file alone."),
    ] = None,
    propagating: Annotated[
        str,
        typer.Option(
            "--propagating",
            metavar="loop_check,redirect",
            help="Leave open whether the last change of these rules is everywhere yet.",
        ),
    ] = "",
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", metavar="DOMAIN", help="A further accepted domain. Can be given several times."),
    ] = None,
    compare_guards: Annotated[
        bool, typer.Option("--compare-guards", help="Show the loop guards side by side.")
    ] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show each message hop by hop.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write all of it there as a page with pictures.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Follow messages through the tenant's connectors and rules, and say what becomes of each, and why.

    Without --message these are the standard messages: incoming, outgoing, bounces, messages that somebody has
    stamped, messages under way while a rule is turned on or off. Nothing is connected: this is a model, and what is
    not documented is followed both ways. Such a verdict depends, and names what it rests on.

    Exit code 0: no loop and, at stage redirect, no mail that is not filtered. 1: either is possible. Messages that
    are made to show a danger do not count.

    \b
    A message file:
      from: alice@example.org          '' for the empty sender of bounces
      to: [bob@contoso.com]
      headers: {X-MMCloud-ID: '...'}
      subject: ''
      size: 20000                      bytes
      type: normal                     normal | ndr | out-of-office | calendar | journal
      filter: {stamps: ours}           ours | other | none; or filter: down

    \b
    Examples:
      mm365 mailflow --request request.yaml
      mm365 mailflow --request request.yaml --compare-guards
      mm365 mailflow --request request.yaml --snapshot state/backup-20261124-101500-000.json
      mm365 mailflow --request request.yaml --message message.yaml --trace
      mm365 mailflow --request request.yaml --stage stopped --propagating redirect
    """
    from mm365.mailflow.flow import follow_mail
    from mm365.mailflow.message_file import read_message
    from mm365.mailflow.options import read_situation

    if html is not None:
        from mm365.pack.writing import check_new

        check_new(html, field="html")
    situation = read_situation(stage=stage, propagating=propagating, domains=domain or [])
    request = given.request(NEEDED)
    if snapshot:
        from mm365.mailflow.found import found_in
        from mm365.snapshot.read import read_snapshot

        situation = replace(situation, found=found_in(read_snapshot(snapshot), request))
    one = read_message(message) if message else None
    flow = follow_mail(request, situation, message=one, compare=compare_guards)
    _write(flow, html)
    _show(flow, trace=trace, as_json=as_json)
    raise typer.Exit(1 if flow.against else 0)


def _show(flow: "MailFlow", *, trace: bool, as_json: bool) -> None:
    if as_json:
        from mm365.mailflow.facts import as_facts

        typer.echo(json.dumps(as_facts(flow), indent=2))
        return
    from mm365.documents.terminal import BAD, GOOD, PLAIN, print_lines
    from mm365.mailflow.report import lines

    told = lines(flow, width=shutil.get_terminal_size((_PIPE, 24)).columns, trace=trace)
    # What it comes to stands behind the last empty line.
    last = len(told) - told[::-1].index("")
    print_lines((line, PLAIN) for line in told[:last])
    print_lines((line, BAD if flow.against else GOOD) for line in told[last:])


def _write(flow: "MailFlow", html: Path | None) -> None:
    if html is None:
        return
    from mm365.mailflow.page import render_page
    from mm365.pack.writing import write_file

    write_file(html, render_page(flow), field="html")
    typer.echo(f"Written: {html}", err=True)


COMMANDS = {"mailflow": mailflow}
