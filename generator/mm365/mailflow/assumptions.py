"""What a verdict may rest on: what is assumed, and what is followed both ways because it is not documented.

Each has a code, for machines, and a sentence with its sources. A code may name a rule behind a colon.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.display import on_one_line
from mm365.exchange.sources import CMDLETS, INFERRED, KB, MAIL_FLOW, MC1226222, NDR_PAGE, VENDORS, Source


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One thing that a verdict rests on. ``{about}`` in ``text`` is what stands behind the colon of a code."""

    text: str
    sources: tuple[Source, ...]


def _assume(text: str, *sources: Source) -> Assumption:
    return Assumption(text=text, sources=sources)


REPLACES_HEADER = "filter-replaces-header"
NOBODY_ELSES = "sender-domain-of-no-other-customer"
RETURNS_AS_INTERNET_MAIL = "returns-as-internet-mail"
REJECT_ENDS = "reject-ends-evaluation"
SEES_SUBJECT = "later-rules-see-prepended-subject"
ROUND_TRIP_COUNTS = "round-trip-counts-as-iteration"
CONNECTOR_OFF = "connector-off-or-missing"
TEST_MODE = "connector-in-test-mode"
UNKNOWN_ACTION = "action-not-known"
NOT_ALL_WAYS = "not-all-ways-followed"

ASSUMPTIONS: Mapping[str, Assumption] = {
    REPLACES_HEADER: _assume(
        "The filter puts this customer's ID into X-MMCloud-ID, in place of any that is there. The article says only "
        "that the value is unique for each customer.",
        KB, INFERRED,
    ),
    NOBODY_ELSES: _assume(
        "No other customer of the region has the sender's domain as an accepted domain. All share the certificate, so "
        "returned mail is assigned by the sender's domain first.",
        MC1226222, INFERRED,
    ),
    RETURNS_AS_INTERNET_MAIL: _assume(
        "Mail that no connector takes back is treated as mail from the internet and goes through the rules again.",
        MAIL_FLOW, INFERRED,
    ),
    REJECT_ENDS: _assume(
        "A rule that rejects a message ends the evaluation. That is not documented; the verdict is the same either "
        "way.",
        MAIL_FLOW,
    ),
    SEES_SUBJECT: _assume(
        "Later rules see a subject that a rule has changed. That is not documented.", VENDORS, INFERRED
    ),
    ROUND_TRIP_COUNTS: _assume(
        "Each round through the filter counts as one iteration of the loop, which the service ends. That it counts so "
        "is not documented.",
        NDR_PAGE, INFERRED,
    ),
    CONNECTOR_OFF: _assume(
        "What becomes of mail that a rule routes to a connector that is off or missing is not documented ({about}).",
        CMDLETS,
    ),
    TEST_MODE: _assume("Whether a connector in test mode carries mail is not documented ({about}).", CMDLETS),
    UNKNOWN_ACTION: _assume("What an action of a rule does to the way of a message is not known ({about}).", CMDLETS),
    NOT_ALL_WAYS: _assume(
        "There are more ways than were followed: too much of what the rules do is open.", INFERRED
    ),
    "rules-see": _assume("Rules see {about}. Whether they do is not documented.", MAIL_FLOW, VENDORS),
    "rules-do-not-see": _assume("Rules do not see {about}. Whether they do is not documented.", MAIL_FLOW, VENDORS),
    "applies-on-first-pass": _assume(
        "The rule applies on the first pass ({about}). It has a condition that the model does not know, or dates.",
        CMDLETS,
    ),
    "does-not-apply-on-first-pass": _assume("The rule does not apply on the first pass ({about}).", CMDLETS),
    "applies-on-return": _assume(
        "The rule applies to the message each time it returns ({about}). It has a condition that the model does not "
        "know, or dates.",
        CMDLETS,
    ),
    "does-not-apply-on-return": _assume("The rule does not apply when the message returns ({about}).", CMDLETS),
    "works": _assume("The rule works already where the message passes ({about}).", MAIL_FLOW),
    "does-not-work-yet": _assume("The rule does not work yet where the message passes ({about}).", MAIL_FLOW),
    "audit-stop-counts": _assume(
        "A rule in mode Audit that applies stops rule processing. Whether it does is not documented.", CMDLETS
    ),
    "audit-stop-does-not-count": _assume(
        "A rule in mode Audit does not stop rule processing. Whether it does is not documented.", CMDLETS
    ),
    "returned-mail-is-internal": _assume(
        "Internal mail that returns from the filter is still internal to the condition FromScope. Without "
        "CloudServicesMailEnabled the header that says so is dropped.",
        CMDLETS, INFERRED,
    ),
    "returned-mail-is-external": _assume(
        "Internal mail that returns from the filter is external to the condition FromScope. Without "
        "CloudServicesMailEnabled the header that says otherwise is dropped.",
        CMDLETS, INFERRED,
    ),
    "first-connector-wins": _assume(
        "Of several rules that route a message, the first decides. Which does is not documented.", CMDLETS
    ),
    "last-connector-wins": _assume(
        "Of several rules that route a message, the last decides. Which does is not documented.", CMDLETS
    ),
    "test-mode-carries-mail": _assume("A connector in test mode carries mail ({about}).", CMDLETS),
    "test-mode-carries-no-mail": _assume("A connector in test mode carries no mail ({about}).", CMDLETS),
}  # fmt: skip
"""All of them by code."""


def named(code: str, about: str = "") -> str:
    """The code of an assumption, with what it is about."""
    return f"{code}:{about}" if about else code


def explained(named_: str) -> tuple[str, tuple[Source, ...]]:
    """The sentence of an assumption, made safe to show, and its sources."""
    code, _, about = named_.partition(":")
    found = ASSUMPTIONS[code]
    return found.text.replace("{about}", on_one_line(about)), found.sources
