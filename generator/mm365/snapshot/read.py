"""A snapshot from the files of an export.

A file may be UTF-8, or UTF-16 with its mark, as Windows PowerShell's ``>`` writes it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm365.errors import SnapshotError
from mm365.exchange.kinds import Kind
from mm365.snapshot.formats import DOMAINS, Export, read_document
from mm365.snapshot.normal import Json, tenant_object
from mm365.snapshot.refusals import RIGHT, FormatError, refuse_text
from mm365.snapshot.snapshot import Format, Snapshot, TenantIdentity, TenantObject

MAX_BYTES = 64 * 1024 * 1024
"""A tenant of 300 rules of 8 KB, the most that there can be, is a few megabytes; ScubaGear's export holds more."""
MAX_DEPTH = 100
"""Microsoft365DSC's report is cut at 25; nothing that exports a tenant nests deeper."""

LISTS: Mapping[str, str] = {f"{kind}s": str(kind) for kind in (*Kind, DOMAINS)}
"""The names under which a file can be given that holds an empty list, each with its kind of object."""

_DECLARED: Mapping[str, str] = {name.lower(): kind for name, kind in LISTS.items()}
_KINDS: Mapping[str, Kind] = {str(kind): kind for kind in Kind}


def read_snapshot(given: Sequence[str]) -> Snapshot:
    """The snapshot in these files, each a path, or ``TransportRules=PATH`` for one that may be an empty list.

    Raises SnapshotError: a file cannot be read, is not an export, or holds what another one holds too.
    """
    files = [_read(text) for text in given]
    exports = [file.export for file in files]
    lists: dict[str, tuple[Json, ...]] = {}
    objects: dict[Kind, tuple[TenantObject, ...]] = {}
    for file in files:
        for kind, items in file.export.lists.items():
            if kind in lists:
                raise _error(file.path, f"holds {kind} objects, which another file holds too", "give each kind once")
            lists[kind] = items
            if kind in _KINDS:
                objects[_KINDS[kind]] = _objects(file, _KINDS[kind], items)
    formats = tuple(dict.fromkeys(export.format for export in exports if export.format))
    return Snapshot(
        formats=formats or (Format.CONVERT_TO_JSON,),
        taken_at=next((export.taken_at for export in exports if export.taken_at), None),
        sha256=hashlib.sha256(b"".join(file.data for file in files)).hexdigest(),
        files=tuple(file.path.name for file in files),
        tenant=TenantIdentity(
            names=frozenset(name for export in exports for name in export.names),
            ids=frozenset(name for export in exports for name in export.ids),
            organization=_organization(objects),
        ),
        accepted_domains=_domains(lists.get(DOMAINS)),
        doubts={kind: text for export in exports for kind, text in export.doubts.items()},
        inbound_connectors=objects.get(Kind.INBOUND),
        outbound_connectors=objects.get(Kind.OUTBOUND),
        rules=objects.get(Kind.RULE),
    )


@dataclass(frozen=True, kw_only=True)
class _File:
    path: Path
    data: bytes
    export: Export


def _read(given: str) -> _File:
    declared, equals, rest = given.partition("=")
    kind = _DECLARED.get(declared.lower()) if equals else None
    path = Path(rest if kind else given)
    data = _bytes(path)
    try:
        export = read_document(_parsed(_decoded(data)))
        if export.format is None:
            if kind is None:
                names = " or ".join(f"{name}=FILE" for name in LISTS)
                raise FormatError("holds no objects, so it does not say of which kind it is the list", f"give {names}")
            export = Export(format=None, lists={kind: ()})
        elif kind is not None and set(export.lists) != {kind}:
            raise FormatError(f"does not hold {declared} alone", f"give it without {declared}=")
    except FormatError as error:
        raise _error(path, error.problem, error.remedy) from error
    return _File(path=path, data=data, export=export)


def _bytes(path: Path) -> bytes:
    try:
        # A file that is too large is not read; what has no size, such as a pipe, is read to the limit.
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be a file's"
        raise _error(path, f"cannot be read: {reason}", "give a file that is there") from error
    if len(data) > MAX_BYTES:
        raise _too_large(path)
    return data


