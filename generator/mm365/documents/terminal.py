"""Tables for a terminal, as plain lines. Nothing in them is ever cut off."""

import shutil
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 100_000
"""More columns than any table needs."""


def table_lines(
    rows: Sequence[Sequence[str]], *, head: Sequence[str] = (), right: Sequence[int] = (), width: int = _WIDE
) -> list[str]:
    """One line for each row, or several where a ``width`` is too small. The columns ``right``, from 0, align right."""
    table = Table(box=None, show_header=bool(head), show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for column in range(max(map(len, [head, *rows]))):
        title = head[column] if head else ""
        table.add_column(title, overflow="fold", justify="right" if column in right else "left")
    for row in rows:
        # Text, because Rich would read square brackets in a string as markup.
        table.add_row(*map(Text, row))
    # The same lines wherever they are made: in a pipe, a terminal, a notebook, and whatever the environment says.
    console = Console(width=width, color_system=None, force_terminal=False, force_jupyter=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(table)
    # A table is drawn as a block of full width; what is copied from it should not end with spaces.
    return [line.rstrip() for line in captured.get().removesuffix("\n").split("\n")]


def print_table(rows: Iterable[Sequence[str]], head: Sequence[str] = ()) -> None:
    """Print rows in columns. A terminal that is too narrow for them gets cells of several lines."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    sys.stdout.write("".join(f"{line}\n" for line in table_lines(list(rows), head=head, width=width)))
