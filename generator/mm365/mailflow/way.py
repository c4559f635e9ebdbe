"""One way that a message may take: where it is, what was chosen on it, and what has happened so far."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mm365.integration.rules import HEADER
from mm365.mailflow.conditions import Envelope
from mm365.mailflow.rule import Rule
from mm365.mailflow.tenant import Connector
from mm365.mailflow.verdict import Verdict

if TYPE_CHECKING:
    from mm365.mailflow.assumptions import Choice


class Hop(NamedTuple):
    """One thing that happens to a message. ``number`` is the pass through Exchange Online, None outside it."""

    at: str
    number: int | None
    event: str
    name: str | None
    text: str


EXCHANGE, OUT, FILTER, BACK, MAILBOX, INTERNET = (
    "exchange", "outbound-connector", "filter", "inbound-connector", "mailbox", "internet",
)  # fmt: skip
"""Places of a hop."""


@dataclass(frozen=True, kw_only=True)
class End:
    """How a way ended. ``acted`` has, for each rule with actions that are counted, the passes on which it acted.

    ``keeps_header``: the header of filtered mail is still on it. ``disputed``: two rules routed the message to
    different connectors, so the verdict is not documented.
    """

    verdict: Verdict
    code: str | None
    passes: int
    decided_by: tuple[str, str] | None
    assumptions: tuple[str, ...]
    choices: tuple[tuple["Choice", bool], ...]
    hops: tuple[Hop, ...]
    acted: tuple[tuple[Rule, tuple[int, ...]], ...]
    disputed: bool
    keeps_header: bool

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The codes of all that this end rests on, sorted: what is assumed, and what was chosen on the way."""
        return tuple(sorted({*self.assumptions, *(choice.code(is_so=is_so) for choice, is_so in self.choices)}))


_Hops = tuple[Hop, "_Hops"] | None
"""The hops so far, the last one first: ways that part share what they had in common."""


def _in_order(hops: "_Hops") -> tuple[Hop, ...]:
    found = []
    while hops:
        hop, hops = hops
        found.append(hop)
    return tuple(reversed(found))


class Way:
    """A way on which a message is followed. It is copied where something is open, and both copies go on."""

    __slots__ = (
        "acted", "assumptions", "at", "choices", "disputed", "ended_by", "entry", "envelope", "hops", "noted",
        "number", "passes", "seen", "worked",
    )  # fmt: skip

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.number = 1
        self.passes = 0
        self.at = 0
        self.noted: list[tuple[Rule, Connector | None]] = []
        self.ended_by: Rule | None = None
        self.choices: dict[Choice, bool] = {}
        self.worked: dict[int, bool] = {}
        self.assumptions: dict[str, None] = {}
        self.acted: dict[Rule, tuple[int, ...]] = {}
        self.seen: frozenset[object] = frozenset()
        self.entry: object = None
        self.hops: _Hops = None
        self.disputed = False

    def copy(self) -> "Way":
        """The same way, to be followed apart."""
        other = object.__new__(Way)
        for name in Way.__slots__:
            setattr(other, name, getattr(self, name))
        other.envelope = self.envelope.copy()
        other.noted = list(self.noted)
        other.choices, other.worked = dict(self.choices), dict(self.worked)
        other.assumptions, other.acted = dict(self.assumptions), dict(self.acted)
        return other

    def tell(self, at: str, event: str, text: str, name: str | None = None) -> None:
        """Note what happens."""
        self.hops = (Hop(at, self.number if at == EXCHANGE else None, event, name, text), self.hops)

    def end(self, verdict: Verdict, code: str | None = None, *, connector: Connector | None = None) -> End:
        """The end of this way. ``connector`` took the message although no rule routed it there."""
        rule = self.ended_by or (self.noted[-1][0] if self.noted else None)
        by_connector = ("connector", connector.name) if connector else None
        return End(
            verdict=verdict,
            code=code,
            passes=self.passes,
            decided_by=("rule", rule.name) if rule else by_connector,
            assumptions=tuple(self.assumptions),
            choices=tuple(self.choices.items()),
            hops=_in_order(self.hops),
            acted=tuple(self.acted.items()),
            disputed=self.disputed,
            keeps_header=HEADER.lower() in self.envelope.headers,
        )