def _too_large(path: Path) -> SnapshotError:
    limit = f"is larger than {MAX_BYTES // 1024 // 1024} MiB"
    return _error(path, limit, "connectors and rules take a few megabytes: export only those")


def _decoded(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise FormatError("is a workbook or an archive", RIGHT)
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError("is not text in UTF-8 or UTF-16", "write it with Set-Content -Encoding UTF8") from error


def _parsed(text: str) -> object:
    if not text.strip():
        return None
    try:
        document = json.loads(text)
        nested = _is_deep(document)
    except RecursionError:
        nested = True
    except json.JSONDecodeError as error:
        refuse_text(text[:2000])
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        if cut and text.lstrip()[0] in "[{":
            raise FormatError(f"is cut off: it ends in line {error.lineno}", "export it, or copy it, again") from error
        raise FormatError(f"is not JSON: {error.msg} in line {error.lineno}", RIGHT) from error
    except ValueError as error:
        raise FormatError("is not JSON: a number in it is too long", RIGHT) from error
    if nested:
        raise FormatError(f"is nested more than {MAX_DEPTH} deep", RIGHT)
    return document


def _is_deep(document: object) -> bool:
    """Whether lists and objects are nested more than MAX_DEPTH deep; found level by level, without recursion."""
    level = [document]
    for _ in range(MAX_DEPTH):
        inside: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inside += each.values()
            elif isinstance(each, list):
                inside += each
        level = [each for each in inside if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _objects(file: _File, kind: Kind, items: Sequence[Json]) -> tuple[TenantObject, ...]:
    """A kind's objects, rules in their order; one that the commands of two queries both returned counts once."""
    unset = file.export.format is not None and file.export.format.leaves_out_unset
    found: dict[object, TenantObject] = {}
    for number, raw in enumerate(items):
        each = tenant_object(kind, raw, leaves_out_unset=unset)
        if not isinstance(each.settings.get("Name"), str):
            raise _error(file.path, f"holds a {kind} without a name", "export it again, with all properties")
        found.setdefault(each.guid.lower() or number, each)
    if kind is not Kind.RULE:
        return tuple(found.values())
    return tuple(sorted(found.values(), key=lambda rule: -1 if rule.priority is None else rule.priority))


_INITIAL_DOMAIN = re.compile(r"[a-z0-9-]+\.onmicrosoft\.[a-z]+")


def _organization(objects: Mapping[Kind, tuple[TenantObject, ...]]) -> str:
    """The organization in the objects' distinguished names; empty if they have none. Raises SnapshotError for two."""
    found = sorted({name for each in objects.values() for one in each for name in _organizations(one)})
    if len(found) > 1:
        problem = f"the files are exports of different tenants: {', '.join(found)}"
        raise SnapshotError(problem, "give those of one tenant")
    return found[0] if found else ""


def _organizations(each: TenantObject) -> Iterator[str]:
    # The first part of a distinguished name is the object's own, which may look like anything.
    parts = re.split(r",(?=CN=)", str(each.settings.get("DistinguishedName") or ""))[1:]
    parts += str(each.settings.get("OrganizationId") or "").split("/")
    for part in parts:
        name = part.removeprefix("CN=").split(" - ")[0].strip().lower()
        if _INITIAL_DOMAIN.fullmatch(name):
            yield name


def _domains(items: Sequence[Json] | None) -> tuple[str, ...] | None:
    if items is None:
        return None
    lowered = ({key.lower(): value for key, value in item.items()} for item in items)
    names = [str(item.get("domainname") or item.get("name") or item.get("identity") or "").lower() for item in lowered]
    # Microsoft365DSC can write a variable in place of the tenant's domain: then they are not known.
    return None if any("$" in name for name in names) else tuple(name for name in names if name)


def _error(path: Path, problem: str, remedy: str) -> SnapshotError:
    return SnapshotError(problem, remedy, field="snapshot", value=path)
