"""A changed file beside what was generated, as a few lines that are safe to show."""

import difflib
import re

from mm365.display import alike, masked, on_one_line, shortened
from mm365.documents.words import counted

MOST_LINES = 10
"""Lines of a difference; more is for a tool that compares files."""
_LARGEST = 2**20
"""Bytes of a file that is compared line by line; the files of a pack are smaller."""
_LONGEST = 160
"""Characters of a line."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TELLING = 8
"""Digits in which a GUID is the header ID; two that have nothing to do with each other agree in about two of 32."""


def difference(expected: bytes, found: bytes, header_id: str) -> tuple[str, ...]:
    """A unified diff from what was generated to what is there: ``-`` was generated, ``+`` was found.

    What does not show, and every letter that is not ASCII, is written as an escape: letters of other alphabets can look
    the same. The header ID is shortened.
    """
    if expected == found:
        return ()
    if len(found) > _LARGEST:
        return (f"It has {counted(len(found), 'byte')}; {len(expected)} were generated.",)
    if found.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n"):
        return ("Only the ends of lines differ (CRLF or LF).",)
    if found.strip() == expected.strip():
        return ("Only spaces or empty lines at the beginning or end of the file differ.",)
    before, after = (_lines(data, header_id) for data in (expected, found))
    lines = list(difflib.unified_diff(before, after, "generated", "found", n=1, lineterm=""))
    if not lines:
        return ("Only what is not text, or the ends of lines, differs.",)
    shown = tuple(_cut(line, lines) for line in lines[:MOST_LINES])
    left = len(lines) - len(shown)
    return (*shown, f"and {counted(left, 'more line')}") if left else shown


def _lines(data: bytes, header_id: str) -> list[str]:
    text = masked(data.decode("utf-8", "backslashreplace"), header_id)
    text = _GUID.sub(lambda found: _without_digits(found.group(), header_id), text)
    return [on_one_line(line).encode("ascii", "backslashreplace").decode() for line in text.split("\n")]


def _without_digits(guid: str, header_id: str) -> str:
    """A GUID, shortened if it is the header ID with some other digits: the rest of it would give the ID away."""
    same = sum(one == other for one, other in zip(guid.lower(), header_id, strict=False) if one != "-")
    return f"{shortened(guid)} (another ID)" if same >= _TELLING else guid


def _cut(line: str, others: list[str]) -> str:
    """A long line from shortly before the first place in which it differs from one that took its place."""
    if len(line) <= _LONGEST:
        return line
    same = max((alike(line[1:], other[1:]) for other in others if other[0] not in {line[0], "@"}), default=0)
    start = max(0, min(same - 20, len(line) - 1 - _LONGEST))
    part = line[1:][start : start + _LONGEST]
    return f"{line[:1]}{'... ' if start else ''}{part}{' ...' if start + _LONGEST < len(line) - 1 else ''}"
