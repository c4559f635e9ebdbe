"""The blocks of a paste form, as an operator pastes them: one after the other, with the variables on top set."""

import re
from collections.abc import Mapping

from mm365.errors import RehearsalError
from mm365.powershell import literal

Argument = str | int | bool

_BETWEEN = re.compile(r"(?<=^}\n)\n(?=& \{$)", flags=re.MULTILINE)
_ON_TOP = re.compile(r"    \$(?P<name>[A-Za-z]+) = (?P<value>\S+)")


def blocks(text: str) -> list[str]:
    """The blocks of a paste form. Each is pasted by itself."""
    return [block.rstrip("\n") for block in _BETWEEN.split(text)]


def variables(block: str) -> tuple[str, ...]:
    """The variables in the first lines of a block."""
    _, *lines = block.splitlines()
    names = []
    for line in lines:
        found = _ON_TOP.match(line)
        if found is None:
            break
        names.append(found["name"])
    return tuple(names)


def with_values(block: str, values: Mapping[str, Argument]) -> str:
    """A block with these variables set. Raises RehearsalError if it does not have one of them."""
    for name in values:
        if name not in variables(block):
            raise RehearsalError(f"the paste form has no variable ${name}; make the pack again with this version.")
    lines = block.splitlines()
    for number in range(1, len(variables(block)) + 1):
        found = _ON_TOP.match(lines[number])
        if found and found["name"] in values:
            start, end = found.span("value")
            lines[number] = f"{lines[number][:start]}{literal(values[found['name']])}{lines[number][end:]}"
    return "\n".join(lines)
