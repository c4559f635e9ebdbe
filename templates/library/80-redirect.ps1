# ---------- Redirect on and off ----------
function Switch-Rule([string]$What, [scriptblock]$Call, [scriptblock]$Done, [bool]$Ask = $true) {
    # Turns a rule on or off, or into another mode, unless it is so already.
    Show-Line -Text $What
    if (& $Done) { Show-Line -Text '  It is so already.'; return }
    $null = Invoke-Change -What $What -Kind 'TransportRule' -Call $Call -Done $Done -Ask $Ask
}
function Assert-Approved([scriptblock]$Off = $null) {
    # Everything that decides about mail is as approved, or the script stops. Redirect must not be on while anything else is
    # missing, off or different: with -Off it is turned off then, without a question.
    $problems = @(Get-Problem)
    if ($null -ne $Off -and -not (Test-Acting -Key 'LoopCheck')) { $problems += 'Loop Check is off' }
    foreach ($problem in $problems) { Show-Line -Text "STOP  $problem" }
    if ($problems.Count -eq 0) { return }
    if ($null -eq $Off) { throw 'Nothing was changed: the objects are not as approved.' }
    Switch-Rule -What 'Turning Redirect off again' -Ask $false -Call $Off -Done { -not (Test-On -Key 'Redirect') }
    Save-RedirectOff
    throw "Redirect was on and must not be: $($problems -join '; ')"
}
function Save-RedirectOff([bool]$NeverOn = $false) {
    # From here on rollback counts the time in which mail may still be on its way; nothing where it was on in mode Audit alone.
    $note = @{ redirectMark = Get-ChangeMark -Key 'Redirect' }
    if (-not $NeverOn) { $note += @{ redirectOff = Get-Now; drained = '' } }
    Save-State -Note $note
}
function Test-Unchanged { $Session.State.redirectMark -eq (Get-ChangeMark -Key 'Redirect') }
function Test-NeverOn {
    # Whether it is known that Redirect has sent nothing to the filter: not turned on by this pack, nor changed since.
    $state = $Session.State
    $noted = $state.objects['Redirect']
    if ($state.redirectOn -ne '' -or $state.redirectOff -ne '' -or (Test-Acting -Key 'Redirect')) { return $false }
    # A run ended before it could note what it created, if it did.
    if ($null -ne $noted -and $noted.before -eq 'absent' -and $noted.guid -eq '') { return $true }
    return $null -ne $Session.Have['Redirect'] -and (Test-Unchanged)
}
function Wait-Passed([string]$Since, [int]$Minutes, [string]$Why) {
    # Waiting as designed is not a failure: it ends with exit code 2.
    $style = [Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    $until = [datetime]::ParseExact($Since, $TimeFormat, [Globalization.CultureInfo]::InvariantCulture, $style).AddMinutes($Minutes)
    if ([datetime]::UtcNow -ge $until) { return }
    $Session.Ended = 'Waiting'
    throw "WAITING until $(ConvertTo-TimeText -Time $until -Format $TimeFormat): $Why"
}
