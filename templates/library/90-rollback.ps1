# ---------- Roll back ----------
function Get-Origin([string]$Key) {
    # 'absent', 'ours' (this pack made it), 'before' (it was there before) or 'foreign' (neither).
    if ($null -eq $Session.Have[$Key]) { return 'absent' }
    $guid = [string]$Session.Have[$Key].Guid
    $noted = $Session.State.objects[$Key]
    if ($null -ne $noted -and $noted.guid -ne '') { return $(if ($noted.guid -eq $guid) { 'ours' } else { 'foreign' }) }
    if ($null -ne $noted -and $noted.before -eq 'present') { return $(if ($noted.beforeGuid -eq $guid) { 'before' } else { 'foreign' }) }
    # Nothing noted, or a run ended before it could note: only what is in every setting what this pack makes.
    return $(if (@(Get-Difference -Key $Key).Count -eq 0) { 'ours' } else { 'foreign' })
}
function Test-Restore([string]$Key) {
    # Whether a rule that is on has to be turned off to come back to what was there before.
    (Test-On -Key $Key) -and ($Session.Origin[$Key] -eq 'ours' -or $Session.State.objects[$Key].beforeOn -ne 'True')
}
function Assert-Origin {
    # Finds every reason not to roll back before the first change.
    $origin = $Session.Origin
    $problems = @(foreach ($key in @($Objects.Keys | Where-Object { $origin[$_] -eq 'foreign' })) {
            $differences = @(Get-Difference -Key $key)
            if ($differences.Count -eq 0) { $differences = @('it is another object than the one that is noted') }
            "$($Objects[$key].Title) was not created by this pack: $($differences -join '; ')"
        })
    $known = 'LoopCheck', 'Redirect' | ForEach-Object { [string](Get-Property -Object $Session.Have[$_] -Name 'Guid') }
    foreach ($rule in @(Get-Route -State 'Enabled', 'Disabled' | Where-Object { $origin.Outbound -eq 'ours' -and $_.Guid -notin $known })) {
        $problems += "rule '$($rule.Name)' sends mail to the outbound connector. Change or remove that rule first"
    }
    if ($origin.Redirect -eq 'before' -and (Test-On -Key 'Redirect') -and -not (Test-Restore -Key 'Redirect') -and 'ours' -in $origin.Values) {
        $problems += 'rule Redirect was on before this pack and still needs what this pack created. Run 60-stop first'
    }
    foreach ($problem in $problems) { Show-Line -Text "STOP  $problem" }
    if ($problems.Count -gt 0) { throw 'Nothing was changed.' }
}
function Invoke-Rollback([scriptblock]$Steps) {
    # Checks all, saves what there is, takes the steps; and does not say done while mail is still sent to the filter.
    $Session.Mode = 'Enforce', 'Audit'
    $hasNotes = Read-State
    if (-not $hasNotes) { Show-Line -Text "No notes at $(Get-StateFile): only what is in every setting what this pack makes is removed." }
    Read-Tenant
    foreach ($key in $Objects.Keys) { $Session.Origin[$key] = Get-Origin -Key $key }
    Assert-Origin
    $work = @($Objects.Keys | Where-Object { $Session.Origin[$_] -eq 'ours' -or ($Session.Origin[$_] -eq 'before' -and (Test-Restore -Key $_)) })
    if ($work.Count -gt 0) {
        if (-not $Session.Run.WhatIf) { Save-Backup }
        . $Steps
    }
    # The identities stay noted: what was there before is still known if this is run again.
    if ($hasNotes) { Save-State -Note @{ loopCheckOn = ''; loopCheckMark = ''; redirectOn = ''; redirectOff = ''; redirectMark = ''; drained = '' } }
    if ($work.Count -eq 0) { Show-Line -Text 'Nothing to do: nothing that this pack created, by these notes, is in the tenant.' }
    elseif ($Session.Run.WhatIf) { return }
    else { Show-Line -Text 'Done: what this pack created is gone; what was there before stays.' }
    foreach ($key in 'LoopCheck', 'Redirect') {
        if ($Session.Origin[$key] -ne 'before' -or $Session.State.objects[$key].beforeOn -ne 'True' -or (Test-On -Key $key)) { continue }
        Show-Line -Text "WARN  $($Objects[$key].Title) was on before and is off now. This script turns nothing on: see 50-enable."
    }
    if (-not (Test-On -Key 'Redirect')) { return }
    $Session.Ended = 'Stopped'
    Show-Line -Text 'STOP  rule Redirect is on and stays: by these notes it was on before this pack. To turn it off, run 60-stop.'
}
function Undo-Enabling([string]$Text, [string]$Key, [scriptblock]$Call) {
    # Turns off a rule that this pack turned on.
    Show-Line -Text $Text
    if (-not (Test-Restore -Key $Key)) { Show-Line -Text '  Nothing to do.'; return }
    $neverOn = Test-NeverOn
    $null = Invoke-Change -What "Turning $($Objects[$Key].Title) off" -Kind 'TransportRule' -Call $Call -Done { -not (Test-On -Key $Key) }
    if ($Session.Run.WhatIf) { return }
    Show-Line -Text '  It is off.'
    if ($Key -eq 'Redirect') { Save-RedirectOff -NeverOn $neverOn }
}
function Wait-Drained([string]$Text, [int]$Hours) {
    # Mail that Redirect sent out can come back, or wait in Exchange's queue, for a day after the change works everywhere.
    Show-Line -Text $Text
    $state = $Session.State
    $same = $null -eq $Session.Have['Redirect'] -or (Test-Unchanged)
    # Waited for once is enough, unless Redirect was changed since.
    if ($state.drained -ne '' -and $same) { Show-Line -Text '  It was waited for.'; return }
    if (Test-NeverOn) { Show-Line -Text '  Redirect was never on: there is no mail to wait for.'; return }
    if ($Session.Run.WhatIf -and (Test-On -Key 'Redirect')) { Show-Line -Text "  What if: it would wait for $Hours hours here."; return }
    # Where it is not known since when it is off, it may have been on until now.
    if ($state.redirectOff -eq '' -or -not $same) { Save-RedirectOff }
    if ($Hours -eq 0) { Show-Line -Text 'WARN  -DrainHours 0: not waiting for mail under way, as you asked. It may be returned to its senders.' }
    Wait-Passed -Since $state.redirectOff -Minutes ($Hours * 60) -Why ("Redirect is off since $($state.redirectOff), and mail may be on its way " +
        "for $Hours hours. Until then the connectors and Loop Check stay, so that it arrives.")
    Save-State -Note @{ drained = Get-Now }
}
function Undo-Creation([string]$Text, [string]$Key, [string]$UsedBy = '', [scriptblock]$Call) {
    # Removes what this pack made, after saving it.
    Show-Line -Text $Text
    if ($Session.Origin[$Key] -eq 'before') { Show-Line -Text '  It was there before and stays.'; return }
    if ($null -eq $Session.Have[$Key]) { Show-Line -Text '  It is not there.'; return }
    if ($Session.Run.WhatIf -and $UsedBy -ne '' -and $null -ne $Session.Have[$UsedBy]) {
        $user = $Objects[$UsedBy].Label
        Show-Line -Text "  What if: it would be removed. Not sent to the service: it is still used by the $user, which would be gone by then."
        return
    }
    if (-not $Session.Run.WhatIf) {
        $path = Get-FreePath -Prefix "removed-$Key"
        Write-TextFile -Path $path -Value $Session.Have[$Key]
        Show-Line -Text "  Saved: $path"
        $differences = @(Get-Difference -Key $Key)
        if ($differences.Count -gt 0) { Show-Line -Text "  Somebody has changed it since: $($differences -join '; ')" }
    }
    $null = Invoke-Change -What "Removing $($Objects[$Key].Title)" -Kind $Objects[$Key].Kind -Call $Call -Done { $null -eq $Session.Have[$Key] }
    if (-not $Session.Run.WhatIf) { Show-Line -Text '  Removed.' }
}
