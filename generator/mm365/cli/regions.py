"""The command that lists the regions: regions."""

import json

import typer

from mm365.cli.options import JsonOption


def regions(as_json: JsonOption = False) -> None:
    """List the regions and what each one gives.

    \b
    Example:
      mm365 regions
    """
    from mm365.documents.terminal import print_table
    from mm365.request.regions import REGIONS

    facts = [region.facts for region in REGIONS.values()]
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        head = [name.replace("_", " ").upper() for name in facts[0]]
        print_table(head, [list(row.values()) for row in facts])


COMMANDS = {"regions": regions}
