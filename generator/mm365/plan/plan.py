"""What is to be done in a tenant: for each of the four objects what becomes of it, and the steps, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mm365.exchange.objects import ExchangeObject
from mm365.integration.facts import FACTS
from mm365.plan.step import Create, Drain, Enable, Reason, Step, TurnOn, Update
from mm365.snapshot.difference import Difference
from mm365.snapshot.snapshot import Snapshot, TenantObject


class Action(StrEnum):
    """What becomes of an object."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    REFUSE = "refuse"


class Level(StrEnum):
    """What a finding means: the plan is refused, somebody must accept it, or it is to be known."""

    STOP = "stop"
    WARN = "warn"
    NOTE = "note"


class Outcome(StrEnum):
    """What a plan comes to: nothing is that all is kept and nothing turned on."""

    CHANGE = "change"
    NOTHING = "nothing"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about the tenant that whoever decides has to know. ``subject`` is the name of what it is about."""

    code: str
    level: Level
    subject: str
    text: str


OBJECT_NAMES: Mapping[str, str] = {
    "Inbound": "inbound_connector",
    "Outbound": "outbound_connector",
    "LoopCheck": "loop_check",
    "Redirect": "redirect",
}
"""What the JSON calls an object, by its key."""


@dataclass(frozen=True, kw_only=True)
class PlannedObject:
    """What becomes of one of the four objects.

    ``object`` is as it was approved and ``before`` what the tenant has in its place, or None. ``turned_on`` is
    whether a step of its own turns it on; a connector that is created is on from its creation.
    """

    object: ExchangeObject
    action: Action
    turned_on: bool
    differences: tuple[Difference, ...]
    why: str
    before: TenantObject | None = None

    @property
    def name(self) -> str:
        """What the JSON calls it."""
        return OBJECT_NAMES[self.object.key]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps of a change, in order, and what they come to.

    ``objects`` are all four, in the order in which they are created. ``order_now`` and ``order_after`` are the names
    of all rules. ``snapshot`` is what the plan was made against; None is a tenant without the integration. A plan that
    is refused has no steps.
    """

    steps: tuple[Step, ...]
    objects: tuple[PlannedObject, ...]
    order_now: tuple[str, ...] = ()
    order_after: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    snapshot: Snapshot | None = None

    @property
    def creations(self) -> tuple[Create, ...]:
        """The steps that create something, in order."""
        return tuple(step for step in self.steps if isinstance(step, Create))

    @property
    def changes(self) -> tuple[Create | Update | TurnOn, ...]:
        """The steps before the rules are turned on: what is created, changed and, of connectors, turned on."""
        return tuple(step for step in self.steps if isinstance(step, Create | Update | TurnOn))

    @property
    def enablings(self) -> tuple[Enable, ...]:
        """The steps that turn a rule on, in order."""
        return tuple(step for step in self.steps if isinstance(step, Enable))

    @property
    def undo(self) -> tuple[Step, ...]:
        """The mirrored list of inverses, with the wait for mail under way behind turning Redirect off."""
        return tuple(self._undo())

    def _undo(self) -> Iterator[Step]:
        for step in reversed(self.steps):
            yield step.inverse
            # What stands behind is what mail under way needs. Without turning Redirect on, no mail went there.
            if step.object.key == "Redirect" and self._sends_mail(step):
                yield Drain(object=step.object, there=_DRAIN, back=_DRAIN)

    def _sends_mail(self, step: Step) -> bool:
        """Whether mail goes to the filter from this step of Redirect on: it is turned on, or it is on and may act."""
        if isinstance(step, Update):
            kept = not any(one.object == step.object for one in self.enablings)
            return kept and any(difference.setting == "Mode" for difference in step.differences)
        return isinstance(step, Enable)

    @property
    def refused(self) -> bool:
        """Whether something stops it."""
        return any(finding.level is Level.STOP for finding in self.findings)

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        if self.refused:
            return Outcome.REFUSED
        return Outcome.CHANGE if self.steps else Outcome.NOTHING


_DRAIN = Reason(
    why="Mail may wait in Exchange's queue, be in the filter or be on its way back. It needs what is still there.",
    sources=FACTS["drain"].sources,
)
