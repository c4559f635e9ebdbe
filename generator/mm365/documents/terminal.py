"""Tables in a terminal: plain where the output goes to a file or a pipe, and never cut."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNLIMITED = 1_000_000
"""Columns of an output that is not a terminal: nothing there needs a second line."""


def print_table(rows: Iterable[Sequence[str]], head: Sequence[str] = ()) -> None:
    """Print rows in columns. A terminal that is too narrow for them gets cells of several lines."""
    cells = [tuple(map(Text, row)) for row in rows]
    table = Table(box=None, show_header=bool(head), pad_edge=False, padding=(0, 2, 0, 0))
    for title in head or [""] * max(map(len, cells), default=0):
        table.add_column(title, overflow="fold")
    for row in cells:
        table.add_row(*row)
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = _UNLIMITED
    with console.capture() as drawn:
        console.print(table)
    # A table is drawn as a block of full width; what is copied from it should not end with spaces.
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))
