"""The verdict on one message to one recipient, from the ends of all ways that it may take."""

from collections.abc import Iterable
from dataclasses import dataclass

from mm365.mailflow.assumptions import NOT_ALL_WAYS
from mm365.mailflow.follow import Following
from mm365.mailflow.message import Message
from mm365.mailflow.rule import Rule
from mm365.mailflow.tenant import Tenant
from mm365.mailflow.verdict import Verdict
from mm365.mailflow.way import End, Hop

MOST_ENDS = 64
"""Ends that are listed."""
BAD = (Verdict.LOOPED, Verdict.UNFILTERED)
"""The ends that speak against a change, the worse first: a loop, and mail that was not filtered."""

NamedEnd = tuple[Verdict, tuple[str, ...]]
"""An end of one of several ways, and what it rests on."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What becomes of a message to one recipient.

    ``ends`` are those of all ways, sorted, where the verdict is that it depends; otherwise there are none. ``hops``
    are those of the worst way, and of the longest of these; ``passes`` is how often the filter had the message on it.
    ``acted`` has the rules with actions that are counted, and the passes on which each acted, on any way.
    """

    message: Message
    recipient: str
    verdict: Verdict
    code: str | None
    passes: int
    decided_by: tuple[str, str] | None
    assumptions: tuple[str, ...]
    ends: tuple[NamedEnd, ...]
    hops: tuple[Hop, ...]
    acted: tuple[tuple[Rule, tuple[int, ...]], ...]

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """Every verdict that it may come to."""
        return frozenset(verdict for verdict, _ in self.ends) or frozenset({self.verdict})


def judge(message: Message, recipient: str, tenant: Tenant) -> Judgement:
    """Follow a message to one recipient, and say what becomes of it."""
    following = Following(message, recipient, tenant)
    ends = following.ends()
    worst = max(ends, key=_badness) if len(ends) > 1 else ends[0]
    assumptions = sorted({name for end in ends for name in end.assumptions})
    if not following.whole:
        assumptions.append(NOT_ALL_WAYS)
    is_open = not following.whole or any(end.disputed for end in ends) or len({end.verdict for end in ends}) > 1
    depends = is_open or worst.verdict is Verdict.DEPENDS
    return Judgement(
        message=message,
        recipient=recipient,
        verdict=Verdict.DEPENDS if depends else worst.verdict,
        code=None if depends else worst.code,
        passes=worst.passes,
        decided_by=None if depends else worst.decided_by,
        assumptions=tuple(assumptions),
        ends=_listed(ends) if depends else (),
        hops=worst.hops,
        acted=_acted(ends),
    )


def judge_all(messages: Iterable[Message], tenant: Tenant) -> tuple[Judgement, ...]:
    """One verdict for each recipient of each message."""
    return tuple(judge(message, recipient, tenant) for message in messages for recipient in message.recipients)


def _badness(end: End) -> tuple[int, int, int]:
    how_bad = len(BAD) - BAD.index(end.verdict) if end.verdict in BAD else 0
    return how_bad, end.passes, len(end.hops)


def _listed(ends: Iterable[End]) -> tuple[NamedEnd, ...]:
    """The ends, sorted; where there are more than are listed, some of each verdict, those on which least was chosen."""
    by_verdict: dict[Verdict, list[End]] = {}
    for end in sorted(ends, key=lambda end: len(end.choices)):
        by_verdict.setdefault(end.verdict, []).append(end)
    share = MOST_ENDS // len(by_verdict)
    kept = [end for some in by_verdict.values() for end in some[:share]]
    left = [end for some in by_verdict.values() for end in some[share:]]
    listed = (*kept, *left[: MOST_ENDS - len(kept)])
    return tuple(sorted({(end.verdict, end.rests_on) for end in listed}))


def _acted(ends: Iterable[End]) -> tuple[tuple[Rule, tuple[int, ...]], ...]:
    found: dict[Rule, tuple[int, ...]] = {}
    for end in ends:
        for rule, passes in end.acted:
            found[rule] = max(found.get(rule, ()), passes, key=len)
    return tuple(found.items())
