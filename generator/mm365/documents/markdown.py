"""Values as Markdown, one by one and by templates. The only place that may mark text as Markdown."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from mm365.documents.templates import environment
from mm365.documents.words import capitalised

# In notebooks and on GitHub, backslash and dollar start mathematics before Markdown is read, even if they are escaped.
_SPECIAL = str.maketrans({**{mark: f"\\{mark}" for mark in "`*_[]<>|~&"}, "\\": "&#92;", "$": "&#36;"})
_REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""The bidirectional classes of characters that change the order in which text is shown."""


class Markdown(Markup):
    """Text that is Markdown already, so that templates leave it as it is."""

    __slots__ = ()


def escape(value: str) -> Markdown:
    """Text escaped so that it shows as it is, anywhere on a line."""
    return Markdown(value.translate(_SPECIAL))


def code(value: object) -> Markdown:
    """A value as a code span, which can be part of a table."""
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    fence = _longer_than_any_in(text)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Markdown(f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|"))


def block(value: str, language: str = "text") -> Markdown:
    """Lines as a code block. Characters that would not show, or would reorder the text, are shown by their number."""
    fence = _longer_than_any_in(value, at_least=3)
    lines = value.replace("\r\n", "\n").removesuffix("\n")
    return Markdown(f"{fence}{language}\n{''.join(_visible(character) for character in lines)}\n{fence}")


def render_document(template: str, **values: object) -> str:
    """A Markdown text from the template of that name; what is put into it shows as it is."""
    return _documents().get_template(template).render(**values)


@cache
def _documents() -> Environment:
    def text(value: object) -> Markup:
        return value if isinstance(value, Markup) else escape(str(value))

    return environment(text, {"block": block, "code": code, "capitalised": capitalised})


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Markdown:
    """A table; cells that are not Markdown already show as they are. No cell may hold a line break."""
    lines = [head, ["---"] * len(head), *rows]
    return Markdown("\n".join(f"| {' | '.join(_marked(cell) for cell in cells)} |" for cells in lines))


def _marked(cell: str) -> Markdown:
    return cell if isinstance(cell, Markdown) else escape(cell)


def _longer_than_any_in(text: str, at_least: int = 1) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(longest + 1, at_least)


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in "\n\t"
    if hidden or unicodedata.bidirectional(character) in _REORDERING:
        return f"<U+{ord(character):04X}>"
    return character
