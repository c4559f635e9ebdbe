# ---------- Create ----------
function Assert-Possible {
    # Everything that can be known to be wrong is found here, before the first change.
    $problems = @(Get-Problem -MayBeMissing $true)
    $rules = $Session.Lists['TransportRule'].Count
    $new = @('LoopCheck', 'Redirect' | Where-Object { $null -eq $Session.Have[$_] }).Count
    if ($rules + $new -gt 300) { $problems += "the tenant has $rules rules; 300 is the limit" }
    foreach ($problem in $problems) { Show-Line -Text "STOP  $problem" }
    if ($problems.Count -gt 0) { throw 'Nothing was changed.' }
}
function Save-Creation([string]$Key) {
    # Notes the identity of what was created; rollback removes that and nothing else.
    $entry = $Session.State.objects[$Key]
    if ($null -eq $Session.Have[$Key] -or $entry.before -eq 'present' -or $entry.guid -ne '') { return }
    $entry.guid = [string]$Session.Have[$Key].Guid
    Save-State -Note $(if ($Key -eq 'Redirect') { @{ redirectMark = Get-ChangeMark -Key $Key } } else { @{} })
}
function Invoke-Creation([scriptblock]$Steps) {
    # Checks all, saves what there is, and then takes the steps.
    $null = Read-State
    Read-Tenant
    Assert-Possible
    # Notes of an earlier, unfinished run know what was there before the first change. What is gone now is created by this run.
    $fresh = (Get-EmptyState -Keys @($Objects.Keys)).objects
    $noted = $Session.State.objects
    foreach ($key in $Objects.Keys) { if (-not $noted.Contains($key) -or $null -eq $Session.Have[$key]) { $noted[$key] = $fresh[$key] } }
    $missing = @($Objects.Keys | Where-Object { $null -eq $Session.Have[$_] })
    if ($missing.Count -gt 0 -and -not $Session.Run.WhatIf) { Save-Backup }
    Save-State
    . $Steps
    if ($missing.Count -eq 0) { Show-Line -Text 'Nothing to do: everything was there already.' }
    elseif (-not $Session.Run.WhatIf) { Show-Line -Text 'Done: created what was missing.' }
}
function Add-TenantObject([string]$Text, [string]$Key, [string]$Uses = '', [scriptblock]$Create) {
    # One step: creates an object, unless it is there, and reads every setting back.
    Show-Line -Text $Text
    if ($null -ne $Session.Have[$Key]) {
        Show-Line -Text '  It is there already, as wanted, and is left as it is.'
        Save-Creation -Key $Key
        return
    }
    if ($Session.Run.WhatIf -and $Uses -ne '' -and $null -eq $Session.Have[$Uses]) {
        Show-Line -Text "  What if: it would be created. Not sent to the service: it needs the $($Objects[$Uses].Label), which is not there yet."
        return
    }
    $kind = $Objects[$Key].Kind
    $title = $Objects[$Key].Title
    $answered = Invoke-Change -What "Creating $title" -Kind $kind -Call $Create -Done { $null -ne $Session.Have[$Key] }
    if ($Session.Run.WhatIf) { return }
    $differences = @(Get-Difference -Key $Key)
    if (-not $answered -and $differences.Count -gt 0) {
        throw "$title was not created: somebody else has created one of that name in the meantime, " +
        "with other settings: $($differences -join '; ')."
    }
    Save-Creation -Key $Key
    if ($kind -eq 'TransportRule' -and (Test-On -Key $Key)) { $differences += 'it is on, and was to be off' }
    if ($kind -eq 'InboundConnector' -and -not (Test-On -Key $Key)) {
        $differences += 'the service created it disabled, as it does in some tenants until Microsoft Support allows it: ' +
        'ask Support, and never turn Redirect on before'
    }
    if ($differences.Count -gt 0) { throw "$title was created, but reads back different: $($differences -join '; ')." }
    Show-Line -Text '  Created, and every setting read back.'
}
