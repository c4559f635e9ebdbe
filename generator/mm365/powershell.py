"""A Python value as PowerShell text. Only this module may mark text as code.

``Code`` is to PowerShell what ``Markup`` is to HTML: Jinja puts it into a template as it is, and everything else goes
through ``literal`` first (see ``scripts.rendering``). The rules are those of PowerShell's tokenizer (``CharTraits.cs``)
and of about_Quoting_Rules: a single-quoted string ends at any of five characters, nothing in it is expanded, and a
doubled quote stands for one quote.
"""

import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence

from markupsafe import Markup

Value = bool | int | str | tuple[str, ...]
"""What a setting can be."""

_LAST_ASCII = 0x7F
_SINGLE_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")


class Code(Markup):
    """Text that is PowerShell code already, so that templates leave it as it is."""

    __slots__ = ()


def literal(value: object) -> Code:
    """The PowerShell expression for ``value``: a str, bool, int, or a list or tuple of str.

    Raises ValueError for text with control characters and TypeError for any other type. A validated request holds
    neither.
    """
    match value:
        case Code():
            return value
        case bool():
            return Code("$true" if value else "$false")
        case int():
            return Code(str(value))
        case str():
            return Code(_quoted(value)) if value.isascii() else free_text(value)
        case list() | tuple():
            return Code(f"@({listed(value)})")
    raise TypeError(f"no PowerShell literal for {type(value).__name__}")


def free_text(value: str) -> Code:
    r"""Text that a person typed, as an expression that has the same form for every value.

    Characters beyond ASCII are written ``\uXXXX``, which .NET turns back: Windows PowerShell 5.1 reads a file without
    a BOM in the ANSI code page and would change them. Raises ValueError for control characters.
    """
    return Code(f"[regex]::Unescape({_quoted(_ascii(_without_controls(value)))})")


def name(value: str) -> Code:
    """A name that this project chose (a variable, a noun, a key) as code. Raises ValueError for anything else."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", value):
        raise ValueError(f"{value!r} is not a name")
    return Code(value)


def listed(values: Sequence[Value]) -> Code:
    """Values as the elements of a list: separated by commas, without the brackets."""
    return Code(", ".join(literal(value) for value in values))


def comment(value: str) -> Code:
    """Text for a comment: one line of ASCII that cannot end a block comment."""
    return Code(_ascii(_without_controls(value)).replace("#>", "# >").replace("<#", "< #"))


def comment_lines(value: str, indent: int, width: int = 110) -> Code:
    """Text as wrapped ``#`` comment lines. The first one is not indented, because a template indents it."""
    lines = textwrap.wrap(comment(value), width - indent - 2, break_long_words=False, break_on_hyphens=False)
    return Code(("\n" + " " * indent).join(f"# {line}" for line in lines))


def table(
    values: Mapping[str, Value],
    indent: int,
    reasons: Mapping[str, str] | None = None,
    marks: Mapping[str, str] | None = None,
) -> Code:
    """The entries of a hashtable, one a line and aligned, each below its reason if it has one.

    ``marks`` are put before the entries of these names, for whoever wants to know where they stand.
    """
    keys = {key: name(key) if key.isalnum() else literal(key) for key in values}
    width = max((len(key) for key in keys.values()), default=0)
    lines: list[str] = []
    for key, value in values.items():
        if reasons is not None:
            lines.extend(comment_lines(reasons[key], indent).split("\n" + " " * indent))
        lines.append(f"{(marks or {}).get(key, '')}{keys[key]:<{width}} = {literal(value)}")
    return Code(("\n" + " " * indent).join(lines))


def word_list(words: Sequence[str], indent: int) -> Code:
    """An array of names, written as wrapped text that PowerShell splits at white space."""
    lines = textwrap.wrap(" ".join(name(word) for word in words), 100 - indent, break_on_hyphens=False)
    texts = [literal(f"{line} ") for line in lines[:-1]] + [literal(lines[-1])]
    return Code("-split (" + (" +\n" + " " * indent).join(texts) + ")")


def _quoted(value: str) -> str:
    doubled = _SINGLE_QUOTES.sub(lambda found: found[0] * 2, _without_controls(value))
    return f"'{doubled}'"


def _without_controls(value: str) -> str:
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise ValueError(f"U+{ord(character):04X} has no place in a script")
    return value


def _ascii(value: str) -> str:
    r"""``value`` with a backslash doubled and every UTF-16 unit above ASCII as ``\uXXXX``."""
    units = value.encode("utf-16-be")
    codes = (int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2))
    return "".join(
        "\\\\" if code == ord("\\") else chr(code) if code <= _LAST_ASCII else f"\\u{code:04x}" for code in codes
    )
