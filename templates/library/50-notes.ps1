# ---------- Notes: state.json, what the scripts of this pack know of what they did ----------
function Resolve-StateFolder {
    # .NET does not follow the shell's current folder, so the path is made a full one.
    $folder = $Session.Run.StatePath
    if ($folder -eq '') { $folder = Join-Path -Path (Split-Path -Path $Session.Run.Folder -Parent) -ChildPath 'state' }
    $Session.Path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($folder)
}
function Get-StateFile { [IO.Path]::Combine($Session.Path, 'state.json') }
function Get-ChangeMark([string]$Key) {
    # When the service last changed an object, as a text that no reader of JSON takes for a date.
    $changed = Get-Property -Object $Session.Have[$Key] -Name 'WhenChanged'
    if ($changed -is [datetime]) { $changed = ConvertTo-TimeText -Time $changed }
    "changed $changed"
}
function Get-EmptyState([string[]]$Keys) {
    # How notes begin: which of these objects were there before.
    $entries = [ordered]@{}
    foreach ($key in $Keys) {
        $guid = [string](Get-Property -Object $Session.Have[$key] -Name 'Guid')
        $before = if ($guid -eq '') { 'absent' } else { 'present' }
        $entries[$key] = [ordered]@{ before = $before; beforeGuid = $guid; beforeOn = [string](Test-On -Key $key); guid = ''; changed = '' }
    }
    [ordered]@{
        format = 'mm365-state-1'; tenant = $Session.Request.Tenant; tenantId = $Session.TenantId
        loopCheckOn = ''; loopCheckMark = ''; redirectOn = ''; redirectOff = ''; redirectMark = ''; drained = ''; objects = $entries
    }
}
function Get-SavedState {
    # The notes as they were saved, or nothing. What cannot be notes of this tenant stops the script.
    $file = Get-StateFile
    if (-not [IO.File]::Exists($file)) { return }
    try { $saved = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($file)) } catch { $saved = $null }
    if ($null -eq $saved) {
        throw "$file cannot be read as JSON: it is empty, cut off or damaged. Restore it from a copy, or move it away to go by settings alone."
    }
    if ([string](Get-Property -Object $saved -Name 'format') -ne 'mm365-state-1' -or $null -eq (Get-Property -Object $saved -Name 'objects')) {
        throw "$file is not a state file of this pack. Give another -StatePath."
    }
    foreach ($pair in @('tenant', $Session.Request.Tenant), @('tenantId', $Session.TenantId)) {
        $noted = [string](Get-Property -Object $saved -Name $pair[0])
        if (Test-Same -Left $noted -Right $pair[1]) { continue }
        throw "$file is of another tenant: its $($pair[0]) is '$noted', not '$($pair[1])'. Give another -StatePath."
    }
    $saved
}
function Read-State {
    # The notes, or new ones; from here on objects are found by the identities that are noted. Says whether there were any.
    $saved = Get-SavedState
    $notes = Get-EmptyState -Keys @()
    $Session.State = $notes
    if ($null -eq $saved) { return $false }
    foreach ($name in @($notes.Keys | Where-Object { $_ -ne 'objects' })) { $notes[$name] = [string](Get-Property -Object $saved -Name $name) }
    foreach ($property in $saved.objects.PSObject.Properties) {
        $entry = [ordered]@{}
        $fields = 'before', 'beforeGuid', 'beforeOn', 'guid', 'changed'
        foreach ($name in $fields) { $entry[$name] = [string](Get-Property -Object $property.Value -Name $name) }
        $notes.objects[$property.Name] = $entry
        $Session.Guids[$property.Name] = if ($entry.guid -ne '') { $entry.guid } else { $entry.beforeGuid }
    }
    return $true
}
function Save-State([object]$Note = @{}) {
    # Not under -WhatIf, which saves nothing.
    foreach ($name in $Note.Keys) { $Session.State[$name] = $Note[$name] }
    if (-not $Session.Run.WhatIf) { Write-TextFile -Path (Get-StateFile) -Value $Session.State }
}
