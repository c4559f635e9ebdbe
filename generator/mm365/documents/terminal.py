"""Tables for a terminal, as plain lines."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 100_000
"""More columns than any table needs. A terminal wraps a long line; nothing is ever cut off."""


def table_lines(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """One line for each row, as wide as its content. The columns ``right``, counted from 0, are aligned right."""
    table = Table(box=None, show_header=False, show_edge=False, padding=(0, 2, 0, 0))
    for column in range(len(rows[0])):
        table.add_column(no_wrap=True, justify="right" if column in right else "left")
    for row in rows:
        # Text, because Rich would read square brackets in a string as markup.
        table.add_row(*map(Text, row))
    # The same lines wherever they are made: in a pipe, a terminal, a notebook, and whatever the environment says.
    console = Console(width=_WIDE, color_system=None, force_terminal=False, force_jupyter=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().removesuffix("\n").split("\n")]
