<#
.SYNOPSIS
    By the plan: creates inbound connector, rule Loop Check, rule Redirect; changes outbound connector; turns on outbound connector.
.DESCRIPTION
    By the plan in plan.json. What is to stay is compared and left. If the tenant is not what it was when this was planned, by
    Snapshot.json, it stops before its first change: our objects, and the rules above and around them.
    No mail is sent to the filter by it that was not sent before. Each setting is read back. Undo: 70-rollback.
    To review: the values, each with its reason, and the steps at the end, each with its call. Exit code 0: all four are as
    approved; 1: not.
.PARAMETER StatePath
    The folder for notes and backups. Default: state in the pack.
.EXAMPLE
    ./30-create.ps1 -WhatIf
.NOTES
    -WhatIf asks the service what each change would do, and changes nothing; -Confirm asks you before each change.
    Made by mailmarshal-m365 0.2.0 for tenant contoso.onmicrosoft.com, region eu, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'They are read in the block.')]
param([string]$StatePath = '')
$outcome = @{ ExitCode = 1; LastLines = 'Now in the tenant:', '  It could not be read: nothing was called.', 'Next: fix it, and run this again.' }
try { & {
    # Inside this block only: in the open shell these would reach other commands, and theirs would reach this script.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $PSDefaultParameterValues = @{}
    # Values: this customer's, and why; the long reasons, with sources, are in the change request.
    $Request = @{
        Tenant = 'contoso.onmicrosoft.com'; TenantId = ''; Change = 'CHG0012345'
        Region = 'eu'; HeaderId = 'c41d7e93-2b60-4f8a-a5d2-7e13b9064c58'; LoopGuard = 'stop'
    }
    # It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.
    $Inbound = [ordered]@{
        Name                     = 'From MailMarshal Cloud Integrated'   # the article's name
        ConnectorType            = 'OnPremises'                          # "from your organization's mail server"
        SenderDomains            = @('*')                                # the cmdlet demands it; any sender comes back
        RequireTls               = $true                                 # the certificate counts only with TLS
        TlsSenderCertificateName = '*.eu.mailmarshal.cloud'              # region eu; all its customers share it
        Enabled                  = $true                                 # works from its creation, see the change request
    }
    # It recognises mail that has been filtered, so that Redirect does not send it out again.
    $LoopCheck = [ordered]@{
        Name                        = 'MailMarshal Cloud Integrated Loop Check'   # the article's name
        HeaderContainsMessageHeader = 'X-MMCloud-ID'                     # the header of filtered mail
        HeaderContainsWords         = @('c41d7e93-2b60-4f8a-a5d2-7e13b9064c58')   # this customer's; like a password
        RemoveHeader                = 'X-MMCloud-ID'                     # it does not leave the tenant
        StopRuleProcessing          = $true                              # NOT in the article: without it mail loops
        Mode                        = 'Enforce'                          # the default, stated: Audit takes no action
        RuleErrorAction             = 'Ignore'                           # the default, stated
        Enabled                     = $false                             # turned on in a step of its own
    }
    # It sends every message to MailMarshal Cloud. Mail goes there when, and only when, this rule is on.
    $Redirect = [ordered]@{
        Name                          = 'MailMarshal Cloud Integrated Redirect'   # the article's name
        RouteMessageOutboundConnector = 'To MailMarshal Cloud Integrated'   # no condition: all messages, both ways
        StopRuleProcessing            = $false                           # rules below still run
        Mode                          = 'Enforce'                        # the default, stated: Audit takes no action
        RuleErrorAction               = 'Ignore'                         # the default, stated
        Enabled                       = $false                           # turned on in a step of its own
    }
    # The outbound connector is there already. These settings of it are changed, and no others.
    $Outbound = [ordered]@{
        TlsDomain = '*.eu.mailmarshal.cloud'                             # this name on the certificate
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
    # Likewise the functions for packs that were planned against a snapshot, and the snapshot itself.
    $Files = [ordered]@{
        'MailMarshal365.Snapshot.ps1' = '4042C203FB9B63E18603D6E7DEB3A1753350366C0AFCF4601FEE4FDDB5225A0A'
        'Snapshot.json'               = '4F8331FE3AC9924012A40175CEF1F37919A79739F5D32C42BE4A609000002801'
    }
    foreach ($File in @($Files.Keys)) {
        $Path = [IO.Path]::Combine($PSScriptRoot, $File)
        $Text = if ([IO.File]::Exists($Path)) { [IO.File]::ReadAllText($Path) -replace '\r\n', "`n" -replace '(?s)\n+# SIG # Begin .*\z', "`n" }
        $Stream = New-Object -TypeName IO.MemoryStream -ArgumentList (, [Text.Encoding]::UTF8.GetBytes("$Text"))
        $Found = (Get-FileHash -Algorithm SHA256 -InputStream $Stream).Hash
        if ($Found -ne $Files[$File]) { throw "$Path is missing, or is not the file of this pack: its SHA-256 is $Found, not $($Files[$File])." }
        if ($File -like '*.ps1') { . ([scriptblock]::Create($Text)) }
    }
    # What this pack may change on objects that were there.
    $Changes = [ordered]@{
        Outbound = @('TlsDomain', 'Enabled')
    }
    Use-Snapshot -Text $Text -Changes $Changes
    $Run = @{
        Outcome = $outcome; WhatIf = [bool]$WhatIfPreference; StatePath = $StatePath; Folder = $PSScriptRoot
        Ask = { param($What) $PSCmdlet.ShouldProcess($Request.Tenant, $What) }
    }
    $Calls = 'New-InboundConnector', 'New-OutboundConnector', 'New-TransportRule', 'Set-OutboundConnector'
    $Next = @{
        Stopped = 'Next: settle what is reported above and run 30-create again, or take it back with 70-rollback. Both go on from here.'
        WhatIf  = 'Next: the same without -WhatIf.'
        Done    = 'Next: 40-verify -Expect Created. To take it back: 70-rollback.'
    }
    # Handed to every call that changes something. The Exchange module ignores a script's own preferences.
    $Each = @{ WhatIf = $Run.WhatIf; Confirm = $false; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue'; WarningVariable = 'warnings' }
    Invoke-Script -Request $Request -Run $Run -Next $Next -Calls $Calls -Body {
        Invoke-PlannedCreation -Steps {
            $Id = @{}
            foreach ($key in $Objects.Keys) { $Id[$key] = [string](Get-Property -Object $Session.Have[$key] -Name 'Guid') }
            # The way back first: when mail is sent out, it has to be able to return.
            Add-TenantObject -Text '1 of 5: create the inbound connector' -Key 'Inbound' -Create { New-InboundConnector @Inbound @Each }
            # What is there is made what was approved, and nothing else of it is touched.
            Edit-TenantObject -Text '2 of 5: change the outbound connector' -Key 'Outbound' -Names 'TlsDomain' -Call {
                Set-OutboundConnector -Identity $Id.Outbound @Outbound @Each
            }
            # It is there, and off. The rules need it.
            Edit-TenantObject -Text '3 of 5: turn on the outbound connector' -Key 'Outbound' -Names 'Enabled' -Call {
                Set-OutboundConnector -Identity $Id.Outbound -Enabled $true @Each
            }
            # Created off, and before Redirect, so that it stands above it at the bottom of the list.
            Add-TenantObject -Text '4 of 5: create the rule Loop Check' -Key 'LoopCheck' -Create { New-TransportRule @LoopCheck @Each }
            # Created off, at the very bottom: no mail is sent to the filter until 50-enable turns it on.
            Add-TenantObject -Text '5 of 5: create the rule Redirect' -Key 'Redirect' -Uses 'Outbound' -Create { New-TransportRule @Redirect @Each }
        }
    }
} }
catch { $outcome.LastLines = @("STOPPED  Nothing was changed. $($_.Exception.Message)") + $outcome.LastLines }
# LastLines is empty where the shared functions have said it. Here, so that Ctrl-C ends with a true exit code as well.
finally { $outcome.LastLines | Write-Information -InformationAction Continue; exit $outcome.ExitCode }
