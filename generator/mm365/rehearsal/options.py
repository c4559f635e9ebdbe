"""The options of a rehearsal from the texts that a user gave. Errors say what would be right."""

from collections.abc import Sequence
from pathlib import Path

from mm365.errors import RehearsalError
from mm365.rehearsal.assumptions import BEHAVIOURS
from mm365.rehearsal.beginning import EMPTY
from mm365.rehearsal.faults import parse_fault, parse_kinds
from mm365.rehearsal.program import find_shell
from mm365.rehearsal.rehearsal import Options
from mm365.rehearsal.shells import WAYS, Way


def read_options(  # noqa: PLR0913 - one value an option
    *,
    pack: Path,
    shell: str = "",
    tenant: str = EMPTY,
    way: str = "",
    faults: str = "",
    fault: Sequence[str] = (),
    behaviour: Sequence[str] = (),
) -> Options:
    """Check what a user gave. Raises RehearsalError, and NoPowerShellError where no PowerShell is found."""
    kinds = parse_kinds(faults) if faults else ()
    chosen = tuple(parse_fault(text) for text in fault)
    ways = _ways(way or ("all" if kinds or chosen else "file"))
    return Options(
        pack=pack,
        ways=ways,
        tenant=tenant,
        kinds=kinds,
        chosen=chosen,
        behaviour=dict(_behaviour(text) for text in behaviour),
        program=find_shell(shell),
    )


def _ways(text: str) -> tuple[Way, ...]:
    if text == "all":
        return WAYS
    for way in WAYS:
        if text == way:
            return (way,)
    remedy = f"use one of all, {', '.join(WAYS)}"
    raise RehearsalError("is not a way of running the scripts", remedy, field="way", value=text)


def _behaviour(text: str) -> tuple[str, str | int]:
    name, _, value = text.partition("=")
    if name not in BEHAVIOURS:
        remedy = f"use NAME=VALUE with one of the names {', '.join(BEHAVIOURS)}"
        raise RehearsalError("is not a behaviour", remedy, field="behaviour", value=text)
    behaviour = BEHAVIOURS[name]
    if behaviour.allows(value):
        return name, int(value) if behaviour.number else value
    values = "a number" if behaviour.number else " or ".join(behaviour.answers)
    raise RehearsalError("is not a behaviour", f"{name} is {values}", field="behaviour", value=text)
