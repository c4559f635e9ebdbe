<#
.SYNOPSIS
    The stop switch: turns Redirect off, at once, and nothing else.
.DESCRIPTION
    Mail is no longer sent to the filter once the service has taken the change everywhere: up to 30 minutes, in some cases longer.
    Connectors and Loop Check stay, so that mail on its way still arrives. Undo: 50-enable -Stage Redirect.
    It needs no notes. It finds Redirect by its noted identity and by its name; where somebody has renamed it, by what it does.
    Any other rule that sends mail to the filter is named and left alone. Exit code 0: no rule that is on does; 1: one does.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./60-stop.ps1
.NOTES
    -WhatIf asks the service what each change would do, and changes nothing; -Confirm asks you before each change.
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard kb-literal.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param([string]$StatePath = '')
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.',
    'Next: Redirect may be on. Paste paste/08-stop.txt into the shell: it turns Redirect off without MailMarshal365.ps1.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's.
    $Request = @{ Tenant = 'contoso.onmicrosoft.com'; TenantId = ''; Change = 'CHG0012345' }

    # The shared functions: compared before they are run. In constrained language mode, the file as it is on the disk.
    $SHA256 = '42015F363E2F6CA55138E300FD4DC43C7867FAC51774E76F82C664BB8C007DFE'
    $Path = Join-Path -Path $PSScriptRoot -ChildPath 'MailMarshal365.ps1'
    $Full = $ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage'
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) { throw "$Path is missing." }
    if ($Full) {
        # The line ends of another system, and a signature at the end, do not count.
        $Text = [IO.File]::ReadAllText($Path) -replace '\r\n', "`n" -replace '(?s)\n+# SIG # Begin .*\z', "`n"
        $Stream = New-Object -TypeName IO.MemoryStream -ArgumentList (, [Text.Encoding]::UTF8.GetBytes($Text))
        $Found = (Get-FileHash -Algorithm SHA256 -InputStream $Stream).Hash
    }
    else { $Found = (Get-FileHash -Algorithm SHA256 -LiteralPath $Path).Hash }
    if ($Found -ne $SHA256) { throw "$Path is not the file of release 0.2.0: its SHA-256 is $Found, not $SHA256." }
    if ($Full) { . ([scriptblock]::Create($Text)) } else { . $Path }
    # With -Confirm this script asks; in constrained language mode it cannot, and the service does.
    $Run = @{
        Outcome = $outcome; WhatIf = [bool]$WhatIfPreference; StatePath = $StatePath; Folder = $PSScriptRoot; IsStop = $true
        Ask = { param($What) -not $Full -or $PSCmdlet.ShouldProcess($Request.Tenant, $What) }
    }
    $Next = @{
        Stopped = 'Next: if Redirect is still on, run 60-stop again, or turn the rule off in the Exchange admin center: Mail flow, Rules.'
        WhatIf  = 'Next: the same without -WhatIf.'
        Done    = 'Next: wait until it works everywhere (30 minutes or longer). Then 50-enable -Stage Redirect again, or 70-rollback.'
    }
    # Handed to every call that changes something. The Exchange module ignores a script's own preferences.
    $Each = @{ WhatIf = $Run.WhatIf; Confirm = $false; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue'; WarningVariable = 'warnings' }
    $Each.Confirm = -not $Full -and $ConfirmPreference -eq 'Low'
    Invoke-Script -Request $Request -Run $Run -Calls 'Disable-TransportRule' -Next $Next -Body {
        # Notes help to find Redirect, and to count the time. The stop switch works without them.
        $hasNotes = $false
        try { Resolve-StateFolder; $null = Read-State; $hasNotes = $true }
        catch { Show-Line -Text "WARN  The time cannot be noted, and notes cannot be read: $($_.Exception.Message)" }
        Read-Tenant -Kind 'TransportRule'
        $guid = $Session.Guids['Redirect']
        $name = $Objects.Redirect.Want.Name
        $targets = @($Session.Lists.TransportRule | Where-Object { $_.Guid -eq $guid -or (Test-Same -Left $_.Name -Right $name) })
        if ($targets.Count -eq 0) {
            # Renamed, or never there: then every rule without a condition that sends mail to the outbound connector.
            try { Read-Tenant -Kind 'OutboundConnector' } catch { Show-Line -Text "WARN  Connectors cannot be read: $($_.Exception.Message)" }
            $targets = @(Get-Route | Where-Object { @(Get-Property -Object $_ -Name 'Conditions' | Where-Object { $null -ne $_ }).Count -eq 0 })
            foreach ($rule in $targets) { $Session.Guids['Redirect'] = [string]$rule.Guid }
            if ($targets.Count -eq 0) { Show-Line -Text 'Nothing to do: there is no rule Redirect.'; return }
            Read-Tenant -Kind 'TransportRule'
        }
        $neverOn = $hasNotes -and (Test-NeverOn)
        $isNoted = $hasNotes -and -not (Test-On -Key 'Redirect') -and $Session.State.redirectOff -ne '' -and (Test-Unchanged)
        foreach ($rule in $targets) {
            $id = [string]$rule.Guid
            Switch-Rule -What "Turning rule '$($rule.Name)' off" -Call { Disable-TransportRule -Identity $id @Each } -Done {
                @($Session.Lists.TransportRule | Where-Object { $_.Guid -eq $id -and $_.State -eq 'Enabled' }).Count -eq 0
            }
        }
        if ($isNoted -or -not $hasNotes) { return }
        try { Save-RedirectOff -NeverOn $neverOn }
        catch { Show-Line -Text "WARN  The time could not be noted ($($_.Exception.Message)); rollback will count from its own first run." }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
