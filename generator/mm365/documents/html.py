"""Values as HTML, by templates. The only place that may mark text as HTML.

Every value that a template prints is escaped, and characters that do not show are written as codes.
"""

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import Markup, escape

from mm365.display import visible
from mm365.documents.templates import environment
from mm365.documents.words import capitalised, counted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def render_html(template: str, **values: object) -> Markup:
    """The HTML that the template of that name makes of the values."""
    return Markup(_environment().get_template(template).render(**values))  # noqa: S704 - every value was escaped


def markdown_as_html(text: str) -> Markup:
    """Markdown as HTML. HTML in it shows as text; links that run a script stay text; pictures are links."""
    return Markup(_markdown().render(visible(text)))  # noqa: S704 - HTML in it was escaped


def _shown(value: object) -> Markup:
    return value if isinstance(value, Markup) else escape(visible(str(value)))


@cache
def _environment() -> Environment:
    return environment(_shown, {"markdown": markdown_as_html, "counted": counted, "capitalised": capitalised})


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a pack draws pictures by templates, and reads no Markdown

    # A picture would be read from the network when somebody opens the page.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
