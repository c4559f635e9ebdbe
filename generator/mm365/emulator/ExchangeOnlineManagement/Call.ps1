# One call of one cmdlet, from its parameters to its log line.

function Invoke-ServiceCall {
    param([string] $Cmdlet, [Collections.IDictionary] $Bound, [Management.Automation.PSCmdlet] $Caller)
    $output = @()
    $call = New-Call $Cmdlet $Bound $Caller
    try {
        Assert-Connected $call
        $faults = @(Select-DueFault $call)
        if ($faults.Count) { Invoke-Fault $call $faults 'Before' }
        Assert-NotThrottled $call
        $output = @(Invoke-Operation $call)
        Save-State $call
        if ($faults.Count) { Invoke-Fault $call $faults 'After' }
        # Warnings come last: one that stops the script must not undo the change (NOTES.md, "Errors and warnings").
        foreach ($text in $call.Warnings) { Write-Warning $text }
        $call.Returned = $output.Count
        Write-CallLog $call 'ok'
        $global:EXO_LastExecutionStatus = $true
    }
    catch {
        Complete-FailedCall $call $_
        return
    }
    $output
}

# Stored is what the tenant's file holds, State a copy in which a change puts new lists.
function New-Call {
    param([string] $Cmdlet, [Collections.IDictionary] $Bound, [Management.Automation.PSCmdlet] $Caller)
    $dash = $Cmdlet.IndexOf('-')
    $stored = Read-State
    Read-OrderedFaults
    [pscustomobject]@{
        Cmdlet   = $Cmdlet
        Verb     = $Cmdlet.Substring(0, $dash)
        Noun     = $Cmdlet.Substring($dash + 1)
        Bound    = $Bound
        Caller   = $Caller
        Stored   = $stored
        State    = $stored.PSObject.Copy()
        Number   = 1 + $script:Ordered.Total
        Logged   = Get-LoggedParameter $Bound
        WhatIf   = [bool]$WhatIfPreference
        Changed  = $false
        Differs  = $false
        Faults   = @()
        Warnings = @()
        Returned = 0
    }
}

# Without a connection the cmdlets do not exist, which ends the script (NOTES.md, "Errors and warnings"). Here they
# exist, so that one import serves every tenant, and they fail in the same way.
function Assert-Connected {
    param($Call)
    if ($Call.State.connections.Count -or $Call.Noun -eq 'ConnectionInformation') { return }
    throw [Management.Automation.CommandNotFoundException]::new(
        "The term '$($Call.Cmdlet)' is not recognized: there is no connection to Exchange Online.")
}

# -WhatIf is a request to the service, so everything is checked before this asks (NOTES.md, "Prompts and -WhatIf").
function Confirm-Call {
    param($Call, [string] $Name)
    $text = Get-Text $Call.State $Call.Verb @($Call.Noun, $Name)
    $question = (Get-Text $Call.State 'Sure') + "`n" + $text
    $Call.Caller.ShouldProcess($text, $question, (Get-Text $Call.State 'Confirm'))
}

function Complete-FailedCall {
    param($Call, [Management.Automation.ErrorRecord] $Failure)
    $global:EXO_LastExecutionStatus = $false
    # What it had changed before it failed (one of several objects) stays changed.
    Save-State $Call
    if ($Failure.Exception.Data['ServiceError']) {
        Write-CallLog $Call 'error' $Failure
        Write-ErrorMessage $Call.Cmdlet $Failure.Exception.Message
        return
    }
    # No connection, a prompt that nobody can answer, a warning made to stop, or a mistake in the emulator.
    Write-CallLog $Call 'stopped' $Failure
    $Call.Caller.ThrowTerminatingError($Failure)
}
