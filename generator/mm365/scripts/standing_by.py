"""What the operator has at hand the whole time: the stop switch, how to go on after it, and rollback."""

from collections.abc import Iterator, Mapping

from mm365.integration.facts import DRAIN_HOURS, WAIT_MINUTES
from mm365.plan.plan import Plan
from mm365.plan.step import Drain
from mm365.scripts.by_plan import before_the_change, now_in_tenant
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.paste_form import right_forms
from mm365.scripts.script import Script

IS_ON = "It is on already. 50-enable notes since when it is known to be on as it is now, and changes nothing."
"""What 50-enable does where a rule is on."""


def standing_by(plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    """The steps that stand by at the end of the procedure, with their paste forms."""
    waits = any(isinstance(step, Drain) for step in plan.undo)
    # Where Redirect was on before, all that the change does can touch mail.
    turned_on = any(step.object.key == "Redirect" for step in plan.enablings)
    mail_goes = "enable-redirect" if turned_on else "create"
    yield OperatorStep(
        key="stop",
        title="Stop",
        when="any time",
        who="operator, or anybody with the same roles who sees the trouble",
        script=scripts["60-stop"],
        forms=right_forms("stop", plan=plan),
        signs=now_in_tenant(plan, "LoopCheck", off="Redirect"),
        standby=True,
        undoes=mail_goes,
    )
    if not plan.enablings:
        yield from _on_again(plan, scripts)
    yield OperatorStep(
        key="rollback",
        title="Rollback",
        when="if all of it is to be taken back",
        script=scripts["70-rollback"],
        forms=right_forms("rollback-rules", "rollback-connectors", plan=plan),
        ends_well=f"exit code 0. If Redirect was on, that is the second run, {DRAIN_HOURS} hours later; the first ends "
        "with 2"
        if waits
        else "exit code 0",
        signs=before_the_change(plan),
        standby=True,
        hours=DRAIN_HOURS if waits else 0.0,
        since=("stop", "rollback"),
        undoes=mail_goes,
        takes_back=True,
    )


def _on_again(plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    """How a Redirect that was on before the change is turned on again; where the change does it, its step says how."""
    yield OperatorStep(
        key="resume-loopcheck",
        title="After a stop: note since when Loop Check is on",
        when="when the trouble is over",
        script=scripts["50-enable"],
        arguments={"Stage": "LoopCheck"},
        text=IS_ON,
        signs=now_in_tenant(plan, off="Redirect"),
        standby=True,
    )
    yield OperatorStep(
        key="resume",
        title="After a stop: turn Redirect on again",
        when=f"{WAIT_MINUTES} minutes later",
        script=scripts["50-enable"],
        arguments={"Stage": "Redirect"},
        forms=right_forms("enable-redirect", plan=plan),
        text="Mail is sent to the filter again.",
        signs=now_in_tenant(plan),
        hours=WAIT_MINUTES / 60,
        since=("resume-loopcheck",),
        standby=True,
    )
