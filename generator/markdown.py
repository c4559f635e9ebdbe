"""A Python value as Markdown text. The only place that may mark text as Markdown."""

import re

from markupsafe import Markup

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&])")


class Markdown(Markup):
    """Text that is meant as Markdown."""

    __slots__ = ()


def escape(value: str) -> Markdown:
    """Text that shows as it is, wherever it stands on a line."""
    return Markdown(_SPECIAL.sub(r"\\\1", value))


def code(value: object) -> Markdown:
    """A value as a code span, also inside a table."""
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Markdown(f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|"))
