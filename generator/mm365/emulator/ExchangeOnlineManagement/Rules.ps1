# Settings of a transport rule, and what the service refuses.

# NOTES.md, "Limits".
$script:MostRules = 300
$script:LongestRule = 8192

# Each header condition is a header and the words or patterns to look for in it (NOTES.md, "Transport rules").
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
    # An unset condition or action is null, not an empty list (NOTES.md, "What Get-TransportRule returns").
    foreach ($name in $Settings.Keys) {
        if ($Settings[$name] -is [array] -and -not $Settings[$name].Count) { $Rule.$name = $null }
    }
    # Enabled goes in, State comes out (NOTES.md, "What Get-TransportRule returns").
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

# With n rules a new one can take 0 to n, an existing one 0 to n-1 (NOTES.md, "Priority").
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

# The connector must exist (NOTES.md, "Transport rules"). That it must be scoped to rules is a choice made here: it
# shows a script that forgot it. The route reads back as the connector's name, or as its Guid with the behaviour
# routeReadsBackAs (NOTES.md, "What Get-TransportRule returns").
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
    # A word has no space at either end (NOTES.md, "Transport rules").
    foreach ($name in 'HeaderContainsWords', 'ExceptIfHeaderContainsWords') {
        foreach ($word in @($Rule.$name)) {
            if ($word -and $word -ne $word.Trim()) { Stop-Call $State 'Invalid' 'BadFormat' @($name, $word) }
        }
    }
    # These would end a header's name in a message. Other limits are not documented (NOTES.md, "Transport rules").
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

# Lists of class names or null, a text for people, and sizes. How the service words and counts them is not
# documented (NOTES.md, "What Get-TransportRule returns"); tenants.py does the same as this function.
function Update-RuleText {
    param($Rule)
    $properties = $Rule.PSObject.Properties
    $found = @{ Conditions = @(); Exceptions = @(); Actions = @() }
    $lines = foreach ($name in $script:RuleConditions + $script:RuleActions) {
        # Neither Test-Given nor $Rule.$name: for this many settings each would cost more than the rest of the call.
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
