# Faults that a test orders in a file beside the tenant's: {kind, nth, cmdlet?, ...}. nth counts from 1, the
# calls of that cmdlet or, without cmdlet, all calls; 0 is every call. A fault fires once and is then marked
# with fired = true, also in the file, so that the next process does not meet it again.
#
# To add a kind, add an entry here: Before runs before the service looks at the call, After once the change
# has been stored. Each gets the call and the fault, and Stop-Call ends the call with an error.

$script:FaultKinds = @{
    'error'      = @{ Before = { param($Call, $Fault) Stop-Call $Call.State 'Transient' 'Transient' } }
    # Section 5.3: the module itself waits and asks again, so that only time is lost.
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

# What is ordered, and how many calls there were since: in all, and of each cmdlet.
$script:Ordered = @{ Path = ''; Text = ''; Faults = @(); Total = 0; Calls = @{} }

# Counts begin anew with other faults or another tenant. What the emulator itself marks begins nothing.
function Read-OrderedFaults {
    $ordered = $script:Ordered
    $path = Get-FaultsPath
    $text = if ([IO.File]::Exists($path)) { [IO.File]::ReadAllText($path) } else { '' }
    if ($path -ceq $ordered.Path -and [string]::Equals($text, $ordered.Text)) { return }
    $faults = if ($text) { ConvertFrom-JsonText $text } else { @() }
    $script:Ordered = @{ Path = $path; Text = $text; Faults = @($faults); Total = 0; Calls = @{} }
}

function Get-FaultsPath { [IO.Path]::ChangeExtension((Get-StatePath), 'faults.json') }

# Counts the call, and gives the faults that it meets.
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

# Section 5.3, behaviour throttled: so many calls of the process find the service busy for longer than the
# module asks again. What the module answers by itself is no call of the service.
function Assert-NotThrottled {
    param($Call)
    if ($Call.Number -gt (Get-Behaviour $Call.State 'throttled' 0)) { return }
    if ($Call.Noun -ne 'ConnectionInformation') { Stop-Call $Call.State 'Throttled' 'Throttled' }
}

function Wait-Service {
    param([int] $Milliseconds)
    if (-not $env:MM365_EXCHANGE_NO_SLEEP) { [Threading.Thread]::Sleep($Milliseconds) }
}

# As when the window is closed or the machine stops: no finally block runs.
function Stop-ThisProcess {
    param($Call)
    Save-State $Call
    Write-CallLog $Call 'killed'
    [Diagnostics.Process]::GetCurrentProcess().Kill()
    # The end comes from outside, and nothing may happen until then.
    [Threading.Thread]::Sleep([Threading.Timeout]::Infinite)
}
