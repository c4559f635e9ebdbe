"""What a pack keeps of the snapshot that it was planned against: enough to plan again, and to see what has changed.

Of the objects of others it keeps who they are, their place, and what they do and look for; of ours also every approved
setting as it was. One object stands on one line, so that an approver can read it and compare it with another.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.exchange.parameters import ENHANCED_FILTERING, must_not_be_set
from mm365.snapshot.compare import EXCEPTION, LISTINGS, is_named
from mm365.snapshot.completeness import LISTED, is_ruled_out
from mm365.snapshot.snapshot import UNKNOWN, Format, Snapshot, TenantIdentity, TenantObject, is_empty

FORMAT = "mm365-snapshot-1"
_UNKNOWN = "Unknown"
"""The names of the settings that the export did not have, in an object of the excerpt."""
_FIRST = ("Name", "Guid", "Priority", "Enabled", "Mode")
"""What a reader looks for first, and what every object keeps."""
_OF_OURS = ("DistinguishedName", *LISTINGS, "Actions")


def excerpt(snapshot: Snapshot, ours: Sequence[ExchangeObject]) -> str:
    """The excerpt as JSON in ASCII: the same for the same snapshot, and for what ``restored`` reads of it."""
    head = {
        "format": FORMAT,
        "from": {
            "kind": snapshot.kind,
            "taken_at": snapshot.taken_at,
            "sha256": snapshot.sha256,
            "files": list(snapshot.files),
        },
        "tenant": {
            "names": sorted(snapshot.tenant.names),
            "ids": sorted(snapshot.tenant.ids),
            "organization": snapshot.tenant.organization,
        },
        "accepted_domains": None if snapshot.accepted_domains is None else list(snapshot.accepted_domains),
    }
    parts = [f'  "{key}": {json.dumps(value)}' for key, value in head.items()]
    for kind in Kind:
        lines = [f"    {json.dumps(_kept(each, ours))}" for each in snapshot.of_kind(kind)]
        inside = "\n{}\n  ".format(",\n".join(lines)) if lines else ""
        parts.append(f'  "{kind}": [{inside}]')
    return "{{\n{}\n}}\n".format(",\n".join(parts))


def restored(text: str, ours: Sequence[ExchangeObject]) -> Snapshot:
    """The snapshot of an excerpt. Raises ValueError, KeyError, TypeError or AttributeError for any other text."""
    document = json.loads(text)
    if document["format"] != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    origin, tenant, domains = document["from"], document["tenant"], document["accepted_domains"]
    objects = {kind: tuple(_object(kind, raw, ours) for raw in document[str(kind)]) for kind in Kind}
    return Snapshot(
        formats=tuple(Format(name) for name in origin["kind"].split("+")),
        taken_at=origin["taken_at"],
        sha256=origin["sha256"],
        files=tuple(origin["files"]),
        tenant=TenantIdentity(
            names=frozenset(tenant["names"]), ids=frozenset(tenant["ids"]), organization=tenant["organization"]
        ),
        accepted_domains=None if domains is None else tuple(domains),
        inbound_connectors=objects[Kind.INBOUND],
        outbound_connectors=objects[Kind.OUTBOUND],
        rules=objects[Kind.RULE],
    )


def _kept(each: TenantObject, ours: Sequence[ExchangeObject]) -> Mapping[str, object]:
    approved = _approved(each, ours)
    names = [name for name in sorted(each.settings) if _is_kept(each, name, approved)]
    kept = {name: each.settings[name] for name in (*_FIRST, *names) if name in each.settings}
    unknown = sorted({name for name in _asked(each.kind, approved) if _is_unknown(each, name)})
    return {**kept, _UNKNOWN: unknown} if unknown else kept


def _is_unknown(each: TenantObject, name: str) -> bool:
    """Whether the export does not say; the listings of a rule can say that it does not have a setting."""
    return each.value(name) is UNKNOWN and not (name in LISTED and is_ruled_out(each, name, LISTED[name]))


def _is_kept(each: TenantObject, name: str, approved: ExchangeObject | None) -> bool:
    value = each.settings[name]
    if approved is not None and name in approved.values:
        return value is not None
    return not is_empty(value) and (name in _asked(each.kind, approved) or name.startswith(EXCEPTION))


def _asked(kind: Kind, approved: ExchangeObject | None) -> Iterator[str]:
    """The settings about which an excerpt says whether they were set, unset, or not in the export."""
    yield from must_not_be_set(kind)
    yield from {Kind.INBOUND: ENHANCED_FILTERING, Kind.RULE: ("Mode", *LISTED)}.get(kind, ())
    if approved is not None:
        yield from (*approved.values, *_OF_OURS)


def _approved(each: TenantObject, ours: Sequence[ExchangeObject]) -> ExchangeObject | None:
    return next((one for one in ours if one.kind is each.kind and is_named(each, one.name)), None)


def _object(kind: Kind, raw: Mapping[str, object], ours: Sequence[ExchangeObject]) -> TenantObject:
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    unknown = kept.pop(_UNKNOWN, ())
    found = TenantObject(kind=kind, settings=kept)
    asked = _asked(kind, _approved(found, ours))
    unset = {name: None for name in asked if name not in kept and name not in unknown}  # type: ignore[operator]
    return TenantObject(kind=kind, settings={**kept, **unset})
