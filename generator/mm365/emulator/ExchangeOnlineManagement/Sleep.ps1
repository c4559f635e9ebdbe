# Scripts wait between attempts; tests do not want to. A function wins over the cmdlet of the same name.
function Start-Sleep {
    [CmdletBinding(DefaultParameterSetName = 'Seconds')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Seconds')] [double] $Seconds,
        [Parameter(Mandatory = $true, ParameterSetName = 'Milliseconds')] [Alias('ms')] [int] $Milliseconds,
        [Parameter(Mandatory = $true, ParameterSetName = 'Duration')] [timespan] $Duration
    )
    if ($PSBoundParameters.ContainsKey('Seconds')) { $Duration = [timespan]::FromSeconds($Seconds) }
    if ($PSBoundParameters.ContainsKey('Milliseconds')) { $Duration = [timespan]::FromMilliseconds($Milliseconds) }
    # No number: it is no call of the service, and must not shift the faults ordered by number.
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
