"""How likely a risk is and what it does to mail, and the order of risks by both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mm365.exchange.sources import Source
from mm365.request.request import LoopGuard


class Likelihood(StrEnum):
    """How likely it is, the most likely first."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class Impact(StrEnum):
    """What it does to mail, the worst first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


IMPACT_MEANS: Mapping[Impact, str] = {
    Impact.HIGH: "mail of everybody can stop, loop or be refused",
    Impact.MEDIUM: "some mail can be refused, judged wrongly or left unfiltered",
    Impact.LOW: "mail is delivered, or the change stops before it touches mail",
}


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How likely a risk is and what it does to mail, in a sentence.

    ``sources`` say how likely it is; where there are none, the likelihood is this project's judgement.
    """

    likelihood: Likelihood
    impact: Impact
    effect: str
    sources: tuple[Source, ...] = ()

    @property
    def weight(self) -> tuple[int, int]:
        """The heavier, the smaller: likelihood and impact count the same; of two equal ones impact decides."""
        likelihood = len(Likelihood) - list(Likelihood).index(self.likelihood)
        impact = len(Impact) - list(Impact).index(self.impact)
        return -likelihood * impact, -impact


def rated(likelihood: Likelihood, impact: Impact, effect: str, *sources: Source) -> Rating:
    """A rating; ``sources`` say how likely it is, if anybody does."""
    return Rating(likelihood=likelihood, impact=impact, effect=effect, sources=sources)


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What can go wrong, and what to do about it. ``standing``: no check in the tenant can settle it beforehand.

    ``rating`` holds under every loop guard that has none of its own in ``under``.
    """

    key: str
    title: str
    why: str
    do: str
    sources: tuple[Source, ...]
    rating: Rating
    under: Mapping[LoopGuard, Rating] = field(default_factory=dict, hash=False)
    standing: bool = False


def ranked(risks: Iterable[Risk], guard: LoopGuard) -> tuple[Risk, ...]:
    """The risks, each with its rating under a loop guard, the heaviest first; equals stay in their order."""
    found = [replace(risk, rating=risk.under.get(guard, risk.rating), under={}) for risk in risks]
    return tuple(sorted(found, key=lambda risk: risk.rating.weight))
