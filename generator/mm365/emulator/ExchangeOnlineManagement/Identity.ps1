# The lists of the tenant, and how an object in them is found and named.

$script:Lists = @{
    InboundConnector  = 'inboundConnectors'
    OutboundConnector = 'outboundConnectors'
    TransportRule     = 'transportRules'
    AcceptedDomain    = 'acceptedDomains'
}

function Get-ServiceObjects {
    param($State, [string] $Noun)
    $State.($script:Lists[$Noun])
}

# Section 4.1: priorities are unique and dense, so a rule's place in the list is its priority. A rule that only
# makes way is copied: the old one may stand in other states.
function Set-ServiceObjects {
    param($State, [string] $Noun, [object[]] $Objects)
    if ($Noun -eq 'TransportRule') {
        for ($i = 0; $i -lt $Objects.Count; $i++) {
            if ($Objects[$i].Priority -ne $i) { $Objects[$i] = Copy-Rule $Objects[$i] $i }
        }
    }
    $State.($script:Lists[$Noun]) = $Objects
}

# Without a place the object, a new one, goes to the end: the default of a new rule (4.1).
function Add-ServiceObject {
    param($State, [string] $Noun, $Object, [int] $Place = [int]::MaxValue)
    $objects = [Collections.Generic.List[object]]@(Get-ServiceObjects $State $Noun)
    $Place = [Math]::Min($Place, $objects.Count)
    if ($Noun -eq 'TransportRule') { $Object.Priority = $Place }
    $objects.Insert($Place, $Object)
    Set-ServiceObjects $State $Noun $objects.ToArray()
}

# Puts a changed copy in the place of the object with its Guid.
function Update-ServiceObject {
    param($State, [string] $Noun, $Object)
    $objects = @(foreach ($each in Get-ServiceObjects $State $Noun) {
            if ($each.Guid -eq $Object.Guid) { $Object } else { $each }
        })
    Set-ServiceObjects $State $Noun $objects
}

function Remove-ServiceObject {
    param($State, [string] $Noun, $Object)
    $left = @(foreach ($each in Get-ServiceObjects $State $Noun) { if ($each.Guid -ne $Object.Guid) { $each } })
    Set-ServiceObjects $State $Noun $left
}

function Move-Rule {
    param($State, [string] $Guid, [int] $Priority)
    $rule = @(foreach ($each in $State.transportRules) { if ($each.Guid -eq $Guid) { $each } })[0]
    Remove-ServiceObject $State 'TransportRule' $rule
    Add-ServiceObject $State 'TransportRule' $rule.PSObject.Copy() $Priority
}

# Section 5.1: names can lag. A late object is there, takes its name and its priority, but is not seen.
function Get-VisibleObjects {
    param($State, [string] $Noun)
    $late = @($State.late.PSObject.Properties)
    if (-not $late.Count) { return Get-ServiceObjects $State $Noun }
    foreach ($object in Get-ServiceObjects $State $Noun) {
        if ($object.Guid -notin $late.Name) { $object }
    }
}

# Each Get of a kind brings its late objects nearer; the count is of the calls that still miss it.
function Step-Late {
    param($Call)
    $entries = @($Call.State.late.PSObject.Properties)
    if ($Call.Noun -notin @(foreach ($entry in $entries) { $entry.Value.noun })) { return }
    $late = [pscustomobject]@{}
    foreach ($entry in $entries) {
        $calls = $entry.Value.calls
        if ($entry.Value.noun -eq $Call.Noun) { $calls-- }
        if ($calls -le 0) { continue }
        Set-Property $late $entry.Name ([pscustomobject]@{ noun = $entry.Value.noun; calls = $calls })
    }
    $Call.State.late = $late
}

