"""Values in HTML: whatever is put into a template shows as text, and Markdown makes nothing that runs or loads."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.display import visible
from mm365.documents.html import markdown_as_html, render_html
from tests.commands import CHECKOUT

TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.html.j2"))
HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></p></div><img src=x onerror=alert(1)>",
    "\" onfocus=alert(1) autofocus='",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &amp; &#60;",
    "\x1b[2J\u202egnp.exe\u2066\u200b\r\n\ud800",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=60)
MARKS = st.sampled_from(
    ["*", "_", "`", "[", "](", "](javascript:", ")", "!", "<", ">", "|", "\n", "\n\n", "#", "- ", "&#", ";"]
)
MARKDOWN = st.lists(TEXTS | MARKS, max_size=12).map("".join)
OF_MARKDOWN = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


class Page(HTMLParser):
    """What a browser would see: elements, attributes with their values, text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(str(page))  # what is taken out of Markup, and added to it, is escaped again
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "href"]


@given(TEXTS)
def test_a_value_is_text_in_an_element(text: str) -> None:
    page = Page(render_html("notebook/paragraph.html.j2", text=text))
    assert (page.tags, page.text) == (["div", "p"], visible(text) + "\n")


@given(TEXTS)
def test_a_value_is_text_in_an_attribute(text: str) -> None:
    page = Page(render_html("notebook/copy.html.j2", texts=[(text, "x")]))
    assert page.tags == ["div", "p", "pre"]
    assert dict(page.attributes)["aria-label"] == visible(text)
    assert {name for name, _ in page.attributes} == {"class", "tabindex", "role", "aria-label"}


@given(TEXTS)
def test_characters_that_do_not_show_are_written_as_codes(text: str) -> None:
    shown = render_html("notebook/messages.html.j2", texts=[text], kind="")
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    shown.encode("utf-8")


@given(MARKDOWN)
def test_markdown_makes_no_element_that_runs_or_loads_something(text: str) -> None:
    page = Page(markdown_as_html(text))
    assert set(page.tags) <= OF_MARKDOWN
    assert {name for name, _ in page.attributes} <= {"href", "title", "class", "start", "style"}
    assert not [link for link in page.links if re.match(r"\s*(javascript|vbscript|data|file):", link or "", re.I)]


def test_html_in_markdown_stays_text() -> None:
    page = Page(markdown_as_html("a <b onclick=x>b</b>\n\n<div>\nc\n</div>\n\n<!-- d -->"))
    assert page.tags == ["p", "p", "p"]
    assert all(text in page.text for text in ("<b onclick=x>b</b>", "<div>\nc\n</div>", "<!-- d -->"))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:x", "vbscript:x", "data:text/html,x", "file:///x"]
)
def test_links_that_could_run_something_are_not_links(address: str) -> None:
    for text in (f"[a]({address})", f"<{address}>", f"[a][b]\n\n[b]: {address}"):
        page = Page(markdown_as_html(text))
        assert (set(page.tags), page.links) == ({"p"}, []), text


def test_links_tables_and_code_are_read() -> None:
    page = Page(markdown_as_html("[a](https://example.com) `c`\n\n| h |\n|---|\n| ![p](https://example.com/p.png) |\n"))
    assert page.links == ["https://example.com", "https://example.com/p.png"]
    assert {"code", "table", "th", "td"} <= set(page.tags)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_marks_a_value_as_finished(path: str) -> None:
    text = (CHECKOUT / path).read_text(encoding="utf-8")
    assert re.findall(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b", text) == []
    # A value behind an equals sign has to be in quotation marks: nothing else escapes blanks.
    assert re.findall(r"=\{\{", text) == []


def test_no_tag_is_put_together_in_python() -> None:
    modules = (CHECKOUT / "generator" / "mm365").rglob("*.py")
    # The emulator's busy tenant has a disclaimer in HTML: that is a value of the service, not a page of ours.
    found = [path.name for path in modules if "</" in path.read_text(encoding="utf-8") and path.stem != "busy"]
    assert found == []
