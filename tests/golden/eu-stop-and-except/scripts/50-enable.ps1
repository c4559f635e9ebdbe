<#
.SYNOPSIS
    Turns the rules on in stages: Loop Check; if wanted, Redirect in mode Audit; after a wait, Redirect.
.DESCRIPTION
    Redirect is refused until Loop Check has been on for -WaitMinutes and everything else is as approved. Afterwards all is
    compared again; if anything is wrong, Redirect is turned off at once. Undo: 60-stop turns it off; 70-rollback.
    Exit code 0: done; 1: refused or failed; 2: waiting, run it again at the time that it says.
.PARAMETER Stage
    LoopCheck; Audit (optional: the message trace shows what Redirect would do); Redirect.
.PARAMETER WaitMinutes
    How many minutes Loop Check must have been on before Redirect; 0 does not wait.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./50-enable.ps1 -Stage LoopCheck -WhatIf
.NOTES
    -WhatIf asks the service what each change would do, and changes nothing; -Confirm asks you before each change.
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop-and-except.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param(
    [Parameter(Mandatory = $true)] [ValidateSet('LoopCheck', 'Audit', 'Redirect')] [string]$Stage,
    [ValidateRange(0, 1440)] [int]$WaitMinutes = 30,
    [string]$StatePath = ''
)
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: fix it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's. What the objects are to be, and why, stands in 30-create.
    $Request = @{
        Tenant = 'contoso.onmicrosoft.com'; TenantId = '7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13'; Change = 'CHG0012345'
        Region = 'eu'; HeaderId = 'c41d7e93-2b60-4f8a-a5d2-7e13b9064c58'; LoopGuard = 'stop-and-except'
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
    $Next = @{
        Stopped = 'Next: settle what is reported above. 50-enable can be run again; 60-stop turns Redirect off; 70-rollback takes everything back.'
        Waiting = 'Next: the same again at that time. No mail is sent to the filter until then.'
        WhatIf  = 'Next: the same without -WhatIf.'
        Done    = @{
            LoopCheck = 'Next: wait 30 minutes, then 50-enable -Stage Redirect, or first -Stage Audit.'
            Audit     = 'Next: 40-verify -Expect Audit, look at the message trace, then 50-enable -Stage Redirect.'
            Redirect  = 'Next: 40-verify -Expect Enabled, test messages in both directions, 80-trace. To stop at once: 60-stop.'
        }[$Stage]
    }
    # Handed to every call that changes something. The Exchange module ignores a script's own preferences.
    $Each = @{ WhatIf = $Run.WhatIf; Confirm = $false; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue'; WarningVariable = 'warnings' }
    Invoke-Script -Request $Request -Run $Run -Next $Next -Calls 'Enable-TransportRule', 'Disable-TransportRule', 'Set-TransportRule' -Body {
        $null = Read-State
        Read-Tenant
        $LoopCheckId = @{ Identity = [string](Get-Property -Object $Session.Have.LoopCheck -Name 'Guid') }
        $RedirectId = @{ Identity = [string](Get-Property -Object $Session.Have.Redirect -Name 'Guid') }
        $Off = { Disable-TransportRule @RedirectId @Each }
        # Before: all as approved. What is on already and is not so is turned off.
        $Session.Mode = 'Enforce', 'Audit'
        $isOn = Test-Acting -Key 'Redirect'
        if ($Stage -eq 'Redirect' -and $isOn) { Assert-Approved -Off $Off } else { Assert-Approved }
        # Notes that cannot be written are found before the first change.
        Save-State

        if ($Stage -eq 'LoopCheck') {
            # Turned on alone and given time to work everywhere. It changes nothing for mail that does not carry the header.
            Switch-Rule -What 'Turning Loop Check on' -Call { Enable-TransportRule @LoopCheckId @Each } -Done { Test-On -Key 'LoopCheck' }
            $mark = Get-ChangeMark -Key 'LoopCheck'
            $known = $Session.State.loopCheckOn -ne '' -and $Session.State.loopCheckMark -eq $mark
            if (-not $known) { Save-State -Note @{ loopCheckOn = Get-Now; loopCheckMark = $mark } }
            if (-not $Run.WhatIf) { Show-Line -Text "  Loop Check is on since $($Session.State.loopCheckOn), as noted." }
            return
        }
        if (-not (Test-On -Key 'LoopCheck')) { throw 'Nothing was changed: Loop Check is off. Run -Stage LoopCheck first.' }
        if ($Stage -eq 'Audit' -and $isOn) { throw 'Nothing was changed: Redirect is on and enforced. To go back to Audit, run 60-stop first.' }
        if ($Stage -eq 'Redirect' -and -not $isOn) {
            # A rule that is on works everywhere only after some time. Until then Redirect would make mail loop.
            $since = $Session.State.loopCheckOn
            if ($WaitMinutes -eq 0) { Show-Line -Text 'WARN  -WaitMinutes 0: not waiting for Loop Check to work everywhere, as you asked.' }
            elseif ($since -eq '' -or $Session.State.loopCheckMark -ne (Get-ChangeMark -Key 'LoopCheck')) {
                throw 'Nothing was changed: it is not known since when Loop Check is on as it is now. Run -Stage LoopCheck, which notes the time.'
            }
            else { Wait-Passed -Since $since -Minutes $WaitMinutes -Why "Loop Check is on since $since. Nothing was changed." }
            # Noted before the change: from here on mail may be on its way through the filter.
            Save-State -Note @{ redirectOn = Get-Now; redirectOff = ''; drained = '' }
        }
        # The mode first, and read back, before it is turned on: in mode Audit it takes no action.
        $mode = @{ Audit = 'Audit'; Redirect = 'Enforce' }[$Stage]
        $Session.Mode = @($mode)
        $inMode = { $Session.Have.Redirect.Mode -eq $mode }
        Switch-Rule -What "Redirect into mode $mode" -Call { Set-TransportRule @RedirectId -Mode $mode @Each } -Done $inMode
        # From here on, if it is enforced, every message goes through MailMarshal Cloud.
        Switch-Rule -What 'Turning Redirect on' -Call { Enable-TransportRule @RedirectId @Each } -Done { Test-On -Key 'Redirect' }
        if ($Run.WhatIf) { return }
        # After: somebody else may have changed something in the meantime.
        Read-Tenant
        Assert-Approved -Off $Off
        Save-State -Note @{ redirectMark = Get-ChangeMark -Key 'Redirect' }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
