<#
.SYNOPSIS
    Read-only: saves all connectors and all rules, in their order, as JSON.
.DESCRIPTION
    Both kinds of connectors, those in test mode and those only for rules too. Every run writes a file
    of its own. It holds the header IDs and the rules of the tenant: keep it where few can read.
.PARAMETER StatePath
    The folder for notes and backups.
    Default: state in the pack; of a single script, in the current folder.
.EXAMPLE
    ./20-backup.ps1
.NOTES
    Made by mailmarshal-m365 for tenant contoso.onmicrosoft.com, region eu, loop guard kb-literal.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
param(
    # The folder for notes and backups.
    [string]$StatePath = ''
)
if ($StatePath -eq '') { $StatePath = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -ChildPath 'state' }
$outcome = @{ ExitCode = 1 }
& {
    # Inside this block only: in the open shell it would reach the Exchange module's own functions.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'

    #region The request
    $Tenant   = 'contoso.onmicrosoft.com'
    $TenantId = ''
    $Change   = [regex]::Unescape('CHG0012345')
    #endregion

    #region Functions: the right tenant or nothing
    $Needs = [ordered]@{
        'Get-AcceptedDomain'    = @('ResultSize')
        'Get-InboundConnector'  = @('ResultSize')
        'Get-OutboundConnector' = @('ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors')
        'Get-TransportRule'     = @('ResultSize')
    }
    function Write-Line {
        # A line for the operator. Control characters in names that others chose do not reach the screen.
        param([string]$Text)
        Write-Host -Object ($Text -replace '[\x00-\x1F\x7F-\x9F]', '?')
    }
    function Test-Same {
        # Names are compared as the service does, without regard to case, and by nothing but their characters.
        param([string]$Left, [string]$Right)
        [string]::Equals($Left, $Right, [StringComparison]::OrdinalIgnoreCase)
    }
    function Get-Property {
        # The value of a property, or nothing where the object does not have it.
        param([object]$Object, [string]$Name)
        $property = $Object.PSObject.Properties[$Name]
        if ($null -ne $property) { $property.Value }
    }
    function Get-MissingCommand {
        # Roles take away cmdlets and parameters: what is missing is known before the first change.
        foreach ($cmdlet in $Needs.Keys) {
            $command = Get-Command -Name $cmdlet -ErrorAction SilentlyContinue | Select-Object -First 1
            if ($null -eq $command) { $cmdlet; continue }
            foreach ($parameter in $Needs[$cmdlet]) {
                if (-not $command.Parameters.ContainsKey($parameter)) { "$cmdlet -$parameter" }
            }
        }
    }
    function Confirm-Tenant {
        # Stops unless there is exactly one connection and it is to the tenant of the request.
        if ($null -eq (Get-Command -Name 'Get-ConnectionInformation' -ErrorAction SilentlyContinue)) {
            throw 'ExchangeOnlineManagement 3.0.0 or later is not loaded. Run Connect-ExchangeOnline first.'
        }
        $connections = @(Get-ConnectionInformation -ErrorAction Stop)
        if ($connections.Count -ne 1) {
            throw "There are $($connections.Count) Exchange Online connections; exactly one is needed. Run Disconnect-ExchangeOnline, then Connect-ExchangeOnline once."
        }
        $connection = $connections[0]
        if ($connection.State -ne 'Connected') { throw "The connection is '$($connection.State)', not Connected. Connect again." }
        if ($connection.IsEopSession -eq $true) { throw 'The connection is to Security & Compliance, not to Exchange Online. Run Connect-ExchangeOnline.' }
        if ([string]$connection.ModulePrefix -ne '') {
            throw "The connection has the prefix '$($connection.ModulePrefix)', which renames every cmdlet. Connect without -Prefix."
        }
        $missing = @(Get-MissingCommand)
        if ($missing.Count -gt 0) {
            throw "This account's roles do not give: $($missing -join ', '). Needed are the roles Remote and Accepted Domains, and Transport Rules."
        }
        $domains = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | ForEach-Object { [string]$_.DomainName })
        if (@($domains | Where-Object { Test-Same -Left $_ -Right $Tenant }).Count -eq 0) {
            throw "This is not the tenant of the request: $Tenant is none of its accepted domains ($($domains -join ', '))."
        }
        if ($TenantId -ne '' -and -not (Test-Same -Left ([string]$connection.TenantID) -Right $TenantId)) {
            throw "This is not the tenant of the request: its TenantID is $($connection.TenantID), not $TenantId."
        }
        $Session.TenantId = [string]$connection.TenantID
        $Session.Domains = $domains
        Write-Line -Text "Tenant $Tenant (TenantID $($connection.TenantID)) as $($connection.UserPrincipalName)"
        if ($Change -ne '') { Write-Line -Text "Change $Change" }
    }
    $Session = @{ TenantId = ''; Domains = @() }
    #endregion

    #region Functions: what the tenant has
    $Objects = [ordered]@{
    }
    $Lists = @{}
    $Have = @{}
    function Get-TenantList {
        # All objects of a kind. Looking one up by name is no test of existence: an unknown name can give all.
        param([string]$Kind)
        $all = @(switch ($Kind) {
                'InboundConnector' { Get-InboundConnector -ResultSize Unlimited -ErrorAction Stop }
                'TransportRule' { Get-TransportRule -ResultSize Unlimited -ErrorAction Stop }
                'OutboundConnector' {
                    # Documentation and practice disagree on what is left out by default: every way is asked.
                    Get-OutboundConnector -ResultSize Unlimited -ErrorAction Stop
                    foreach ($scoped in $false, $true) {
                        foreach ($test in $false, $true) {
                            Get-OutboundConnector -IsTransportRuleScoped $scoped -IncludeTestModeConnectors $test -ResultSize Unlimited -ErrorAction Stop
                        }
                    }
                }
            })
        $seen = @{}
        foreach ($item in $all) {
            if ($null -eq $item -or $seen.ContainsKey([string]$item.Guid)) { continue }
            $seen[[string]$item.Guid] = $true
            $item
        }
    }
    function Find-TenantObject {
        # The one object of that exact name, or nothing.
        param([string]$Key)
        $name = $Objects[$Key].Want.Name
        $found = @($Lists[$Objects[$Key].Kind] | Where-Object { Test-Same -Left $_.Name -Right $name })
        if ($found.Count -gt 1) { throw "There are $($found.Count) objects named '$name'. Remove or rename all but one." }
        if ($found.Count -eq 1) { $found[0] }
    }
    function Read-TenantKind {
        param([string]$Kind)
        $Lists[$Kind] = @(Get-TenantList -Kind $Kind)
        foreach ($key in $Objects.Keys) {
            if ($Objects[$key].Kind -eq $Kind) { $Have[$key] = Find-TenantObject -Key $key }
        }
    }
    function Read-Tenant {
        foreach ($kind in 'InboundConnector', 'OutboundConnector', 'TransportRule') { Read-TenantKind -Kind $kind }
    }
    #endregion

    #region Functions: files
    # .NET does not follow the shell's current folder, so the path is made a full one.
    $StatePath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($StatePath)
    $Invariant = [Globalization.CultureInfo]::InvariantCulture
    $TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'"
    $JsonNames = New-Object -TypeName 'Collections.Hashtable'
    function ConvertTo-JsonText {
        # ConvertTo-Json writes other bytes in Windows PowerShell 5.1 than in PowerShell 7; this does not.
        param([object]$Value, [int]$Depth = 0)
        if ($null -eq $Value) { return 'null' }
        if ($Value -is [bool]) { return ([string]$Value).ToLowerInvariant() }
        if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
        $list = $null
        if ($Depth -lt 8) {
            $inside = "`n" + '  ' * ($Depth + 1)
            $outside = "`n" + '  ' * $Depth
            if ($Value -is [Collections.IDictionary]) { $list = $Value.GetEnumerator() }
            elseif ($Value -is [Management.Automation.PSCustomObject]) { $list = $Value.PSObject.Properties }
        }
        if ($null -ne $list) {
            $lines = @(foreach ($pair in $list) {
                    $item = $pair.Value
                    # Most of a rule is empty or false, and its names come again: a call for each would take many times longer.
                    $text = if ($null -eq $item) { 'null' } elseif ($false -eq $item -and $item -is [bool]) { 'false' } else { ConvertTo-JsonText -Value $item -Depth ($Depth + 1) }
                    $name = $JsonNames[$pair.Name]
                    if ($null -eq $name) { $name = $JsonNames[$pair.Name] = (ConvertTo-JsonString -Text $pair.Name) + ': ' }
                    $inside + $name + $text
                })
            return $(if ($lines.Count -eq 0) { '{}' } else { '{' + ($lines -join ',') + $outside + '}' })
        }
        if ($Value -is [Collections.IEnumerable] -and $Value -isnot [string] -and $Depth -lt 8) {
            $lines = @(foreach ($item in $Value) { $inside + (ConvertTo-JsonText -Value $item -Depth ($Depth + 1)) })
            return $(if ($lines.Count -eq 0) { '[]' } else { '[' + ($lines -join ',') + $outside + ']' })
        }
        if ($Value -is [datetime]) { $Value = $Value.ToUniversalTime().ToString('o', $Invariant) }
        return ConvertTo-JsonString -Text $Value
    }
    function ConvertTo-JsonString {
        # ASCII, so that no reader has to know an encoding.
        param([string]$Text)
        if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
        '"' + [regex]::Replace($Text, '[^ !#-\[\]-~]', { param($found) '\u{0:x4}' -f [int][char]$found.Value }) + '"'
    }
    function Write-TextFile {
        # Written beside its place and then moved there: a reader sees the old file or the new one.
        param([string]$Path, [string]$Text)
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
        $written = "$Path.new"
        [IO.File]::WriteAllText($written, $Text, (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false))
        if ([IO.File]::Exists($Path)) { [IO.File]::Replace($written, $Path, [NullString]::Value) }
        else { [IO.File]::Move($written, $Path) }
    }
    function New-StateFilePath {
        # A name of its own for each file that is kept: nothing saved before is overwritten.
        param([string]$Prefix)
        do {
            $path = [IO.Path]::Combine($StatePath, "$Prefix-$([datetime]::UtcNow.ToString('yyyyMMdd-HHmmss-fff', $Invariant)).json")
        } while ([IO.File]::Exists($path))
        $path
    }
    function Get-Now { [datetime]::UtcNow.ToString($TimeFormat, $Invariant) }
    function Save-Backup {
        # Everything that has to do with the way of mail, as the service gives it; rules in their order.
        $path = New-StateFilePath -Prefix 'backup'
        $content = [ordered]@{
            format             = 'mm365-backup-1'
            tenant             = $Tenant
            tenantId           = $Session.TenantId
            takenAt            = Get-Now
            inboundConnectors  = $Lists['InboundConnector']
            outboundConnectors = $Lists['OutboundConnector']
            transportRules     = @($Lists['TransportRule'] | Sort-Object -Property Priority)
        }
        Write-TextFile -Path $path -Text ((ConvertTo-JsonText -Value $content) + "`n")
        Write-Line -Text "Saved what the tenant has now: $path"
    }
    #endregion

    try {
        #region Read everything, write one file
        Confirm-Tenant
        Read-Tenant
        Save-Backup
        foreach ($kind in $Lists.Keys | Sort-Object) { Write-Line -Text "  $($Lists[$kind].Count) of kind $kind" }
        $outcome.ExitCode = 0
        #endregion
    }
    catch {
        Write-Line -Text "STOPPED  $($_.Exception.Message)"
    }
    #region Where this leaves the tenant
    Write-Line -Text 'The tenant is as it was: this script only reads.'
    if ($outcome.ExitCode -ne 0) { Write-Line -Text 'Next: see what stands above, and run 20-backup again.' }
    else { Write-Line -Text 'Next: 30-create.' }
    #endregion
}
exit $outcome.ExitCode
