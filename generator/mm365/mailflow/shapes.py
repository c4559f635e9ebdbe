"""Boxes, lines and arrows of a picture, with their places in pixels."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

LINE, PAD = 16, 10
_BETWEEN = 4
"""Pixels between one step and the next."""
_CHARACTER = 7.2
"""Pixels of a character, at most on average, at the size of the text."""
_NUMBER = 26
"""Pixels that a number takes in front of its line."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text at a place; ``number`` is that of the step, where a step begins on it."""

    x: int
    y: int
    text: str
    number: int | None = None
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box with its lines. ``look``: good, bad, missing, frame or nothing."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    look: str = ""

    @property
    def middle(self) -> int:
        """Where an arrow to it ends."""
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A level arrow from ``x`` to ``end``, with the numbers of the steps that take it; none takes a faint one."""

    x: int
    end: int
    y: int
    numbers: str

    @property
    def points(self) -> int:
        """1 if it points to the right, else -1."""
        return 1 if self.end > self.x else -1


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All of it. ``words`` is the way in sentences, for a screen reader."""

    key: str
    title: str
    words: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


Text = tuple[str, int | None, bool]
"""What a line says, its number, and whether it is a heading."""


def box(  # noqa: PLR0913 - where it is, how large, what it says, and how it looks
    x: int, y: int, width: int, texts: Iterable[Text], *, height: int = 0, look: str = ""
) -> Box:
    """A box as high as its lines need, or as ``height``."""
    lines: list[Line] = []
    at = y + PAD + LINE - 4
    for text, number, strong in texts:
        at += _BETWEEN if number and lines else 0
        indent = _NUMBER if number else 0
        characters = int((width - 2 * PAD - indent) / (_CHARACTER * (1.1 if strong else 1)))
        for place, part in enumerate(textwrap.wrap(text, characters)):
            lines.append(Line(x=x + PAD + indent, y=at, text=part, number=None if place else number, strong=strong))
            at += LINE
    needed = at - y - LINE + PAD + 4
    return Box(x=x, y=y, width=width, height=max(height, needed), lines=tuple(lines), look=look)
