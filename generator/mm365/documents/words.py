"""Numbers and their nouns."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun; the plural is ``many``, or ``one`` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def capitalised(text: str) -> str:
    """The text with a capital first letter; the other letters stay as they are."""
    return f"{text[:1].upper()}{text[1:]}"
