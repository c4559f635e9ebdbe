"""What the environments of all templates have in common: where templates lie, and that every value is escaped."""

from collections.abc import Callable, Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mm365.shipped import shipped_folder


def environment(finalize: Callable[[object], Markup], filters: Mapping[str, Callable[..., object]]) -> Environment:
    """An environment in which ``finalize`` escapes every value that a template prints.

    ``finalize`` returns Markup, which Jinja does not escape again.
    """
    made = Environment(
        loader=FileSystemLoader(shipped_folder("templates"), encoding="utf-8"),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        optimized=False,  # there is next to nothing constant to fold, and looking for it takes a tenth of the time
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    made.filters.update(filters)
    return made
