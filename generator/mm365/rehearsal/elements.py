"""HTML that is made of elements only: whatever is not an element of this module is escaped, and shows as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from mm365.display import visible

GOOD, BAD = "good", "bad"
_MARKS = {GOOD: "\N{HEAVY CHECK MARK}", BAD: "\N{HEAVY BALLOT X}"}


class Html(str):
    """Text that ``el`` or ``joined`` made."""

    __slots__ = ()


def el(tag: str, *inner: str, **attributes: str) -> Html:
    """An element. Of an attribute's name, ``_`` at its end goes and others become ``-``: ``class_``."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(visible(value))}"' for name, value in attributes.items()
    )
    return Html(f"<{tag}{named}>{joined(inner)}</{tag}>")


def joined(parts: Iterable[str]) -> Html:
    """Parts one after the other; what is no HTML of this module is escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(visible(part)) for part in parts))


def verdict(text: str, *, good: bool) -> Html:
    """Words with a mark and a colour. The words have to say it alone."""
    look = GOOD if good else BAD
    return el("span", el("span", _MARKS[look], aria_hidden="true"), " ", text, class_=look)


def code(text: str) -> Html:
    """A name as one types it."""
    return el("code", text)


def command(text: str) -> Html:
    """A command, which stays on one line."""
    return el("code", text, class_="command")


def figure(number: float, form: str = "") -> Html:
    """A number in a column of numbers."""
    return el("span", format(number, form), class_="figure")


def quiet(text: str) -> Html:
    """What matters less."""
    return el("span", text, class_="quiet")


def unseen(text: str) -> Html:
    """Text for those who cannot see what stands beside it."""
    return el("span", text, class_="unseen")


def listing(items: Iterable[str]) -> Html:
    """A list with points."""
    return el("ul", *(el("li", item) for item in items))


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, first: str = "row") -> Html:
    """A table in a box that scrolls by itself; the first cell of a row is its head unless ``first`` is empty.

    ``title`` is its name for those who cannot see it.
    """
    top = el("tr", *(el("th", cell, scope="col") for cell in head))
    body = (
        el("tr", *(el("th", cell, scope=first) if first and not n else el("td", cell) for n, cell in enumerate(row)))
        for row in rows
    )
    return _box("div", el("table", el("thead", top), el("tbody", *body)), title, "wide")


def written(text: str, title: str) -> Html:
    """What a program wrote, in a box that scrolls by itself."""
    return _box("pre", text, title, "written")


def folded(title: str, *inner: str) -> Html:
    """A part that opens with a click or a key."""
    return el("details", el("summary", title), *inner)


@dataclass(frozen=True)
class Section:
    """A part of the page with a title, to which a link can lead by its ``key``."""

    key: str
    title: str
    inner: Html

    @property
    def html(self) -> Html:
        """The part."""
        title = el("h2", self.title, id=f"{self.key}-title")
        return el("section", title, self.inner, id=self.key, aria_labelledby=f"{self.key}-title")

    @property
    def link(self) -> Html:
        """A link to it."""
        return el("a", self.title, href=f"#{self.key}")


def section(key: str, title: str, *inner: str) -> Section:
    """A part with that inside."""
    return Section(key, title, joined(inner))


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _box(tag: str, inner: str, title: str, look: str) -> Html:
    return el(tag, inner, class_=look, role="region", aria_label=title, tabindex="0")
