"""The catalogue of scripts: what each is for, what it takes and calls, and how it ends.

The template of the same name in ``templates/scripts/`` holds how it does it.
"""

from collections.abc import Iterator

from mm365.exchange.kinds import Kind
from mm365.integration.facts import DRAIN_HOURS, FACTS, WAIT_MINUTES
from mm365.plan.plan import Plan
from mm365.plan.step import Drain
from mm365.scripts.by_plan import set_back_calls, set_calls, what_is_created
from mm365.scripts.script import Next, Parameter, Script

NOT_UNDONE = (
    "Mail that was sent to the filter stays as the filter left it: delivered, changed, held or refused there.",
    "MailMarshal Cloud's own side: the tenant, its domains and its policies there are untouched.",
    FACTS["queue"].text,
    "What others changed in the meantime: other rules, other connectors, settings in Microsoft Defender.",
)
"""What rollback cannot take back."""

_STATE = Parameter(
    name="StatePath",
    default="",
    help=("The folder for notes and backups. Default: state in the pack.",),
)
_DRAIN = (
    Parameter(
        name="DrainHours",
        default=DRAIN_HOURS,
        maximum=720,
        help=("How many hours Redirect must have been off before anything is removed; 0 does not wait.",),
    ),
)
_CREATES = tuple(f"New-{kind}" for kind in Kind)
_REMOVES = tuple(f"Remove-{kind}" for kind in reversed(Kind))


def pack_scripts(plan: Plan) -> tuple[Script, ...]:
    """The scripts of a pack, in the order in which they are used."""
    return (*_before(plan), *_creating(plan), *_enabling(plan), *_taking_back(plan), *_tracing())


def _before(plan: Plan) -> Iterator[Script]:
    yield Script(
        name="10-preflight",
        synopsis="Read-only: may this change go in? Prints a line for each finding: OK, WARN or STOP, and why.",
        example="./10-preflight.ps1",
        calls=(
            "Get-OrganizationConfig",
            *_CREATES,
            "Enable-TransportRule",
            "Disable-TransportRule",
            "Set-TransportRule",
            *(call for call in set_calls(plan) if call != "Set-TransportRule"),
            *_REMOVES,
        ),
        refuses_example=True,
        planned=plan.snapshot is not None,
        next=Next(
            stopped="settle each STOP, then run 10-preflight again. Do not go on before.",
            done={"": "have each WARN accepted in the change request, then run 20-backup."},
        ),
    )
    yield Script(
        name="20-backup",
        synopsis="Read-only: saves all connectors and all rules, in their order, as JSON.",
        example="./20-backup.ps1",
        parameters=(_STATE,),
        keeps_notes=True,
        compares=False,
        next=Next(stopped="settle what is reported above, and run 20-backup again.", done={"": "30-create."}),
    )


def _creating(plan: Plan) -> Iterator[Script]:
    yield Script(
        name="30-create",
        synopsis=what_is_created(plan),
        example="./30-create.ps1 -WhatIf",
        parameters=(_STATE,),
        changes=True,
        keeps_notes=True,
        calls=(*_CREATES, *set_calls(plan)),
        objects=tuple(step.object for step in plan.creations),
        steps=plan.changes,
        refuses_example=True,
        planned=plan.snapshot is not None,
        next=Next(
            stopped="settle what is reported above and run 30-create again, or take it back with 70-rollback. Both go "
            "on from here.",
            done={"": "40-verify -Expect Created. To take it back: 70-rollback."},
        ),
    )
    yield Script(
        name="40-verify",
        synopsis="Read-only: reads all back, compares every setting, the order and the state, and says what differs.",
        example="./40-verify.ps1 -Expect Created",
        parameters=(
            Parameter(
                name="Expect",
                values=("Created", "Audit", "Enabled"),
                help=(
                    "Created: both rules are off. Audit: both are on, Redirect in mode Audit. Enabled: both are on.",
                ),
            ),
        ),
        next=Next(
            stopped="if Redirect is on, consider 60-stop now; then see what differs above.",
            by="Expect",
            done={
                "Created": "50-enable -Stage LoopCheck.",
                "Audit": "look at the message trace, then 50-enable -Stage Redirect.",
                "Enabled": "a test message in each direction, then 80-trace. To stop at once: 60-stop.",
            },
        ),
    )


