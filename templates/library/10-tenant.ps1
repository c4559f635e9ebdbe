# ---------- The right tenant or nothing ----------
# Lists: what the tenant has, by kind; Have: this pack's objects among it, by key; Guids: their noted identities; Mode: what
# the mode of Redirect may be; Origin: see Get-Origin.
$Session = @{
    Run = @{}; Request = @{}; Connected = $false; TenantId = ''; Domains = @(); Ended = 'Interrupted'
    Path = ''; State = $null; Origin = @{}; Lists = @{}; Have = @{}; Guids = @{}; Mode = @('Enforce')
}
function Show-Line([string]$Text, [string]$Level = $Text) {
    # Write-Host is the point here: the lines are for the operator on the screen, not output for another command.
    # Control characters in names that others chose do not reach the screen.
    $color = @{}
    if ($Level -cmatch '^(STOP|DIFF)') { $color = @{ ForegroundColor = 'Red' } }
    elseif ($Level -cmatch '^WA') { $color = @{ ForegroundColor = 'Yellow' } }
    Write-Host -Object ($Text -replace '[\x00-\x1F\x7F-\x9F]', '?') @color
}
function Test-Same([string]$Left, [string]$Right) {
    # Names are the same if their characters are, without regard to case. How the service compares is not documented.
    [string]::Equals($Left, $Right, [StringComparison]::OrdinalIgnoreCase)
}
function Get-Property([object]$Object, [string]$Name) {
    # The value of a property, or nothing where the object does not have it.
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}
function Assert-Cmdlet([string[]]$Names) {
    # What cannot be called is known before the first change: roles take away cmdlets and parameters.
    $missing = @(foreach ($name in $Names) {
            $command = Get-Command -Name $name -ErrorAction SilentlyContinue | Select-Object -First 1
            if ($null -eq $command) { $name; continue }
            # A shell of Exchange on the premises has cmdlets of the same names, which act there.
            $module = [string]$command.Source
            if ($module -ne '' -and $module -notlike 'tmpEXO_*' -and $module -ne 'ExchangeOnlineManagement') {
                throw "$name comes from '$module', not from Exchange Online. Open a new shell and only run Connect-ExchangeOnline in it."
            }
            $needed = switch -Wildcard ($name) {
                'New-*' { foreach ($object in $Objects.Values) { if ($name -eq "New-$($object.Kind)") { $object.Want.Keys } } }
                'Get-OutboundConnector' { 'ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors' }
                'Set-TransportRule' { 'Identity', 'Mode' }
                '[DER]*' { 'Identity' }
            }
            $known = @($command.Parameters.Keys)
            @($needed) | Where-Object { $null -ne $_ -and $_ -notin $known } | ForEach-Object { "$name -$_" }
        })
    if ($missing.Count -gt 0) {
        throw "This account's roles do not give: $($missing -join ', '). Needed are the roles Remote and Accepted Domains, and Transport Rules."
    }
}
function Get-OneConnection {
    # The connection, if there is exactly one, to Exchange Online, and without a prefix.
    $all = @(Get-ConnectionInformation -ErrorAction Stop)
    if ($all.Count -ne 1) {
        throw "There are $($all.Count) Exchange Online connections; exactly one is needed. " +
        'Run Disconnect-ExchangeOnline, then Connect-ExchangeOnline once.'
    }
    $one = $all[0]
    if ($one.State -ne 'Connected') { throw "The connection is '$($one.State)', not Connected. Connect again." }
    if ($one.IsEopSession -eq $true) { throw 'The connection is to Security & Compliance, not to Exchange Online. Run Connect-ExchangeOnline.' }
    if ($one.ModulePrefix) { throw "The connection has the prefix '$($one.ModulePrefix)', which renames every cmdlet. Connect without -Prefix." }
    $one
}
function Confirm-Tenant([string[]]$Calls) {
    # Stops unless the connection is to the tenant of the request.
    $connection = Get-OneConnection
    Assert-Cmdlet -Names $Calls
    $tenant = $Session.Request.Tenant
    $domains = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | ForEach-Object { [string]$_.DomainName })
    if (@($domains | Where-Object { Test-Same -Left $_ -Right $tenant }).Count -eq 0) {
        throw "This is not the tenant of the request: $tenant is none of its accepted domains ($($domains -join ', '))."
    }
    $delegated = [string](Get-Property -Object $connection -Name 'DelegatedOrganization')
    $wanted = $Session.Request.TenantId
    if ($wanted -ne '' -and -not (Test-Same -Left ([string]$connection.TenantID) -Right $wanted)) {
        $why = if ($delegated -ne '') { ' With -DelegatedOrganization it is not documented what TenantID holds.' } else { '' }
        throw "This is not the tenant of the request: its TenantID is $($connection.TenantID), not $wanted.$why"
    }
    $Session.Connected = $true
    $Session.TenantId = [string]$connection.TenantID
    $Session.Domains = $domains
    Show-Line -Text "Tenant $tenant (TenantID $($connection.TenantID)) as $($connection.UserPrincipalName)"
    if ($delegated -ne '') { Show-Line -Text "Connected as a partner, for the delegated organization $delegated" }
    if ($Session.Request.Change -ne '') { Show-Line -Text "Change $($Session.Request.Change)" }
}
