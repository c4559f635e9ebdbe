# What each verb does: first all checks, then the question of -WhatIf and -Confirm, then the change. -WhatIf is a
# request to the service, so it finds the same mistakes (NOTES.md, "Prompts and -WhatIf").

function Invoke-Operation {
    param($Call)
    switch ($Call.Verb) {
        'Get' { Invoke-Get $Call }
        'New' { Invoke-New $Call }
        'Set' { Invoke-Set $Call }
        'Remove' { Invoke-Remove $Call }
        'Enable' { Invoke-SetState $Call 'Enabled' }
        'Disable' { Invoke-SetState $Call 'Disabled' }
    }
}

function Invoke-New {
    param($Call)
    # A choice made here: an organization that was never customized refuses to create configuration objects.
    if (Get-Property $Call.State.organization 'IsDehydrated' $false) {
        Stop-Call $Call.State 'Dehydrated' 'Dehydrated'
    }
    $settings = Get-Settings $Call
    Assert-NameFree $Call $settings.Name
    $object = New-ServiceObject $Call.State $Call.Noun $settings.Name
    $settings.Remove('Name')
    & "Set-$($Call.Noun)Settings" $Call $object $settings
    if (-not (Confirm-Call $Call $object.Name)) { return }
    Set-Difference $Call $object
    $place = if ($settings.Contains('Priority')) { $settings.Priority } else { [int]::MaxValue }
    Add-ServiceObject $Call.State $Call.Noun $object $place
    Add-Late $Call $object
    $Call.Changed = $true
    $object
}

# Behaviour lateCalls: so many Gets of its kind do not see the new object (NOTES.md, "Creating objects").
function Add-Late {
    param($Call, $Object)
    $calls = Get-Behaviour $Call.State 'lateCalls' 0
    if ($calls -gt 0) {
        $late = $Call.State.late.PSObject.Copy()
        Set-Property $late $Object.Guid ([pscustomobject]@{ noun = $Call.Noun; calls = $calls })
        $Call.State.late = $late
    }
}

function Invoke-Set {
    param($Call)
    $settings = Get-Settings $Call
    # Copies are changed and checked, so that an error leaves every object as it was.
    $edited = foreach ($target in @(Find-Target $Call)) {
        if ($settings.Contains('Name')) { Assert-NameFree $Call $settings.Name $target.Guid }
        $copy = $target.PSObject.Copy()
        & "Set-$($Call.Noun)Settings" $Call $copy $settings
        $copy
    }
    foreach ($object in @($edited)) {
        if (-not (Confirm-Call $Call $object.Name)) { continue }
        if ($settings.Contains('Name')) { Rename-Object $Call $object $settings.Name }
        Set-Difference $Call $object
        Update-Object $Call.State $Call.Noun $object
        Update-ServiceObject $Call.State $Call.Noun $object
        if ($settings.Contains('Priority')) { Move-Rule $Call.State $object.Guid $settings.Priority }
        $Call.Changed = $true
    }
}

# A choice made here: a rule that names a connector follows it to its new name.
function Rename-Object {
    param($Call, $Object, [string] $Name)
    if ($Call.Noun -eq 'OutboundConnector') {
        foreach ($rule in @(Get-Referrer $Call.State $Object)) {
            if ($rule.RouteMessageOutboundConnector -ne $Object.Name) { continue }
            $copy = $rule.PSObject.Copy()
            $copy.RouteMessageOutboundConnector = $Name
            Update-ServiceObject $Call.State 'TransportRule' $copy
        }
    }
    Set-ObjectName $Call.State $Object $Name
}

function Invoke-Remove {
    param($Call)
    $targets = @(Find-Target $Call)
    if ($Call.Noun -eq 'OutboundConnector') {
        foreach ($target in $targets) { Assert-NotReferenced $Call $target }
    }
    foreach ($target in $targets) {
        if (-not (Confirm-Call $Call $target.Name)) { continue }
        Remove-ServiceObject $Call.State $Call.Noun $target
        $Call.Changed = $true
    }
}

# Enable-TransportRule without -Mode keeps the stored mode (NOTES.md, "Transport rules").
function Invoke-SetState {
    param($Call, [string] $RuleState)
    $settings = Get-Settings $Call
    foreach ($rule in @(Find-Target $Call)) {
        if (-not (Confirm-Call $Call $rule.Name)) { continue }
        $copy = $rule.PSObject.Copy()
        $copy.State = $RuleState
        Set-Settings $copy $settings
        Update-Object $Call.State $Call.Noun $copy
        Update-ServiceObject $Call.State $Call.Noun $copy
        $Call.Changed = $true
    }
}

# Fault differs: the service stores something else than what it was asked to store, and says nothing.
function Set-Difference {
    param($Call, $Object)
    if (-not $Call.Differs) { return }
    $property = if ($Call.Noun -eq 'TransportRule') { 'StopRuleProcessing' } else { 'Enabled' }
    $Object.$property = -not $Object.$property
}
