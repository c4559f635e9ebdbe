"""Words and patterns in a text, as conditions of rules look for them."""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable
from math import inf, log

Search = Callable[[str], bool]
"""Whether something is in a text, which is given in lower case."""


def words_in(words: Iterable[str]) -> Search:
    """Whether one of the words is in a text, in capitals or not.

    A word counts when what is beside it is an end of the text, white space or punctuation (Microsoft's mail-flow
    pages); part of a longer word does not, and a star is a star.
    """
    lowered = tuple(lower for word in words if (lower := word.lower()))

    def search(text: str) -> bool:
        for word in lowered:  # noqa: SIM110 - a generator would cost a third of the time of a whole run
            if word in text and _stands_alone(word, text):
                return True
        return False

    return search


def _stands_alone(word: str, text: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if _beside(text[at - 1 : at]) and _beside(text[end : end + 1]):
            return True
        at = text.find(word, at + 1)
    return False


def _beside(mark: str) -> bool:
    """Whether a character may stand beside a word; an end of the text is empty."""
    return not mark or mark.isspace() or mark in string.punctuation or unicodedata.category(mark).startswith("P")


MOST_STEPS = 10**7
"""Steps that a pattern may need in the worst case, less than a second; one that may need more is not tried."""


def patterns_in(patterns: Iterable[str]) -> Callable[[str], bool | None] | None:
    """Whether one of the regular expressions is anywhere in a text; None if one of them cannot be read here.

    What is returned gives None for a text in which a pattern might search for longer than anybody waits.
    """
    try:
        compiled = [(re.compile(pattern, re.IGNORECASE).search, _steps(pattern)) for pattern in patterns]
    except (re.error, OverflowError, RecursionError):
        return None

    def search(text: str) -> bool | None:
        found: bool | None = False
        for look, steps in compiled:
            if steps(len(text)) > log(MOST_STEPS):
                found = None
            elif look(text):
                return True
        return found

    return search


def _steps(pattern: str) -> Callable[[int], float]:
    """The logarithm of the most steps that a pattern can take in a text, by the text's length; rather too many.

    Each repetition may end anywhere, and of each group any alternative may be tried. Where a group is repeated there
    is no bound that is of use.
    """
    bare = re.sub(r"\[[^\]]*\]", "x", re.sub(r"\\.", "x", pattern, flags=re.DOTALL))
    if re.search(r"\)[*+{]", bare):
        return lambda length: inf if length else 0
    repeats = len(re.findall(r"[*+?{]", bare))
    groups = max(bare.count("("), 1)
    choices = groups * log(1 + bare.count("|") / groups)
    return lambda length: choices + (repeats + 1) * log(length + 1)
