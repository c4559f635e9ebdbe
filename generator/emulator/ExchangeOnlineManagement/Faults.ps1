# Faults that a test orders in the state: {kind, nth, cmdlet?, ...}. nth counts from 1, the calls of that
# cmdlet or, without cmdlet, all calls. A fault fires once and is then marked with fired = true.
#
# To add a kind, add an entry here: Before runs before the service looks at the call, After once the change
# has been stored. Each gets the call and the fault, and Stop-Call ends the call with an error.

$script:FaultKinds = @{
    'error'      = @{ Before = { param($Call, $Fault) Stop-Call $Call.State 'Transient' 'Transient' } }
    'throttle'   = @{ Before = { param($Call, $Fault) Stop-Call $Call.State 'Throttled' 'Throttled' } }
    'lost'       = @{ After = { param($Call, $Fault) Stop-Call $Call.State 'LostAnswer' 'LostAnswer' } }
    'kill'       = @{ Before = { param($Call, $Fault) Stop-ThisProcess $Call } }
    'kill-after' = @{ After = { param($Call, $Fault) Stop-ThisProcess $Call } }
    'delay'      = @{ Before = {
            param($Call, $Fault)
            [Threading.Thread]::Sleep((Get-Property $Fault 'ms' 100))
        }
    }
    'differs'    = @{ Before = { param($Call, $Fault) $Call.Differs = $true } }
    'warning'    = @{ Before = {
            param($Call, $Fault)
            $Call.Warnings += Get-Property $Fault 'text' 'The service has something to say.'
        }
    }
    'interfere'  = @{ Before = {
            param($Call, $Fault)
            Invoke-Interference $Call.State $Fault.change
        }
    }
}

function Select-DueFault {
    param($Call)
    foreach ($fault in @($Call.State.faults)) {
        if (Get-Property $fault 'fired' $false) { continue }
        $cmdlet = Get-Property $fault 'cmdlet' 'total'
        if ($cmdlet -notin 'total', $Call.Cmdlet) { continue }
        if ($fault.nth -ne (Get-Property $Call.State.counters $cmdlet)) { continue }
        if (-not $script:FaultKinds.ContainsKey($fault.kind)) { throw "There is no fault '$($fault.kind)'." }
        Set-Property $fault 'fired' $true
        $Call.Faults += $fault.kind
        $fault
    }
}

function Invoke-Fault {
    param($Call, [object[]] $Faults, [string] $Stage)
    foreach ($fault in $Faults) {
        $action = $script:FaultKinds[$fault.kind][$Stage]
        if ($null -ne $action) { & $action $Call $fault }
    }
}

# As when the window is closed or the machine stops: no finally block runs. 137 is what a shell shows for a
# killed process; ending by signal would give each platform its own code.
function Stop-ThisProcess {
    param($Call)
    Save-State $Call.State
    Write-CallLog $Call 'killed'
    [Environment]::Exit(137)
}

# What another administrator does at the same moment: {create | remove | set: {kind, name, values?}}, where
# kind is inbound, outbound or rule. It checks nothing, because it is the test that decides.
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
    switch ($property.Name) {
        'create' { Add-InterferingObject $State $noun $target }
        'remove' {
            $left = @(Get-ServiceObjects $State $noun | Where-Object Name -NE $target.name)
            Set-ServiceObjects $State $noun $left
        }
        'set' {
            foreach ($object in @(Get-ServiceObjects $State $noun | Where-Object Name -EQ $target.name)) {
                Set-InterferingValues $State $noun $object $target
            }
        }
        default { throw "There is no interference '$_'." }
    }
}

# A new rule goes to the top unless its values say otherwise: the place that hurts most.
function Add-InterferingObject {
    param($State, [string] $Noun, $Target)
    $object = New-ServiceObject $State $Noun $Target.name
    Add-ServiceObject $State $Noun $object 0
    Set-InterferingValues $State $Noun $object $Target
}

function Set-InterferingValues {
    param($State, [string] $Noun, $Object, $Target)
    foreach ($value in @((Get-Property $Target 'values' ([pscustomobject]@{})).PSObject.Properties)) {
        if ($value.Name -eq 'Priority') { Move-Rule $State $Object $value.Value }
        else { Set-Property $Object $value.Name $value.Value }
    }
    Update-Object $State $Noun $Object
    if ($Noun -eq 'TransportRule') { $Object.LastModifiedBy = 'another.administrator' }
}