# Section 3.4: an identity is a name or a Guid (a route also a distinguished name, 2.4), and a * in it makes
# it a pattern. Nothing else does: brackets in a name are brackets.
function Select-ByIdentity {
    param([object[]] $Objects, [string] $Identity)
    if ($Identity.Contains('*')) {
        $pattern = '^' + [regex]::Escape($Identity).Replace('\*', '.*') + '$'
        return $Objects | Where-Object { [regex]::IsMatch($_.Name, $pattern, 'IgnoreCase, Singleline') }
    }
    foreach ($object in $Objects) {
        $names = $object.Name, (Get-Property $object 'Guid'), (Get-Property $object 'DistinguishedName')
        if ($Identity -in $names) { $object }
    }
}

# From the pipeline comes a whole object, which its Guid names best.
function Get-IdentityText {
    param($Value)
    if ($Value -isnot [Management.Automation.PSCustomObject]) { return [string]$Value }
    [string](Get-Property $Value 'Guid' (Get-Property $Value 'Name'))
}

# For what changes objects, an unknown identity is an error, also where Get returns everything (3.4).
function Find-Target {
    param($Call)
    $identity = Get-IdentityText $Call.Bound['Identity']
    $found = @(Select-ByIdentity @(Get-VisibleObjects $Call.State $Call.Noun) $identity)
    if (-not $found.Count) { Stop-Call $Call.State 'NotFound' 'NotFound' @($identity) }
    $found
}

# Section 5.1: names are unique. That case does not matter is a choice, as -eq in a script sees it so.
function Assert-NameFree {
    param($Call, [string] $Name, [string] $ExceptGuid = '')
    foreach ($object in @(Get-ServiceObjects $Call.State $Call.Noun)) {
        if ($object.Name -eq $Name -and $object.Guid -ne $ExceptGuid) {
            Stop-Call $Call.State 'Duplicate' 'Duplicate' @($Name)
        }
    }
}

$script:Shapes = @{}

function New-ServiceObject {
    param($State, [string] $Noun, [string] $Name)
    # Lists in a shape are replaced as a whole, so copies may share them.
    if (-not $script:Shapes.ContainsKey($Noun)) { $script:Shapes[$Noun] = & "New-${Noun}Shape" }
    $object = $script:Shapes[$Noun].PSObject.Copy()
    $guid = [guid]::NewGuid().ToString()
    foreach ($property in 'Guid', 'ImmutableId', 'ExchangeObjectId') {
        if ($object.PSObject.Properties[$property]) { $object.$property = $guid }
    }
    $now = [datetime]::UtcNow
    # Section 3.3: rules have no creation date.
    foreach ($property in 'WhenCreated', 'WhenCreatedUTC', 'WhenChanged', 'WhenChangedUTC') {
        if ($object.PSObject.Properties[$property]) { $object.$property = $now }
    }
    foreach ($property in 'CreatedBy', 'LastModifiedBy') {
        if ($object.PSObject.Properties[$property]) { $object.$property = Get-CurrentUser $State }
    }
    Set-ObjectName $State $object $Name
    $object
}

function Set-ObjectName {
    param($State, $Object, [string] $Name)
    foreach ($property in 'Name', 'Identity', 'Id') {
        if ($Object.PSObject.Properties[$property]) { $Object.$property = $Name }
    }
    $Object.DistinguishedName = "CN=$Name,CN=Transport Settings,CN=$(Get-Property $State.organization 'Name' 'tenant')"
}

# What the service itself keeps up to date.
function Update-Object {
    param($State, [string] $Noun, $Object)
    $now = [datetime]::UtcNow
    foreach ($property in 'WhenChanged', 'WhenChangedUTC') {
        if ($Object.PSObject.Properties[$property]) { $Object.$property = $now }
    }
    if ($Noun -ne 'TransportRule') { return }
    $Object.LastModifiedBy = Get-CurrentUser $State
    Update-RuleText $Object
}

function Get-CurrentUser {
    param($State)
    $connections = $State.connections
    if ($connections.Count) { $connections[0].UserPrincipalName } else { '' }
}
