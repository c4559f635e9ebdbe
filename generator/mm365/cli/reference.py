"""Makes the page of all commands, docs/cli.md, from the commands themselves, so that it cannot drift.

python -m mm365.cli.reference           write it again
python -m mm365.cli.reference --check   exit code 1 if it differs
"""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from mm365.cli.help import LITERAL, names, paragraphs, required, value
from mm365.cli.main import app
from mm365.documents.markdown import Markdown, code, escape, render_document, table
from mm365.shipped import shipped_folder


def make_reference() -> str:
    """The page as Markdown."""
    group = get_command(app)
    if not isinstance(group, TyperGroup):
        raise TypeError(group)
    commands = [
        _described("mm365", group, ""),
        *(_described(name, command) for name, command in group.commands.items()),
    ]
    return render_document("cli/reference.md.j2", commands=commands).rstrip("\n") + "\n"


def _described(name: str, command: Any, subject: str | None = None) -> Mapping[str, object]:
    texts = paragraphs(command.help)
    return {
        "name": name,
        "subject": texts[0] if subject is None else subject,
        "paragraphs": [_parted(text) for text in texts],
        "table": table(("option", "value", "what it is"), list(_rows(command))),
        "epilog": command.epilog,
    }


def _parted(paragraph: str) -> tuple[str, str]:
    """A paragraph, and the lines below it that are shown as they are."""
    if not paragraph.startswith(LITERAL):
        return paragraph, ""
    title, _, lines = paragraph.removeprefix(LITERAL).partition("\n")
    return title, textwrap.dedent(lines)


def _rows(command: Any) -> Iterator[tuple[str, ...]]:
    yield from (
        (code(names(parameter)), code(value(parameter)) if value(parameter) else "", _said(command, parameter))
        for parameter in command.params
        if not parameter.hidden
    )
    yield code("-h, --help"), "", "Show the help of the command."


def _said(command: Any, parameter: Any) -> Markdown:
    needed = required(command, parameter)
    return escape(f"{parameter.help}{f' [{needed}]' if needed else ''}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the page; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mm365.cli.reference", description="Write docs/cli.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page differs")
    file = shipped_folder("docs") / "cli.md"
    made = make_reference().encode()
    if not parser.parse_args(arguments).check:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(made)
        return 0
    if file.is_file() and file.read_bytes() == made:
        return 0
    sys.stderr.write("docs/cli.md is out of date; run: python -m mm365.cli.reference\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
