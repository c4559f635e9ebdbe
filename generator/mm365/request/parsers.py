"""What turns a field's text into its value. Each parser raises InvalidValueError for a text that is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from mm365.display import alike
from mm365.errors import InvalidValueError
from mm365.request.regions import REGIONS, Region


class LoopGuard(StrEnum):
    """What keeps a message that came back from the filter from being sent there again."""

    STOP = "stop"
    STOP_AND_EXCEPT = "stop-and-except"
    KB_LITERAL = "kb-literal"


DEFAULT_LOOP_GUARD = LoopGuard.STOP

TRADE_OFFS: Mapping[LoopGuard, str] = {
    LoopGuard.STOP: "is the article plus one action, and mail loops if Loop Check is ever off while Redirect is on.",
    LoopGuard.STOP_AND_EXCEPT: "delivers mail even while Loop Check is off, but that mail leaves with the header, and "
    "whoever reads it knows the header ID.",
    LoopGuard.KB_LITERAL: "is the article and nothing else: expect every message to loop, unless the vendor's side "
    "prevents it, which is not documented.",
}
"""What each loop guard gives and costs, in a sentence that begins with its name: it stands wherever one is chosen.

Why it is so: ``integration.loop_guard``. It is here because a field of a request says it too.
"""

MAX_CHANGE = 200
"""Characters of a change reference; it stands on one line of every script."""

_SHORTEST = 4
"""Letters of a name in which a mistake can be told from another name."""


def regions() -> Mapping[str, str]:
    """The codes of the regions, each with its place."""
    return {region.code: region.place for region in REGIONS.values()}


def loop_guards() -> Mapping[str, str]:
    """The loop guards; each name says what it does, so there is nothing behind it."""
    return {guard.value: "" for guard in LoopGuard}


def one_of(choices: Mapping[str, str]) -> str:
    """The choices in words, each with what it stands for."""
    return f"one of {', '.join(f'{choice} ({meaning})' if meaning else choice for choice, meaning in choices.items())}"


def parse_region(text: str) -> Region:
    """The region of that code."""
    return REGIONS[_choice(text, regions(), "region")]


def parse_loop_guard(text: str) -> LoopGuard:
    """The loop guard of that name."""
    return LoopGuard(_choice(text, loop_guards(), "loop guard"))


def parse_guid(text: str) -> str:
    """A GUID in lower case with hyphens; braces and capitals are accepted."""
    right = "use 32 hexadecimal digits"
    value = text.strip()
    if value.startswith("{") and value.endswith("}"):
        value = value[1:-1]
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}", value):
        raise InvalidValueError("is not a GUID", right)
    digits = value.replace("-", "").lower()
    if not digits.strip("0"):
        raise InvalidValueError("is the empty GUID, which belongs to nobody", right)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def parse_fingerprint(text: str) -> str:
    """A SHA-256 in lower case. Spaces and line breaks in it are left out: a narrow window breaks it."""
    value = "".join(text.split()).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise InvalidValueError("is not a fingerprint", "use the 64 hexadecimal digits that were approved")
    return value


def parse_domain(text: str) -> str:
    """A domain name in lower case: ASCII labels, at least two."""
    right = "use an accepted domain of the tenant"
    value = text.strip().lower()
    if not text.isascii():
        raise InvalidValueError("is not ASCII", f"write an international domain in its xn-- form; {right}")
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if len(value) > 253 or not re.fullmatch(rf"({label}\.)+{label}", value) or value[-1].isdigit():  # noqa: PLR2004 - RFC 1035
        raise InvalidValueError("is not a domain name", right)
    return value


def parse_line(text: str) -> str:
    """A line of readable text, without anything that does not show, of at most ``MAX_CHANGE`` characters."""
    right = f"use one line of up to {MAX_CHANGE} characters"
    value = text.strip()
    for character in value:
        # Other letters, marks and signs of any script are fine; these do not show, or reorder what is shown.
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}:
            raise InvalidValueError(f"holds the character U+{ord(character):04X}, which does not show", right)
    if len(value) > MAX_CHANGE:
        raise InvalidValueError(f"has {len(value)} characters", right)
    return value


def _choice(text: str, choices: Mapping[str, str], kind: str) -> str:
    """The choice of that name, in capitals or not."""
    wanted = text.strip().lower()
    if wanted in choices:
        return wanted
    meant = _meant(_plain(text), choices)
    hint = f"; perhaps you mean {meant}" if meant else ""
    raise InvalidValueError(f"is not a {kind}", f"use {one_of(choices)}{hint}")


def _plain(text: str) -> str:
    """In small letters, the words parted by hyphens."""
    return re.sub(r"[\s_-]+", "-", text.strip().lower())


def _meant(wanted: str, choices: Mapping[str, str]) -> str:
    """The choice whose name or meaning was written with at most one mistake; empty if there is none, or several.

    A short code is not guessed: with one other letter it is another country's.
    """
    found = {
        choice
        for choice, meaning in choices.items()
        if any(len(name) >= _SHORTEST and _one_mistake(wanted, name) for name in (choice, _plain(meaning)))
    }
    return found.pop() if len(found) == 1 else ""


def _one_mistake(one: str, other: str) -> bool:
    """Whether texts are equal, or would be but for one letter that is missing, too many or wrong, or two swapped."""
    start = alike(one, other)
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:] or left[1:] == right or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )  # fmt: skip
