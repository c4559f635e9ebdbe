"""The calls of a way as small pictures (SVG): a row for each stage, a mark for each call, in order."""

from collections.abc import Iterable, Sequence

from mm365.emulator.contract import Call
from mm365.rehearsal.calls import (
    CHANGED,
    FAILED,
    LOOKS,
    READS,
    SIMULATED,
    call_title,
    calls_in_words,
    look_of,
    names_of,
)
from mm365.rehearsal.elements import Html, command, el, joined, quiet
from mm365.rehearsal.run import Run

_PITCH, _LINE = 18, 22
PER_LINE = 30
"""Marks on a line; a stage with more calls has more lines, so that no mark becomes too small to see."""
_WIDTH = PER_LINE * _PITCH

_SHAPES = {
    READS: ("circle", {"r": "3.5"}),
    SIMULATED: ("path", {"d": "M0 -6.5L6.5 0L0 6.5L-6.5 0Z"}),
    CHANGED: ("rect", {"x": "-6.5", "y": "-6.5", "width": "13", "height": "13", "rx": "1.5"}),
    FAILED: ("path", {"d": "M-5.5 -5.5L5.5 5.5M5.5 -5.5L-5.5 5.5"}),
}


def timeline(stages: Sequence[Run], key: str) -> Html:
    """All stages of a way, with what the marks mean. ``key`` keeps its names apart from those of other ways."""
    rows = (_row(number, run, f"{key}-{number}") for number, run in enumerate(stages, start=1))
    return el("div", _legend(), el("ol", _ruler(), *rows, class_="rows"), class_="timeline")


def _row(number: int, run: Run, key: str) -> Html:
    label = el("span", command(f"{number} {run.stage.command}"), class_="label", id=f"{key}-label")
    return el("li", label, _marks(run, key), quiet(str(len(run.calls))))


def _marks(run: Run, key: str) -> Html:
    known = names_of(run)
    lines = -(-len(run.calls) // PER_LINE) or 1
    marks = (_mark(place, call, call_title(call, known)) for place, call in enumerate(run.calls))
    words = el("desc", calls_in_words(run), id=f"{key}-words")
    return _picture(lines, [words, *marks], role="img", aria_labelledby=f"{key}-label {key}-words")


def _mark(place: int, call: Call, title: str) -> Html:
    x = place % PER_LINE * _PITCH + _PITCH // 2
    y = place // PER_LINE * _LINE + _LINE // 2
    # The area around a mark shows its title too: the marks are small.
    area = el("rect", x="-9", y="-11", width=str(_PITCH), height=str(_LINE), class_="area")
    inner = (el("title", title), area, _shape(look_of(call)))
    return el("g", *inner, transform=f"translate({x} {y})")


def _shape(look: str) -> Html:
    tag, form = _SHAPES[look]
    return el(tag, class_=f"mark {look}", **form)


def _ruler() -> Html:
    """The numbers of calls above the marks."""
    numbers = (1, *range(5, PER_LINE + 1, 5))
    texts = (el("text", str(n), x=str((n - 1) * _PITCH + _PITCH // 2), y="15") for n in numbers)
    return el("li", el("span", class_="label"), _picture(1, texts, aria_hidden="true"), aria_hidden="true")


def _legend() -> Html:
    def item(look: str, words: str) -> Html:
        mark = el("svg", _shape(look), viewBox="-9 -9 18 18", width="18", height="18", aria_hidden="true")
        return el("li", mark, f" {words}")

    return el("ul", *(item(look, words) for look, words in LOOKS.items()), class_="legend")


def _picture(lines: int, inner: Iterable[str], **attributes: str) -> Html:
    box = f"0 0 {_WIDTH} {lines * _LINE}"
    return el("svg", joined(inner), viewBox=box, class_="marks", **attributes)
