<#
.SYNOPSIS
    Read-only: may this change go in? Prints a line for each finding: OK, WARN or STOP, and why.
.DESCRIPTION
    Looks at the connection, the tenant, the account's roles and the rules and connectors that are there. Changes nothing.
    Exit code 0: no STOP was found; 1: a STOP was found, or something could not be read.
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
    # What the findings mean.
    $Advice = @{
        Dehydrated = 'the organization is dehydrated. Some settings need Enable-OrganizationCustomization first. No source says that these do.'
        Ending     = 'Mail that such a rule matches does not reach Redirect and is not filtered. Decide for each whether that is wanted.'
        Routing    = 'Which of two connectors wins for one message is not documented. Add an exception to one, or test with a real message.'
        Twice      = 'Filtered mail passes them again on its way back, and may bounce (550 5.7.128) where recipients are added. Add exceptions.'
        Hybrid     = 'Mail goes by the servers on the premises too, and internal headers are dropped on return. Test with a mailbox there.'
        Enhanced   = 'The connector of this pack does not have it: Defender judges mail that comes back by the address of the filter.'
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
    $Run = @{ Outcome = $outcome; WhatIf = $false }
    $Calls = 'Get-OrganizationConfig', 'New-InboundConnector', 'New-OutboundConnector', 'New-TransportRule', 'Set-TransportRule',
        'Enable-TransportRule', 'Disable-TransportRule', 'Remove-TransportRule', 'Remove-OutboundConnector', 'Remove-InboundConnector'
    $Next = @{
        Stopped = 'Next: settle each STOP, then run 10-preflight again. Do not go on before.'
        Done    = 'Next: have each WARN accepted in the change request, then run 20-backup.'
    }
    $Findings = @{ OK = @(); WARN = @(); STOP = @() }
    function Add-Named([string]$What, [string]$Why, [object[]]$Items, [string[]]$With) {
        # One line for all objects that have any of these settings; OK where there are none.
        $names = @(foreach ($item in $Items) {
                $values = @($With | ForEach-Object { ConvertTo-Plain -Value (Get-Property -Object $item -Name $_) })
                if (@($values | Where-Object { $_ -notin '', 'False' }).Count -gt 0) { "'$($item.Name)'" }
            })
        if ($names.Count -eq 0) { $Findings.OK += "no $What" } else { $Findings.WARN += "$What ($($names.Count)): $($names -join ', '). $Why" }
    }

    Invoke-Script -Request $Request -Run $Run -Calls $Calls -Next $Next -Body {
        $Findings.OK += 'one connection, to the tenant of the request; its roles give every cmdlet and parameter that is needed'
        $Findings.OK += "accepted domains: $($Session.Domains -join ', ')"
        if ((Get-OrganizationConfig -ErrorAction Stop).IsDehydrated -eq $true) { $Findings.WARN += $Advice.Dehydrated }
        Read-Tenant

        foreach ($key in $Objects.Keys) {
            if ($null -eq $Session.Have[$key]) { $Findings.OK += "$($Objects[$key].Title) is not there yet" }
            elseif (-not (Get-Difference -Key $key)) { $Findings.WARN += "$($Objects[$key].Title) is there, as wanted; create and rollback leave it" }
        }
        $Findings.STOP += @(Get-Problem -MayBeMissing $true)

        # Other connectors that are on.
        $ours = @($Session.Have.Values | ForEach-Object { [string](Get-Property -Object $_ -Name 'Guid') })
        $in = @($Session.Lists.InboundConnector | Where-Object { $_.Guid -notin $ours -and $_.Enabled })
        $out = @($Session.Lists.OutboundConnector | Where-Object { $_.Guid -notin $ours -and $_.Enabled })
        $twins = @($in | Where-Object { $_.TlsSenderCertificateName -eq $Objects.Inbound.Want.TlsSenderCertificateName })
        $twins += @($out | Where-Object { @($_.SmartHosts) -contains $Objects.Outbound.Want.SmartHosts[0] })
        Add-Named -What 'other connectors to or from MailMarshal Cloud' -Why 'Find out who uses them.' -Items $twins -With 'Name'
        Add-Named -What 'connectors that send all mail by the premises (hybrid)' -Why $Advice.Hybrid -Items $out -With 'RouteAllMessagesViaOnPremises'
        Add-Named -What 'connectors with Enhanced Filtering' -Why $Advice.Enhanced -Items $in -With 'EFSkipLastIP', 'EFSkipIPs'

        # Other rules that are on; in mode Audit a rule takes no action.
        $others = @($Session.Lists.TransportRule | Where-Object { $_.Guid -notin $ours } | Sort-Object -Property Priority)
        $acting = @($others | Where-Object { $_.State -eq 'Enabled' -and $_.Mode -notlike 'Audit*' })
        $top, $end = foreach ($key in 'LoopCheck', 'Redirect') { if ($Session.Have[$key]) { $Session.Have[$key].Priority } else { 300 } }
        $noting = @($others | Where-Object { $_.State -eq 'Enabled' -and $_ -notin $acting -and $_.Priority -lt $end })
        $marking = @($acting | Where-Object { $Objects.LoopCheck.Want.RemoveHeader -in $_.SetHeaderName, $_.RemoveHeader -and $_.Priority -lt $top })
        $ends = -split ('StopRuleProcessing DeleteMessage Quarantine RejectMessageReasonText RejectMessageEnhancedStatusCode ' +
            'SmtpRejectMessageRejectText')
        $repeats = -split ('PrependSubject ApplyHtmlDisclaimerText BlindCopyTo CopyTo AddToRecipients AddManagerAsRecipientType RedirectMessageTo ' +
            'ModerateMessageByUser ModerateMessageByManager SetHeaderName GenerateIncidentReport GenerateNotification ApplyOME')
        Add-Named -What 'rules above that end processing' -Why $Advice.Ending -Items ($acting | Where-Object { $_.Priority -lt $end }) -With $ends
        Add-Named -What 'rules above in mode Audit that stop' -Why 'Whether that counts is not documented.' -Items $noting -With 'StopRuleProcessing'
        Add-Named -What 'rules above that change X-MMCloud-ID' -Why 'Mail may not be filtered, or may loop.' -Items $marking -With 'Name'
        Add-Named -What 'rules that route elsewhere' -Why $Advice.Routing -Items $acting -With 'RouteMessageOutboundConnector'
        Add-Named -What 'rules that act twice on mail' -Why $Advice.Twice -Items ($acting | Where-Object { $_.Priority -lt $top }) -With $repeats
        $level = if ($others.Count -gt 298) { 'STOP' } elseif ($others.Count -gt 288) { 'WARN' } else { 'OK' }
        $Findings[$level] += "$($others.Count) rules are there. A tenant has room for 300"

        # What somebody has to act on comes last, wrapped to the window if there is one.
        $width = try { if ([Console]::IsOutputRedirected) { 0 } else { $Host.UI.RawUI.WindowSize.Width - 7 } } catch { 0 }
        Show-Line -Text 'NOTE  11 risks hold in every tenant: see "What can go wrong" in the change request.'
        foreach ($level in 'OK', 'WARN', 'STOP') {
            foreach ($text in $Findings[$level]) {
                $line = ('{0,-5} {1}' -f $level, $text) -replace '[\x00-\x1F]', '?'
                if ($width -gt 40) { $line = $line -replace "(?=.{$width})(.{30,$($width - 1)}) ", "`$1`n      " }
                foreach ($part in $line -split "`n") { Show-Line -Text $part -Level $level }
            }
        }
        Show-Line -Text "Nothing was changed. Findings: $($Findings.OK.Count) OK, $($Findings.WARN.Count) WARN, $($Findings.STOP.Count) STOP."
        if ($Findings.STOP.Count -gt 0) { $Session.Ended = 'Stopped' }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
