"""What a verdict may rest on: what is assumed, and what is followed both ways because it is not documented.

Each has a code, for machines, and a sentence with its sources. A code may say behind a colon what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mm365.display import on_one_line
from mm365.exchange.sources import CMDLETS, INFERRED, KB, MAIL_FLOW, MC1226222, NDR_PAGE, VENDORS, Source
from mm365.integration.rules import LOOP_CHECK_NAME, REDIRECT_NAME


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One thing that a verdict rests on, in a sentence; what stands behind the colon of a code is told with it."""

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
OPEN_ENDS = (CONNECTOR_OFF, TEST_MODE, UNKNOWN_ACTION)
"""What a way may end with where the model cannot follow it any further."""

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
        "What becomes of mail that a rule routes to a connector that is off or missing is not documented.",
        CMDLETS,
    ),
    TEST_MODE: _assume("Whether a connector in test mode carries mail is not documented.", CMDLETS),
    UNKNOWN_ACTION: _assume("What an action of a rule does to the way of a message is not known.", CMDLETS),
    NOT_ALL_WAYS: _assume("There are more ways than were followed: too much of what the rules do is open.", INFERRED),
}  # fmt: skip
"""What the model assumes, by code."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """Something open. ``yes`` and ``no`` are the codes of the two ways, ``if_yes`` and ``if_no`` say them briefly.

    ``{about}`` in these is what the question is about; ``text`` says in a sentence what is open.
    """

    yes: str
    no: str
    if_yes: str
    if_no: str
    text: str
    sources: tuple[Source, ...]


class Choice(NamedTuple):
    """A question about one thing, which is answered once on a way."""

    question: Question
    about: str = ""

    def code(self, *, is_so: bool) -> str:
        """The code of one of the two ways."""
        return named(self.question.yes if is_so else self.question.no, self.about)


RULES_SEE = Question(
    yes="rules-see",
    no="rules-do-not-see",
    if_yes="rules see {about}",
    if_no="rules do not see {about}",
    text="Whether rules are applied to such mail is not documented.",
    sources=(MAIL_FLOW, VENDORS),
)
APPLIES_FIRST = Question(
    yes="applies-on-first-pass",
    no="does-not-apply-on-first-pass",
    if_yes="'{about}' applies on the first pass",
    if_no="'{about}' does not apply on the first pass",
    text="The rule has a condition that the model does not know or that could take too long to try, or dates: whether "
    "it applies on the first pass is open.",
    sources=(CMDLETS,),
)
APPLIES_ON_RETURN = Question(
    yes="applies-on-return",
    no="does-not-apply-on-return",
    if_yes="'{about}' applies when it returns",
    if_no="'{about}' does not apply when it returns",
    text="The rule has a condition that the model does not know or that could take too long to try, or dates: whether "
    "it applies to mail that returns is open.",
    sources=(CMDLETS,),
)
WORKS = Question(
    yes="works-already",
    no="does-not-work-yet",
    if_yes="{about} works already",
    if_no="{about} does not work yet",
    text="A rule that was changed a short time ago works in some places and not in others, on each pass anew.",
    sources=(MAIL_FLOW,),
)
AUDIT_STOPS = Question(
    yes="audit-stop-counts",
    no="audit-stop-does-not-count",
    if_yes="a rule in mode Audit stops rule processing",
    if_no="a rule in mode Audit does not stop rule processing",
    text="Whether a rule in mode Audit stops rule processing is not documented.",
    sources=(CMDLETS,),
)
RETURNED_IS_INTERNAL = Question(
    yes="returned-mail-is-internal",
    no="returned-mail-is-external",
    if_yes="internal mail is still internal when it returns",
    if_no="internal mail is external when it returns",
    text="Whether internal mail that returns is still internal to FromScope is not documented: without "
    "CloudServicesMailEnabled the header that says so is dropped.",
    sources=(CMDLETS, INFERRED),
)
FIRST_WINS = Question(
    yes="first-connector-wins",
    no="last-connector-wins",
    if_yes="the first rule that routes it decides",
    if_no="the last rule that routes it decides",
    text="Which connector wins where several rules route a message is not documented.",
    sources=(CMDLETS,),
)
TEST_MODE_CARRIES = Question(
    yes="test-mode-carries-mail",
    no="test-mode-carries-no-mail",
    if_yes="a connector in test mode carries mail",
    if_no="a connector in test mode carries no mail",
    text="Whether a connector in test mode carries mail is not documented.",
    sources=(CMDLETS,),
)
_QUESTIONS: Mapping[str, Question] = {
    code: question
    for question in (
        RULES_SEE, APPLIES_FIRST, APPLIES_ON_RETURN, WORKS, AUDIT_STOPS, RETURNED_IS_INTERNAL, FIRST_WINS,
        TEST_MODE_CARRIES,
    )
    for code in (question.yes, question.no)
}  # fmt: skip


def named(code: str, about: str = "") -> str:
    """The code of an assumption, with what it is about."""
    return f"{code}:{about}" if about else code


def explained(named_: str) -> tuple[str, tuple[Source, ...]]:
    """The sentence of a code, and its sources."""
    code = named_.partition(":")[0]
    found = _QUESTIONS.get(code) or ASSUMPTIONS[code]
    return found.text, found.sources


def briefly(named_: str) -> str:
    """What a code says of the way it stands on, made safe to show; empty for what is assumed on every way."""
    code, _, about = named_.partition(":")
    found = _QUESTIONS.get(code)
    if found is None:
        return ""
    about = about.replace(LOOP_CHECK_NAME, "Loop Check").replace(REDIRECT_NAME, "Redirect")
    return (found.if_yes if code == found.yes else found.if_no).replace("{about}", on_one_line(about))
