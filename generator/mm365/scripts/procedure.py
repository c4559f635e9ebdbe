"""What the operator does, in order: which script with which arguments, who, when, and what shows that it ended well."""

from collections.abc import Iterator, Mapping, Sequence

from mm365.exchange.objects import ExchangeObject, Integration
from mm365.integration.facts import DRAIN_HOURS, FACTS, WAIT_MINUTES
from mm365.plan.plan import Plan
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
from mm365.scripts.paste_form import PASTE_FORMS, PasteForm
from mm365.scripts.script import Script


def operator_steps(integration: Integration, plan: Plan, known: Sequence[Script]) -> tuple[OperatorStep, ...]:
    """All steps of a change in the order in which they are done; the stop switch and rollback stand by at the end."""
    scripts = {script.name: script for script in known}
    steps = (
        *_before(scripts),
        *_creating(integration, scripts),
        *_turning_on(integration, plan, scripts),
        *_standing_by(integration, scripts),
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


def _creating(integration: Integration, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    forms = _forms("inbound-connector", "outbound-connector", "loop-check", "redirect")
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
            *_tenant(integration.objects, "not there"),
        ),
    )
    yield OperatorStep(
        key="create",
        title="Create the objects",
        when="at once",
        script=scripts["30-create"],
        forms=forms,
        signs=_now(integration, on=0),
    )
    yield OperatorStep(
        key="verify-created",
        title="Verify: all is there, the rules off",
        when="at once",
        script=scripts["40-verify"],
        arguments={"Expect": "Created"},
        forms=_forms("verify"),
        signs=_now(integration, on=0),
    )


def _turning_on(integration: Integration, plan: Plan, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    why = {step.object.key: step.why for step in plan.enablings}
    yield OperatorStep(
        key="enable-loopcheck",
        title="Turn Loop Check on",
        when="at once",
        script=scripts["50-enable"],
        arguments={"Stage": "LoopCheck"},
        forms=_forms("enable-loop-check"),
        text=why["LoopCheck"],
        signs=_now(integration, on=1),
    )
    yield OperatorStep(
        key="audit",
        title="Optional: turn Redirect on in mode Audit",
        when="during the wait",
        script=scripts["50-enable"],
        arguments={"Stage": "Audit"},
        text=f"{FACTS['audit'].text} So no mail is sent to the filter. Verify with 40-verify -Expect Audit.",
        signs=(*_now(integration, on=2), "    Its mode is Audit: it takes no action."),
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
        forms=_forms("enable-redirect"),
        text=why["Redirect"],
        signs=_now(integration, on=2),
        hours=WAIT_MINUTES / 60,
        since=("enable-loopcheck",),
    )
    yield OperatorStep(
        key="verify-enabled",
        title="Verify: all is on",
        when=f"{WAIT_MINUTES} minutes later, when Redirect works everywhere",
        pause=WAIT_MINUTES,
        script=scripts["40-verify"],
        arguments={"Expect": "Enabled"},
        forms=_forms("verify"),
        ends_well="exit code 0, and the test messages arrive",
        signs=_now(integration, on=2),
        asks=(TIME, BY, EXIT_CODE, TEST_MESSAGES, OUTPUT),
    )
    yield OperatorStep(
        key="trace",
        title="Look at the message trace",
        when="some minutes after the test messages",
        script=scripts["80-trace"],
        ends_well="exit code 0, and nothing is Pending or Failed that should not be",
    )


def _standing_by(integration: Integration, scripts: Mapping[str, Script]) -> Iterator[OperatorStep]:
    yield OperatorStep(
        key="stop",
        title="Stop",
        when="any time",
        who="operator, or anybody with the same roles who sees the trouble",
        script=scripts["60-stop"],
        forms=_forms("stop"),
        signs=_now(integration, on=1),
        standby=True,
        undoes="enable-redirect",
    )
    yield OperatorStep(
        key="rollback",
        title="Rollback",
        when="if all of it is to be taken back",
        script=scripts["70-rollback"],
        forms=_forms("rollback-rules", "rollback-connectors"),
        ends_well=f"exit code 0. If Redirect was on, that is the second run, {DRAIN_HOURS} hours later; the first ends "
        "with 2",
        signs=_tenant(integration.objects, "not there"),
        standby=True,
        hours=DRAIN_HOURS,
        since=("stop", "rollback"),
        undoes="enable-redirect",
        takes_back=True,
    )


def _forms(*names: str) -> tuple[PasteForm, ...]:
    return tuple(PASTE_FORMS[name] for name in names)


def _now(integration: Integration, *, on: int) -> tuple[str, ...]:
    """What a script says of the tenant when everything is there and the first ``on`` rules are turned on."""
    rules = (integration.loop_check, integration.redirect)
    running = (integration.inbound, integration.outbound, *rules[:on])
    return (*_tenant(running, "there, on"), *_tenant(rules[on:], "there, off")[1:])


def _tenant(objects: Sequence[ExchangeObject], condition: str) -> tuple[str, ...]:
    return ("Now in the tenant:", *(f"  {object_.label} '{object_.name}': {condition}" for object_ in objects))
