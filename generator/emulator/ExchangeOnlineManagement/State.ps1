# The tenant's file and the log.

# ConvertFrom-Json turns every string that looks like a date into a date. Only these properties hold dates;
# a name or a comment that looks like one is marked in the text before it is parsed, and unmarked after.
$script:DateLike = [regex]::new(
    '"(?<!"(?:When\w+|LastValidationTimestamp|TokenExpiryTimeUTC|ActivationDate|ExpiryDate)":\s*")' +
    '(?=\d{4}-\d\d-\d\dT\d\d:|\\?/Date\()')
$script:TextMark = [string][char]0xE000

function Get-StatePath {
    if ($env:MM365_EXCHANGE_STATE) { return $env:MM365_EXCHANGE_STATE }
    throw 'MM365_EXCHANGE_STATE does not name the file of a tenant: see generator/emulator/files.py.'
}

function Read-State {
    $text = [IO.File]::ReadAllText((Get-StatePath))
    $marked = $script:DateLike.Replace($text, '"' + $script:TextMark)
    $state = ConvertFrom-Json $marked
    if ($marked.Length -ne $text.Length) { Remove-TextMark $state }
    # Objects that are not seen yet, by their Guid (behaviour lateCalls).
    if (-not $state.PSObject.Properties['late']) { Set-Property $state 'late' ([pscustomobject]@{}) }
    $state
}

# Calls of functions are what costs time here, so there is one for each object and none for each value.
function Remove-TextMark {
    param($Node)
    $mark = $script:TextMark
    foreach ($property in $Node.PSObject.Properties) {
        $value = $property.Value
        if ($value -is [string]) {
            if ($value.Contains($mark)) { $property.Value = $value.Replace($mark, '') }
        }
        elseif ($value -is [array]) {
            for ($i = 0; $i -lt $value.Count; $i++) {
                if ($value[$i] -is [string]) { $value[$i] = $value[$i].Replace($mark, '') }
                elseif ($value[$i] -is [Management.Automation.PSCustomObject]) { Remove-TextMark $value[$i] }
            }
        }
        elseif ($value -is [Management.Automation.PSCustomObject]) { Remove-TextMark $value }
    }
}

# A reader, or the next process after a kill, sees the old file or the new one, never half of one.
function Save-State {
    param($State)
    $path = Get-StatePath
    $new = "$path.new"
    [IO.File]::WriteAllText($new, (ConvertTo-Json -InputObject $State -Depth 20))
    [IO.File]::Move($new, $path, $true)
}

function Get-Property {
    param($Object, [string] $Name, $Default = $null)
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $Default }
    $property.Value
}

function Set-Property {
    param($Object, [string] $Name, $Value)
    $property = $Object.PSObject.Properties[$Name]
    if ($null -ne $property) { $property.Value = $Value; return }
    $Object.PSObject.Properties.Add([psnoteproperty]::new($Name, $Value))
}

function Get-Behaviour {
    param($State, [string] $Name, $Default)
    Get-Property $State.behaviour $Name $Default
}

# One line a call: what was asked, whether it succeeded, and whether an object of the tenant changed.
function Write-CallLog {
    param($Call, [string] $Result)
    if (-not $env:MM365_EXCHANGE_LOG) { return }
    $entry = [ordered]@{
        n          = $Call.Number
        cmdlet     = $Call.Cmdlet
        parameters = $Call.Logged
        whatIf     = $Call.WhatIf
        result     = $Result
        changed    = $Call.Changed
        faults     = @($Call.Faults)
    }
    $line = ConvertTo-Json -InputObject $entry -Depth 5 -Compress
    [IO.File]::AppendAllText($env:MM365_EXCHANGE_LOG, $line + "`n")
}
