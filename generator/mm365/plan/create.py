"""The plan that brings all of an integration into a tenant without it, and turns it on.

    create inbound, create outbound, create Loop Check, create Redirect, enable Loop Check, enable Redirect

and backwards, with the wait for mail under way after Redirect is off:

    disable Redirect, drain, disable Loop Check, remove Redirect, Loop Check, outbound, inbound
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mm365.exchange.objects import ExchangeObject, Integration
from mm365.plan.step import Create, Drain, Enable, Reason, Step


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps of a change, in order."""

    steps: tuple[Step, ...]

    @property
    def creations(self) -> tuple[Create, ...]:
        """The steps that create something, in order."""
        return tuple(step for step in self.steps if isinstance(step, Create))

    @property
    def enablings(self) -> tuple[Enable, ...]:
        """The steps that turn something on, in order."""
        return tuple(step for step in self.steps if isinstance(step, Enable))

    @property
    def undo(self) -> tuple[Step, ...]:
        """The mirrored list of inverses, with the wait for mail under way behind the first of them."""
        first, *others = (step.inverse for step in reversed(self.steps))
        return (first, Drain(object=first.object, there=Reason(why=_DRAIN), back=Reason(why="")), *others)


_DRAIN = "Mail may wait in Exchange's queue, be in the filter or be on its way back. It needs what is still there."


def build_plan(integration: Integration) -> Plan:
    """The steps that bring all of an integration into a tenant and turn it on."""
    return Plan(steps=(*_creations(integration), *_enablings(integration)))


def _creations(integration: Integration) -> Iterator[Create]:
    yield _creation(
        integration.inbound,
        why="The way back first: when mail is sent out, it has to be able to return.",
        undo="Last of all: until here, mail that comes back from the filter was still accepted.",
    )
    yield _creation(
        integration.outbound,
        why="The way out. Nothing uses it until the Redirect rule is on.",
        undo="After the rules: a connector that a rule uses may not be removable.",
        undo_needs=integration.redirect,
    )
    yield _creation(
        integration.loop_check,
        why="Created off, and before Redirect, so that it stands above it at the bottom of the list.",
        undo="It is off, nothing is sent to the filter any more, and no marked mail is under way.",
    )
    yield _creation(
        integration.redirect,
        why="Created off, at the very bottom: no mail is sent to the filter until 50-enable turns it on.",
        undo="It is off; nothing needs it any more. It goes before the connector that it refers to.",
        needs=integration.outbound,
    )


def _creation(
    object_: ExchangeObject,
    *,
    why: str,
    undo: str,
    needs: ExchangeObject | None = None,
    undo_needs: ExchangeObject | None = None,
) -> Create:
    return Create(object=object_, there=Reason(why=why, needs=needs), back=Reason(why=undo, needs=undo_needs))


def _enablings(integration: Integration) -> Iterator[Enable]:
    yield Enable(
        object=integration.loop_check,
        there=Reason(
            why="Loop Check is turned on alone and given time to work everywhere. It changes nothing for mail until "
            "messages carry the header."
        ),
        back=Reason(why="Only now: as long as filtered mail was coming back, it had to be recognised."),
    )
    yield Enable(
        object=integration.redirect,
        there=Reason(
            why="From here on every message goes through MailMarshal Cloud. This is the moment in which mail changes "
            "its way, so everything is compared once more, before and after."
        ),
        back=Reason(why="The first step back: no more mail is sent to the filter."),
        also=", and everything else is as approved",
    )
