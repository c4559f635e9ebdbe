"""The standard messages: what an approver asks about, each with the state of the tenant that it meets."""

from dataclasses import dataclass, replace
from typing import Any

from mm365.integration.rules import HEADER
from mm365.mailflow.message import Filter, Message, MessageType, Start, others_id
from mm365.request.request import Request

_HEADER = HEADER.lower()
_OUTSIDE = "alice@example.org"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A standard message. ``about`` says what it shows.

    ``propagating`` are rules that may not work everywhere yet when it comes; ``off`` is the connector that is off.
    """

    message: Message
    about: str
    propagating: tuple[str, ...] = ()
    off: str = ""


def standard_messages(request: Request) -> tuple[Sample, ...]:
    """The standard messages for a tenant, in the order in which they are shown."""
    user, colleague = f"user@{request.tenant}", f"colleague@{request.tenant}"
    arriving = Message(name="", sender=_OUTSIDE, recipients=(user,), subject="Sample")
    leaving = replace(arriving, sender=user, recipients=(_OUTSIDE,))
    internal = replace(arriving, sender=user, recipients=(colleague,))
    ours = {_HEADER: request.header_id}
    others = {_HEADER: others_id(request.header_id)}
    return (
        _sample(arriving, "inbound", "from the internet"),
        _sample(internal, "internal", "from a mailbox to another"),
        _sample(leaving, "outbound", "from a mailbox to the internet"),
        _sample(internal, "several-recipients", "to a mailbox and to the internet", recipients=(colleague, _OUTSIDE)),
        _sample(arriving, "bounce-in", "a bounce from the internet", sender="", kind=MessageType.NDR),
        _sample(leaving, "bounce-out", "a bounce to the internet", sender="", kind=MessageType.NDR),
        _sample(
            leaving,
            "out-of-office",
            "an automatic reply to the internet, with an empty sender",
            sender="",
            kind=MessageType.OUT_OF_OFFICE,
        ),
        _sample(internal, "calendar", "an invitation", kind=MessageType.CALENDAR),
        _sample(internal, "journal", "a journal report", kind=MessageType.JOURNAL),
        _sample(arriving, "too-large", "larger than the mailbox allows", start=Start.TOO_LARGE),
        _sample(arriving, "filter-down", "while the filter does not answer", filter=Filter.DOWN),
        _sample(arriving, "outbound-connector-off", "while the outbound connector is off", off="outbound"),
        _sample(leaving, "inbound-connector-off", "while the inbound connector is off", off="inbound"),
        _sample(
            arriving,
            "in-flight",
            "in the filter while Redirect is being turned on or off",
            propagating=("redirect",),
            start=Start.IN_FILTER,
        ),
        _sample(
            arriving,
            "loop-check-late",
            "while Loop Check does not work everywhere yet",
            propagating=("loop_check",),
            danger=True,
        ),
        _sample(
            arriving, "released", "released from the quarantine of a rule above", start=Start.RELEASED, danger=True
        ),
        _sample(arriving, "stamped-outside", "with this customer's ID on it already", headers=ours, danger=True),
        _sample(arriving, "other-id-outside", "with another customer's ID on it already", headers=others),
        _sample(
            arriving,
            "stamped-other",
            "the filter puts another customer's ID on it",
            filter=Filter.OTHER,
            danger=True,
        ),
        _sample(arriving, "not-stamped", "the filter puts no ID on it", filter=Filter.NONE, danger=True),
    )


def _sample(
    like: Message, name: str, about: str, *, propagating: tuple[str, ...] = (), off: str = "", **changes: Any
) -> Sample:
    message = replace(like, name=name, **changes)
    return Sample(message=message, about=about, propagating=propagating, off=off)
