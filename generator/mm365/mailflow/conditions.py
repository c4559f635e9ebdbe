"""Conditions and exceptions of a rule, compiled: each says of a message that it holds, that it does not, or neither.

``None`` says that the model cannot know: the condition is not one of those that it knows, or a value is not written
in a way that it can read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mm365.exchange.parameters import catalogue
from mm365.mailflow.actions import ACTIONS, DETAILS
from mm365.mailflow.message import Message, MessageType, domain_of
from mm365.mailflow.words import patterns_in, words_in
from mm365.snapshot.snapshot import is_empty

Settings = Mapping[str, Any]
"""An object's settings by the cmdlets' own names, with values as the cmdlets take them."""

EXCEPTION = "ExceptIf"
INSIDE, OUTSIDE = "InOrganization", "NotInOrganization"
SCOPES = (INSIDE, OUTSIDE)

_NOT_CONDITIONS = {
    *ACTIONS, *DETAILS,
    # Settings of the rule itself.
    "Name", "Identity", "Priority", "Mode", "RuleErrorAction", "RuleSubType", "SenderAddressLocation",
    "RecipientAddressType", "Comments", "ActivationDate", "ExpiryDate", "Enabled", "UseLegacyRegex",
}  # fmt: skip
_TYPES = {MessageType.OUT_OF_OFFICE: "oof", MessageType.CALENDAR: "calendaring"}
"""How MessageTypeMatches calls the types of message that it has a value for."""
_KNOWN_TYPES = frozenset(
    value.lower() for value in catalogue()["cmdlets"]["New-TransportRule"]["parameters"]["MessageTypeMatches"]["values"]
)
_PAIRS = {
    "HeaderContainsMessageHeader": "HeaderContainsWords",
    "HeaderMatchesMessageHeader": "HeaderMatchesPatterns",
}
"""The settings that name a header, each with the one that says what to look for in it."""
_HEADERS = {words: header for header, words in _PAIRS.items()}
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}


class Envelope:
    """What conditions look at, for one message and one recipient, in lower case.

    Rules change ``headers`` and ``subject``. ``from_scope`` is None while it is open which one counts.
    """

    __slots__ = (
        "from_scope", "headers", "kind", "recipient", "recipient_domains", "sender", "sender_domains", "size",
        "subject", "to_scope",
    )  # fmt: skip

    def __init__(self, message: Message, recipient: str) -> None:
        self.sender = message.sender.lower()
        self.recipient = recipient.lower()
        self.sender_domains = _with_parents(domain_of(message.sender))
        self.recipient_domains = _with_parents(domain_of(recipient))
        self.from_scope: str | None = OUTSIDE
        self.to_scope = INSIDE
        self.headers: Mapping[str, str] = {name: value.lower() for name, value in message.headers.items()}
        self.subject = message.subject.lower()
        self.size = message.size
        self.kind = _TYPES.get(message.kind, "")

    def copy(self) -> "Envelope":
        """The same, to be changed apart. Headers are never changed in place."""
        other = object.__new__(Envelope)
        for name in Envelope.__slots__:
            setattr(other, name, getattr(self, name))
        return other


Test = Callable[[Envelope], bool | None]
"""Whether a condition holds; None if that is not known."""


def is_set(value: object) -> bool:
    """Whether a setting has a value: a switch that is off has none, and neither has an empty list or text."""
    return not is_empty([one for one in value if one is not None] if isinstance(value, list | tuple) else value)


def conditions_of(settings: Settings, *, exceptions: bool) -> list[Test]:
    """A rule's conditions, or its exceptions, of which ``Conditions`` or ``Exceptions`` may list more."""
    prefix = EXCEPTION if exceptions else ""
    found = [_test(name, value, settings, prefix) for name, value in _conditions(settings, prefix)]
    listed = settings.get("Exceptions" if exceptions else "Conditions")
    if isinstance(listed, list | tuple) and len([one for one in listed if one]) > len(found):
        # One that came to Exchange Online after the table of cmdlets was drawn up.
        found.append(_unknown)
    return found


def all_of(conditions: list[Test], exceptions: list[Test]) -> Test:
    """Whether a rule applies: all of its conditions hold, and none of its exceptions (Microsoft's mail-flow pages)."""
    if not exceptions:
        if not conditions:
            return _always
        if len(conditions) == 1:
            return conditions[0]

    def test(envelope: Envelope) -> bool | None:
        known: bool | None = True
        for condition in conditions:
            held = condition(envelope)
            if held is False:
                return False
            known = known and held
        for exception in exceptions:
            held = exception(envelope)
            if held:
                return False
            known = known and (True if held is False else None)
        return known

    return test


