<#
.SYNOPSIS
    Takes everything back to what was there before.
.DESCRIPTION
    Order: Redirect off; wait until mail under way has arrived; Loop Check off; rules, outbound connector, inbound connector
    removed. What this pack did not create is refused before the first change. With the notes in the state folder it goes by
    identity; without them, only objects whose every setting is what this pack creates are removed. Each is saved as JSON first.
    Not undone: mail stays as the filter left it; MailMarshal Cloud's own side; mail in Exchange's queue for the smart host is
    retried for 24 hours and then returned; what others changed in the meantime. May be run again.
    Exit code 0: done; 1: refused or failed, or Redirect is on; 2: waiting, run it again at the time that it says.
.PARAMETER DrainHours
    How many hours Redirect must have been off before anything is removed; 0 does not wait.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./70-rollback.ps1 -WhatIf
.NOTES
    -WhatIf asks the service what each change would do, and changes nothing; -Confirm asks you before each change.
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param([ValidateRange(0, 720)] [int]$DrainHours = 25, [string]$StatePath = '')
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: fix it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's. What the objects are to be, and why, stands in 30-create.
    $Request = @{
        Tenant = 'contoso.onmicrosoft.com'; TenantId = ''; Change = 'CHG0012345'
        Region = 'eu'; HeaderId = 'c41d7e93-2b60-4f8a-a5d2-7e13b9064c58'; LoopGuard = 'stop'
    }

    # The shared functions: read once, compared (line ends and a signature at the end do not count), and run from memory.
    $SHA256 = '42015F363E2F6CA55138E300FD4DC43C7867FAC51774E76F82C664BB8C007DFE'
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { throw 'This is constrained language mode; only 60-stop works there.' }
    $Path = [IO.Path]::Combine($PSScriptRoot, 'MailMarshal365.ps1')
    $Text = if ([IO.File]::Exists($Path)) { [IO.File]::ReadAllText($Path) -replace '\r\n', "`n" -replace '(?s)\n+# SIG # Begin .*\z', "`n" }
    $Stream = New-Object -TypeName IO.MemoryStream -ArgumentList (, [Text.Encoding]::UTF8.GetBytes("$Text"))
    $Found = (Get-FileHash -Algorithm SHA256 -InputStream $Stream).Hash
    if ($Found -ne $SHA256) { throw "$Path is missing, or is not the file of release 0.2.0: its SHA-256 is $Found, not $SHA256." }
    . ([scriptblock]::Create($Text))
    $Run = @{
        Outcome = $outcome; WhatIf = [bool]$WhatIfPreference; StatePath = $StatePath; Folder = $PSScriptRoot
        Ask = { param($What) $PSCmdlet.ShouldProcess($Request.Tenant, $What) }
    }
    $Calls = 'Disable-TransportRule', 'Remove-TransportRule', 'Remove-OutboundConnector', 'Remove-InboundConnector'
    $Next = @{
        Stopped = 'Next: settle what is reported above, then run 70-rollback again; what is done is not done twice.'
        Waiting = 'Next: run 70-rollback again at that time; until then, 80-trace shows whether mail is pending.'
        WhatIf  = 'Next: the same without -WhatIf.'
        Done    = 'Next: nothing. Keep the state folder with the change record.'
    }
    # Handed to every call that changes something. The Exchange module ignores a script's own preferences.
    $Each = @{ WhatIf = $Run.WhatIf; Confirm = $false; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue'; WarningVariable = 'warnings' }
    Invoke-Script -Request $Request -Run $Run -Calls $Calls -Next $Next -Body {
        Invoke-Rollback -Steps {
            $Id = @{}
            foreach ($key in $Objects.Keys) { $Id[$key] = [string](Get-Property -Object $Session.Have[$key] -Name 'Guid') }
            # The first step back: no more mail is sent to the filter.
            Undo-Enabling -Text '1 of 7: turn off the rule Redirect' -Key 'Redirect' -Call { Disable-TransportRule -Identity $Id.Redirect @Each }
            # Mail may wait in Exchange's queue, be in the filter or be on its way back. It needs what is still there.
            Wait-Drained -Text '2 of 7: wait for mail sent by the rule Redirect' -Hours $DrainHours
            # Only now: as long as filtered mail was coming back, it had to be recognised.
            Undo-Enabling -Text '3 of 7: turn off the rule Loop Check' -Key 'LoopCheck' -Call { Disable-TransportRule -Identity $Id.LoopCheck @Each }
            # It is off; nothing needs it any more. It goes before the connector that it refers to.
            Undo-Creation -Text '4 of 7: remove the rule Redirect' -Key 'Redirect' -Call { Remove-TransportRule -Identity $Id.Redirect @Each }
            # It is off, nothing is sent to the filter any more, and no marked mail is under way.
            Undo-Creation -Text '5 of 7: remove the rule Loop Check' -Key 'LoopCheck' -Call { Remove-TransportRule -Identity $Id.LoopCheck @Each }
            # After the rules: a connector that a rule uses may not be removable.
            Undo-Creation -Text '6 of 7: remove the outbound connector' -Key 'Outbound' -UsedBy 'Redirect' -Call {
                Remove-OutboundConnector -Identity $Id.Outbound @Each
            }
            # Last of all: until here, mail that comes back from the filter was still accepted.
            Undo-Creation -Text '7 of 7: remove the inbound connector' -Key 'Inbound' -Call { Remove-InboundConnector -Identity $Id.Inbound @Each }
        }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
