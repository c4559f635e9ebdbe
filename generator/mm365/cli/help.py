"""Help in panels, as Typer's users know it, but for any width of the window: Typer's own cuts names in a narrow one."""

import inspect
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

LITERAL = "\b\n"
"""What a paragraph begins with whose lines are shown as they are."""

_NARROW, _WIDE = 76, 160
"""Columns below which a name and what is said of it stand below each other, and columns that are enough."""
_LONGEST = 24
"""Characters of a list of choices on one line."""


class Command(TyperCommand):
    """A command whose help marks what its request needs.

    Typer must not ask for these options itself: the values may also come from the file of ``--request``.
    """

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Print the help."""
        _print(self, ctx, ())


class Group(TyperGroup):
    """All commands; its help lists them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Print the help."""
        _print(self, ctx, [self.commands[name] for name in self.list_commands(ctx)])


def paragraphs(docstring: str | None) -> list[str]:
    """The paragraphs of a docstring, each on one line, but for those that begin with ``LITERAL``."""
    found = inspect.cleandoc(docstring or "").split("\n\n")
    return [text if text.startswith(LITERAL) else " ".join(text.split()) for text in found]


def names(parameter: Any) -> str:
    """What an option or argument is called."""
    return ", ".join(sorted(parameter.opts, key=len)) if is_option(parameter) else str(parameter.metavar)


def value(parameter: Any) -> str:
    """What kind of value an option takes; empty if it takes none."""
    return str(parameter.metavar) if is_option(parameter) and not parameter.is_flag else ""


def is_option(parameter: Any) -> bool:
    """Whether it is an option, not an argument."""
    return bool(parameter.param_type_name == "option")


def required(command: Any, parameter: Any) -> str:
    """Whether it is required, in words; empty if not."""
    if parameter.name in getattr(command.callback, "needs", ()):
        return "required, here or in the file of --request"
    return "required" if parameter.required else ""


def _print(command: Any, ctx: Any, subcommands: Sequence[Any]) -> None:
    from rich.text import Text

    from mm365.documents.terminal import console, wrapped

    out = console()
    width = min(shutil.get_terminal_size().columns, _WIDE)
    usage = " ".join(ctx.get_usage().split()).removeprefix("Usage: ")
    out.print(Text.assemble(("Usage: ", "yellow"), (usage, "bold")), width=width)
    for paragraph in paragraphs(command.help):
        lines = paragraph.removeprefix(LITERAL).splitlines()
        out.print("", *(part for line in lines for part in wrapped(line, width)), sep="\n")
    parameters = [parameter for parameter in command.get_params(ctx) if not parameter.hidden]
    for title, chosen in (("Arguments", False), ("Options", True)):
        rows = [_row(command, parameter) for parameter in parameters if is_option(parameter) is chosen]
        _panel(out, title, rows, width)
    _panel(out, "Commands", [_listed(subcommand) for subcommand in subcommands], width)
    if command.epilog:
        out.print("", *wrapped(command.epilog, width), sep="\n")


Row = tuple["Text", "Text", "Text", "Text"]
"""A mark, a name, a value, and what is said of it."""


def _row(command: Any, parameter: Any) -> Row:
    from rich.text import Text

    needed = required(command, parameter)
    said = Text(parameter.help or "")
    if needed:
        said.append(f" [{needed}]", "red")
    return (
        Text("*" if needed else "", "red"),
        Text(names(parameter), "bold cyan"),
        Text(value(parameter), "bold yellow"),
        said,
    )


def _listed(command: Any) -> Row:
    from rich.text import Text

    return Text(""), Text(command.name, "bold cyan"), Text(""), Text(paragraphs(command.help)[0])


def _panel(out: Any, title: str, rows: list[Row], width: int) -> None:
    from rich.panel import Panel

    if rows:
        content = _columns(rows) if width >= _NARROW else _lines(rows)
        out.print("", Panel(content, title=title, title_align="left", border_style="dim"), width=width)


def _columns(rows: list[Row]) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    has_marks, has_values = (any(row[place] for row in rows) for place in (0, 2))
    shown = (has_marks, True, has_values, True)
    for is_shown, ratio in zip(shown, (None, None, None, 1), strict=True):
        if is_shown:
            table.add_column(overflow="fold", ratio=ratio)
    for mark, name, kind, said in rows:
        row = (mark, name, kind if len(kind) <= _LONGEST else Text("|\n").join(kind.split("|")), said)
        table.add_row(*(cell for cell, is_shown in zip(row, shown, strict=True) if is_shown))
    return table


def _lines(rows: list[Row]) -> "RenderableType":
    """What is said of a name stands below it."""
    from rich.console import Group as Lines
    from rich.padding import Padding
    from rich.text import Text

    heads = (Text(" ").join(part for part in row[:3] if part) for row in rows)
    return Lines(
        *(part for head, row in zip(heads, rows, strict=True) for part in (head, Padding(row[3], (0, 0, 0, 4))))
    )
