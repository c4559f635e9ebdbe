"""The command that prints the JSON Schema of what a command prints with --json: schema."""

import sys
from typing import Annotated

import typer


def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The format's name: plan, check, suggest or mailflow.")],
) -> None:
    """Print the JSON Schema of what a command prints with --json.

    \b
    Example:
      mm365 schema plan
    """
    from mm365.errors import SnapshotError
    from mm365.shipped import SCHEMAS

    names = sorted(path.stem for path in SCHEMAS.glob("*.json"))
    if name not in names:
        raise SnapshotError("has no schema", f"give one of {', '.join(names)}", value=name)
    sys.stdout.write((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


COMMANDS = {"schema": schema}
