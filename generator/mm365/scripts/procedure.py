"""What the operator does, in order: which script with which arguments, who, when, and what shows that it ended well."""

from collections.abc import Iterator, Mapping, Sequence

from mm365.integration.facts import FACTS, WAIT_MINUTES
from mm365.plan.plan import Plan
from mm365.scripts.by_plan import before_the_change, now_in_tenant
from mm365.scripts.operator_step import (
    BEFORE_WINDOW,
    BY,
    EXIT_CODE,
    FINGERPRINT,
    OUTPUT,
    TEST_MESSAGES,
    TIME,
    OperatorStep,
)
from mm365.scripts.paste_form import CREATING, right_forms
from mm365.scripts.script import Script
from mm365.scripts.standing_by import IS_ON, standing_by


def operator_steps(plan: Plan, known: Sequence[Script]) -> tuple[OperatorStep, ...]:
    """All steps of a change in the order in which they are done; the stop switch and rollback stand by at the end."""
    scripts = {script.name: script for script in known}
    steps = (
        *_before(scripts),
        *_creating(plan, scripts),
        *_turning_on(plan, scripts),
        *standing_by(plan, scripts),
    )
    named = {step.script.name for step in steps if step.script}
    for script in known:
        if script.name not in named:
            steps = _with_step_of(script, steps)
    return steps


def _with_step_of(script: Script, steps: Sequence[OperatorStep]) -> tuple[OperatorStep, ...]:
    """The steps with one more for a script that none of them runs. Raises ValueError where ``after`` is not a step."""
    places = {step.key: place for place, step in enumerate(steps, start=1)}
    if script.after not in places:
        raise ValueError(
            f"no step runs {script.name}: its entry in scripts/catalogue.py needs `after`, the key of one of the steps "
            f"({', '.join(places)}), or scripts/procedure.py a step of its own"
        )
    place = places[script.after]
    key = script.name.partition("-")[2]
    step = OperatorStep(
        key=key,
        title=key.replace("-", " ").capitalize(),
        when="at once",
        script=script,
        standby=steps[place - 1].standby,
    )
    return (*steps[:place], step, *steps[place:])


def _before(scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    yield OperatorStep(
        key="begin",
        title="Is it the pack that was approved?",
        when=BEFORE_WINDOW,
        ends_well="the fingerprint is the one that was signed",
        advice="stop here. Ask for the pack that was approved; run nothing from this one.",
        asks=(FINGERPRINT, TIME, BY),
    )
    yield OperatorStep(
        key="preflight",
        title="Preflight",
        when=BEFORE_WINDOW,
        who="operator; the approver accepts each WARN",
        script=scripts["10-preflight"],
        ends_well="exit code 0, and each WARN accepted in the change request",
    )
    yield OperatorStep(
        key="backup",
        title="Backup",
        when=BEFORE_WINDOW,
        script=scripts["20-backup"],
        ends_well="exit code 0, and a new file state/backup-....json",
    )


def _creating(plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    creates_all = len(plan.creations) == len(plan.objects)
    yield OperatorStep(
        key="simulate",
        title="Simulate the creation",
        when="window, start",
        script=scripts["30-create"],
        arguments={"WhatIf": True},
        text="A simulation: shows what would be created; changes nothing and saves nothing.",
        advice="settle what is reported above, and simulate again. Nothing was changed, so there is nothing to take "
        "back.",
        signs=(
            "Simulated: nothing was changed and nothing was saved.",
            *before_the_change(plan),
        ),
    )
    yield OperatorStep(
        key="create",
        title="Create the objects" if creates_all else "Create and change what the plan says",
        when="at once",
        script=scripts["30-create"],
        # The forms create, and change nothing that is there.
        forms=right_forms(*CREATING.values(), plan=plan) if creates_all else (),
        signs=now_in_tenant(plan),
    )
    if plan.enablings:
        yield OperatorStep(
            key="verify-created",
            title="Verify: all is there, the rules off"
            if creates_all
            else "Verify: all is there, nothing turned on yet",
            when="at once",
            script=scripts["40-verify"],
            arguments={"Expect": "Created"},
            forms=right_forms("verify", plan=plan),
            signs=now_in_tenant(plan),
        )


def _turning_on(plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    if plan.enablings:
        yield from _in_stages(plan, scripts)
    yield OperatorStep(
        key="verify-enabled",
        title="Verify: all is on",
        when=f"{WAIT_MINUTES} minutes later, when Redirect works everywhere" if plan.enablings else "at once",
        pause=WAIT_MINUTES if plan.enablings else 0,
        script=scripts["40-verify"],
        arguments={"Expect": "Enabled"},
        forms=right_forms("verify", plan=plan),
        ends_well="exit code 0, and the test messages arrive",
        signs=now_in_tenant(plan, "LoopCheck", "Redirect"),
        asks=(TIME, BY, EXIT_CODE, TEST_MESSAGES, OUTPUT),
    )
    yield OperatorStep(
        key="trace",
        title="Look at the message trace",
        when="some minutes after the test messages",
        script=scripts["80-trace"],
        ends_well="exit code 0, and nothing is Pending or Failed that should not be",
    )


def _in_stages(plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    why = {step.object.key: step.why for step in plan.enablings}
    yield OperatorStep(
        key="enable-loopcheck",
        title="Turn Loop Check on",
        when="at once",
        script=scripts["50-enable"],
        arguments={"Stage": "LoopCheck"},
        forms=right_forms("enable-loop-check", plan=plan),
        text=why.get("LoopCheck", IS_ON),
        signs=now_in_tenant(plan, "LoopCheck"),
    )
    yield OperatorStep(
        key="audit",
        title="Optional: turn Redirect on in mode Audit",
        when="during the wait",
        script=scripts["50-enable"],
        arguments={"Stage": "Audit"},
        text=f"{FACTS['audit'].text} So no mail is sent to the filter. Verify with 40-verify -Expect Audit.",
        signs=(*now_in_tenant(plan, "LoopCheck", "Redirect"), "    Its mode is Audit: it takes no action."),
        optional=True,
    )
    yield OperatorStep(
        key="wait",
        title=f"Wait {WAIT_MINUTES} minutes",
        when="from when Loop Check was turned on",
        text=f"{FACTS['propagation'].text} Until {WAIT_MINUTES} minutes have passed, 50-enable does not turn Redirect "
        "on: it ends with exit code 2 and says until when it waits. Note from when to when you waited.",
        ends_well=f"{WAIT_MINUTES} minutes have passed",
        pause=WAIT_MINUTES,
        advice="wait on. No mail is sent to the filter until Redirect is on, so nothing is lost by waiting.",
        asks=(TIME, BY),
    )
    yield OperatorStep(
        key="enable-redirect",
        title="Turn Redirect on: mail is sent to the filter from now on",
        when="after the wait",
        script=scripts["50-enable"],
        arguments={"Stage": "Redirect"},
        forms=right_forms("enable-redirect", plan=plan),
        text=why["Redirect"],
        signs=now_in_tenant(plan, "LoopCheck", "Redirect"),
        hours=WAIT_MINUTES / 60,
        since=("enable-loopcheck",),
    )
