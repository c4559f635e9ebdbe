# Scripts wait between attempts; a rehearsal does not want to. A function takes precedence over a cmdlet of its name.
function Start-Sleep {
    [CmdletBinding(DefaultParameterSetName = 'Seconds')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Seconds')] [double] $Seconds,
        [Parameter(Mandatory = $true, ParameterSetName = 'Milliseconds')] [Alias('ms')] [int] $Milliseconds,
        [Parameter(Mandatory = $true, ParameterSetName = 'Duration')] [timespan] $Duration
    )
    if ($PSBoundParameters.ContainsKey('Seconds')) { $Duration = [timespan]::FromSeconds($Seconds) }
    if ($PSBoundParameters.ContainsKey('Milliseconds')) { $Duration = [timespan]::FromMilliseconds($Milliseconds) }
    # It has no number: it is not a call of the service, and must not shift the faults that are ordered by number.
    Write-CallLog ([pscustomobject]@{
            Number   = $null
            Cmdlet   = 'Start-Sleep'
            Logged   = [ordered]@{ Seconds = $Duration.TotalSeconds }
            WhatIf   = $false
            Changed  = $false
            Faults   = @()
            Warnings = @()
            Returned = 0
        }) 'ok'
    if (-not $env:MM365_EXCHANGE_NO_SLEEP) { [Threading.Thread]::Sleep($Duration) }
}
