"""Words and patterns in a text, as conditions of rules look for them."""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable

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


def patterns_in(patterns: Iterable[str]) -> Search | None:
    """Whether one of the regular expressions is anywhere in a text; None if one of them cannot be read here."""
    try:
        searches = [re.compile(pattern, re.IGNORECASE).search for pattern in patterns]
    except (re.error, OverflowError, RecursionError):
        return None
    return lambda text: any(search(text) for search in searches)
