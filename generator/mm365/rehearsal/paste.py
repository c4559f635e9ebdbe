"""Fills in the first lines of a paste form, as an operator does before pasting it."""

import re
from collections.abc import Mapping

from mm365.errors import RehearsalError
from mm365.powershell import literal

Argument = str | int | bool


def pasted(text: str, arguments: Mapping[str, Argument]) -> str:
    """A paste form in whose first lines these variables are set. Raises RehearsalError if it lacks one of them."""
    for name, value in arguments.items():
        line = f"    ${name} = {literal(value)}".replace("\\", r"\\")
        text, times = re.subn(rf"^    \${name} = .*$", line, text, count=1, flags=re.MULTILINE)
        if times != 1:
            raise RehearsalError(f"the paste form has no variable ${name}; make the pack again with this version.")
    return text.rstrip("\n")
