"""The kinds of exports: what each is recognised by, and what it holds. Nothing hangs on a file's name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mm365.exchange.kinds import Kind
from mm365.snapshot.normal import Json
from mm365.snapshot.refusals import RIGHT, FormatError, refuse_document
from mm365.snapshot.snapshot import Format

BACKUP_FORMAT = "mm365-backup-1"
"""What 20-backup writes in the first line of its file."""
DOMAINS = "AcceptedDomain"
"""The list of accepted domains, beside the three kinds of objects."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What one file holds. ``lists`` has the objects as they are in the file; ``format`` is None if it is empty."""

    format: Format | None
    lists: Mapping[str, tuple[Json, ...]]
    taken_at: str | None = None
    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    doubts: Mapping[Kind, str] = field(default_factory=dict)


def read_document(document: object) -> Export:
    """What a parsed JSON document holds. Raises FormatError for anything else than an export."""
    for recognised, read in _FORMATS:
        if recognised(document):
            return read(document)
    refuse_document(document)
    if not _items(document):
        return Export(format=None, lists={})
    return Export(format=Format.CONVERT_TO_JSON, lists=_sorted_by_kind(_items(document)))


def _items(document: object) -> tuple[Json, ...]:
    """A list's objects, of which ``[null]`` has none; an object alone is a list of one."""
    items: list[object] = document if isinstance(document, list) else [document]
    objects = tuple(item for item in items if isinstance(item, dict))
    if len(objects) != sum(item is not None for item in items):
        raise FormatError("holds something else than objects of a tenant", RIGHT)
    return tuple(item for item in objects if item)


def _sorted_by_kind(items: Iterable[Json]) -> Mapping[str, tuple[Json, ...]]:
    lists: dict[str, list[Json]] = {}
    for item in items:
        lists.setdefault(_kind(item), []).append(item)
    return {kind: tuple(found) for kind, found in lists.items()}


def _kind(item: Json) -> str:
    """Which of the Get cmdlets gave an object: each has properties that the others do not have."""
    keys = {key.lower() for key in item}
    if "smarthosts" in keys and "senderdomains" not in keys:
        return Kind.OUTBOUND
    if "senderdomains" in keys and "smarthosts" not in keys:
        return Kind.INBOUND
    if {"state", "priority"} <= keys:
        return Kind.RULE
    if {"domainname", "domaintype"} <= keys:
        return DOMAINS
    raise FormatError("holds objects that are neither connectors nor transport rules", RIGHT)


def _backup(document: Json) -> Export:
    lists = {}
    for kind in Kind:
        items = document.get(kind.plural)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise FormatError(f"has no list {kind.plural}", "let 20-backup write it again")
        lists[str(kind)] = tuple(items)
    return Export(
        format=Format.BACKUP,
        lists=lists,
        taken_at=_text(document, "takenAt"),
        names=_lowered(_text(document, "tenant")),
        ids=_lowered(_text(document, "tenantId")),
    )


_GOES_ON = "the service's answer goes on on another page"


def _rest(document: Json) -> Export:
    items = _items(document["value"])
    warnings = document.get("@adminapi.warnings")
    cut = "@odata.nextLink" in document or (isinstance(warnings, list) and warnings)
    if cut and not items:
        raise FormatError(f"holds no objects, and {_GOES_ON}", "give an answer with all of its objects")
    if not items:
        return Export(format=None, lists={})
    lists = _sorted_by_kind(items)
    marked = any("@" in key for key in (*document, *items[0]))
    doubts = {kind: _GOES_ON for kind in Kind if cut and kind in lists}
    bare = set(document) == {"value", "Count"} and not marked
    return Export(format=Format.CONVERT_TO_JSON if bare else Format.REST, lists=lists, doubts=doubts)


_SCUBA: Mapping[str, str] = {
    "transport_rule": Kind.RULE,
    "inbound_connectors": Kind.INBOUND,
    "outbound_connectors": Kind.OUTBOUND,
    "accepted_domains": DOMAINS,
}


