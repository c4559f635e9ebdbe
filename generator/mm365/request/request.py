"""The request: what a person asked for, validated and frozen.

Values come from options, from a file (``request.file``) or both; every problem is found and told at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mm365.display import shortened
from mm365.errors import InvalidValueError, Problem, RequestError
from mm365.request.fields import FIELDS, HEADER_ID, UNUSABLE
from mm365.request.parsers import DEFAULT_LOOP_GUARD, LoopGuard
from mm365.request.regions import Region

__all__ = ["LoopGuard", "Request", "build_request", "parse_values"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A validated request; its fields are those of ``request.fields``.

    ``tenant`` is an accepted domain of the tenant, in lower case. ``header_id`` and ``tenant_id`` are GUIDs in
    lower case with hyphens; either may be empty where it is not needed or not known. ``change`` is the text
    that leads to the change record, or empty.
    """

    region: Region
    tenant: str
    header_id: str = ""
    tenant_id: str = ""
    change: str = ""
    loop_guard: LoopGuard = DEFAULT_LOOP_GUARD

    @property
    def masked_header_id(self) -> str:
        """The header ID for eyes that need not know it: it works like a password."""
        return shortened(self.header_id)

    @property
    def is_example(self) -> bool:
        """Whether the header ID is the example's, which is public and belongs to no customer."""
        return self.header_id == HEADER_ID.example

    @property
    def unusable(self) -> str:
        """Why nothing made from it can be used, and what to do instead; empty if it can be used."""
        return UNUSABLE if self.is_example else ""

    def as_dict(self) -> dict[str, str]:
        """The request as plain text under the names of its fields, in their order."""
        return {name: str(getattr(self, name)) for name in FIELDS}

    def shown(self) -> dict[str, str]:
        """The same for eyes that need not know what is secret."""
        return {name: shortened(text) if FIELDS[name].secret else text for name, text in self.as_dict().items()}


def build_request(
    values: Mapping[str, str], *, needs: Collection[str], places: Mapping[str, str] | None = None
) -> Request:
    """The request of these texts, of which ``needs`` must be there. Raises RequestError: see ``parse_values``."""
    parsed = parse_values(values, needs=needs, places=places)
    # Each parser returns the type of the field that it is named for.
    return Request(**parsed)  # type: ignore[arg-type]


def parse_values(
    values: Mapping[str, str], *, needs: Collection[str] = (), places: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The values of these texts, by name; one that is empty counts as absent.

    ``places`` says for a name in which file its text was written. Raises RequestError with a problem for each text
    that is wrong and each of ``needs`` that is missing, KeyError for a name that is not a field's.
    """
    if unknown := values.keys() - FIELDS.keys():
        raise KeyError(*sorted(unknown))
    places = places or {}
    parsed: dict[str, object] = {}
    problems = []
    for name, field in FIELDS.items():
        text = values.get(name, "")
        try:
            if text.strip():
                parsed[name] = field.parse(text)
            elif name in needs:
                problems.append(Problem(problem="is needed", remedy=f"give {field.hint}", field=name))
        except InvalidValueError as error:
            place = places.get(name, "")
            problems.append(Problem(problem=error.problem, remedy=error.remedy, field=name, value=text, place=place))
    if problems:
        raise RequestError(problems)
    return parsed
