"""The options of a rehearsal from the texts that a user gave. Errors say what would be right."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mm365.errors import RehearsalError
from mm365.rehearsal.beginning import EMPTY
from mm365.rehearsal.faults import parse_fault, parse_kinds
from mm365.rehearsal.rehearsal import Options
from mm365.rehearsal.shells import WAYS, Way, find_shell

BEHAVIOURS: Mapping[str, tuple[str, ...]] = {
    "language": ("en", "de"),
    "outboundListing": ("documented", "captured"),
    "unknownIdentity": ("error", "all"),
    "routeReadsBackAs": ("name", "guid"),
    "removeReferencedConnector": ("error", "allow"),
    "inboundCreation": ("enabled", "disabled", "refused"),
    "lateCalls": (),
}
"""How the service can act where that is not documented. The first value is the default; none means a number."""


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
    values = BEHAVIOURS[name]
    if values and value in values:
        return name, value
    if not values and value.isascii() and value.isdigit():
        return name, int(value)
    remedy = f"{name} is {' or '.join(values) or 'a number'}"
    raise RehearsalError("is not a behaviour", remedy, field="behaviour", value=text)
