"""The request: what a person asked for, validated and frozen.

Values come from flags, from a file (``request_file``) or both; every problem is found and told at once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mm365.display import quoted, shortened
from mm365.errors import RequestError
from mm365.request.regions import REGIONS, Region


class LoopGuard(StrEnum):
    """What keeps a message that came back from the filter from being sent there again."""

    STOP = "stop"
    STOP_AND_EXCEPT = "stop-and-except"
    KB_LITERAL = "kb-literal"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A validated request.

    ``tenant`` is an accepted domain of the tenant, in lower case. ``header_id`` and ``tenant_id`` are GUIDs in
    lower case with hyphens; either may be empty where it is not needed or not known. ``change`` is the text
    that leads to the change record, or empty.
    """

    region: Region
    tenant: str
    header_id: str = ""
    tenant_id: str = ""
    change: str = ""
    loop_guard: LoopGuard = LoopGuard.STOP

    @property
    def masked_header_id(self) -> str:
        """The header ID for eyes that need not know it: it works like a password."""
        return shortened(self.header_id)

    def as_dict(self) -> dict[str, str]:
        """The request under the names of its options, in their order, as plain text."""
        return {
            "region": self.region.code,
            "header_id": self.header_id,
            "tenant": self.tenant,
            "tenant_id": self.tenant_id,
            "change": self.change,
            "loop_guard": self.loop_guard.value,
        }


MAX_CHANGE = 200
"""Characters of a change reference; it stands on one line of every script."""


def parse_region(text: str) -> Region:
    """The region of that code; ValueError says which there are and which is nearest."""
    code = text.strip().lower()
    if code in REGIONS:
        return REGIONS[code]
    near = max(REGIONS, key=lambda known: (code.startswith(known), len(set(known) & set(code))))
    hint = f"; the nearest is {near}" if set(near) & set(code) else ""
    raise ValueError(f"is no region; use one of {', '.join(REGIONS)}{hint}")


def parse_guid(text: str) -> str:
    """A GUID in lower case with hyphens; braces and capitals are accepted. ValueError otherwise."""
    right = "use 32 hexadecimal digits such as 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11"
    value = text.strip()
    if value.startswith("{") and value.endswith("}"):
        value = value[1:-1]
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}", value):
        raise ValueError(f"is no GUID; {right}")
    guid = UUID(value)
    if guid.int == 0:
        raise ValueError(f"is the empty GUID, which belongs to nobody; {right}")
    return str(guid)


def parse_tenant(text: str) -> str:
    """A domain name in lower case: ASCII labels, at least two. ValueError otherwise."""
    right = "use an accepted domain of the tenant such as contoso.onmicrosoft.com"
    value = text.strip().lower()
    if not text.isascii():
        raise ValueError(f"is not ASCII; write an international domain in its xn-- form; {right}")
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if len(value) > 253 or not re.fullmatch(rf"({label}\.)+{label}", value) or value[-1].isdigit():  # noqa: PLR2004 - RFC 1035
        raise ValueError(f"is no domain name; {right}")
    return value


def parse_change(text: str) -> str:
    """A line of readable text; ValueError for anything that does not show, or more than ``MAX_CHANGE``."""
    right = f"use one line of up to {MAX_CHANGE} characters such as CHG0012345"
    value = text.strip()
    for character in value:
        # Other letters, marks and signs of any script are fine; these do not show, or reorder what is shown.
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}:
            raise ValueError(f"holds the character U+{ord(character):04X}, which does not show; {right}")
    if len(value) > MAX_CHANGE:
        raise ValueError(f"has {len(value)} characters; {right}")
    return value


def parse_loop_guard(text: str) -> LoopGuard:
    """The loop guard of that name; ValueError says which there are."""
    try:
        return LoopGuard(text.strip().lower())
    except ValueError:
        raise ValueError(f"is no loop guard; use one of {', '.join(LoopGuard)}") from None


PARSERS: Mapping[str, Callable[[str], object]] = {
    "region": parse_region,
    "header_id": parse_guid,
    "tenant": parse_tenant,
    "tenant_id": parse_guid,
    "change": parse_change,
    "loop_guard": parse_loop_guard,
}
"""The names that a request has, in order, each with what turns its text into its value."""

HINTS = {
    "region": "one of " + ", ".join(REGIONS),
    "header_id": "the GUID that LevelBlue gave you for the X-MMCloud-ID header",
    "tenant": "an accepted domain of the tenant, such as contoso.onmicrosoft.com",
}
"""What to give for a name that is needed and missing."""


def option(name: str) -> str:
    """The command line's option for a name of a request."""
    return "--" + name.replace("_", "-")


def build_request(
    values: Mapping[str, str], *, needs: Iterable[str], origins: Mapping[str, str] | None = None
) -> Request:
    """The request of these texts, of which ``needs`` must be there. Raises RequestError: see ``parse_values``."""
    parsed = parse_values(values, needs=needs, origins=origins)
    # Each parser returns the type of the field that it is named for.
    return Request(**parsed)  # type: ignore[arg-type]


def parse_values(
    values: Mapping[str, str], *, needs: Iterable[str] = (), origins: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The values of these texts, by name; one that is empty counts as absent.

    ``origins`` says for a name where its text was written, when that is not its option. Raises RequestError with
    a line for each text that is wrong and each of ``needs`` that is missing.
    """
    origins = origins or {}
    parsed: dict[str, object] = {}
    problems = []
    for name, text in values.items():
        if not text.strip():
            continue
        try:
            parsed[name] = PARSERS[name](text)
        except ValueError as problem:
            problems.append(f"{origins.get(name, option(name))} {quoted(text)} {problem}.")
    problems += [f"{option(name)} is needed; give {HINTS[name]}." for name in needs if not values.get(name, "").strip()]
    if problems:
        raise RequestError(problems)
    return parsed
