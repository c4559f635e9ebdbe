"""What the commands share that look at a tenant's export."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mm365.plan.words import Line

SnapshotOption = Annotated[
    list[str] | None,
    typer.Option(
        "--snapshot",
        metavar="[LIST=]FILE",
        help="What the tenant has, as JSON that was exported from it. Can be given several times: the files add up. "
        "A file that holds an empty list needs the list's name: TransportRules=FILE.",
    ),
]
AdoptOption = Annotated[
    bool, typer.Option("--adopt", help="Change objects of the integration that are there with other settings.")
]


def needed(snapshot: list[str] | None) -> list[str]:
    """The files that were given. Raises SnapshotError for none."""
    if not snapshot:
        from mm365.errors import SnapshotError

        raise SnapshotError("is needed", "give the file that 20-backup wrote", field="snapshot")
    return snapshot


def show(lines: "Iterable[Line]") -> None:
    """Print lines in their colours, where standard output is a terminal."""
    from mm365.plan.words import CHANGE, CREATE, FAINT, STOP

    colours = {CREATE: typer.colors.GREEN, CHANGE: typer.colors.YELLOW, STOP: typer.colors.RED}
    for text, look in lines:
        typer.secho(text, fg=colours.get(look), dim=True if look == FAINT else None)
