"""Scripts and forms made wrong in one place each, and what a rehearsal has to find."""

from dataclasses import dataclass

from mm365.rehearsal.beginning import BUSY, EMPTY
from mm365.rehearsal.promises import Promise
from mm365.rehearsal.shells import Way

SHARED = "scripts/MailMarshal365.ps1"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A text in a script or form and what somebody wrote in its place; the fault, if one is needed to see it.

    Without a promise that it breaks, it shows in a stage that does not end as expected.
    """

    file: str
    right: str
    wrong: str
    breaks: Promise | None
    shows: str
    fault: str = ""
    tenant: str = EMPTY

    @property
    def way(self) -> Way:
        """How the file is run."""
        return "paste" if self.file.startswith("paste/") else "call"


MISTAKES = {
    "an exit code that is always 0": Mistake(
        file=SHARED,
        right="else { $Session.Ended = 'Stopped'; Show-Line -Text \"STOPPED",
        wrong="else { $Session.Ended = 'Stopped'; $Run.Outcome.ExitCode = 0; Show-Line -Text \"STOPPED",
        fault="create/New-InboundConnector#1:error",
        breaks=Promise.TRUTH,
        shows="it ended with 0, and Inbound is 'not there', not 'there, on'",
    ),
    "no reason for an exit code of 1": Mistake(
        file=SHARED,
        right='Show-Line -Text "STOPPED  $($_.Exception.Message)"',
        wrong="$null = $_",
        fault="backup/Get-TransportRule#1:error",
        breaks=Promise.TRUTH,
        shows="it ended with 1 and does not say why",
    ),
    "a message that is not so": Mistake(
        file=SHARED,
        right="elseif (Test-On -Key $key) { 'there, on' }",
        wrong="elseif ($true) { 'there, on' }",
        breaks=Promise.TRUTH,
        shows="it says 'there, on' of Redirect, which is 'there, off'",
    ),
    "saying that nothing was changed when something was": Mistake(
        file=SHARED,
        right='throw "$What failed:',
        wrong='throw "Nothing was changed. $What failed:',
        fault="create/New-OutboundConnector#1:error",
        breaks=Promise.TRUTH,
        shows="it says that nothing was changed, and it changed the tenant",
    ),
    "a simulation that changes the tenant": Mistake(
        file="scripts/30-create.ps1",
        right="$Each = @{ WhatIf = $Run.WhatIf;",
        wrong="$Each = @{ WhatIf = $false;",
        breaks=Promise.TRUTH,
        shows="it was a simulation, and it changed the tenant",
    ),
    "a wait that does not say until when": Mistake(
        file=SHARED,
        right='throw "WAITING until $(',
        wrong='throw "WAITING some time, not $(',
        breaks=Promise.TRUTH,
        shows="it ended with 2 and does not say until when",
    ),
    "a look at the tenant that turns somebody's rule off": Mistake(
        file="scripts/40-verify.ps1",
        right="$problems = @(Get-Problem)",
        wrong="$problems = @(); Disable-TransportRule -Identity $Session.Lists.TransportRule[0].Guid -Confirm:$false",
        tenant=BUSY,
        breaks=Promise.BYSTANDERS,
        shows="'[EXT] mark *' in transportRules differs in State",
    ),
    "a rollback that takes everything of that name for its own": Mistake(
        file=SHARED,
        right="return $(if (@(Get-Difference -Key $Key).Count -eq 0) { 'ours' } else { 'foreign' })",
        wrong="return 'ours'",
        fault="create/New-OutboundConnector#1:other-takes-name",
        breaks=Promise.BYSTANDERS,
        shows="which somebody else made, is gone",
    ),
    "a rollback that forgets an object": Mistake(
        file="scripts/70-rollback.ps1",
        right="Remove-InboundConnector -Identity $Id.Inbound @Each",
        wrong="$null = $Id",
        breaks=Promise.RETURN,
        shows="'From MailMarshal Cloud Integrated' is left in inboundConnectors",
    ),
    "a rollback that does not wait for mail under way": Mistake(
        file="scripts/70-rollback.ps1",
        right="-Hours $DrainHours",
        wrong="-Hours 0",
        breaks=Promise.MAIL,
        shows="was called for LoopCheck while mail was under way",
    ),
    "turning Redirect on without a wait": Mistake(
        file="scripts/50-enable.ps1",
        right="else { Wait-Passed -Since $since -Minutes $WaitMinutes",
        wrong="else { Wait-Passed -Since $since -Minutes 0",
        breaks=None,
        shows="enable-redirect-early",
    ),
    "turning the wrong rule on": Mistake(
        file="scripts/50-enable.ps1",
        right="{ Enable-TransportRule @LoopCheckId @Each }",
        wrong="{ Enable-TransportRule @RedirectId @Each }",
        breaks=Promise.MAIL,
        shows="Redirect is on and LoopCheck is there, off",
    ),
    "a form that says Done whatever came of it": Mistake(
        file="paste/01-inbound-connector.txt",
        right="    $null = New-InboundConnector @Inbound -WhatIf:$WhatIf -Confirm:$false -ErrorAction Stop\n",
        wrong="    try { $null = New-InboundConnector @Inbound -WhatIf:$WhatIf -Confirm:$false -ErrorAction Stop }\n"
        "    catch { Write-Host 'Done: it was created.'; return }\n",
        fault="inbound-connector/New-InboundConnector#1:error",
        breaks=Promise.TRUTH,
        shows="it ended with 0, and Inbound is 'not there', not 'there, on'",
    ),
    "a form that ends without a word": Mistake(
        file="paste/06-enable-loop-check.txt",
        right="    Write-Host 'Done: Loop Check is on.",
        wrong="    $null = 'Done: Loop Check is on.",
        breaks=Promise.TRUTH,
        shows="it ended without an error and does not say what is known",
    ),
    "a form that says Done and ends with an error": Mistake(
        file="paste/08-stop.txt",
        right="    if ($Made.Count -gt 0) { throw",
        wrong="    Write-Host 'Done: it is off.'; if ($true) { throw",
        breaks=Promise.TRUTH,
        shows="it says Done and ended with an error",
    ),
    "a form that says that nothing was changed when something was": Mistake(
        file="paste/01-inbound-connector.txt",
        right="$Known = 'The service was asked to create it.",
        wrong="$null = 'The service was asked to create it.",
        fault="inbound-connector/New-InboundConnector#1:lost",
        breaks=Promise.TRUTH,
        shows="it says that nothing was changed, and it changed the tenant",
    ),
    "a simulated form that changes the tenant": Mistake(
        file="paste/08-stop.txt",
        right="-WhatIf:$WhatIf",
        wrong="-WhatIf:$false",
        breaks=Promise.TRUTH,
        shows="it was a simulation, and it changed the tenant",
    ),
    "a form that creates a second time": Mistake(
        file="paste/01-inbound-connector.txt",
        right="if (@(& $Find).Count -gt 0) { throw",
        wrong="if (@(& $Find).Count -gt 0) { Write-Host 'Nothing to do: it is there.'; return; throw",
        fault="inbound-connector/New-InboundConnector#1:lost",
        breaks=Promise.TRUTH,
        shows="run again: it ended with 0",
    ),
    "a verification that does not see that Loop Check is off": Mistake(
        file="paste/05-verify.txt",
        right="if ($Red.State -eq 'Enabled' -and $Loop.State -ne 'Enabled')",
        wrong="if ($false)",
        fault="verify-enabled-2/Get-TransportRule#1:other-disables",
        breaks=Promise.TRUTH,
        shows="it ended with 0, and LoopCheck is 'there, off', not 'there, on'",
    ),
    "a rollback form that removes whatever has the name": Mistake(
        file="paste/10-rollback-connectors.txt",
        right='if ($Wrong.Count -gt 0) { throw "It is not as created',
        wrong='if ($false) { throw "It is not as created',
        fault="outbound-connector/New-OutboundConnector#1:other-takes-name",
        breaks=Promise.BYSTANDERS,
        shows="'To MailMarshal Cloud Integrated', which somebody else made, is gone",
    ),
    "a rollback form that refuses and does not say what": Mistake(
        file="paste/09-rollback-rules.txt",
        right="if ($Wrong.Count -gt 0) { throw \"Redirect is not as created: $($Wrong -join ', ').",
        wrong='if ($Wrong.Count -gt 0) { throw "No.',
        fault="redirect/New-TransportRule#1:differs",
        breaks=Promise.RETURN,
        shows="it refused and does not name the difference",
    ),
    "a rollback form that does not wait for mail under way": Mistake(
        file="paste/10-rollback-connectors.txt",
        right="-lt $Until) { throw",
        wrong="-lt $Until -and $false) { throw",
        breaks=Promise.MAIL,
        shows="Remove-TransportRule was called for LoopCheck while mail was under way",
    ),
    "a form that leaves Redirect on when Loop Check is off": Mistake(
        file="paste/07-enable-redirect.txt",
        right="if ($Red.State -eq 'Enabled' -and $Problems.Count -eq 0) {",
        wrong="if ($Red.State -eq 'Enabled') {",
        fault="enable-redirect/Enable-TransportRule#1:other-disables",
        breaks=Promise.MAIL,
        shows="Redirect is on and LoopCheck is there, off",
    ),
    "a form that cannot be read as PowerShell": Mistake(
        file="paste/08-stop.txt",
        right="    $TurnOff = {",
        wrong="    $TurnOff = & ' {",
        breaks=None,
        shows="simulate-stop",
    ),
}
