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

# Priorities are unique and leave no gap, so a rule's place in the list is its priority (NOTES.md, "Priority"). A
# rule that only moves is copied, as other states can hold the old one.
function Set-ServiceObjects {
    param($State, [string] $Noun, [object[]] $Objects)
    if ($Noun -eq 'TransportRule') {
        for ($i = 0; $i -lt $Objects.Count; $i++) {
            if ($Objects[$i].Priority -ne $i) { $Objects[$i] = Copy-Rule $Objects[$i] $i }
        }
    }
    $State.($script:Lists[$Noun]) = $Objects
}

# A new object goes to the end unless a place is given, as new rules do (NOTES.md, "Priority").
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

# A new object may not be seen at once (NOTES.md, "Creating objects"). It is there, and has its name and its
# priority, but no Get returns it.
function Get-VisibleObjects {
    param($State, [string] $Noun)
    $late = @($State.late.PSObject.Properties)
    if (-not $late.Count) { return Get-ServiceObjects $State $Noun }
    foreach ($object in Get-ServiceObjects $State $Noun) {
        if ($object.Guid -notin $late.Name) { $object }
    }
}

# Every Get of a kind counts for its late objects: "calls" is the number of Gets that still do not see the object.
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

# An identity is a name, a Guid or a distinguished name, and a * makes it a pattern (NOTES.md, "Finding objects").
# No other character does: brackets in a name are brackets.
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

# The pipeline brings a whole object, whose Guid is its identity.
function Get-IdentityText {
    param($Value)
    if ($Value -isnot [Management.Automation.PSCustomObject]) { return [string]$Value }
    [string](Get-Property $Value 'Guid' (Get-Property $Value 'Name'))
}

# A cmdlet that changes objects fails on an unknown identity, also in a tenant where Get returns everything.
function Find-Target {
    param($Call)
    $identity = Get-IdentityText $Call.Bound['Identity']
    $found = @(Select-ByIdentity @(Get-VisibleObjects $Call.State $Call.Noun) $identity)
    if (-not $found.Count) { Stop-Call $Call.State 'NotFound' 'NotFound' @($identity) }
    $found
}

# Names are unique, and their case does not matter (NOTES.md, "Creating objects").
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
    # Lists in a shape are only ever replaced as a whole, so copies can share them.
    if (-not $script:Shapes.ContainsKey($Noun)) { $script:Shapes[$Noun] = & "New-${Noun}Shape" }
    $object = $script:Shapes[$Noun].PSObject.Copy()
    $guid = [guid]::NewGuid().ToString()
    foreach ($property in 'Guid', 'ImmutableId', 'ExchangeObjectId') {
        if ($object.PSObject.Properties[$property]) { $object.$property = $guid }
    }
    $now = [datetime]::UtcNow
    # Rules have no creation date (NOTES.md, "What Get-TransportRule returns").
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

# Sets the properties that the service itself keeps up to date.
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
