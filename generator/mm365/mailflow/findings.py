"""What stands out in the verdicts: loops, mail that is not filtered, and rules that act twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm365.exchange.sources import CMDLETS, INFERRED, OXFORD, VENDORS, Source
from mm365.mailflow.actions import ADDS_RECIPIENTS, CHANGES_TEXT, MODERATES, REPORTS
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.rule import Rule
from mm365.mailflow.tenant import Stage, Tenant
from mm365.mailflow.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that somebody has to accept (``warn``) or know (``note``). ``subject`` is a rule or a message."""

    code: str
    level: str
    subject: str
    text: str
    sources: tuple[Source, ...] = ()


_TWICE: Mapping[tuple[str, ...], tuple[str, tuple[Source, ...]]] = {
    ADDS_RECIPIENTS: (
        "Exchange counts that a rule has added recipients, and allows it once: the second pass may end in 5.7.128.",
        (OXFORD,),
    ),
    MODERATES: (
        "Exchange counts requests for approval, and allows one: the second request may be dropped without a word.",
        (OXFORD,),
    ),
    CHANGES_TEXT: ("The text is on the message twice.", (VENDORS,)),
    REPORTS: ("The report or notification is sent twice.", (CMDLETS, INFERRED)),
}
"""What becomes of an action that happens again on the second pass."""


def findings(judgements: Sequence[Judgement], tenant: Tenant, stage: Stage) -> tuple[Finding, ...]:
    """What stands out, the gravest first. Mail that is not filtered counts only where Redirect is meant to be on."""
    return (
        *_ends(judgements, Verdict.LOOPED),
        *(_ends(judgements, Verdict.UNFILTERED) if stage is Stage.REDIRECT else ()),
        *_filtered_again(judgements),
        *_acting_twice(judgements, tenant),
    )


_ENDS = {
    Verdict.LOOPED: ("loop", "It goes round until the service ends that"),
    Verdict.UNFILTERED: ("bypass", "It is delivered without having been filtered"),
}


def _ends(judgements: Iterable[Judgement], verdict: Verdict) -> Iterator[Finding]:
    code, what = _ENDS[verdict]
    for one in judgements:
        if verdict in one.verdicts:
            depends = "" if one.verdict is verdict else ", on one of the ways that are open"
            danger = ". The message is made to show this danger" if one.message.danger else ""
            level = "note" if one.message.danger else "warn"
            yield Finding(code=code, level=level, subject=one.message.name, text=f"{what}{depends}{danger}.")


def _filtered_again(judgements: Iterable[Judgement]) -> Iterator[Finding]:
    for one in judgements:
        if Verdict.FILTERED in one.verdicts and one.passes > 1 and Verdict.LOOPED not in one.verdicts:
            text = f"It is delivered after {one.passes} passes through the filter."
            yield Finding(code="filtered-again", level="note", subject=one.message.name, text=text)


def _acting_twice(judgements: Sequence[Judgement], tenant: Tenant) -> Iterator[Finding]:
    # By place: in another state of the tenant, a rule is another object.
    twice: dict[int, list[str]] = {}
    # A message that is made to show a loop meets every rule again and again.
    for one in (one for one in judgements if not one.message.danger):
        for rule, passes in one.acted:
            if len(passes) > 1:
                twice.setdefault(rule.position, []).append(one.message.name)
        held = next((rule for rule in tenant.rules if _holds(rule, one, tenant)), None)
        if held:
            twice.setdefault(held.position, []).append(one.message.name)
    for rule in tenant.rules:
        names = ", ".join(dict.fromkeys(twice.get(rule.position, ())))
        for actions, (text, sources) in _TWICE.items() if names else ():
            if not {*rule.counted, *rule.moderates}.isdisjoint(actions):
                said = f"It acts on the way out and again when the message returns ({names}). {text}"
                yield Finding(code="acts-twice", level="warn", subject=rule.name, text=said, sources=sources)


def _holds(rule: Rule, judgement: Judgement, tenant: Tenant) -> bool:
    """Whether a rule holds the message for approval, after which it goes on to Redirect and comes back to the rule."""
    if not rule.moderates or Verdict.HELD not in judgement.verdicts:
        return False
    below = (other.route for other in tenant.rules if other.position > rule.position)
    to_filter = any((connector := tenant.connector(route)) and connector.to_filter for route in below if route)
    return to_filter and any(hop.event == "rule" and hop.name == rule.shown for hop in judgement.hops)
