"""The kinds of objects in Exchange Online that carry mail to a filter and back."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of object; its value is the noun of the cmdlets that handle it.

    ``plural`` is the name of its list in backups and in the emulator's tenants, ``short`` its name in a fault.
    """

    INBOUND = "InboundConnector", "inboundConnectors", "inbound"
    OUTBOUND = "OutboundConnector", "outboundConnectors", "outbound"
    RULE = "TransportRule", "transportRules", "rule"

    plural: str
    short: str

    def __new__(cls, noun: str, plural: str, short: str) -> "Kind":
        """A member from its row in the table above."""
        kind = str.__new__(cls, noun)
        kind._value_ = noun
        kind.plural, kind.short = plural, short
        return kind
