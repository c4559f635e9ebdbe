<#
.SYNOPSIS
    Read-only: shows what became of the mail of the last hours, by the message trace.
.DESCRIPTION
    Counts messages by their status, names those that are pending or failed, and looks in the details of failed ones for
    5.4.14 (a mail loop) and 5.7.64 (a connector did not match). Writes what it found as JSON into the state folder.
    Run it after enabling, and before rollback removes connectors. It shows all mail of the tenant, not only filtered mail.
    Needs a role that may trace messages, for example Organization Management, Compliance Management or Help Desk.
    Exit code 0: no message failed with these codes; 1: some did, or the trace could not be read.
.PARAMETER Hours
    How many hours to look back, at most 240: the service gives ten days a query.
.PARAMETER Details
    Of how many failed messages the details are read. The service allows 100 queries in five minutes.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./80-trace.ps1 -Hours 2
.NOTES
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param(
    [ValidateRange(1, 240)] [int]$Hours = 24,
    [ValidateRange(0, 95)] [int]$Details = 50,
    [string]$StatePath = ''
)
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: fix it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's.
    $Request = @{ Tenant = 'contoso.onmicrosoft.com'; TenantId = ''; Change = 'CHG0012345' }

    # The shared functions: read once, compared (line ends and a signature at the end do not count), and run from memory.
    $SHA256 = '42015F363E2F6CA55138E300FD4DC43C7867FAC51774E76F82C664BB8C007DFE'
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { throw 'This is constrained language mode; only 60-stop works there.' }
    $Path = [IO.Path]::Combine($PSScriptRoot, 'MailMarshal365.ps1')
    $Text = if ([IO.File]::Exists($Path)) { [IO.File]::ReadAllText($Path) -replace '\r\n', "`n" -replace '(?s)\n+# SIG # Begin .*\z', "`n" }
    $Stream = New-Object -TypeName IO.MemoryStream -ArgumentList (, [Text.Encoding]::UTF8.GetBytes("$Text"))
    $Found = (Get-FileHash -Algorithm SHA256 -InputStream $Stream).Hash
    if ($Found -ne $SHA256) { throw "$Path is missing, or is not the file of release 0.2.0: its SHA-256 is $Found, not $SHA256." }
    . ([scriptblock]::Create($Text))
    $Run = @{ Outcome = $outcome; WhatIf = $false; StatePath = $StatePath; Folder = $PSScriptRoot; ReadsOnly = $true }
    $Next = @{
        Stopped = 'Next: if messages failed with 5.4.14 or 5.7.64, run 60-stop now; then read what is reported above.'
        Done    = 'Next: look at what is pending or failed, if anything is. Rollback may remove the connectors when nothing is pending.'
    }
    Invoke-Script -Request $Request -Run $Run -Calls 'Get-MessageTraceV2', 'Get-MessageTraceDetailV2' -Next $Next -Body {
        # DateTime objects, as text is read in the format of this machine; in UTC, as the answers are.
        $end = [datetime]::UtcNow
        $span = @{ StartDate = $end.AddHours(-$Hours); EndDate = $end }
        $messages = @(Get-MessageTraceV2 @span -ResultSize 5000 -ErrorAction Stop | Where-Object { $null -ne $_ })
        Show-Line -Text "$($messages.Count) messages in $Hours hours, until $(Get-Now)"
        $isCut = $messages.Count -ge 5000
        if ($isCut) { Show-Line -Text 'WARN  There are more: the service gives the newest 5,000 and no next page. Use a smaller -Hours.' }
        $counts = [ordered]@{}
        foreach ($group in @($messages | Group-Object -Property Status | Sort-Object -Property Name)) {
            $counts[[string]$group.Name] = $group.Count
            Show-Line -Text ('  {0,-16} {1,6}' -f $group.Name, $group.Count)
        }
        $failed = @($messages | Where-Object { $_.Status -eq 'Failed' })
        $pending = @($messages | Where-Object { $_.Status -eq 'Pending' })
        if ($failed.Count -gt $Details) { Show-Line -Text "WARN  $($failed.Count) messages failed; the details of the newest $Details are read." }
        # Only the codes are looked for: they are the same in every language.
        $unread = @()
        $listed = @(foreach ($message in @($pending) + @($failed | Select-Object -First $Details)) {
                $codes = @()
                if ($message.Status -eq 'Failed') {
                    $id = @{ MessageTraceId = $message.MessageTraceId; RecipientAddress = $message.RecipientAddress }
                    $steps = @()
                    try { $steps = @(Get-MessageTraceDetailV2 @id @span -ErrorAction Stop) } catch { $unread += $_.Exception.Message }
                    $text = @($steps | ForEach-Object { Get-Property -Object $_ -Name 'Detail'; Get-Property -Object $_ -Name 'Data' }) -join ' '
                    $codes = @('5.4.14', '5.7.64' | Where-Object { $text -match ('(?<![\d.])' + [regex]::Escape($_) + '(?![\d.]*\d)') })
                }
                $entry = [ordered]@{}
                foreach ($name in 'Status', 'Received', 'SenderAddress', 'RecipientAddress', 'MessageId', 'MessageTraceId') {
                    $value = Get-Property -Object $message -Name $name
                    $entry[$name] = if ($value -is [datetime]) { ConvertTo-TimeText -Time $value -Format $TimeFormat } else { [string]$value }
                }
                $entry['Codes'] = $codes
                $entry
            })
        foreach ($entry in $listed | Select-Object -First 40) {
            $codes = $entry.Codes -join ' '
            Show-Line -Text "  $($entry.Status)  $($entry.Received)  $($entry.SenderAddress) -> $($entry.RecipientAddress)  $codes".TrimEnd()
        }
        if ($listed.Count -gt 40) { Show-Line -Text "  and $($listed.Count - 40) more: see the file" }
        $path = Get-FreePath -Prefix 'trace'
        Write-TextFile -Path $path -Value ([ordered]@{
                format = 'mm365-trace-1'; tenant = $Session.Request.Tenant; tenantId = $Session.TenantId; takenAt = Get-Now
                from = ConvertTo-TimeText -Time $span.StartDate -Format $TimeFormat; to = ConvertTo-TimeText -Time $end -Format $TimeFormat
                isCut = $isCut; counts = $counts; messages = $listed
            })
        Show-Line -Text "Saved: $path"
        if ($unread.Count -gt 0) {
            Show-Line -Text "STOP  the details of $($unread.Count) failed messages could not be read: $($unread[0])"
            $Session.Ended = 'Stopped'
        }
        foreach ($code in '5.4.14', '5.7.64') {
            $hits = @($listed | Where-Object { $_.Codes -contains $code })
            if ($hits.Count -eq 0) { continue }
            $meaning = @{ '5.4.14' = 'a mail loop'; '5.7.64' = 'no connector matched' }[$code]
            Show-Line -Text "STOP  messages that failed with $code, $meaning`: $($hits.Count)"
            $Session.Ended = 'Stopped'
        }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
