"""The calls of a run as a small picture: where each mark is, what it looks like, and the picture in words."""

from dataclasses import dataclass

from mm365.rehearsal.calls import call_title, calls_in_words, look_of, names_of
from mm365.rehearsal.run import Run

PITCH, LINE = 18, 22
"""Pixels from one mark to the next, and from one line of marks to the next."""
PER_LINE = 30
"""Marks on a line; a stage with more calls has more lines, so that no mark becomes too small to see."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One call: the middle of its mark, which kind of call it is, and what the pointer shows."""

    x: int
    y: int
    look: str
    title: str


@dataclass(frozen=True, kw_only=True)
class CallPicture:
    """All calls of one run, in order. ``words`` say the same to those who cannot see it."""

    width: int
    height: int
    words: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """The numbers of calls above the marks, each with the place of its middle."""

    width: int
    height: int
    numbers: tuple[tuple[int, int], ...]


def call_picture(run: Run) -> CallPicture:
    """The picture of a run."""
    known = names_of(run)
    lines = -(-len(run.calls) // PER_LINE) or 1
    marks = (
        Mark(x=_middle(place % PER_LINE), y=place // PER_LINE * LINE + LINE // 2, look=look_of(call), title=title)
        for place, call in enumerate(run.calls)
        for title in [call_title(call, known)]
    )
    return CallPicture(width=PER_LINE * PITCH, height=lines * LINE, words=calls_in_words(run), marks=tuple(marks))


def ruler() -> Ruler:
    """The numbers 1, 5, 10 and so on."""
    numbers = (1, *range(5, PER_LINE + 1, 5))
    return Ruler(
        width=PER_LINE * PITCH, height=LINE, numbers=tuple((number, _middle(number - 1)) for number in numbers)
    )


def _middle(place: int) -> int:
    return place * PITCH + PITCH // 2
