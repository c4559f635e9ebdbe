"""What the commands share that look at a tenant's export."""

from typing import Annotated

import typer

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
