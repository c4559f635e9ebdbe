"""The catalogue of scripts: what each is for, what it takes and calls. Templates hold how it does it."""

from collections.abc import Mapping

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.plan.create import Plan
from mm365.scripts.script import Parameter, Script

STATE = Parameter(
    name="StatePath",
    default="",
    paste_start="state",
    help=(
        "The folder for notes and backups.",
        "Default: state in the pack; of a single script, in the current folder.",
    ),
)

READS: Mapping[str, tuple[str, ...]] = {
    "Get-AcceptedDomain": ("ResultSize",),
    "Get-InboundConnector": ("ResultSize",),
    "Get-OutboundConnector": ("ResultSize", "IsTransportRuleScoped", "IncludeTestModeConnectors"),
    "Get-TransportRule": ("ResultSize",),
}
_ENABLES: Mapping[str, tuple[str, ...]] = {"Enable-TransportRule": ("Identity",)}
_DISABLES: Mapping[str, tuple[str, ...]] = {"Disable-TransportRule": ("Identity",)}
_REMOVES: Mapping[str, tuple[str, ...]] = {f"Remove-{kind}": ("Identity",) for kind in reversed(Kind)}

NOT_UNDONE = (
    "Mail that was sent to the filter stays as the filter left it: delivered, changed, held or refused there.",
    "MailMarshal Cloud's own side: the tenant, its domains and its policies there are untouched.",
    "Mail that waits in Exchange's queue for the smart host is retried for 24 hours and then returned to its sender.",
    "What others changed in the meantime: other rules, other connectors, settings in Microsoft Defender.",
)
"""What rollback cannot take back."""

NEXT_AFTER_WHATIF = "the same without -WhatIf."
"""What every script that changes something ends with after a simulation."""

NEXT_AFTER_STAGE: Mapping[str, str] = {
    "LoopCheck": "wait 30 minutes, then 50-enable -Stage Redirect. Mail does not change its way until then.",
    "Redirect": "40-verify -Expect Enabled, then test messages in both directions. To stop at once: 60-stop.",
}
"""What 50-enable ends with, by stage."""


