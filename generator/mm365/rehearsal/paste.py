"""A paste form as an operator pastes it: the variables in its first lines set, and one block after the other."""

import re
from collections.abc import Mapping

from mm365.errors import RehearsalError
from mm365.powershell import literal

Argument = str | int | bool

_BETWEEN_BLOCKS = re.compile(r"(?<=^}\n)\n(?=& \{$)", flags=re.MULTILINE)


def pasted(text: str, arguments: Mapping[str, Argument]) -> str:
    """A paste form in whose blocks these variables are set, wherever a block has them.

    Raises RehearsalError if no block has one of them.
    """
    for name, value in arguments.items():
        line = f"    ${name} = {literal(value)}".replace("\\", r"\\")
        text, times = re.subn(rf"^    \${name} = \S+", line, text, flags=re.MULTILINE)
        if not times:
            raise RehearsalError(f"the paste form has no variable ${name}; make the pack again with this version.")
    return text


def blocks(text: str) -> list[str]:
    """The blocks of a paste form: a shell runs each when it is complete, also after one that failed."""
    return [block.rstrip("\n") for block in _BETWEEN_BLOCKS.split(text)]
