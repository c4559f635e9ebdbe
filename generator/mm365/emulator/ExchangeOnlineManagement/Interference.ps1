# What another administrator does at the same moment: {create | remove | set: {kind, name, values?}}, where
# kind is inbound, outbound or rule. Nothing is checked: whoever orders the fault decides.

$script:InterferenceNouns = @{
    inbound  = 'InboundConnector'
    outbound = 'OutboundConnector'
    rule     = 'TransportRule'
}

function Invoke-Interference {
    param($State, $Change)
    $property = @($Change.PSObject.Properties)[0]
    $target = $property.Value
    $noun = $script:InterferenceNouns[$target.kind]
    $named = @(Get-ServiceObjects $State $noun | Where-Object Name -EQ $target.name)
    switch ($property.Name) {
        'create' { Add-InterferingObject $State $noun $target }
        'remove' { foreach ($object in $named) { Remove-ServiceObject $State $noun $object } }
        'set' { foreach ($object in $named) { Set-InterferingValues $State $noun $object.PSObject.Copy() $target } }
        default { throw "There is no interference '$_'." }
    }
}

# A new rule goes to the top unless its values say otherwise: there it does the most harm.
function Add-InterferingObject {
    param($State, [string] $Noun, $Target)
    $object = New-ServiceObject $State $Noun $Target.name
    Add-ServiceObject $State $Noun $object 0
    Set-InterferingValues $State $Noun $object.PSObject.Copy() $Target
}

function Set-InterferingValues {
    param($State, [string] $Noun, $Object, $Target)
    $place = $null
    foreach ($value in @((Get-Property $Target 'values' ([pscustomobject]@{})).PSObject.Properties)) {
        if ($value.Name -eq 'Priority') { $place = [int]$value.Value }
        else { Set-Property $Object $value.Name $value.Value }
    }
    Update-Object $State $Noun $Object
    if ($Noun -eq 'TransportRule') { $Object.LastModifiedBy = 'another.administrator' }
    Update-ServiceObject $State $Noun $Object
    if ($null -ne $place) { Move-Rule $State $Object.Guid $place }
}
