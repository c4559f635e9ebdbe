# One call of one cmdlet, from its parameters to its log line.

# Not settings of an object: what every cmdlet takes, and what names the object.
$script:NotSettings = [Collections.Generic.HashSet[string]]::new(
    [string[]]([Management.Automation.Cmdlet]::CommonParameters +
        [Management.Automation.Cmdlet]::OptionalCommonParameters + 'Identity'),
    [StringComparer]::OrdinalIgnoreCase)

function Invoke-ServiceCall {
    param([string] $Cmdlet, [Collections.IDictionary] $Bound, [Management.Automation.PSCmdlet] $Caller)
    $output = @()
    $call = New-Call $Cmdlet $Bound $Caller
    try {
        Assert-Connected $call
        Step-Counter $call
        $faults = @(Select-DueFault $call)
        Invoke-Fault $call $faults 'Before'
        $output = @(Invoke-Operation $call)
        Save-State $call.State
        Invoke-Fault $call $faults 'After'
        # Warnings come last: one that is made to stop the script must not undo what has been done (5.3).
        foreach ($text in $call.Warnings) { Write-Warning $text }
        Write-CallLog $call 'ok'
        $global:EXO_LastExecutionStatus = $true
    }
    catch {
        Complete-FailedCall $call $_
        return
    }
    $output
}

function New-Call {
    param([string] $Cmdlet, [Collections.IDictionary] $Bound, [Management.Automation.PSCmdlet] $Caller)
    $verb, $noun = $Cmdlet -split '-', 2
    $state = Read-State
    [pscustomobject]@{
        Cmdlet   = $Cmdlet
        Verb     = $verb
        Noun     = $noun
        Bound    = $Bound
        Caller   = $Caller
        State    = $state
        Number   = 1 + (Get-Property $state.counters 'total' 0)
        Logged   = Get-LoggedParameter $Bound
        WhatIf   = [bool]$WhatIfPreference
        Changed  = $false
        Differs  = $false
        Faults   = @()
        Warnings = @()
    }
}

function Get-LoggedParameter {
    param([Collections.IDictionary] $Bound)
    $logged = [ordered]@{}
    foreach ($name in $Bound.Keys) {
        $value = $Bound[$name]
        $logged[$name] = if ($null -eq $value -or $value -is [bool] -or $value -is [int]) { $value }
        elseif ($value -is [switch]) { [bool]$value }
        elseif ($value -is [Collections.IList]) { , @(foreach ($item in $value) { "$item" }) }
        else { "$value" }
    }
    $logged
}

# Section 5.3: without a connection the cmdlets do not exist, which is a terminating error. Here they exist,
# so that one import serves every test, and fail in the same way.
function Assert-Connected {
    param($Call)
    if ($Call.Noun -eq 'ConnectionInformation' -or @($Call.State.connections).Count) { return }
    throw [Management.Automation.CommandNotFoundException]::new(
        "The term '$($Call.Cmdlet)' is not recognized: there is no connection to Exchange Online.")
}

function Step-Counter {
    param($Call)
    $counters = $Call.State.counters
    Set-Property $counters 'total' $Call.Number
    Set-Property $counters $Call.Cmdlet (1 + (Get-Property $counters $Call.Cmdlet 0))
}

# Section 5.2: -WhatIf is a request, so everything has been checked before this is asked.
function Confirm-Call {
    param($Call, [string] $Name)
    $text = Get-Text $Call.State $Call.Verb @($Call.Noun, $Name)
    $question = (Get-Text $Call.State 'Sure') + "`n" + $text
    $Call.Caller.ShouldProcess($text, $question, (Get-Text $Call.State 'Confirm'))
}

function Complete-FailedCall {
    param($Call, [Management.Automation.ErrorRecord] $Failure)
    $global:EXO_LastExecutionStatus = $false
    # The call counts, and what it had changed before it failed (one of several objects) stays changed.
    Save-State $Call.State
    if ($Failure.Exception.Data['ServiceError']) {
        Write-CallLog $Call 'error'
        Write-ErrorMessage $Call.Cmdlet $Failure.Exception.Message
        return
    }
    # No connection, a prompt that nobody can answer, a warning made to stop, or a mistake in the emulator.
    Write-CallLog $Call 'stopped'
    $Call.Caller.ThrowTerminatingError($Failure)
}
