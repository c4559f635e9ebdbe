"""What the notebooks show, as HTML from the templates in ``notebook/``: messages, scripts in colours, pictures."""

from collections.abc import Iterable, Iterator
from functools import cache

from markupsafe import Markup
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from mm365.documents.html import render_html
from mm365.integration.ranking import Risk
from mm365.scripts.explanation import ExplainedScript

_COLOURS = (
    (Comment, "comment"),
    (Keyword.Type, "builtin"),
    (Keyword, "keyword"),
    (Name.Builtin, "builtin"),
    (Name.Variable, "variable"),
    (String, "string"),
    (Number, "number"),
    (Operator, "operator"),
)
"""The classes of the style sheet, by kind of token. The first that fits is taken."""


@cache
def style_sheet() -> Markup:
    """The style sheet that all other functions rely on."""
    return render_html("notebook/style.html.j2")


def message(text: str, kind: str = "") -> Markup:
    """A line that a screen reader tells when it comes up. ``kind``: error, done, quiet or nothing."""
    return render_html("notebook/message.html.j2", text=text, kind=kind)


def messages(texts: Iterable[str], kind: str = "") -> Markup:
    """Several lines as a list."""
    return render_html("notebook/messages.html.j2", texts=tuple(texts), kind=kind)


def paragraph(text: str) -> Markup:
    """A text that no screen reader tells by itself: it may change many times a second."""
    return render_html("notebook/paragraph.html.j2", text=text)


def to_copy(*texts: tuple[str, str]) -> Markup:
    """Texts, each behind a label, that a click or a few keys select whole."""
    return render_html("notebook/copy.html.j2", texts=texts)


def script_beside_explanation(explained: ExplainedScript) -> Markup:
    """A script in colours, and beside it what it is for and one line for each setting in it."""
    return render_html("notebook/script.html.j2", explained=explained, lines=tuple(_numbered(explained.text)))


def risk_list(risks: Iterable[Risk]) -> Markup:
    """The risks in their order, each with its title and all of ``risk_in_detail``."""
    return render_html("notebook/risks.html.j2", risks=tuple(risks))


def risk_in_detail(risk: Risk) -> Markup:
    """Why a risk is one, what to do about it, and who says so."""
    return render_html("notebook/risk.html.j2", risk=risk)


Tokens = list[tuple[str, str]]
"""Parts of a line, each with its colour, which may be empty, and its text."""


def _numbered(text: str) -> Iterator[tuple[str, Tokens]]:
    """The lines of a PowerShell text, each with its number."""
    line: Tokens = []
    number = 1
    for kind, words in get_lexer_by_name("powershell", stripnl=False).get_tokens(text):
        colour = next((name for known, name in _COLOURS if kind in known), "")
        first, *others = words.split("\n")
        line.append((colour, first))
        for part in others:
            yield f"{number:>4}", line
            number, line = number + 1, [(colour, part)]
    if any(part for _, part in line):
        yield f"{number:>4}", line
