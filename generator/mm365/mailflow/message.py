"""A message as the model follows it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MessageType(StrEnum):
    """What kind of message it is, as far as conditions and the service tell kinds apart."""

    NORMAL = "normal"
    NDR = "ndr"
    OUT_OF_OFFICE = "out-of-office"
    CALENDAR = "calendar"
    JOURNAL = "journal"


class Filter(StrEnum):
    """What the filter does: which customer's header it puts on a message, or that it does not answer."""

    OURS = "ours"
    OTHER = "other"
    NONE = "none"
    DOWN = "down"


class Start(StrEnum):
    """Where the way of a message begins. All but the first are for the standard messages."""

    ENTRY = "entry"
    IN_FILTER = "in-filter"
    RELEASED = "released"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message. ``sender`` is an address or empty, as that of bounces is; ``size`` is in bytes.

    ``headers`` are by name in lower case. ``name`` is what the message is called where verdicts are shown. ``danger``
    is whether it is made to show what can go wrong, so that a bad end says nothing about the change.
    """

    name: str
    sender: str
    recipients: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    size: int = 20_000
    kind: MessageType = MessageType.NORMAL
    filter: Filter = Filter.OURS
    start: Start = Start.ENTRY
    danger: bool = False

    @property
    def unseen_kind(self) -> str:
        """What it is called if it is not documented whether rules see it; empty if rules do see it.

        Bounces and journal reports have no value of MessageTypeMatches (mail-flow pages; not documented). An empty
        sender is that of a bounce, unless the message is of a type that rules are known to see.
        """
        if self.kind is MessageType.JOURNAL:
            return "journal reports"
        is_bounce = self.kind is MessageType.NDR or (self.kind is MessageType.NORMAL and not self.sender)
        return "bounces" if is_bounce else ""


def domain_of(address: str) -> str:
    """The domain of an address in lower case; empty for an empty address."""
    return address.rpartition("@")[2].lower()


def is_internal(address: str, accepted_domains: Collection[str]) -> bool:
    """Whether an address is in an accepted domain of the tenant."""
    return domain_of(address) in accepted_domains


def others_id(header_id: str) -> str:
    """A header ID that is not this one."""
    return f"{'1' if header_id[:1] == '0' else '0'}{header_id[1:]}"
