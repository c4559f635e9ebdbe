<#
.SYNOPSIS
    Read-only: may this change go in? One line a finding, and why: OK, WARN (somebody has to accept it) or STOP.
.DESCRIPTION
    Looks at the connection, the tenant, the account's roles and the rules and connectors that are there. Changes nothing.
    What holds in every tenant is not repeated here: see the risks in the change request.
    Exit code 0: nothing stands against the change; 1: a STOP was found, or something could not be read.
.EXAMPLE
    ./10-preflight.ps1
.NOTES
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
param()
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: mend it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}

    # Values: this customer's. What the objects are to be, and why, stands in 30-create.
    $Request = @{
        Tenant = 'contoso.onmicrosoft.com'; TenantId = ''; Change = 'CHG0012345'
        Region = 'eu'; HeaderId = '3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11'; LoopGuard = 'stop'
    }
    # What the findings mean.
    $Advice = @{
        Standing   = '7 risks hold in every tenant: see "What can go wrong" in the change request.'
        Dehydrated = 'Some settings of it cannot be changed before Enable-OrganizationCustomization, which is for good. No source says that this change needs it.'
        Ending     = 'Mail that such a rule matches does not reach Redirect and is not filtered. Decide for each of them whether that is wanted.'
        Routing    = 'Which of two connectors wins for one message is not documented. Add an exception to one of the two, or test with a real message.'
        Twice      = 'Filtered mail passes them again on its way back; a rule that adds or redirects recipients may then bounce (550 5.7.128). Give them an exception.'
        Hybrid     = 'Mail goes by the servers on the premises too, and internal headers are dropped on return. Test both directions with a mailbox there.'
        Enhanced   = 'The connector of this pack does not have it: Defender judges mail that comes back by the address of the filter. Ask LevelBlue.'
        Limit      = 'A tenant has room for 300 rules. Remove rules that are not used.'
    }

    # The shared functions: read once, compared, and run from memory, so that what was compared is what runs.
    $SHA256 = 'D6124CB97E816E182987AA7AC0AB3408936F255E1F59324CC5BA3B1286EEFC96'
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { throw 'This shell is in constrained language mode; only 60-stop works there.' }
    $Path = [IO.Path]::Combine($PSScriptRoot, 'MailMarshal365.ps1')
    # The line ends of another system, and a signature at the end, do not count.
    $Text = if ([IO.File]::Exists($Path)) { [IO.File]::ReadAllText($Path) -replace '\r\n', "`n" -replace '(?s)\n+# SIG # Begin .*\z', "`n" }
    $Stream = New-Object -TypeName IO.MemoryStream -ArgumentList (, [Text.Encoding]::UTF8.GetBytes([string]$Text))
    $Found = (Get-FileHash -Algorithm SHA256 -InputStream $Stream).Hash
    if ($Found -ne $SHA256) { throw "$Path is missing, or is not the file of release 0.2.0: its SHA-256 is $Found, not $SHA256." }
    . ([scriptblock]::Create($Text))

    $Run = @{ Outcome = $outcome; WhatIf = $false; Confirm = $false; ReadsOnly = $true }
    $Calls = 'Get-OrganizationConfig', 'New-InboundConnector', 'New-OutboundConnector', 'New-TransportRule', 'Enable-TransportRule',
        'Disable-TransportRule', 'Set-TransportRule', 'Remove-TransportRule', 'Remove-OutboundConnector', 'Remove-InboundConnector'
    $Next = @{
        Stopped = 'Next: settle each STOP, then run 10-preflight again. Do not go on before.'
        Done    = 'Next: have each WARN accepted in the change request, then run 20-backup.'
    }
    $Found = @{ OK = @(); WARN = @(); STOP = @() }
    function Add-Finding([string]$Level, [string]$Text) { $Found[$Level] += $Text }
    function Add-Named([object[]]$Items, [string]$What, [string]$Why) {
        # One line for all objects of which something is to be said; OK where there are none.
        if ($Items.Count -eq 0) { Add-Finding -Level 'OK' -Text "no $What"; return }
        $names = @($Items | ForEach-Object { "'$($_.Name)'" }) -join ', '
        Add-Finding -Level 'WARN' -Text "$What ($($Items.Count)): $names. $Why"
    }
    function Test-Set([object]$Object, [string[]]$Names) {
        # Whether an object has any of these settings.
        @($Names | Where-Object { (ConvertTo-Plain -Value (Get-Property -Object $Object -Name $_)) -notin '', 'False' }).Count -gt 0
    }

    Invoke-Script -Request $Request -Run $Run -Calls $Calls -Next $Next -Body {
        Add-Finding -Level 'OK' -Text 'one connection, to the tenant of the request; its roles give every cmdlet and parameter that is needed'
        Add-Finding -Level 'OK' -Text "accepted domains: $($Session.Domains -join ', ')"
        if ((Get-Property -Object (Get-OrganizationConfig -ErrorAction Stop) -Name 'IsDehydrated') -ne $true) { Add-Finding -Level 'OK' -Text 'the organization is not dehydrated' }
        else { Add-Finding -Level 'WARN' -Text "the organization is dehydrated. $($Advice.Dehydrated)" }
        Read-Tenant

        # This pack's objects.
        foreach ($key in $Objects.Keys) {
            $title = $Objects[$key].Title
            if ($null -eq $Session.Have[$key]) { Add-Finding -Level 'OK' -Text "$title is not there yet"; continue }
            $differences = @(Get-Difference -Key $key)
            if ($differences.Count -eq 0) { Add-Finding -Level 'WARN' -Text "$title is there already, as wanted; 30-create leaves it and rollback with the notes keeps it" }
            foreach ($difference in $differences) { Add-Finding -Level 'STOP' -Text "$title is there already: $difference" }
        }
        foreach ($risk in @(Get-MailRisk)) { Add-Finding -Level 'STOP' -Text $risk }

        # Other connectors.
        $ours = @($Session.Have.Values | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_.Guid })
        $in = @($Session.Lists.InboundConnector | Where-Object { $_.Guid -notin $ours })
        $out = @($Session.Lists.OutboundConnector | Where-Object { $_.Guid -notin $ours })
        $twins = @($in | Where-Object { Test-Same -Left $_.TlsSenderCertificateName -Right $Objects.Inbound.Want.TlsSenderCertificateName })
        $twins += @($out | Where-Object { @($_.SmartHosts) -contains $Objects.Outbound.Want.SmartHosts[0] })
        Add-Named -Items $twins -What 'other connectors to or from MailMarshal Cloud' -Why 'Find out who uses them before you go on.'
        Add-Named -Items @($out | Where-Object { $_.Enabled -and (Test-Set -Object $_ -Names 'RouteAllMessagesViaOnPremises') }) -What 'connectors that send all mail by the premises (hybrid)' -Why $Advice.Hybrid
        Add-Named -Items @($in | Where-Object { $_.Enabled -and (Test-Set -Object $_ -Names 'EFSkipLastIP', 'EFSkipIPs') }) -What 'connectors with Enhanced Filtering' -Why $Advice.Enhanced

        # Other rules, if they are on; in mode Audit a rule takes no action.
        $others = @($Session.Lists.TransportRule | Where-Object { $_.Guid -notin $ours })
        $acting = @($others | Where-Object { $_.State -eq 'Enabled' -and $_.Mode -notlike 'Audit*' } | Sort-Object -Property Priority)
        $above = @($acting | Where-Object { $null -eq $Session.Have.LoopCheck -or $_.Priority -lt $Session.Have.LoopCheck.Priority })
        $ending = 'StopRuleProcessing', 'DeleteMessage', 'Quarantine', 'RejectMessageReasonText', 'SmtpRejectMessageRejectText'
        $twice = 'PrependSubject', 'ApplyHtmlDisclaimerText', 'BlindCopyTo', 'CopyTo', 'AddToRecipients', 'AddManagerAsRecipientType', 'RedirectMessageTo',
            'ModerateMessageByUser', 'ModerateMessageByManager', 'SetHeaderName', 'GenerateIncidentReport', 'GenerateNotification', 'ApplyOME'
        Add-Named -Items @($above | Where-Object { Test-Set -Object $_ -Names $ending }) -What 'rules above that end processing' -Why $Advice.Ending
        Add-Named -Items @($acting | Where-Object { Test-Set -Object $_ -Names 'RouteMessageOutboundConnector' }) -What 'rules that route elsewhere' -Why $Advice.Routing
        Add-Named -Items @($above | Where-Object { Test-Set -Object $_ -Names $twice }) -What 'rules above that would act twice on every filtered message' -Why $Advice.Twice
        $level = if ($others.Count -gt 298) { 'STOP' } elseif ($others.Count -gt 288) { 'WARN' } else { 'OK' }
        Add-Finding -Level $level -Text "$($others.Count) rules are there. $($Advice.Limit)"

        # What somebody has to act on comes last, wrapped to the window if there is one.
        $width = 0
        try { if (-not [Console]::IsOutputRedirected) { $width = $Host.UI.RawUI.WindowSize.Width - 1 } } catch { $width = 0 }
        Show-Line -Text "NOTE  $($Advice.Standing)"
        foreach ($level in 'OK', 'WARN', 'STOP') {
            foreach ($text in $Found[$level]) {
                $line = ('{0,-5} {1}' -f $level, $text) -replace '[\x00-\x1F]', '?'
                if ($width -gt 40) { $line = $line -replace "(?=.{$width})(.{30,$($width - 1)}) ", "`$1`n      " }
                foreach ($part in $line -split "`n") { Show-Line -Text $part -Level $level }
            }
        }
        Show-Line -Text "Nothing was changed: this script only reads. Findings: $($Found.OK.Count) OK, $($Found.WARN.Count) WARN, $($Found.STOP.Count) STOP."
        if ($Found.STOP.Count -gt 0) { $Session.Ended = 'Stopped' }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
