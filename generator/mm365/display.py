"""Text that others wrote, made safe to show; and the header ID, which works like a password, left out of it."""

import re
from itertools import takewhile

_LONGEST = 60
"""Characters of a quoted value; an error message is read on one line."""


def printable(text: str) -> str:
    """``text`` on one line: characters that do not show, or would draw lines of their own, are escaped."""
    return text if text.isprintable() else ascii(text)


def quoted(text: str, *, whole: bool = False) -> str:
    """A value for an error message: in quotes, escaped where it would not show.

    It is cut after 60 characters unless ``whole`` is asked for: half a path is of no use.
    """
    safe = ascii(text) if not text.isprintable() else f"'{text}'"
    return safe if whole or len(safe) <= _LONGEST else f"{safe[:_LONGEST]}... ({len(text)} characters)"


def on_one_line(text: str) -> str:
    """``text`` on one line, in which every character shows; what would not show is written as an escape."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def visible(text: str) -> str:
    """``text`` on as many lines as it has, in which every character shows.

    Control characters, and those that reorder a line, are written as escapes.
    """
    text = text.replace("\r\n", "\n")
    return "".join(char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text)


def shortened(header_id: str) -> str:
    """The first eight digits of a header ID, for people who need not know the rest; empty if there is none."""
    return f"{header_id[:8]}-..." if header_id else ""


def masked(text: str, header_id: str) -> str:
    """``text`` with the header ID shortened, in capitals or not, with or without hyphens, also broken over lines."""
    digits = header_id.replace("-", "")
    if not digits:
        return text
    return re.sub(r"[-\s|]*".join(digits), shortened(header_id), text, flags=re.IGNORECASE)


def alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