def _scuba(document: Json) -> Export:
    raw = document.get("Raw")
    document = raw if isinstance(raw, dict) else document
    failed = {str(name) for name in _list(document.get("exo_unsuccessful_commands"))}
    tenants = [each for each in _list(document.get("tenant_details")) if isinstance(each, dict)]
    return Export(
        format=Format.SCUBAGEAR,
        lists={kind: _items(document[key]) for key, kind in _SCUBA.items() if key in document},
        taken_at=_text(document, "timestamp_zulu"),
        names=frozenset(name for each in tenants for name in _lowered(_text(each, "DomainName")) if "." in name),
        ids=frozenset(found for each in tenants for found in _lowered(_text(each, "TenantId"))),
        doubts={kind: f"Get-{kind} failed when ScubaGear ran" for kind in Kind if f"Get-{kind}" in failed},
    )


def _dsc(document: object) -> Export:
    items = [(str(item.get("ResourceName")), item) for item in _items(document)]
    if any("KeyValue" in item for _, item in items):
        raise FormatError("is a report on the differences of two blueprints, not on a tenant", RIGHT)
    return Export(format=Format.DSC, lists=_by_resource(items, "exo"))


def _utcm(document: Json) -> Export:
    items = []
    for resource in _items(document["resources"]):
        properties = resource.get("properties")
        if isinstance(properties, dict):
            items.append((str(resource.get("resourceType")), properties))
    taken_at = _text(document, "createdDateTime")
    return Export(format=Format.UTCM, lists=_by_resource(items, "microsoft.exchange."), taken_at=taken_at)


def _by_resource(items: Iterable[tuple[str, Json]], before: str) -> Mapping[str, tuple[Json, ...]]:
    """The objects by kind, of resources named for their kinds; others are not ours, and a kind may be left out."""
    kinds = {f"{before}{kind}".lower(): str(kind) for kind in (*Kind, DOMAINS)}
    lists: dict[str, list[Json]] = {}
    for resource, properties in items:
        if (kind := kinds.get(resource.lower())) is not None:
            if str(properties.get("Ensure", "")).lower() == "absent":
                raise FormatError("says that an object is to be absent: it is what somebody wants", RIGHT)
            lists.setdefault(kind, []).append(properties)
    return {kind: tuple(found) for kind, found in lists.items()}


_COMBINED: Mapping[str, str] = {
    name.lower(): str(kind) for kind in (*Kind, DOMAINS) for name in (f"{kind}", f"{kind}s", f"Get-{kind}")
}


def _is_combined(document: object) -> bool:
    return isinstance(document, dict) and any(
        key.lower() in _COMBINED and (value is None or isinstance(value, list | dict))
        for key, value in document.items()
    )


def _combined(document: Json) -> Export:
    lists = {_COMBINED[key.lower()]: _items(value) for key, value in document.items() if key.lower() in _COMBINED}
    return Export(format=Format.CONVERT_TO_JSON, lists=lists)


_FORMATS: tuple[tuple[Callable[[object], bool], Callable[..., Export]], ...] = (
    (lambda document: isinstance(document, dict) and document.get("format") == BACKUP_FORMAT, _backup),
    (lambda document: isinstance(document, dict) and _is_scuba(document), _scuba),
    (lambda document: isinstance(document, dict) and _have(document.get("resources"), "resourceType"), _utcm),
    (lambda document: _have(document, "ResourceName"), _dsc),
    (lambda document: isinstance(document, dict) and isinstance(document.get("value"), list), _rest),
    (_is_combined, _combined),
)
"""What a kind of export is recognised by, and what reads it, in the order in which they are tried."""


def _have(value: object, key: str) -> bool:
    """Whether a value is an object with that key, or a list with such objects."""
    return any(isinstance(each, dict) and key in each for each in _list(value))


def _is_scuba(document: Json) -> bool:
    raw = document.get("Raw")
    return any(isinstance(each, dict) and "transport_rule" in each for each in (document, raw))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(document: Json, key: str) -> str | None:
    value = document.get(key)
    return value if isinstance(value, str) and value else None


def _lowered(text: str | None) -> frozenset[str]:
    return frozenset({text.lower()}) if text else frozenset()