def _conditions(settings: Settings, prefix: str) -> Iterator[tuple[str, object]]:
    parameters = catalogue()["cmdlets"]["New-TransportRule"]["parameters"]
    for name, value in settings.items():
        plain = name.removeprefix(EXCEPTION)
        words = f"{prefix}{_PAIRS[plain]}" if plain in _PAIRS else ""
        # A header is a condition together with what it is looked at for.
        if words and is_set(settings.get(words)):
            continue
        if name == prefix + plain and plain not in _NOT_CONDITIONS and name in parameters and is_set(value):
            yield plain, value


def _test(name: str, value: Any, settings: Settings, prefix: str) -> Test:
    if name in _HEADERS:
        search = words_in(_texts(value)) if name == "HeaderContainsWords" else patterns_in(_texts(value))
        return _header(settings.get(prefix + _HEADERS[name]), search)
    make = _KNOWN.get(name)
    return make(_texts(value)) if make else _unknown


def _texts(value: object) -> list[str]:
    """The values of a condition; the service gives a list, or a single value."""
    return [str(one) for one in value if one is not None] if isinstance(value, list | tuple) else [str(value)]


def _header(name: object, search: Callable[[str], bool | None] | None) -> Test:
    if not isinstance(name, str) or not name or search is None:
        return _unknown
    lower = name.lower()

    def test(envelope: Envelope) -> bool | None:
        value = envelope.headers.get(lower)
        return value is not None and search(value)

    return test


def _always(envelope: Envelope) -> bool:  # noqa: ARG001 - a test takes an envelope
    return True


def _unknown(envelope: Envelope) -> None:  # noqa: ARG001 - a test takes an envelope
    return None


def _from_scope(values: list[str]) -> Test:
    scope = next((known for known in SCOPES if [known.lower()] == [value.lower() for value in values]), None)
    if scope is None:
        return _unknown
    return lambda envelope: None if envelope.from_scope is None else envelope.from_scope is scope


def _to_scope(values: list[str]) -> Test:
    scope = next((known for known in SCOPES if [known.lower()] == [value.lower() for value in values]), None)
    return _unknown if scope is None else lambda envelope: envelope.to_scope is scope


def _sender_domain(values: list[str]) -> Test:
    domains = frozenset(value.lower() for value in values)
    return lambda envelope: not domains.isdisjoint(envelope.sender_domains)


def _recipient_domain(values: list[str]) -> Test:
    domains = frozenset(value.lower() for value in values)
    return lambda envelope: not domains.isdisjoint(envelope.recipient_domains)


def _from(values: list[str]) -> Test:
    addresses, otherwise = _addresses(values)
    return lambda envelope: envelope.sender in addresses or otherwise


def _to(values: list[str]) -> Test:
    addresses, otherwise = _addresses(values)
    return lambda envelope: envelope.recipient in addresses or otherwise


def _addresses(values: list[str]) -> tuple[frozenset[str], bool | None]:
    """The addresses, and what follows where none fits: a person may also be written by name or identity."""
    known = frozenset(value.lower() for value in values if "@" in value)
    return known, False if len(known) == len({value.lower() for value in values}) else None


def _subject(values: list[str]) -> Test:
    search = words_in(values)
    return lambda envelope: search(envelope.subject)


def _size_over(values: list[str]) -> Test:
    bytes_ = size_in_bytes(values[0]) if len(values) == 1 else None
    return _unknown if bytes_ is None else lambda envelope: envelope.size > bytes_


def _message_type(values: list[str]) -> Test:
    types = frozenset(value.lower() for value in values)
    otherwise = False if types <= _KNOWN_TYPES else None
    return lambda envelope: envelope.kind in types or otherwise


def size_in_bytes(text: str) -> int | None:
    """A size as the service writes it (``25 MB (26,214,400 bytes)``), or as a cmdlet takes it; None if neither."""
    if exact := re.search(r"\(([\d,]+) bytes\)", text):
        return int(exact[1].replace(",", ""))
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,15})?)\s*(B|KB|MB|GB|TB)?", text.strip(), re.IGNORECASE)
    return int(float(found[1]) * _UNITS[(found[2] or "B").upper()]) if found else None


def _with_parents(domain: str) -> frozenset[str]:
    """A domain and those that it is a subdomain of."""
    labels = domain.split(".")
    return frozenset(".".join(labels[start:]) for start in range(len(labels)))


_KNOWN: Mapping[str, Callable[[list[str]], Test]] = {
    "FromScope": _from_scope,
    "SentToScope": _to_scope,
    "SenderDomainIs": _sender_domain,
    "RecipientDomainIs": _recipient_domain,
    "From": _from,
    "SentTo": _to,
    "SubjectContainsWords": _subject,
    "MessageSizeOver": _size_over,
    "MessageTypeMatches": _message_type,
}
"""The conditions that the model knows, besides those on headers."""
