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
            return _text(value)
        case list() | tuple():
            return Code(f"@({listed(value)})")
    raise TypeError(f"no PowerShell literal for {type(value).__name__}")


NOTHING = Code("$null")
"""What takes a setting away."""


def name(value: str) -> Code:
    """A name that this project chose (a variable, a noun, a key) as code. Raises ValueError for anything else."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", value):
        raise ValueError(f"{value!r} is not a name")
    return Code(value)


def listed(values: Sequence[Value]) -> Code:
    """Values as the elements of a list: separated by commas, without the brackets."""
    return Code(", ".join(literal(value) for value in values))


def listed_lines(values: Sequence[str], indent: int, width: int = 140) -> Code:
    """The same on as many lines as it needs; the first one is not indented, because a template indents it."""
    lines = textwrap.wrap(listed(values), width - indent, break_on_hyphens=False, break_long_words=False)
    return Code(("\n" + " " * indent).join(lines))


def mark(*names: str) -> Code:
    """A place in a text that is being made, for whoever takes the marks out again; no value can hold its characters."""
    return Code("\x01" + "\x02".join(names) + "\x03")


def comment(value: str) -> Code:
    """Text for a comment: one line of ASCII that cannot end a block comment."""
    return Code(_ascii(_without_controls(value)).replace("#>", "# >").replace("<#", "< #"))


def short_comment(value: str) -> Code:
    """The same for the end of a short comment, cut after 28 characters: a pasted block has no room for more.

    PowerShell takes a comment that resembles the begin of a signature for one, and refuses all code behind it. A value
    that could make it so is not shown.
    """
    if not value:
        return Code("not given")
    whole = comment(value)
    short = whole if len(whole) <= _SHORT else Code(f"{whole[: _SHORT - 3]}...")
    return Code("see the change request") if _changes_to(_SIGNATURE, short) <= _TOO_SIMILAR else short


_SHORT = 28
_SIGNATURE = "sig#beginsignatureblock"
_TOO_SIMILAR = 12
"""A comment of up to 9 changes is taken for a signature. The words before a value can only add to the changes, but for
letters that they happen to share with it."""


def _changes_to(wanted: str, text: str) -> int:
    """How many characters are to be added, removed or replaced, without regard to case and blanks."""
    row = list(range(len(wanted) + 1))
    for place, character in enumerate("".join(text.lower().split()), start=1):
        before, row = row, [place]
        for column, other in enumerate(wanted):
            row.append(min(before[column] + (character != other), before[column + 1] + 1, row[column] + 1))
    return row[-1]


def comment_lines(value: str, indent: int, width: int = 120) -> Code:
    """Text as wrapped ``#`` comment lines. The first one is not indented, because a template indents it."""
    lines = textwrap.wrap(comment(value), width - indent - 2, break_long_words=False, break_on_hyphens=False)
    return Code(("\n" + " " * indent).join(f"# {line}" for line in lines))


def packed(pairs: Sequence[str], indent: int, width: int) -> Code:
    """Pairs of a name and its code as the entries of a hashtable, on as few lines as they need.

    A line ends between two of them. The first one is not indented, because a template indents it.
    """
    joined = "; ".join(pair.replace(" ", "\0") for pair in pairs)
    wrapped = textwrap.wrap(joined, width - indent, break_long_words=False, break_on_hyphens=False)
    return Code(("\n" + " " * indent).join(line.rstrip(";").replace("\0", " ") for line in wrapped))


def entries(
    values: Mapping[str, Value],
    indent: int,
    notes: Mapping[str, str] | None = None,
    marks: Mapping[str, Code] | None = None,
) -> Code:
    """The entries of a hashtable, one a line and aligned, for use inside a template: the first is not indented.

    ``notes`` stand at the end of their lines as comments, below each other where there is room. ``marks`` are put
    before the entries of these names, for whoever wants to know where they stand.
    """
    keys = {key: name(key) if key.isalnum() else literal(key) for key in values}
    width = max((len(key) for key in keys.values()), default=0)
    lines = []
    for key, value in values.items():
        line = f"{keys[key]:<{width}} = {literal(value)}"
        if notes:
            line = f"{line:<{_NOTES_AT - indent}}   # {comment(notes[key])}"
        lines.append(f"{(marks or {}).get(key, '')}{line}")
    return Code(("\n" + " " * indent).join(lines))


_NOTES_AT = 70
"""The column of the reasons beside the values."""


def _text(value: str) -> Code:
    r"""Text as an expression: a plain literal, or where it is not ASCII, one that puts the other characters back.

    Windows PowerShell 5.1 reads a file without BOM in the ANSI code page, so such characters are written ``\uXXXX``.
    Raises ValueError for control characters.
    """
    if value.isascii():
        return Code(_quoted(value))
    return Code(f"[regex]::Unescape({_quoted(_ascii(_without_controls(value)))})")


def _quoted(value: str) -> str:
    doubled = _SINGLE_QUOTES.sub(lambda found: found[0] * 2, _without_controls(value))
    return f"'{doubled}'"


def _without_controls(value: str) -> str:
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise ValueError(f"U+{ord(character):04X} cannot stand in a script")
    return value


def _ascii(value: str) -> str:
    r"""``value`` with a backslash doubled and every UTF-16 unit above ASCII as ``\uXXXX``."""
    units = value.encode("utf-16-be")
    codes = (int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2))
    return "".join(
        "\\\\" if code == ord("\\") else chr(code) if code <= _LAST_ASCII else f"\\u{code:04x}" for code in codes
    )
