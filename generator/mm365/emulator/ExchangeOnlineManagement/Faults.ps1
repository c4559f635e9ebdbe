# Faults are ordered in a file beside the tenant's: {kind, nth, cmdlet?, ...}. nth counts from 1: the calls of
# that cmdlet or, without cmdlet, all calls; 0 is every call. A fault fires once and is then marked with
# fired = true, in the file too, so that the next process does not meet it again.
#
# To add a kind, add an entry here: Before runs before the service looks at the call, After once the change
# has been stored. Each gets the call and the fault, and Stop-Call ends the call with an error.

$script:FaultKinds = @{
    'error'      = @{ Before = { param($Call, $Fault) Stop-Call $Call.State 'Transient' 'Transient' } }
    # The module itself waits and asks again, so that only time is lost (NOTES.md, "Errors and warnings").
    'throttle'   = @{ Before = { param($Call, $Fault) Wait-Service (Get-Property $Fault 'ms' 1000) } }
    'lost'       = @{ After = { param($Call, $Fault) Stop-Call $Call.State 'LostAnswer' 'LostAnswer' } }
    'kill'       = @{ Before = { param($Call, $Fault) Stop-ThisProcess $Call } }
    'kill-after' = @{ After = { param($Call, $Fault) Stop-ThisProcess $Call } }
    'delay'      = @{ Before = {
            param($Call, $Fault)
            [Threading.Thread]::Sleep([int](Get-Property $Fault 'ms' 100))
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

# The faults that are ordered, and the number of calls since then: in all, and of each cmdlet.
$script:Ordered = @{ Path = ''; Text = ''; Faults = @(); Total = 0; Calls = @{} }

# Other faults, or another tenant, start the counts again. The emulator's own marks do not.
function Read-OrderedFaults {
    $ordered = $script:Ordered
    $path = Get-FaultsPath
    $text = if ([IO.File]::Exists($path)) { [IO.File]::ReadAllText($path) } else { '' }
    if ($path -ceq $ordered.Path -and [string]::Equals($text, $ordered.Text)) { return }
    $faults = if ($text) { ConvertFrom-JsonText $text } else { @() }
    $script:Ordered = @{ Path = $path; Text = $text; Faults = @($faults); Total = 0; Calls = @{} }
}

function Get-FaultsPath { [IO.Path]::ChangeExtension((Get-StatePath), 'faults.json') }

# Counts the call and returns the faults that it meets.
function Select-DueFault {
    param($Call)
    $ordered = $script:Ordered
    $ordered.Total = $Call.Number
    $ordered.Calls[$Call.Cmdlet] = 1 + $ordered.Calls[$Call.Cmdlet]
    if (-not $ordered.Faults.Count) { return }
    $fired = $false
    foreach ($fault in $ordered.Faults) {
        if (Get-Property $fault 'fired' $false) { continue }
        $cmdlet = Get-Property $fault 'cmdlet'
        if ($cmdlet -and $cmdlet -ne $Call.Cmdlet) { continue }
        $count = if ($cmdlet) { $ordered.Calls[$cmdlet] } else { $ordered.Total }
        if ($fault.nth -notin 0, $count) { continue }
        if (-not $script:FaultKinds.ContainsKey($fault.kind)) { throw "There is no fault '$($fault.kind)'." }
        if ($fault.nth) { Set-Property $fault 'fired' $true; $fired = $true }
        $Call.Faults += $fault.kind
        $fault
    }
    if (-not $fired) { return }
    $ordered.Text = ConvertTo-JsonText $ordered.Faults
    Write-WholeFile $ordered.Path ([Text.Encoding]::ASCII.GetBytes($ordered.Text))
}

function Invoke-Fault {
    param($Call, [object[]] $Faults, [string] $Stage)
    foreach ($fault in $Faults) {
        $action = $script:FaultKinds[$fault.kind][$Stage]
        if ($null -ne $action) { & $action $Call $fault }
    }
}

# Behaviour throttled: for so many calls of the process the service stays busy longer than the module asks again
# (NOTES.md, "Errors and warnings"). Get-ConnectionInformation is answered by the module and never refused.
function Assert-NotThrottled {
    param($Call)
    if ($Call.Number -gt (Get-Behaviour $Call.State 'throttled' 0)) { return }
    if ($Call.Noun -ne 'ConnectionInformation') { Stop-Call $Call.State 'Throttled' 'Throttled' }
}

function Wait-Service {
    param([int] $Milliseconds)
    if (-not $env:MM365_EXCHANGE_NO_SLEEP) { [Threading.Thread]::Sleep($Milliseconds) }
}

# As when a window is closed or the machine stops: no finally block runs.
function Stop-ThisProcess {
    param($Call)
    Save-State $Call
    Write-CallLog $Call 'killed'
    [Diagnostics.Process]::GetCurrentProcess().Kill()
    # The process ends a moment later, and nothing may happen until then.
    [Threading.Thread]::Sleep([Threading.Timeout]::Infinite)
}
