"""What the emulated Exchange Online assumes where it is not documented how the service acts.

The sources are in emulator/NOTES.md. What a user can have otherwise is a ``Behaviour``; the rest is fixed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """A question that the documents leave open, and each answer that the emulator can be told to act by.

    The first answer is the default. ``number`` is the answer if the value is a number, which has to be written for {}.
    """

    question: str
    answers: Mapping[str, str]
    number: str = ""

    @property
    def default(self) -> str:
        """The value that holds if none is given."""
        return next(iter(self.answers))

    def answer(self, value: object) -> str:
        """What the emulator does with this value."""
        return self.answers.get(str(value)) or self.number.format(value)

    def allows(self, value: str) -> bool:
        """Whether this is one of its values."""
        return value in self.answers or bool(self.number and value.isascii() and value.isdigit())


BEHAVIOURS: Mapping[str, Behaviour] = {
    "language": Behaviour(
        question="In which language does the service write errors, warnings and questions?",
        answers={"en": "In English.", "de": "In German."},
    ),
    "outboundListing": Behaviour(
        question="Does Get-OutboundConnector list connectors that only rules use, if it is not told to?",
        answers={"documented": "No, as its reference page says.", "captured": "Yes, as captured answers show."},
    ),
    "unknownIdentity": Behaviour(
        question="What does a Get cmdlet do if there is no object of the name that it is given?",
        answers={"error": "It fails with an error.", "all": "It returns every object."},
    ),
    "routeReadsBackAs": Behaviour(
        question="How does a rule show the connector to which it sends mail?",
        answers={"name": "By its name.", "guid": "By its Guid."},
    ),
    "removeReferencedConnector": Behaviour(
        question="Can an outbound connector be removed while a rule still uses it?",
        answers={"error": "No. That is an error.", "allow": "Yes."},
    ),
    "inboundCreation": Behaviour(
        question="Does the service let this tenant create inbound connectors of type OnPremises?",
        answers={
            "enabled": "Yes, and a new one is on.",
            "disabled": "It creates them off, warns, and does not let anybody turn them on.",
            "refused": "No. That is an error.",
        },
    ),
    "lateCalls": Behaviour(
        question="How soon can a new object be found?",
        answers={"0": "At once."},
        number="The first {} calls that look for objects of its kind do not find it.",
    ),
}
"""By the names that ``--behaviour`` takes, which are those of the emulator."""

_FIXED = (
    (
        "Can two connectors have the same name?",
        "No, and neither can two rules. Capitals and small letters are the same.",
    ),
    ("Which characters may the name of a header hold?", "All but white space and colons."),
    ("Can TlsDomain be set without TlsSettings DomainValidation?", "No. That is an error."),
    (
        "What do errors and warnings say?",
        "Texts that were made up. Only the class of the error for a missing object is known.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """An open question and what is assumed. ``option`` is the value of ``--behaviour``; empty if it cannot be chosen.

    ``chosen`` says that the user asked for it.
    """

    question: str
    answer: str
    option: str = ""
    chosen: bool = False


def assumptions(given: Mapping[str, object]) -> Iterator[Assumption]:
    """Everything that is assumed, where a user gave these behaviours."""
    for name, behaviour in BEHAVIOURS.items():
        value = given.get(name, behaviour.default)
        yield Assumption(
            question=behaviour.question,
            answer=behaviour.answer(value),
            option=f"{name}={value}",
            chosen=name in given,
        )
    for question, answer in _FIXED:
        yield Assumption(question=question, answer=answer)