def _enabling(plan: Plan) -> Iterator[Script]:
    yield Script(
        name="50-enable",
        synopsis="Turns the rules on in stages: Loop Check; if wanted, Redirect in mode Audit; after a wait, Redirect.",
        example="./50-enable.ps1 -Stage LoopCheck -WhatIf",
        parameters=(
            Parameter(
                name="Stage",
                values=("LoopCheck", "Audit", "Redirect"),
                help=("LoopCheck; Audit (optional: the message trace shows what Redirect would do); Redirect.",),
            ),
            Parameter(
                name="WaitMinutes",
                default=WAIT_MINUTES,
                maximum=1440,
                help=("How many minutes Loop Check must have been on before Redirect; 0 does not wait.",),
            ),
            _STATE,
        ),
        changes=True,
        keeps_notes=True,
        calls=("Enable-TransportRule", "Disable-TransportRule", "Set-TransportRule"),
        steps=plan.enablings,
        refuses_example=True,
        next=Next(
            stopped="settle what is reported above. 50-enable can be run again; 60-stop turns Redirect off; "
            "70-rollback takes everything back.",
            waiting="the same again at that time. No mail is sent to the filter until then.",
            by="Stage",
            done={
                "LoopCheck": f"wait {WAIT_MINUTES} minutes, then 50-enable -Stage Redirect, or first -Stage Audit.",
                "Audit": "40-verify -Expect Audit, look at the message trace, then 50-enable -Stage Redirect.",
                "Redirect": "40-verify -Expect Enabled, test messages in both directions, 80-trace. To stop at once: "
                "60-stop.",
            },
        ),
    )


def _taking_back(plan: Plan) -> Iterator[Script]:
    yield Script(
        name="60-stop",
        synopsis="The stop switch: turns Redirect off, at once, and nothing else.",
        example="./60-stop.ps1",
        parameters=(_STATE,),
        changes=True,
        keeps_notes=True,
        compares=False,
        calls=("Disable-TransportRule",),
        steps=tuple(step.inverse for step in plan.enablings if step.object.key == "Redirect"),
        next=Next(
            stopped="if Redirect is still on, run 60-stop again, or turn the rule off in the Exchange admin center: "
            "Mail flow, Rules.",
            done={
                "": "wait until it works everywhere (30 minutes or longer). Then 50-enable -Stage Redirect again, "
                "or 70-rollback."
            },
        ),
    )
    yield Script(
        name="70-rollback",
        synopsis="Takes everything back to what was there before.",
        example="./70-rollback.ps1 -WhatIf",
        parameters=(*_DRAIN, _STATE) if any(isinstance(step, Drain) for step in plan.undo) else (_STATE,),
        changes=True,
        keeps_notes=True,
        calls=("Disable-TransportRule", *_REMOVES, *set_back_calls(plan)),
        steps=plan.undo,
        planned=plan.snapshot is not None,
        next=Next(
            stopped="settle what is reported above, then run 70-rollback again; what is done is not done twice.",
            waiting="run 70-rollback again at that time; until then, 80-trace shows whether mail is pending.",
            done={"": "nothing. Keep the state folder with the change record."},
        ),
    )


def _tracing() -> Iterator[Script]:
    yield Script(
        name="80-trace",
        synopsis="Read-only: shows what became of the mail of the last hours, by the message trace.",
        example="./80-trace.ps1 -Hours 2",
        parameters=(
            Parameter(
                name="Hours",
                default=24,
                minimum=1,
                maximum=240,
                help=("How many hours to look back, at most 240: the service gives ten days a query.",),
            ),
            Parameter(
                name="Details",
                default=50,
                maximum=95,
                help=(
                    "Of how many failed messages the details are read. The service allows 100 queries in five minutes.",
                ),
            ),
            _STATE,
        ),
        keeps_notes=True,
        calls=("Get-MessageTraceV2", "Get-MessageTraceDetailV2"),
        compares=False,
        next=Next(
            stopped="if messages failed with 5.4.14 or 5.7.64, run 60-stop now; then read what is reported above.",
            done={
                "": "look at what is pending or failed, if anything is. Rollback may remove the connectors when "
                "nothing is pending."
            },
        ),
    )