def pack_scripts(integration: Integration, plan: Plan) -> tuple[Script, ...]:
    """The seven scripts of a pack, in the order in which they are used."""
    creating = creates(*integration.objects)
    every = integration.objects
    return (
        Script(
            name="10-preflight",
            objects=every,
            synopsis="Read-only: may this change go in? One line a finding: OK, WARN or STOP, and why.",
            description=(
                "Looks at the connection, the tenant, the account's roles and the rules and connectors that are",
                "there. Changes nothing. Exit code 0: nothing stands against the change; 1: a STOP was found.",
            ),
            example="./10-preflight.ps1",
            needs={
                "Get-OrganizationConfig": (),
                **READS,
                **creating,
                **_ENABLES,
                **_DISABLES,
                **_REMOVES,
            },
            next_when_done="have each WARN accepted in the change request, then run 20-backup.",
            next_when_stopped="settle each STOP, then run 10-preflight again. Do not go on before.",
        ),
        Script(
            name="20-backup",
            synopsis="Read-only: saves all connectors and all rules, in their order, as JSON.",
            description=(
                "Both kinds of connectors, those in test mode and those only for rules too. Every run writes a file",
                "of its own. It holds the header IDs and the rules of the tenant: keep it where few can read.",
            ),
            example="./20-backup.ps1",
            parameters=(STATE,),
            needs=READS,
            next_when_done="30-create.",
            next_when_stopped="see what stands above, and run 20-backup again.",
        ),
        Script(
            name="30-create",
            objects=every,
            steps=plan.creations,
            synopsis="Creates both connectors (on), then both rules (off) at the bottom of the list.",
            description=(
                "Mail does not change its way. What is there and equal is left alone; what is there and different",
                "stops the script before its first change. Each object is read back and compared in every setting.",
                "To review: first the values, each with its reason, then the steps at the end, each with its call. The",
                "functions between them check, read back and note; they are the same in all scripts of a pack.",
                "Undo: 70-rollback.",
            ),
            example="./30-create.ps1 -WhatIf",
            parameters=(STATE,),
            changes=True,
            needs={**READS, **creating},
            next_when_done="40-verify -Expect Created. To take it back: 70-rollback.",
            next_when_stopped="mend what stands above and run 30-create again, or take it back with 70-rollback. "
            "Both go on from here.",
        ),
        Script(
            name="40-verify",
            objects=every,
            synopsis="Read-only: reads every object back, compares every setting, says what differs.",
            description=("Exit code 0: all as approved and as expected; 1: something differs.",),
            example="./40-verify.ps1 -Expect Created",
            parameters=(
                Parameter(
                    name="Expect",
                    values=("Created", "Enabled"),
                    help=("Created: both rules are off. Enabled: both are on.",),
                ),
            ),
            needs=READS,
            next_when_done="after Created, 50-enable -Stage LoopCheck; after Enabled, a test message each way.",
            next_when_stopped="if Redirect is on, consider 60-stop now; then see what differs above.",
        ),
        Script(
            name="50-enable",
            objects=every,
            steps=plan.enablings,
            synopsis="Turns the rules on in two stages: Loop Check, then, after a wait, Redirect.",
            description=(
                "Redirect is refused until Loop Check has been on for -WaitMinutes and everything else verifies.",
                "After turning it on, everything is compared again; if anything is wrong it is turned off at once.",
                "Undo: 60-stop turns Redirect off; 70-rollback takes everything back.",
            ),
            example="./50-enable.ps1 -Stage LoopCheck",
            parameters=(
                Parameter(
                    name="Stage",
                    values=("LoopCheck", "Redirect"),
                    help=("LoopCheck first; Redirect when that has had time to work everywhere.",),
                ),
                Parameter(
                    name="WaitMinutes",
                    default=30,
                    maximum=1440,
                    help=("How many minutes Loop Check must have been on before Redirect; 0 does not wait.",),
                ),
                STATE,
            ),
            changes=True,
            needs={**READS, **_ENABLES, **_DISABLES},
            next_when_done="",
            next_when_stopped="see what stands above. 50-enable can be run again; 60-stop turns Redirect off; "
            "70-rollback takes everything back.",
        ),
        Script(
            name="60-stop",
            objects=(integration.redirect,),
            synopsis="The stop switch: turns Redirect off, at once, and nothing else.",
            description=(
                "Mail goes its old way again as soon as the service has taken the change everywhere, which can take",
                "30 minutes. Connectors and Loop Check stay, so that mail on its way still arrives.",
                "Undo: 50-enable -Stage Redirect.",
            ),
            example="./60-stop.ps1",
            parameters=(STATE,),
            changes=True,
            needs={"Get-AcceptedDomain": ("ResultSize",), "Get-TransportRule": ("ResultSize",), **_DISABLES},
            next_when_done="wait up to 30 minutes for it to work everywhere. Then mend the cause and run "
            "50-enable -Stage Redirect, or 70-rollback.",
            next_when_stopped="if Redirect is still on, run 60-stop again, or turn the rule off in the "
            "Exchange admin center: Mail flow, Rules.",
        ),
        rollback(integration, plan, name="70-rollback", alone=False),
    )


def rollback(integration: Integration, plan: Plan, *, name: str, alone: bool) -> Script:
    """The script that takes a change back, of a pack or alone."""
    return Script(
        name=name,
        alone=alone,
        objects=integration.objects,
        steps=plan.undo,
        synopsis="Takes everything back to what was there before.",
        description=(
            "Order: Redirect off; wait until mail under way has arrived; Loop Check off; rules, outbound connector,",
            "inbound connector removed. What this pack did not create is refused before the first change. With the",
            "notes in the state folder it goes by identity; without them, only objects whose every setting is what",
            "this pack creates are removed. Each object is saved as JSON before it is removed. May be run again.",
            "Not undone:",
            *(f"- {text}" for text in NOT_UNDONE),
        ),
        example=f"./{name}.ps1",
        parameters=(
            Parameter(
                name="DrainHours",
                default=24,
                maximum=720,
                help=("How many hours Redirect must have been off before anything is removed; 0 does not wait.",),
            ),
            STATE,
        ),
        changes=True,
        needs={**READS, **_DISABLES, **_REMOVES},
        next_when_done="nothing. Keep the state folder with the change record.",
        next_when_stopped=f"do what stands above, then run {name} again; what is done is not done twice.",
    )


def creates(*objects: ExchangeObject) -> dict[str, tuple[str, ...]]:
    """The New- cmdlets that create these objects, each with the parameters that they need."""
    needs: dict[str, tuple[str, ...]] = {}
    for object_ in objects:
        cmdlet = f"New-{object_.kind}"
        names = dict.fromkeys((*needs.get(cmdlet, ()), *object_.values))
        needs[cmdlet] = tuple(names)
    return needs
