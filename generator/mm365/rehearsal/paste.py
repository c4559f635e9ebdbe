"""A paste form with the variables in its first lines set, as an operator sets them before pasting."""

import re
from collections.abc import Mapping

from mm365.errors import RehearsalError
from mm365.powershell import literal

Argument = str | int | bool


def pasted(text: str, arguments: Mapping[str, Argument]) -> str:
    """A paste form with the variables in its first lines set. Raises RehearsalError where it has no such variable."""
    for name, value in arguments.items():
        line = f"    ${name} = {literal(value)}".replace("\\", r"\\")
        text, times = re.subn(rf"^    \${name} = .*$", line, text, count=1, flags=re.MULTILINE)
        if times != 1:
            raise RehearsalError(f"the paste form has no variable ${name}; make the pack again with this version.")
    return text.rstrip("\n")
