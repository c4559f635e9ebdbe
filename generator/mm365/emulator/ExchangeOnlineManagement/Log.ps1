# The log: one line for each call.

# Writes what was asked, how it ended, and whether an object of the tenant changed.
function Write-CallLog {
    param($Call, [string] $Result, $Failure = $null)
    if (-not $env:MM365_EXCHANGE_LOG) { return }
    $number = if ($null -eq $Call.Number) { 'null' } else { $Call.Number }
    # Flags, numbers and names need no escapes, and this is faster than ConvertTo-JsonText for all of it.
    $line = '{"n":' + $number + ',"cmdlet":"' + $Call.Cmdlet + '","result":"' + $Result +
    '","changed":' + $script:JsonFlags[$Call.Changed] + ',"whatIf":' + $script:JsonFlags[$Call.WhatIf] +
    ',"returned":' + $Call.Returned + ',"faults":' + (Get-JsonList $Call.Faults) +
    ',"warnings":' + (Get-JsonList $Call.Warnings) + ',"parameters":' + (ConvertTo-JsonText $Call.Logged)
    if ($null -ne $Failure) { $line += ',"error":' + (ConvertTo-JsonText $Failure.Exception.Message) }
    $folder = $env:MM365_EXCHANGE_WATCH
    if ($folder) { $line += ',"watched":' + (ConvertTo-JsonText (Get-FolderText $folder)) }
    [IO.File]::AppendAllText($env:MM365_EXCHANGE_LOG, $line + "}`n")
}

$script:JsonFlags = @{ $true = 'true'; $false = 'false' }

function Get-JsonList {
    param([object[]] $Items)
    if ($Items.Count) { return ConvertTo-JsonText $Items }
    '[]'
}

# A text that changes as soon as a file in the folder is made, removed or written again.
function Get-FolderText {
    param([string] $Folder)
    if (-not [IO.Directory]::Exists($Folder)) { return '' }
    $lines = [string[]]@(foreach ($file in [IO.DirectoryInfo]::new($Folder).GetFiles()) {
            '{0} {1} {2}' -f $file.Name, $file.Length, $file.LastWriteTimeUtc.Ticks
        })
    [Array]::Sort($lines, [StringComparer]::Ordinal)
    $lines -join '; '
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
