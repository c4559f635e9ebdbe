# Settings of a transport rule, and what the service refuses.

# Section 4.3.
$script:MostRules = 300
$script:LongestRule = 8192

# Section 2.4: each header condition is a header and the words or patterns to look for in it.
$script:RulePairs = @(
    , @('HeaderContainsMessageHeader', 'HeaderContainsWords')
    , @('HeaderMatchesMessageHeader', 'HeaderMatchesPatterns')
    , @('ExceptIfHeaderContainsMessageHeader', 'ExceptIfHeaderContainsWords')
    , @('ExceptIfHeaderMatchesMessageHeader', 'ExceptIfHeaderMatchesPatterns')
)

function Set-TransportRuleSettings {
    param($Call, $Rule, [Collections.IDictionary] $Settings)
    $state = $Call.State
    Assert-RulePlace $Call $Settings
    $apart = 'Name', 'Enabled', 'Priority', 'UseLegacyRegex', 'RouteMessageOutboundConnector'
    Set-Settings $Rule $Settings $apart
    # Section 3.3: an unset predicate is null, not an empty list.
    foreach ($name in $Settings.Keys) {
        if ($Settings[$name] -is [array] -and -not $Settings[$name].Count) { $Rule.$name = $null }
    }
    # Section 3.4: Enabled goes in, State comes out.
    if ($Settings.Contains('Enabled')) { $Rule.State = if ($Settings.Enabled) { 'Enabled' } else { 'Disabled' } }
    if ($Settings.Contains('RouteMessageOutboundConnector')) {
        $Rule.RouteMessageOutboundConnector = Get-Route $state $Settings.RouteMessageOutboundConnector
    }
    Assert-Predicates $state $Rule
    Update-RuleText $Rule
    if ($Rule.Size -gt $script:LongestRule) {
        Stop-Call $state 'Invalid' 'RuleTooLarge' @($Rule.Size, $script:LongestRule)
    }
}

# Section 4.1: with n rules a new one may take 0 to n, an existing one 0 to n-1.
function Assert-RulePlace {
    param($Call, [Collections.IDictionary] $Settings)
    $count = $Call.State.transportRules.Count
    if ($Call.Verb -eq 'New' -and $count -ge $script:MostRules) {
        Stop-Call $Call.State 'Invalid' 'TooManyRules' @($script:MostRules)
    }
    if (-not $Settings.Contains('Priority')) { return }
    $last = if ($Call.Verb -eq 'New') { $count } else { $count - 1 }
    if ($Settings.Priority -lt 0 -or $Settings.Priority -gt $last) {
        Stop-Call $Call.State 'Invalid' 'Priority' @($Settings.Priority, $last)
    }
}

# Section 2.4: the connector must exist. That it must be rule-scoped is how the service keeps a connector
# for general routing apart from one that waits for rules (2.3). Section 3.3: it reads back as its name;
# behaviour routeReadsBackAs makes it the Guid.
function Get-Route {
    param($State, [string] $Identity)
    if ($Identity -eq '') { return $null }
    $found = @(foreach ($each in Get-VisibleObjects $State 'OutboundConnector') {
            if ($Identity -in $each.Name, $each.Guid, $each.DistinguishedName) { $each }
        })
    if (-not $found.Count) { Stop-Call $State 'NotFound' 'NotFound' @($Identity) }
    if (-not $found[0].IsTransportRuleScoped) { Stop-Call $State 'Invalid' 'NotRuleScoped' @($found[0].Name) }
    if ((Get-Behaviour $State 'routeReadsBackAs' 'name') -eq 'guid') { return $found[0].Guid }
    $found[0].Name
}

function Assert-Predicates {
    param($State, $Rule)
    foreach ($pair in $script:RulePairs) {
        $first, $second = $pair
        if ((Test-Given $Rule.$first) -ne (Test-Given $Rule.$second)) { Stop-Call $State 'Invalid' 'Pair' $pair }
    }
    # Section 2.4: a word has no space at either end.
    foreach ($name in 'HeaderContainsWords', 'ExceptIfHeaderContainsWords') {
        foreach ($word in @($Rule.$name)) {
            if ($word -and $word -ne $word.Trim()) { Stop-Call $State 'Invalid' 'BadFormat' @($name, $word) }
        }
    }
    # A header name may not hold these: they end it on the wire. Other limits are not documented (2.4).
    $names = 'RemoveHeader', 'SetHeaderName', 'HeaderContainsMessageHeader', 'ExceptIfHeaderContainsMessageHeader'
    foreach ($name in $names) {
        if ($Rule.$name -match '[\s:]') { Stop-Call $State 'Invalid' 'BadFormat' @($name, $Rule.$name) }
    }
}

function Test-Given {
    param($Value)
    if ($null -eq $Value) { return $false }
    if ($Value -is [array]) { return [bool]$Value.Count }
    $true
}

# Section 3.3: lists of class names or null, a text for people, and sizes. How the service counts and words
# them is not known; tenants.py does the same.
function Update-RuleText {
    param($Rule)
    $properties = $Rule.PSObject.Properties
    $found = @{ Conditions = @(); Exceptions = @(); Actions = @() }
    $lines = foreach ($name in $script:RuleConditions + $script:RuleActions) {
        # Not Test-Given and not $Rule.$name: for this many settings either would cost more than all the rest.
        $value = $properties[$name].Value
        if ($null -eq $value -or $value -is [bool] -and -not $value) { continue }
        $list, $suffix = if ($name -in $script:RuleActions) { 'Actions', 'Action' }
        elseif ($name -like 'ExceptIf*') { 'Exceptions', 'Predicate' }
        else { 'Conditions', 'Predicate' }
        $class = $name -creplace '^ExceptIf' -creplace '(Words|Patterns)$'
        $found[$list] += "Microsoft.Exchange.MessagingPolicies.Rules.Tasks.$class$suffix"
        "${name}: $(@($value) -join ', ')"
    }
    foreach ($list in $found.Keys) {
        if ($found[$list].Count) { $Rule.$list = $found[$list] } else { $Rule.$list = $null }
    }
    $Rule.Description = @($lines) -join "`r`n"
    $Rule.Size = $Rule.Name.Length + "$($Rule.Comments)".Length + $Rule.Description.Length
}
