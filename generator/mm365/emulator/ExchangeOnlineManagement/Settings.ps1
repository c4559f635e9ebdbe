# What the service does with the values of a call before it looks at the objects. The REST proxies pass on nearly
# everything as it is, so enumerations and lengths fail only here (NOTES.md, "Parameters").

# These are not settings of an object: every cmdlet takes them, or they name the object.
$script:NotSettings = @(
    'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ProgressAction', 'ErrorVariable'
    'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'WhatIf', 'Confirm'
    'UseTransaction', 'Identity'
)

function Get-Settings {
    param($Call)
    $settings = [ordered]@{}
    foreach ($name in @($Call.Bound.Keys)) {
        if ($name -in $script:NotSettings) { continue }
        $settings[$name] = Get-SettingValue $Call.State $name $Call.Bound[$name]
    }
    $settings
}

function Get-SettingValue {
    param($State, [string] $Name, $Value)
    if ($script:ListParameters.ContainsKey($Name)) {
        $items = @(foreach ($item in @($Value)) {
                if ($item -is [Collections.IDictionary]) { throw "The emulator does not model @{Add=...}." }
                if ("$item") { Get-CheckedText $State $Name "$item" }
            })
        return , $items
    }
    if ($null -eq $Value -or $Value -is [bool] -or $Value -is [int]) { return $Value }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime() }
    # An empty text clears a setting.
    if ("$Value" -eq '') { return $null }
    Get-CheckedText $State $Name "$Value"
}

function Get-CheckedText {
    param($State, [string] $Name, [string] $Text)
    $longest = $script:MaxLength[$Name]
    if ($longest -and $Text.Length -gt $longest) {
        Stop-Call $State 'Invalid' 'TooLong' @($Name, $Text.Length, $longest)
    }
    $allowed = $script:AllowedValues[$Name]
    if (-not $allowed) { return $Text }
    foreach ($value in $allowed) {
        # Enumerations ignore case and read back as they are declared (NOTES.md, "Parameters").
        if ($value -eq $Text) { return $value }
    }
    Stop-Call $State 'BadValue' 'BadValue' @($Name, $Text, ($allowed -join ', '))
}

# Puts settings on an object, but for those in Apart, which are not stored under their own name.
function Set-Settings {
    param($Object, [Collections.IDictionary] $Settings, [string[]] $Apart)
    foreach ($name in $Settings.Keys) {
        if ($name -notin $Apart) { $Object.$name = $Settings[$name] }
    }
}

# A mail domain as connectors take it: a leading *. is allowed, any other * is not (NOTES.md, "Inbound connectors").
function Assert-Domain {
    param($State, [string] $Name, [string] $Value)
    if ($Value -notmatch '^(\*\.)?[^\s*@\[\],;:]+$') { Stop-Call $State 'Invalid' 'BadFormat' @($Name, $Value) }
}
