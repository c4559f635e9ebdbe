"""Small pictures of what a loop guard does to a message that comes back: where each box and each arrow is."""

import textwrap
from dataclasses import dataclass

from markupsafe import Markup

from mm365.documents.html import render_html
from mm365.mailflow.loop_guard import LoopExplanation

_WIDTH, _BOX, _GAP, _LINE = 168, 124, 22, 14
_TOP, _MARGIN = 8, 4
_WORDS = 20
"""Characters on a line of a box: as many as fit at the size of the text."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box with a few lines of text, each with its place from the top. ``look``: good, bad or nothing."""

    left: int
    top: int
    width: int
    height: int
    look: str
    lines: tuple[tuple[int, str], ...]

    @property
    def middle(self) -> int:
        """Where its text is centred."""
        return self.left + self.width // 2


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """An arrow that goes out at the side and in again ``depth`` pixels above: the loop."""

    x: int
    y: int
    depth: int


@dataclass(frozen=True, kw_only=True)
class Column:
    """One way of a message, from top to bottom. ``arrows`` are the places where an arrow to the next box begins."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int], ...]
    back: WayBack | None


@dataclass(frozen=True, kw_only=True)
class LoopPicture:
    """The two ways of a returning message, side by side: with Loop Check at work, and without it."""

    guard: str
    key: str
    words: str
    width: int
    height: int
    columns: tuple[Column, ...]


def loop_picture(explanation: LoopExplanation) -> Markup:
    """The picture of a loop guard as SVG. Its colours come from the notebooks' style sheet."""
    passes = explanation.passes[1:3]
    columns = tuple(_column(row, number * _WIDTH) for number, row in enumerate(passes))
    picture = LoopPicture(
        guard=explanation.guard,
        key=f"mm365-loop-{explanation.guard}",
        words=picture_in_words(explanation),
        width=len(passes) * _WIDTH,
        height=max(column.boxes[-1].top + column.boxes[-1].height for column in columns) + _TOP,
        columns=columns,
    )
    return render_html("notebook/loop-picture.html.j2", picture=picture)


def picture_in_words(explanation: LoopExplanation) -> str:
    """What the picture shows, for a screen reader."""
    sentences = (
        f"{name}: Loop Check {check}; Redirect {_redirect(redirect)}; result: {result}."
        for name, check, redirect, result in explanation.passes[1:3]
    )
    return " ".join(sentences)


def _redirect(text: str) -> str:
    return f"is {text}" if text == "not reached" else text


def _column(row: tuple[str, str, str, str], left: int) -> Column:
    name, check, redirect, result = row
    loops = result.startswith("LOOP")
    boxes: list[Box] = []
    top = _TOP
    for words, look in (
        (name, ""),
        (f"Loop Check {check}", ""),
        (f"Redirect {_redirect(redirect)}", ""),
        (result, "bad" if loops else "good"),
    ):
        box = _box(words, left + _MARGIN, top, look)
        boxes.append(box)
        top += box.height + _GAP
    first, _, redirect_box, _ = boxes
    return Column(
        boxes=tuple(boxes),
        arrows=tuple((box.middle, box.top + box.height) for box in boxes[:-1]),
        back=_way_back(redirect_box, first) if loops else None,
    )


def _box(words: str, left: int, top: int, look: str) -> Box:
    lines = textwrap.wrap(words, _WORDS)
    places = tuple((top + 16 + number * _LINE, line) for number, line in enumerate(lines))
    return Box(left=left, top=top, width=_BOX, height=len(lines) * _LINE + 10, look=look, lines=places)


def _way_back(from_: Box, to: Box) -> WayBack:
    """From Redirect out to the filter and in again."""
    high, low = (box.top + box.height // 2 for box in (to, from_))
    return WayBack(x=to.left + to.width, y=high, depth=low - high)
