"""The commands that look at a tenant's export: plan, check, suggest."""

import json
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import Given, JsonOption, with_request_options
from mm365.cli.snapshot_options import AdoptOption, SnapshotOption, needed
from mm365.display import on_one_line, shortened
from mm365.request.fields import NEEDED


@with_request_options(NEEDED)
def plan(
    given: Given,
    snapshot: SnapshotOption = None,
    adopt: AdoptOption = False,
    posture: Annotated[
        bool,
        typer.Option("--posture", help="Say what assessment tools and detections will say before and after."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what would change in a tenant as it is: + create, ~ change, = keep, ! refuse.

    Nothing is connected and nothing is sent: the tenant is read from a file that somebody exported. A plan is the
    smallest change that reaches the goal, or it is refused, and the findings say who has to decide what.

    Exports that are read, by their content: what 20-backup writes (mm365-backup), the three Get cmdlets with
    ConvertTo-Json, answers of the service (rest), ScubaGear, Microsoft365DSC's JSON report, and UTCM snapshots.

    Exit code 0: a plan, or nothing to do; 1: refused; 2: a file or an option is wrong.

    \b
    Examples:
      mm365 plan --snapshot state/backup-20261124-101500-000.json --request contoso.yaml
      mm365 plan --snapshot rules.json --snapshot in.json --snapshot OutboundConnectors=out.json \\
                 --request contoso.yaml --adopt --json
    """
    from mm365.documents.terminal import PLAIN, print_lines
    from mm365.integration.article import build_integration
    from mm365.plan.against import plan_against
    from mm365.plan.plan import Outcome
    from mm365.plan.posture import forecast
    from mm365.plan.result import as_facts
    from mm365.plan.summary import summary
    from mm365.snapshot.read import read_snapshot

    request = given.request(NEEDED)
    read = read_snapshot(needed(snapshot))
    made = plan_against(read, request, build_integration(request), adopt=adopt)
    said = forecast(made, read) if posture else None
    if as_json:
        typer.echo(json.dumps(as_facts(made, request, said), indent=2))
    else:
        print_lines(summary(made, request, said))
        if made.outcome is Outcome.CHANGE:
            print_lines([(f"Next: {_command('pack', snapshot, given, adopt=adopt)}", PLAIN)])
    raise typer.Exit(1 if made.refused else 0)


@with_request_options(NEEDED)
def check(
    given: Given,
    snapshot: SnapshotOption = None,
    expect: Annotated[
        str,
        typer.Option(
            "--expect", metavar="created|enabled", help="Whether both rules are to be off or on. Default: enabled."
        ),
    ] = "enabled",
    as_json: JsonOption = False,
) -> None:
    """Say whether a tenant still is as approved; each difference with why it matters. Made for a schedule.

    Dates, comments and objects of others are not compared. The text has at most 20 lines, for a mail or a chat.

    Exit code 0: as approved; 1: it has drifted, or a finding of level STOP; 2: a file or an option is wrong.

    \b
    Example:
      mm365 check --snapshot today.json --request contoso.yaml --expect enabled
    """
    from mm365.documents.terminal import print_lines
    from mm365.errors import SnapshotError
    from mm365.integration.article import build_integration
    from mm365.plan.drift import Expect, as_facts, check_against
    from mm365.plan.drift_summary import check_lines
    from mm365.snapshot.read import read_snapshot

    if expect not in set(Expect):
        raise SnapshotError("is neither created nor enabled", "give one of them", field="expect", value=expect)
    request = given.request(NEEDED)
    read = read_snapshot(needed(snapshot))
    checked = check_against(read, request, build_integration(request), Expect(expect))
    if as_json:
        typer.echo(json.dumps(as_facts(checked, request), indent=2))
    else:
        print_lines(check_lines(checked, request, _command("pack", snapshot, given, adopt=checked.adopts)))
    raise typer.Exit(0 if checked.as_approved else 1)


def suggest(snapshot: SnapshotOption = None, as_json: JsonOption = False) -> None:
    """Print the request behind what a tenant has, as YAML to start from.

    Region, header ID and loop guard are read from the connectors and rules that are there, and each is given with
    what says so. What the snapshot does not say stays empty. The header ID stands in it whole: keep the file where
    few can read.

    Exit code 0: a request; 1: nothing of the integration was found, or two of it; 2: a file is wrong.

    \b
    Example:
      mm365 suggest --snapshot state/backup-20261124-101500-000.json > contoso.yaml
    """
    from mm365.plan.suggest import suggest as find
    from mm365.snapshot.read import read_snapshot

    found = find(read_snapshot(needed(snapshot)))
    typer.echo(json.dumps(found.facts, indent=2) if as_json else found.as_yaml(), nl=as_json)


def _command(name: str, snapshot: Iterable[str] | None, given: Given, *, adopt: bool) -> str:
    """The same values for another command, as a line to copy; of a header ID, only the begin is shown."""
    words = ["mm365", name]
    for file in snapshot or ():
        words += ["--snapshot", file]
    words += _request_words(given.texts, given.file)
    return on_one_line(shlex.join([*words, "--adopt"] if adopt else words))


def _request_words(texts: Mapping[str, str], file: Path | None) -> list[str]:
    from mm365.request.fields import FIELDS

    words = ["--request", str(file)] if file else []
    for name, text in texts.items():
        words += [FIELDS[name].option, shortened(text) if FIELDS[name].secret else text]
    return words


COMMANDS = {"plan": plan, "check": check, "suggest": suggest}
