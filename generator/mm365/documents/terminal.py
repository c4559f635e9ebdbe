"""Lines and tables for a terminal: as wide as its window, in colour only there, and never cut off.

Colour is Rich's decision: none in a pipe, under ``NO_COLOR`` or on a dumb terminal, and always under ``FORCE_COLOR``.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

GOOD, WARN, BAD, FAINT, PLAIN = "good", "warn", "bad", "faint", ""
Line = tuple[str, str]
"""A line and its look: good, warn, bad, faint or plain."""

_STYLES = {GOOD: "green", WARN: "yellow", BAD: "red", FAINT: "dim", PLAIN: ""}
_WIDE = 100_000
"""More columns than any line needs."""
_FIRST_COLUMN = re.compile(r" *(?:\S+ )*?\S+ {2,}")
"""What stands before a line's second column: two spaces part them."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at: its ``status`` in a word, what it is, and lines to be shown below it.

    ``look`` is GOOD for what is fine, BAD for a problem, WARN for what is neither.
    """

    status: str
    text: str
    look: str
    below: tuple[Line, ...] = ()


def finding_lines(findings: Sequence[Finding], folded: Callable[[int], str], *, verbose: bool) -> Iterator[Line]:
    """Problems first, each with what is below it; what is fine last, as one line unless ``verbose``.

    ``folded`` says in words that so many are fine ("27 files are what was generated").
    """
    width = max((len(finding.status) for finding in findings), default=0)
    fine = [finding for finding in findings if finding.look == GOOD]
    problems = (finding for look in (BAD, WARN, PLAIN) for finding in findings if finding.look == look)
    for finding in (*problems, *(fine if verbose else ())):
        yield f"{finding.status:<{width}}  {finding.text}", finding.look
        yield from ((f"{'':<{width}}  {text}", look) for text, look in finding.below)
    if fine and not verbose:
        yield f"{'ok':<{width}}  {folded(len(fine))} (--verbose lists them)", GOOD


def print_lines(lines: Iterable[Line], *, error: bool = False) -> None:
    """Print on standard output or standard error. What a window is too narrow for goes on below its second column."""
    out = console(error=error)
    for line, look in lines:
        for part in wrapped(line, out.width):
            out.print(Text(part), style=_STYLES[look], soft_wrap=True)


def wrapped(line: str, width: int) -> list[str]:
    """A line as lines of that many cells at most, the others as far in as its second column, or as its first word."""
    first = _FIRST_COLUMN.match(line)
    indent = first.end() if first and first.end() <= width // 2 else len(line) - len(line.lstrip(" "))
    parts = Text(line[indent:]).wrap(console(), max(width - indent, 1), overflow="fold") or [Text("")]
    texts = [f"{' ' * indent}{part.plain}".rstrip() for part in parts]
    return [f"{line[:indent]}{texts[0][indent:]}".rstrip(), *texts[1:]]


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; in a window that is too narrow for it, each cell on a line behind or below its head."""
    width = window_width()
    lines = table_lines(rows, head=head)
    if _widest(lines) > width:
        blocks = [table_lines(list(zip(head, row, strict=True))) for row in rows]
        if any(_widest(block) > width for block in blocks):
            blocks = [
                [line for pair in zip(head, row, strict=True) for line in (pair[0], f"  {pair[1]}")] for row in rows
            ]
        lines = [line for block in blocks for line in (*block, "")][:-1]
    print_lines((line, PLAIN) for line in lines)


def _widest(lines: Iterable[str]) -> int:
    return max(map(cell_len, lines))


def table_lines(
    rows: Sequence[Sequence[str]], *, head: Sequence[str] = (), right: Sequence[int] = (), width: int = _WIDE
) -> list[str]:
    """One line for each row, or several where a ``width`` is too small. The columns ``right``, from 0, align right."""
    from rich.table import Table  # noqa: PLC0415 - most commands print no table

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


def window_width(*, error: bool = False) -> int:
    """Columns of the window: what ``COLUMNS`` says, or the terminal. In a pipe nothing is wrapped."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    stream = sys.stderr if error else sys.stdout
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDE
    except (AttributeError, OSError, ValueError):  # closed, or not a terminal, or a notebook's stream
        return _WIDE


def console(*, error: bool = False) -> Console:
    """Rich's console for standard output or standard error, which shows text as it is."""
    return Console(
        stderr=error,
        width=window_width(error=error),
        # Rich leaves bold and dim under NO_COLOR; whoever sets it wants none of it.
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
        force_jupyter=False,
    )
