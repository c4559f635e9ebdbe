"""The steps that bring an integration into a tenant and turn it on: all of them, or those that are left to do.

    create inbound, create outbound, create Loop Check, create Redirect, enable Loop Check, enable Redirect

and backwards, with the wait for mail under way after Redirect is off:

    disable Redirect, drain, disable Loop Check, remove Redirect, Loop Check, outbound, inbound

In a tenant that has some of it, an object is changed or turned on where it would have been created.
"""

from collections.abc import Iterator, Mapping, Sequence

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.exchange.sources import CMDLETS, INFERRED, KB, Source
from mm365.integration.facts import FACTS
from mm365.plan.plan import Action, Plan, PlannedObject
from mm365.plan.step import Create, Enable, Reason, Step, TurnOn, Update


def build_plan(integration: Integration) -> Plan:
    """The steps that bring all of an integration into a tenant without it, and turn it on."""
    planned = tuple(
        PlannedObject(
            object=each,
            action=Action.CREATE,
            turned_on=each.kind is Kind.RULE,
            differences=(),
            why="The tenant does not have it.",
        )
        for each in integration.objects
    )
    names = (integration.loop_check.name, integration.redirect.name)
    return Plan(steps=plan_steps(integration, planned), objects=planned, order_after=names)


def plan_steps(
    integration: Integration, planned: Sequence[PlannedObject], priority: int | None = None
) -> tuple[Step, ...]:
    """The steps for what becomes of the four objects. Loop Check is created at ``priority``; None is the bottom."""
    creations = {step.object.key: step for step in _creations(integration, priority)}
    enablings = {step.object.key: step for step in _enablings(integration)}
    return (
        *(step for each in planned for step in _before_rules_are_on(each, creations)),
        *(enablings[each.object.key] for each in planned if each.turned_on and each.object.kind is Kind.RULE),
    )


def _before_rules_are_on(planned: PlannedObject, creations: Mapping[str, Create]) -> Iterator[Step]:
    if planned.action is Action.CREATE:
        yield creations[planned.object.key]
    if planned.action is Action.UPDATE:
        yield Update(
            object=planned.object,
            differences=planned.differences,
            there=_because("What is there is made what was approved, and nothing else of it is touched.", INFERRED),
            back=_because("It was there before with these values.", INFERRED),
        )
    if planned.turned_on and planned.object.kind is not Kind.RULE:
        yield TurnOn(
            object=planned.object,
            there=_because("It is there, and off. The rules need it.", INFERRED),
            back=_because("It was off before.", INFERRED),
        )


def _creations(integration: Integration, priority: int | None) -> Iterator[Create]:
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
        priority=priority,
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
