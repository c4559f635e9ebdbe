<#
.SYNOPSIS
    Read-only: saves all connectors and all rules, in their order, as JSON.
.DESCRIPTION
    Both kinds of connectors, those in test mode and those only for rules too. Every run writes a file of its own. It
    holds the header IDs and the rules of the tenant: keep it where few can read. Exit code 0: saved; 1: not.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./20-backup.ps1
.NOTES
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop-and-except.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param([string]$StatePath = '')
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: fix it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's.
    $Request = @{ Tenant = 'contoso.onmicrosoft.com'; TenantId = '7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13'; Change = 'CHG0012345' }

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
        Stopped = 'Next: settle what is reported above, and run 20-backup again.'
        Done    = 'Next: 30-create.'
    }
    Invoke-Script -Request $Request -Run $Run -Next $Next -Body {
        Read-Tenant
        Save-Backup
        foreach ($kind in $Kinds) { Show-Line -Text "  $($Session.Lists[$kind].Count) of kind $kind" }
        Show-Line -Text 'The tenant is as it was: this script only reads.'
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
