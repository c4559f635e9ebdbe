"""The plan that brings all of an integration into a tenant without it, and turns it on.

    create inbound, create outbound, create Loop Check, create Redirect, enable Loop Check, enable Redirect

and backwards, with the wait for mail under way after Redirect is off:

    disable Redirect, drain, disable Loop Check, remove Redirect, Loop Check, outbound, inbound
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mm365.exchange.objects import ExchangeObject, Integration
from mm365.exchange.sources import CMDLETS, INFERRED, KB, Source
from mm365.integration.facts import FACTS
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
        return (first, Drain(object=first.object, there=_DRAIN, back=_DRAIN), *others)


_DRAIN = Reason(
    why="Mail may wait in Exchange's queue, be in the filter or be on its way back. It needs what is still there.",
    sources=FACTS["drain"].sources,
)


def build_plan(integration: Integration) -> Plan:
    """The steps that bring all of an integration into a tenant and turn it on."""
    return Plan(steps=(*_creations(integration), *_enablings(integration)))


def _creations(integration: Integration) -> Iterator[Create]:
    yield Create(
        object=integration.inbound,
        there=_because("The way back first: when mail is sent out, it has to be able to return.", INFERRED),
        back=_because("Last of all: until here, mail that comes back from the filter was still accepted.", INFERRED),
    )
    yield Create(
        object=integration.outbound,
        there=_because("The way out. Nothing uses it until the Redirect rule is on.", KB, CMDLETS),
        back=_because(
            "After the rules: a connector that a rule uses may not be removable.",
            *FACTS["removal"].sources,
            needs=integration.redirect,
        ),
    )
    yield Create(
        object=integration.loop_check,
        there=_because(
            "Created off, and before Redirect, so that it stands above it at the bottom of the list.",
            *FACTS["order"].sources,
        ),
        back=_because("It is off, nothing is sent to the filter any more, and no marked mail is under way.", INFERRED),
    )
    yield Create(
        object=integration.redirect,
        there=_because(
            "Created off, at the very bottom: no mail is sent to the filter until 50-enable turns it on.",
            KB,
            *FACTS["order"].sources,
            needs=integration.outbound,
        ),
        back=_because(
            "It is off; nothing needs it any more. It goes before the connector that it refers to.", INFERRED
        ),
    )


def _enablings(integration: Integration) -> Iterator[Enable]:
    yield Enable(
        object=integration.loop_check,
        there=_because(
            "Loop Check is turned on alone and given time to work everywhere. It changes nothing for mail until "
            "messages carry the header.",
            *FACTS["propagation"].sources,
            INFERRED,
        ),
        back=_because("Only now: as long as filtered mail was coming back, it had to be recognised.", INFERRED),
    )
    yield Enable(
        object=integration.redirect,
        there=_because(
            "From here on every message goes through MailMarshal Cloud. This is the moment in which mail changes "
            "its way, so everything is compared once more, before and after.",
            KB,
            *FACTS["all_messages"].sources,
        ),
        back=_because("The first step back: no more mail is sent to the filter.", INFERRED),
        also=", and everything else is as approved",
    )


def _because(why: str, *sources: Source, needs: ExchangeObject | None = None) -> Reason:
    return Reason(why=why, sources=sources, needs=needs)
