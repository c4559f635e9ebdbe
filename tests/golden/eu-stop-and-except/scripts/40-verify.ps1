<#
.SYNOPSIS
    Read-only: reads all back, compares every setting, the order and the state, and says what differs.
.DESCRIPTION
    Nothing else may be set on them, and no other rule may send mail there. Exit code 0: as approved and expected; 1: not.
.PARAMETER Expect
    Created: both rules are off. Audit: both are on, Redirect in mode Audit. Enabled: both are on.
.EXAMPLE
    ./40-verify.ps1 -Expect Created
.NOTES
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop-and-except.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param([Parameter(Mandatory = $true)] [ValidateSet('Created', 'Audit', 'Enabled')] [string]$Expect)
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
    $Run = @{ Outcome = $outcome; WhatIf = $false }
    $Next = @{
        Stopped = 'Next: if Redirect is on, consider 60-stop now; then see what differs above.'
        Done    = @{
            Created = 'Next: 50-enable -Stage LoopCheck.'
            Audit   = 'Next: look at the message trace, then 50-enable -Stage Redirect.'
            Enabled = 'Next: a test message in each direction, then 80-trace. To stop at once: 60-stop.'
        }[$Expect]
    }
    Invoke-Script -Request $Request -Run $Run -Next $Next -Body {
        Read-Tenant
        if ($Expect -eq 'Audit') { $Session.Mode = @('Audit') }
        $problems = @(Get-Problem)
        foreach ($key in 'LoopCheck', 'Redirect') {
            $rule = $Session.Have[$key]
            if ($null -eq $rule -or (Test-On -Key $key) -eq ($Expect -ne 'Created')) { continue }
            $problems += "$($Objects[$key].Title) is $($rule.State), and $Expect was expected"
        }
        foreach ($key in $Objects.Keys) {
            if ($null -eq $Session.Have[$key] -or @(Get-Difference -Key $key).Count -gt 0) { continue }
            Show-Line -Text "OK    $($Objects[$key].Title): every setting as approved"
        }
        foreach ($problem in $problems) { Show-Line -Text "DIFF  $problem"; $Session.Ended = 'Stopped' }
        if ($problems.Count -eq 0) { Show-Line -Text "Verified: as approved, and as expected when $Expect." }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
