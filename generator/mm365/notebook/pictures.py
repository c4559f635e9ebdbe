"""Small pictures of what a loop guard does to a message that comes back, as SVG text."""

import textwrap
from collections.abc import Sequence
from html import escape

from mm365.integration.loop_guard import LoopExplanation

_WIDTH, _BOX, _GAP, _LINE = 168, 124, 22, 14
_TOP = 8
_WORDS = 20
"""Characters on a line of a box: as many as fit at the size of the text."""

_STYLE = (
    ".mm365-loop text{font:11px var(--jp-ui-font-family,sans-serif);fill:var(--jp-ui-font-color1,currentColor)}"
    ".mm365-loop .box{fill:var(--jp-layout-color1,none);stroke:var(--jp-border-color0,currentColor)}"
    ".mm365-loop .way{fill:none;stroke:var(--jp-ui-font-color2,currentColor);stroke-width:1.5}"
    ".mm365-loop .good{stroke:var(--jp-success-color1,#2e7d32);stroke-width:2}"
    ".mm365-loop .bad{stroke:var(--jp-error-color1,#c62828);stroke-width:2}"
    ".mm365-loop .way.bad{fill:none}"
    ".mm365-loop .tip{fill:var(--jp-ui-font-color2,currentColor)}"
    ".mm365-loop .tip.bad{fill:var(--jp-error-color1,#c62828);stroke:none}"
)


def loop_picture(explanation: LoopExplanation) -> str:
    """The two ways of a returning message, side by side: with Loop Check at work, and without it.

    Words stand in each box and in the text alternative, so that colour alone says nothing.
    """
    passes = explanation.passes[1:3]
    columns = [_column(row, number * _WIDTH) for number, row in enumerate(passes)]
    height = max(bottom for _, bottom in columns) + _TOP
    key = f"mm365-loop-{explanation.guard}"
    return (
        f'<svg class="mm365-loop" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-t {key}-d" '
        f'viewBox="0 0 {len(passes) * _WIDTH} {height}" width="{len(passes) * _WIDTH}" style="max-width:100%">'
        f'<title id="{key}-t">Loop guard {escape(explanation.guard)}</title>'
        f'<desc id="{key}-d">{escape(picture_in_words(explanation))}</desc>'
        f"<style>{_STYLE}</style>{''.join(drawn for drawn, _ in columns)}</svg>"
    )


def picture_in_words(explanation: LoopExplanation) -> str:
    """What the picture shows, for a screen reader."""
    sentences = (
        f"{name}: Loop Check {check}; Redirect {_redirect(redirect)}; result: {result}."
        for name, check, redirect, result in explanation.passes[1:3]
    )
    return " ".join(sentences)


def _redirect(text: str) -> str:
    return f"is {text}" if text == "not reached" else text


def _column(row: tuple[str, str, str, str], left: int) -> tuple[str, int]:
    """One way of a message from top to bottom, as SVG, and where it ends."""
    name, check, redirect, result = row
    loops = result.startswith("LOOP")
    drawn, top, middles = [], _TOP, []
    for number, words in enumerate((name, f"Loop Check {check}", f"Redirect {_redirect(redirect)}", result)):
        lines = textwrap.wrap(words, _WORDS)
        height = len(lines) * _LINE + 10
        kind = "" if number < 3 else "bad" if loops else "good"  # noqa: PLR2004 - the fourth box is the result
        drawn.append(_box(lines, left + 4, top, height, kind))
        middles.append(top + height // 2)
        if number < 3:  # noqa: PLR2004
            drawn.append(_arrow(left + 4 + _BOX // 2, top + height))
        top += height + _GAP
    if loops:
        drawn.append(_way_back(left + 4 + _BOX, middles[2], middles[0]))
    return "".join(drawn), top - _GAP


def _box(lines: Sequence[str], left: int, top: int, height: int, kind: str) -> str:
    text = "".join(
        f'<tspan x="{left + _BOX // 2}" y="{top + 16 + number * _LINE}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f'<rect class="box {kind}" x="{left}" y="{top}" width="{_BOX}" height="{height}" rx="4"/>'
        f'<text text-anchor="middle">{text}</text>'
    )


def _arrow(x: int, top: int) -> str:
    end = top + _GAP
    return (
        f'<path class="way" d="M{x} {top}V{end - 6}"/><path class="tip" d="M{x - 4} {end - 7}h8l-4 7z"/>'
    )  # fmt: skip


def _way_back(right: int, low: int, high: int) -> str:
    """From Redirect out to the filter and in again: the loop."""
    return (
        f'<path class="way bad" d="M{right} {low}h24V{high}h-18"/>'
        f'<path class="tip bad" d="M{right + 7} {high - 4}v8l-7 -4z"/>'
    )
