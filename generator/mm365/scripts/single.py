"""The scripts that stand alone, by the commands that print them."""

from mm365.exchange.objects import Integration
from mm365.plan.create import Plan
from mm365.scripts.catalogue import READS, STATE, creates, rollback
from mm365.scripts.script import Script

_AGAIN = "see what stands above, mend it, and run this script again; what is done is not done twice."


def single_scripts(integration: Integration, plan: Plan) -> dict[str, Script]:
    """The scripts that stand alone, by the name of the command that prints them."""
    creating = {
        "inbound-connector": (
            (integration.inbound,),
            "Creates the inbound connector, on.",
            "outbound-connector",
        ),
        "outbound-connector": (
            (integration.outbound,),
            "Creates the outbound connector, on.",
            "transport-rules",
        ),
        "transport-rules": (
            (integration.loop_check, integration.redirect),
            "Creates both rules, off, at the bottom of the list.",
            "",
        ),
    }
    scripts = {}
    for name, (objects, synopsis, following) in creating.items():
        after = (
            f"the script of mm365 {following}."
            if following
            else "turning the rules on is a step of its own: see 50-enable in the pack of mm365 pack."
        )
        preconditions = (integration.outbound,) if integration.redirect in objects else ()
        scripts[name] = Script(
            name=name,
            alone=True,
            objects=(*preconditions, *objects),
            preconditions=preconditions,
            steps=tuple(step for step in plan.creations if step.object in objects),
            synopsis=synopsis,
            description=(
                "Mail does not change its way. What is there and equal is left alone; what is there and different",
                "stops the script before its first change. Each object is read back and compared in every setting.",
                "Undo: the script of mm365 rollback, which reads the same state folder.",
            ),
            example=f"./{name}.ps1 -WhatIf",
            parameters=(STATE,),
            changes=True,
            needs={**READS, **creates(*objects)},
            next_when_done=after,
            next_when_stopped=_AGAIN,
        )
    scripts["rollback"] = rollback(integration, plan, name="rollback", alone=True)
    return scripts
