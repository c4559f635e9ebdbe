"""The ordered steps of a change. Every step knows its inverse; rollback is the mirrored list, computed.

    create inbound, create outbound, create Loop Check, create Redirect, enable Loop Check, enable Redirect

and backwards, with the wait for mail under way after Redirect is off:

    disable Redirect, drain, disable Loop Check, remove Redirect, Loop Check, outbound, inbound
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mm365.exchange.objects import ExchangeObject, Integration


class Action(StrEnum):
    """What a step does to its object."""

    CREATE = "create"
    REMOVE = "remove"
    ENABLE = "enable"
    DISABLE = "disable"
    DRAIN = "drain"


_INVERSE = {
    Action.CREATE: Action.REMOVE, Action.REMOVE: Action.CREATE,
    Action.ENABLE: Action.DISABLE, Action.DISABLE: Action.ENABLE,
}  # fmt: skip

_VERB = {
    Action.CREATE: "create the", Action.REMOVE: "remove the", Action.ENABLE: "turn on the",
    Action.DISABLE: "turn off the", Action.DRAIN: "wait for mail sent by the",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change to one object.

    ``depends_on`` is the object whose presence decides whether the service accepts this step: a rule needs its
    connector; a connector cannot go while a rule uses it. ``check`` says how one sees that it is done.
    """

    action: Action
    object: ExchangeObject
    why: str
    undo_why: str
    check: str
    depends_on: ExchangeObject | None = None
    undo_depends_on: ExchangeObject | None = None

    @property
    def title(self) -> str:
        """What it does, in words."""
        return f"{_VERB[self.action]} {self.object.label} '{self.object.name}'"

    @property
    def undo(self) -> "Step":
        """The step that takes this one back."""
        return replace(
            self,
            action=_INVERSE[self.action],
            why=self.undo_why,
            undo_why=self.why,
            depends_on=self.undo_depends_on,
            undo_depends_on=self.depends_on,
        )

    @property
    def in_words(self) -> str:
        """What is said instead of a simulated call that the service would refuse."""
        assert self.depends_on is not None  # noqa: S101 - only steps with a dependency are told in words
        if self.action is Action.CREATE:
            reason = f"needs the {self.depends_on.label}, which is not there yet"
        else:
            reason = f"is still used by the {self.depends_on.label}, which would be gone by then"
        verb = "created" if self.action is Action.CREATE else "removed"
        return f"  What if: it would be {verb}. Not sent to the service: it {reason}."

    def announcement(self, number: int, total: int) -> str:
        """The line with which a script begins this step."""
        return f"{number} of {total}: {self.title}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps of a change, in order."""

    steps: tuple[Step, ...]

    def only(self, *actions: Action) -> tuple[Step, ...]:
        """The steps with one of these actions, in order."""
        return tuple(step for step in self.steps if step.action in actions)

    @property
    def undo(self) -> tuple[Step, ...]:
        """The mirrored list, with the wait for mail under way behind the first step."""
        mirrored = [step.undo for step in reversed(self.steps)]
        first = mirrored[0]
        drain = replace(first, action=Action.DRAIN, why=_DRAIN_WHY, undo_why="")
        return (first, drain, *mirrored[1:])


_DRAIN_WHY = (
    "Mail that Redirect sent out may wait in Exchange's queue, be in the filter or be on its way back. Exchange "
    "retries for 24 hours. Loop Check and both connectors stay until then, so that this mail arrives."
)


def build_plan(integration: Integration) -> Plan:
    """The steps that bring all of an integration into a tenant and turn it on."""
    return Plan(steps=(*_creations(integration), *_enablings(integration)))


def _creations(integration: Integration) -> Iterable[Step]:
    undo = {
        "Inbound": "Last of all: until here, mail that comes back from the filter was still accepted.",
        "Outbound": "After the rules: a connector that a rule uses may not be removable.",
        "LoopCheck": "It is off, nothing is sent to the filter any more, and no marked mail is under way.",
        "Redirect": "It is off; nothing needs it any more. It goes before the connector that it refers to.",
    }
    why = {
        "Inbound": "The way back first: when mail is sent out, it has to be able to return.",
        "Outbound": "The way out. Nothing uses it until the Redirect rule is on.",
        "LoopCheck": "Created off, and before Redirect, so that it stands above it at the bottom of the list.",
        "Redirect": "Created off, at the very bottom: nothing changes for mail until 50-enable turns it on.",
    }
    for object_ in integration.objects:
        yield Step(
            action=Action.CREATE,
            object=object_,
            why=why[object_.key],
            undo_why=undo[object_.key],
            check="every setting is read back and compared",
            depends_on=integration.outbound if object_ is integration.redirect else None,
            undo_depends_on=integration.redirect if object_ is integration.outbound else None,
        )


def _enablings(integration: Integration) -> Iterable[Step]:
    yield Step(
        action=Action.ENABLE,
        object=integration.loop_check,
        why="Loop Check is turned on alone and given time to work everywhere. It changes nothing for mail until "
        "messages carry the header.",
        undo_why="Only now: as long as filtered mail was coming back, it had to be recognised.",
        check="its State reads Enabled",
    )
    yield Step(
        action=Action.ENABLE,
        object=integration.redirect,
        why="From here on every message goes through MailMarshal Cloud. This is the moment in which mail changes its "
        "way, so everything is compared once more, before and after.",
        undo_why="The first step back: no more mail is sent to the filter.",
        check="its State reads Enabled, and everything else is as approved",
    )
