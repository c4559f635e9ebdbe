# The lists of the tenant, and how an object in them is found and named.

$script:Lists = @{
    InboundConnector  = 'inboundConnectors'
    OutboundConnector = 'outboundConnectors'
    TransportRule     = 'transportRules'
    AcceptedDomain    = 'acceptedDomains'
}

function Get-ServiceObjects {
    param($State, [string] $Noun)
    $objects = @($State.($script:Lists[$Noun]))
    if ($Noun -eq 'TransportRule') { return $objects | Sort-Object -Property Priority -Stable }
    $objects
}

# Section 4.1: priorities are unique and dense, so a rule's place in the list is its priority.
function Set-ServiceObjects {
    param($State, [string] $Noun, [object[]] $Objects)
    if ($Noun -eq 'TransportRule') {
        for ($i = 0; $i -lt $Objects.Count; $i++) { $Objects[$i].Priority = $i }
    }
    $State.($script:Lists[$Noun]) = $Objects
}

# Without a place the object goes to the end: the default of a new rule (4.1).
function Add-ServiceObject {
    param($State, [string] $Noun, $Object, [int] $Place = [int]::MaxValue)
    $objects = [Collections.Generic.List[object]]@(Get-ServiceObjects $State $Noun)
    $objects.Insert([Math]::Min($Place, $objects.Count), $Object)
    Set-ServiceObjects $State $Noun $objects.ToArray()
}

function Move-Rule {
    param($State, $Rule, [int] $Priority)
    $others = @(Get-ServiceObjects $State 'TransportRule' | Where-Object Guid -NE $Rule.Guid)
    Set-ServiceObjects $State 'TransportRule' $others
    Add-ServiceObject $State 'TransportRule' $Rule $Priority
}

# Section 5.1: names can lag. A late object is there, takes its name and its priority, but is not seen.
function Get-VisibleObjects {
    param($State, [string] $Noun)
    foreach ($object in @(Get-ServiceObjects $State $Noun)) {
        if (-not (Test-Late $State $object)) { $object }
    }
}

function Test-Late {
    param($State, $Object)
    $guid = Get-Property $Object 'Guid'
    $null -ne $guid -and $null -ne $State.late.PSObject.Properties[$guid]
}

# Each Get of a kind brings its late objects nearer; the count is of the calls that still miss it.
function Step-Late {
    param($Call)
    foreach ($entry in @($Call.State.late.PSObject.Properties)) {
        if ($entry.Value.noun -ne $Call.Noun) { continue }
        $entry.Value.calls--
        if ($entry.Value.calls -le 0) { $Call.State.late.PSObject.Properties.Remove($entry.Name) }
    }
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
    if ($Value -is [Management.Automation.PSCustomObject]) { return [string](Get-Property $Value 'Guid' (Get-Property $Value 'Name')) }
    [string]$Value
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

function New-ServiceObject {
    param($State, [string] $Noun, [string] $Name)
    $object = & "New-${Noun}Shape"
    $guid = [guid]::NewGuid().ToString()
    foreach ($property in 'Guid', 'ImmutableId', 'ExchangeObjectId') {
        if ($object.PSObject.Properties[$property]) { $object.$property = $guid }
    }
    $now = [datetime]::UtcNow
    # Section 3.3: rules have no creation date.
    foreach ($property in 'WhenCreated', 'WhenCreatedUTC') {
        if ($object.PSObject.Properties[$property]) { $object.$property = $now }
    }
    if ($object.PSObject.Properties['CreatedBy']) { $object.CreatedBy = Get-CurrentUser $State }
    Set-ObjectName $State $object $Name
    Update-Object $State $Noun $object
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
    $connections = @($State.connections)
    if ($connections.Count) { $connections[0].UserPrincipalName } else { '' }
}
