"""What a tenant has, as values: its connectors and its rules by the cmdlets' own names, whatever exported them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final

from mm365.exchange.kinds import Kind


class Format(StrEnum):
    """A kind of export. It is found from a file's content, never from its name."""

    BACKUP = "mm365-backup"
    CONVERT_TO_JSON = "convertto-json"
    REST = "rest"
    SCUBAGEAR = "scubagear"
    DSC = "m365dsc"
    UTCM = "utcm"

    @property
    def leaves_out_unset(self) -> bool:
        """Whether a setting that is not in such an export is unset; elsewhere it is not known."""
        return self in {Format.DSC, Format.UTCM}


class Unknown(Enum):
    """The type of ``UNKNOWN``."""

    UNKNOWN = "not in the export"


UNKNOWN: Final = Unknown.UNKNOWN
"""The value of a setting that the export does not hold. It is neither unset nor false."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TenantObject:
    """A connector or a rule of the tenant. Two that are alike are still two.

    ``settings`` are all properties that the export holds, by the cmdlets' own names and with the values that the
    cmdlets take: ``("*",)``, not ``["smtp:*;1"]``; ``Enabled`` for connectors and rules alike; None where it is unset.
    Properties that no cmdlet takes, such as Description, are kept as the export has them. ``guid`` is empty where the
    export has none, and so is ``priority`` None for connectors.
    """

    kind: Kind
    settings: Mapping[str, object]
    leaves_out_unset: bool = False

    @property
    def name(self) -> str:
        """Its name in the tenant, as it was written there."""
        return str(self.settings["Name"])

    @property
    def guid(self) -> str:
        """What identifies it, also under another name; empty where the export does not say."""
        return str(self.settings.get("Guid") or "")

    @property
    def priority(self) -> int | None:
        """A rule's place, from 0; None for a connector and where the export does not say."""
        value = self.settings.get("Priority")
        return value if isinstance(value, int) else None

    @property
    def enabled(self) -> bool | None:
        """Whether it is on; None where the export does not say."""
        value = self.settings.get("Enabled")
        return value if isinstance(value, bool) else None

    @property
    def acting(self) -> bool:
        """Whether it is on and acts: a rule in mode Audit only writes to the message trace what it would do."""
        return self.enabled is True and not str(self.settings.get("Mode") or "").lower().startswith("audit")

    def value(self, name: str) -> object:
        """A setting's value: None if it is unset, UNKNOWN if the export does not say."""
        return self.settings.get(name, None if self.leaves_out_unset else UNKNOWN)

    def is_set(self, name: str) -> bool:
        """Whether the export says that a setting has a value other than nothing or false."""
        return not is_empty(self.value(name))


def is_empty(value: object) -> bool:
    """Whether a value is that of a setting nobody has set: nothing, false, an empty text or list, the empty Guid."""
    if value is None or value is UNKNOWN or isinstance(value, bool):
        return not isinstance(value, bool) or not value
    return value == _EMPTY_GUID or (isinstance(value, str | tuple | list | dict) and not value)


_EMPTY_GUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, kw_only=True)
class TenantIdentity:
    """Whose tenant it is, as far as the files say; all of it in lower case.

    ``names`` are domains by which a file names its tenant and ``ids`` its Guids. ``organization`` is the domain in its
    objects' distinguished names, which is the initial one: a request may name another domain of the same tenant.
    """

    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a tenant had when it was exported.

    ``sha256`` is that of the bytes of all files, one after the other; ``files`` are their names. ``taken_at`` is None
    where no file says when. ``accepted_domains`` is None where they are not in the files; each of the three lists is
    None where no file holds it. ``rules`` are in the order of their priorities. ``doubts`` says of a kind of object why
    its list may not be whole, where a file says so itself.
    """

    formats: tuple[Format, ...]
    taken_at: str | None
    sha256: str
    files: tuple[str, ...]
    tenant: TenantIdentity
    accepted_domains: tuple[str, ...] | None = None
    doubts: Mapping[Kind, str] = field(default_factory=dict)
    inbound_connectors: tuple[TenantObject, ...] | None = None
    outbound_connectors: tuple[TenantObject, ...] | None = None
    rules: tuple[TenantObject, ...] | None = None

    @property
    def kind(self) -> str:
        """How its kind of export is called; files of several kinds are named together."""
        return "+".join(self.formats)

    def of_kind(self, kind: Kind) -> tuple[TenantObject, ...]:
        """The objects of a kind; none where no file holds them, see ``missing``."""
        return self._lists[kind] or ()

    @property
    def missing(self) -> tuple[Kind, ...]:
        """The kinds of objects that no file holds."""
        return tuple(kind for kind, objects in self._lists.items() if objects is None)

    @property
    def objects(self) -> Iterator[TenantObject]:
        """All of them."""
        return (each for kind in Kind for each in self.of_kind(kind))

    @property
    def _lists(self) -> Mapping[Kind, tuple[TenantObject, ...] | None]:
        return {
            Kind.INBOUND: self.inbound_connectors,
            Kind.OUTBOUND: self.outbound_connectors,
            Kind.RULE: self.rules,
        }
