"""What the operator does, in order: which script with which arguments, who, when, and what shows that it ended well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mm365 import powershell
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.plan.create import Plan
from mm365.scripts.catalogue import NEXT_AFTER_STAGE, NEXT_AFTER_WHATIF, NOT_UNDONE
from mm365.scripts.script import Script

FINGERPRINT = "Fingerprint that was approved"
TIME = "Time (UTC)"
BY = "Carried out by"
EXIT_CODE = "Exit code"
TEST_MESSAGES = "Test messages (in, out, internal)"
NOT_DONE = "Not done, because"
OUTPUT = "Output"

_RECORD = (TIME, BY, EXIT_CODE, OUTPUT)


@dataclass(frozen=True, kw_only=True)
class OperatorStep:
    """One thing that the operator does, by running a script or without one.

    ``signs`` are what the script says when all is well, before its very last line. ``asks`` is what the step's record
    has to say, unless it says why the step was not done. A ``standby`` step is done only if something goes wrong.
    ``text`` and ``advice`` stand where the script's own words would not do.
    """

    key: str
    title: str
    when: str
    who: str = "operator"
    script: Script | None = None
    arguments: Mapping[str, str | bool] = field(default_factory=dict)
    text: str = ""
    ends_well: str = "exit code 0"
    signs: tuple[str, ...] = ()
    advice: str = ""
    asks: tuple[str, ...] = _RECORD
    standby: bool = False

    @property
    def about(self) -> str:
        """What it is for."""
        return self.text or (self.script.synopsis if self.script else "")

    @property
    def last_lines(self) -> tuple[str, ...]:
        """What the script ends with when all is well."""
        if self.script is None:
            return self.signs
        following = NEXT_AFTER_WHATIF if self.arguments.get("WhatIf") else self.script.next_when_done
        return (*self.signs, *([f"Next: {following}"] if following else []))

    @property
    def if_not(self) -> str:
        """What to do when it does not end well: what the script itself says then."""
        return self.advice or (self.script.next_when_stopped if self.script else "")

    @property
    def file(self) -> str:
        """Where its script is in the pack."""
        return f"scripts/{self.script.name}.ps1" if self.script else ""

    @property
    def paste_file(self) -> str:
        """Where the paste form of its script is in the pack."""
        return f"paste/{self.script.name}.txt" if self.script else ""

    @property
    def command(self) -> str:
        """The line that runs it, in the folder of the pack."""
        words = [f"-{name}" if value is True else f"-{name} {value}" for name, value in self.arguments.items()]
        return " ".join([f"./{self.file}", *words])

    @property
    def paste_lines(self) -> tuple[str, ...]:
        """What the first lines of its paste form have to say; the others stay as they are."""
        return tuple(f"${name} = {powershell.literal(value)}" for name, value in self.arguments.items())


def operator_steps(integration: Integration, plan: Plan, known: Sequence[Script]) -> tuple[OperatorStep, ...]:
    """All steps of a change in the order in which they are done; the stop switch and rollback stand by at the end."""
    scripts = {script.name: script for script in known}
    return (
        *_before(scripts),
        *_creating(integration, scripts),
        *_turning_on(integration, plan, scripts),
        *_standing_by(integration, scripts),
    )


def _before(scripts: Mapping[str, Script]) -> Iterable[OperatorStep]:
    yield OperatorStep(
        key="begin",
        title="Is it the pack that was approved?",
        when="before the window",
        ends_well="the fingerprint is the one that was signed",
        advice="stop here. Ask for the pack that was approved; run nothing from this one.",
        asks=(FINGERPRINT, TIME, BY),
    )
    yield OperatorStep(
        key="preflight",
        title="Preflight",
        when="before the window",
        who="operator; the approver accepts each WARN",
        script=scripts["10-preflight"],
        ends_well="exit code 0, and each WARN accepted in the change request",
    )
    yield OperatorStep(
        key="backup",
        title="Backup",
        when="before the window",
        script=scripts["20-backup"],
        ends_well="exit code 0, and a new file state/backup-....json",
        signs=("The tenant is as it was: this script only reads.",),
    )


def _creating(integration: Integration, scripts: Mapping[str, Script]) -> Iterable[OperatorStep]:
    yield OperatorStep(
        key="simulate",
        title="Simulate the creation",
        when="window, start",
        script=scripts["30-create"],
        arguments={"WhatIf": True},
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
        signs=_now(integration, on=0),
    )
    yield OperatorStep(
        key="verify-created",
        title="Verify: all is there, the rules off",
        when="at once",
        script=scripts["40-verify"],
        arguments={"Expect": "Created"},
        signs=(*_now(integration, on=0), _verified("Created")),
    )


def _turning_on(integration: Integration, plan: Plan, scripts: Mapping[str, Script]) -> Iterable[OperatorStep]:
    why = {step.object.key: step.why for step in plan.enablings}
    yield OperatorStep(
        key="enable-loopcheck",
        title="Turn Loop Check on",
        when="at once",
        script=scripts["50-enable"],
        arguments={"Stage": "LoopCheck"},
        text=why["LoopCheck"],
        signs=(*_now(integration, on=1), f"Next: {NEXT_AFTER_STAGE['LoopCheck']}"),
    )
    yield OperatorStep(
        key="wait",
        title="Wait 30 minutes",
        when="from the end of the step before",
        text="A rule that is on works everywhere only after some time; before that, 50-enable refuses Redirect. Note "
        "from when to when you waited.",
        ends_well="30 minutes have passed",
        advice="wait on. Mail goes its old way until Redirect is on, so nothing is lost by waiting.",
        asks=(TIME, BY),
    )
    yield OperatorStep(
        key="enable-redirect",
        title="Turn Redirect on: mail changes its way",
        when="30 minutes later",
        script=scripts["50-enable"],
        arguments={"Stage": "Redirect"},
        text=why["Redirect"],
        signs=(*_now(integration, on=2), f"Next: {NEXT_AFTER_STAGE['Redirect']}"),
    )
    yield OperatorStep(
        key="verify-enabled",
        title="Verify: all is on",
        when="30 minutes later",
        script=scripts["40-verify"],
        arguments={"Expect": "Enabled"},
        ends_well="exit code 0, and the test messages arrive",
        signs=(*_now(integration, on=2), _verified("Enabled")),
        asks=(TIME, BY, EXIT_CODE, TEST_MESSAGES, OUTPUT),
    )


def _standing_by(integration: Integration, scripts: Mapping[str, Script]) -> Iterable[OperatorStep]:
    yield OperatorStep(
        key="stop",
        title="Stop",
        when="any time",
        who="operator, or anybody with the same roles who sees the trouble",
        script=scripts["60-stop"],
        signs=_tenant((integration.redirect,), "there, off"),
        standby=True,
    )
    yield OperatorStep(
        key="rollback",
        title="Rollback",
        when="if all of it is to be taken back",
        script=scripts["70-rollback"],
        ends_well="exit code 0; if Redirect was on, of the second run, 24 hours later",
        signs=(
            *_tenant(integration.objects, "not there"),
            "Not undone by this script:",
            *(f"  {text}" for text in NOT_UNDONE),
        ),
        standby=True,
    )


def _verified(expect: str) -> str:
    return f"Verified: as approved, and as expected when {expect}."


def _now(integration: Integration, *, on: int) -> tuple[str, ...]:
    """What a script says of the tenant when everything is there and the first ``on`` rules are turned on."""
    rules = (integration.loop_check, integration.redirect)
    running = (integration.inbound, integration.outbound, *rules[:on])
    return (*_tenant(running, "there, on"), *_tenant(rules[on:], "there, off")[1:])


def _tenant(objects: Iterable[ExchangeObject], condition: str) -> tuple[str, ...]:
    return ("Now in the tenant:", *(f"  {object_.label} '{object_.name}': {condition}" for object_ in objects))
