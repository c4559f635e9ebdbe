# ---------- What was planned is what runs ----------
function Use-Snapshot([string]$Text, [object]$Changes) {
    # Text: Snapshot.json, what the tenant had when this pack was planned. Changes: the names of the settings that this
    # pack may change on objects that were there, by their keys.
    $Session['Then'] = ConvertFrom-Json -InputObject $Text
    $Session['Changes'] = $Changes
}
function Get-Then([string]$Key) {
    # One of our objects as it was, or nothing.
    $kind = $Objects[$Key].Kind
    $Session.Then.$kind | Where-Object { Test-Same -Left $_.Name -Right $Objects[$Key].Want.Name } | Select-Object -First 1
}
function ConvertTo-Text([object]$Value) {
    # A value as text that can be compared. Nothing, false and an empty Guid are all unset. PowerShell 7 reads a time in
    # JSON as a time, and Windows PowerShell as text.
    $items = @(foreach ($item in @($Value)) {
            if ($item -is [datetime]) { ConvertTo-TimeText -Time $item -Format "yyyy-MM-dd'T'HH:mm" }
            else { [string]$item -replace '^(\d{4}-\d\d-\d\dT\d\d:\d\d):.*$', '$1' }
        })
    $text = ConvertTo-Plain -Value $items
    if ($text -in 'False', '00000000-0000-0000-0000-000000000000') { return '' }
    $text
}
function Test-Text([string]$Key, [string]$Name, [string[]]$Should) {
    # Whether a setting of one of our objects reads as one of these texts.
    $value = if ($Name -eq 'Enabled') { Test-On -Key $Key } else { Get-Property -Object $Session.Have[$Key] -Name $Name }
    $is = ConvertTo-Text -Value $value
    # A rule may name its connector by Guid.
    $names = @(if ($Name -eq 'RouteMessageOutboundConnector') { Get-ConnectorName })
    if ($is -in $names -and @($Should | Where-Object { $_ -in $names }).Count -gt 0) { return $true }
    @($Should | Where-Object { Test-Same -Left $is -Right $_ }).Count -gt 0
}
function Test-Approved([string]$Key, [string]$Name) {
    # Whether a setting reads as this pack makes it. The mode of Redirect is also what 50-enable may have set.
    if ($Key -eq 'Redirect' -and $Name -eq 'Mode') { return Test-Text -Key $Key -Name $Name -Should $Session.Mode }
    $value = if ($Name -eq 'Enabled') { $true } else { $Objects[$Key].Want[$Name] }
    Test-Text -Key $Key -Name $Name -Should (ConvertTo-Text -Value $value)
}
function Test-Before([string]$Key, [string]$Name) {
    # Whether a setting reads as it did when this pack was planned.
    $value = Get-Property -Object (Get-Then -Key $Key) -Name $Name
    Test-Text -Key $Key -Name $Name -Should (ConvertTo-Text -Value $value)
}
function Get-Change([string]$Key, [bool]$Again = $false) {
    # What of one of our objects is not as it was, one text each. Again: what already is as approved is not among it.
    $title = $Objects[$Key].Title
    $then = Get-Then -Key $Key
    $now = $Session.Have[$Key]
    if ($null -eq $then) {
        if ($null -eq $now) { return }
        if (-not $Again) { return "$title is there, and was not" }
        return Get-Difference -Key $Key | ForEach-Object { "${title}: $_" }
    }
    if ($null -eq $now) { return "$title is not there any more" }
    $guid = [string](Get-Property -Object $then -Name 'Guid')
    if ($guid -ne '' -and $guid -ne [string]$now.Guid) { return "$title is another object: its Guid is $($now.Guid), and was $guid" }
    $names = @($MustNotBeSet[$Objects[$Key].Kind]) + @($Objects[$Key].Want.Keys) + @($now.PSObject.Properties.Name -like 'ExceptIf*')
    $unknown = @(Get-Property -Object $then -Name 'Unknown')
    foreach ($name in @($names + 'Enabled' | Where-Object { $_ -ne 'Name' -and $_ -notin $unknown } | Sort-Object -Unique)) {
        if ((Test-Before -Key $Key -Name $name) -or ($Again -and (Test-Approved -Key $Key -Name $name))) { continue }
        # The header ID works like a password: it is not shown.
        if ($name -match 'Header(Contains|Matches)') { "${title}: $name is not as it was"; continue }
        if ($name -eq 'Enabled') { "$title is $(if (Test-On -Key $Key) { 'on' } else { 'off' }), and was not"; continue }
        $is, $was = $now, $then | ForEach-Object { ConvertTo-Text -Value (Get-Property -Object $_ -Name $name) }
        "${title}: $name is '$is', and was '$was'"
    }
}
function Get-RuleAbove([object[]]$Rules) {
    # The rules down to Redirect, in their order; all of them where it is not among them. Those of ours that this pack
    # creates are left out.
    $mine = @($Objects.LoopCheck.Want.Name, $Objects.Redirect.Want.Name)
    $made = @('LoopCheck', 'Redirect' | Where-Object { $null -eq (Get-Then -Key $_) } | ForEach-Object { $Objects[$_].Want.Name })
    foreach ($rule in @($Rules | Where-Object { $null -ne $_ } | Sort-Object -Property Priority)) {
        if ($rule.Name -notin $made) { $rule }
        if ($rule.Name -eq $mine[1]) { return }
    }
}
function Get-RuleChange {
    # What of the rules above and around ours is not as it was: order, state, mode, actions; one text each.
    $then = @(Get-RuleAbove -Rules @($Session.Then.TransportRule))
    $now = @(Get-RuleAbove -Rules $Session.Lists.TransportRule)
    # An export may have no Guids.
    $by = if (@($then | Where-Object { $null -eq $_.PSObject.Properties['Guid'] }).Count -gt 0) { 'Name' } else { 'Guid' }
    $was = @($then | ForEach-Object { [string]$_.$by })
    $is = @($now | ForEach-Object { [string]$_.$by })
    $new = @($now | Where-Object { [string]$_.$by -notin $was } | ForEach-Object { "rule '$($_.Name)' stands above ours, and did not" })
    $gone = @($then | Where-Object { [string]$_.$by -notin $is } | ForEach-Object { "rule '$($_.Name)' does not stand above ours any more" })
    $new + $gone
    if ($new.Count + $gone.Count -gt 0) { return }
    for ($place = 0; $place -lt $was.Count; $place++) {
        $before, $after = $then[$place], $now[$place]
        if ($was[$place] -ne $is[$place]) { return "rule '$($after.Name)' has priority $place among these, where '$($before.Name)' was" }
        $mine = @($Objects.LoopCheck.Want.Name, $Objects.Redirect.Want.Name)
        if ($after.Name -in $mine) { continue }
        $state = if ($before.Enabled) { 'Enabled' } else { 'Disabled' }
        if ($after.State -ne $state) { "rule '$($after.Name)' is $($after.State), and was $state" }
        # Every condition can be an exception too; what cannot is an action.
        $unknown = @(Get-Property -Object $before -Name 'Unknown')
        $names = @($MustNotBeSet.TransportRule | Where-Object { $null -eq $after.PSObject.Properties["ExceptIf$_"] -and $_ -notin $unknown })
        foreach ($name in $names + 'Mode') {
            $texts = @($before, $after | ForEach-Object { ConvertTo-Text -Value (Get-Property -Object $_ -Name $name) })
            if (-not (Test-Same -Left $texts[0] -Right $texts[1])) { "rule '$($after.Name)': $name is '$($texts[1])', and was '$($texts[0])'" }
        }
    }
}
function Get-PlanProblem([string[]]$Again) {
    # Why this is not the tenant that this pack was planned for, one text each; Again: see Get-Change, by key.
    foreach ($key in $Objects.Keys) { Get-Change -Key $key -Again ($key -in $Again) }
    Get-RuleChange
    Get-MailRisk
}
$PlanAgain = 'The tenant has changed since this pack was planned. Run 20-backup, then mm365 plan and mm365 pack with --snapshot and the ' +
'file that it saves'

# ---------- Create and change ----------
function Invoke-PlannedCreation([scriptblock]$Steps) {
    # Checks that all is as it was, saves what there is, notes what this pack may change, and then takes the steps.
    $null = Read-State
    Read-Tenant
    # After an unfinished run, what already is as approved does not stop it.
    $noted = $Session.State.objects
    $problems = @(Get-PlanProblem -Again @($noted.Keys))
    $new = @('LoopCheck', 'Redirect' | Where-Object { $null -eq $Session.Have[$_] }).Count
    if ($Session.Lists['TransportRule'].Count + $new -gt 300) { $problems += 'there would be more than 300 rules, which is the limit' }
    foreach ($problem in $problems) { Show-Line -Text "STOP  $problem" }
    if ($problems.Count -gt 0) { throw "Nothing was changed. $PlanAgain." }
    $fresh = (Get-EmptyState -Keys @($Objects.Keys)).objects
    foreach ($key in $Objects.Keys) { if (-not $noted.Contains($key) -or $null -eq $Session.Have[$key]) { $noted[$key] = $fresh[$key] } }
    foreach ($key in $Session.Changes.Keys) { $noted[$key].changed = $Session.Changes[$key] -join ' ' }
    $work = @($Objects.Keys | Where-Object { $null -eq $Session.Have[$_] -or @(Get-Difference -Key $_).Count -gt 0 })
    if ($work.Count -gt 0 -and -not $Session.Run.WhatIf) { Save-Backup }
    Save-Untouched
    . $Steps
    Save-Untouched
    if ($work.Count -eq 0) { Show-Line -Text 'Nothing to do: everything is there already, as approved.' }
    elseif (-not $Session.Run.WhatIf) { Show-Line -Text 'Done: created and changed what was planned.' }
}
function Save-Untouched {
    # Saves the notes. A Redirect that was there and off, and that this pack has not turned on, has no mail under way.
    $state = $Session.State
    $isOff = $null -ne $Session.Have.Redirect -and -not (Test-On -Key 'Redirect')
    $note = @{}
    if ($isOff -and $state.redirectOn -eq '' -and $state.redirectOff -eq '') { $note.redirectMark = Get-ChangeMark -Key 'Redirect' }
    Save-State -Note $note
}
function Edit-TenantObject([string]$Text, [string]$Key, [string[]]$Names, [scriptblock]$Call) {
    # One step: sets these settings of an object that was there, reads them back, and looks whether all else is as it was.
    Show-Line -Text $Text
    $title = $Objects[$Key].Title
    $wanted = @($Names)
    $done = { @($wanted | Where-Object { -not (Test-Approved -Key $Key -Name $_) }).Count -eq 0 }
    if (& $done) { Show-Line -Text '  It is so already, and is left as it is.'; return }
    $null = Invoke-Change -What "Changing $title" -Kind $Objects[$Key].Kind -Call $Call -Done $done
    if ($Session.Run.WhatIf) { return }
    $differences = @(Get-Change -Key $Key -Again $true)
    if ($differences.Count -gt 0) { throw "$title was changed, but reads back different: $($differences -join '; ')." }
    Show-Line -Text '  Changed, and every setting read back.'
}

# ---------- Roll back ----------
function Add-Then {
    # What was there when this pack was planned was there before, whatever the notes say or do not say.
    foreach ($key in @($Objects.Keys | Where-Object { $null -ne (Get-Then -Key $_) })) {
        $then = Get-Then -Key $key
        $guid = [string](Get-Property -Object $then -Name 'Guid')
        if ($guid -eq '') { $guid = [string](Get-Property -Object $Session.Have[$key] -Name 'Guid') }
        if ($Session.State.objects.Contains($key)) { continue }
        $changed = if ($Session.Changes.Contains($key)) { $Session.Changes[$key] -join ' ' } else { '' }
        $Session.State.objects[$key] = [ordered]@{
            before = 'present'; beforeGuid = $guid; beforeOn = [string]$then.Enabled; guid = ''; changed = $changed
        }
        $Session.Guids[$key] = $guid
    }
}
function Get-Changed([string]$Key) {
    # The settings of an object that was there that this pack may have changed, and that do not read as before.
    if ($Session.Origin[$Key] -ne 'before') { return }
    -split $Session.State.objects[$Key].changed | Where-Object { $_ -ne '' -and -not (Test-Before -Key $Key -Name $_) }
}
function Assert-Back {
    # A setting that reads neither as this pack sets it nor as before was changed by others: whoever it was has to decide.
    $problems = @(foreach ($key in $Objects.Keys) {
            foreach ($name in @(Get-Changed -Key $key)) {
                if (Test-Approved -Key $key -Name $name) { continue }
                "$($Objects[$key].Title): others have changed $name since. Set it as this pack did, or as it was in Snapshot.json, first"
            }
        })
    foreach ($problem in $problems) { Show-Line -Text "STOP  $problem" }
    Assert-Origin
    if ($problems.Count -gt 0) { throw 'Nothing was changed.' }
}
function Invoke-PlannedRollback([scriptblock]$Steps) {
    # Checks all, saves what there is, takes the steps; says what of the objects that were there is not as it was.
    $Session.Mode = 'Enforce', 'Audit'
    $hasNotes = Read-State
    Read-Tenant
    Add-Then
    if (-not $hasNotes) {
        Show-Line -Text "No notes at $(Get-StateFile): only what is in every setting what this pack makes is removed."
        Show-Line -Text '  What was there before, by Snapshot.json, is set back where it reads as this pack sets it.'
    }
    foreach ($key in $Objects.Keys) { $Session.Origin[$key] = Get-Origin -Key $key }
    Assert-Back
    $work = @(foreach ($key in $Objects.Keys) {
            if ($Session.Origin[$key] -eq 'ours' -or @(Get-Changed -Key $key).Count -gt 0) { $key }
            elseif ($Session.Origin[$key] -eq 'before' -and $Objects[$key].Kind -eq 'TransportRule' -and (Test-Restore -Key $key)) { $key }
        })
    # A wait that has begun is waited to its end.
    if ($hasNotes -and $Session.State.redirectOff -ne '' -and $Session.State.drained -eq '') { $work += 'Redirect' }
    if ($work.Count -gt 0) {
        if (-not $Session.Run.WhatIf) { Save-Backup }
        . $Steps
    }
    if ($work.Count -eq 0) { Show-Line -Text 'Nothing to do: nothing of what this pack does is in the tenant.' }
    if ($Session.Run.WhatIf) { return }
    # A later step can have changed what an earlier one set back.
    $left = @($Objects.Keys | Where-Object { @(Get-Changed -Key $_).Count -gt 0 } | ForEach-Object { $Objects[$_].Title })
    if ($left.Count -gt 0) { throw "Not all was set back, see 70-rollback -WhatIf: $($left -join ', '). Run this script again." }
    if ($hasNotes) {
        foreach ($key in $Session.State.objects.Keys) { $Session.State.objects[$key].changed = '' }
        Save-State -Note @{ loopCheckOn = ''; loopCheckMark = ''; redirectOn = ''; redirectOff = ''; redirectMark = ''; drained = '' }
    }
    if ($work.Count -gt 0) { Show-Line -Text 'Done: what this pack created is gone, and what it changed is set back; all else stays.' }
    foreach ($key in @($Objects.Keys | Where-Object { $null -ne (Get-Then -Key $_) })) {
        Get-Change -Key $key | ForEach-Object { Show-Line -Text "WARN  $_. Others changed that, or 60-stop did: it stays." }
    }
    if (Test-On -Key 'Redirect') { Show-Line -Text 'NOTE  rule Redirect is on, as it was before this pack. To turn it off, run 60-stop.' }
}
function Get-Back([string]$Key, [string[]]$Names) {
    # The values of before of those of these settings that this pack has changed, as the cmdlet takes them.
    $values = [ordered]@{}
    foreach ($name in @(Get-Changed -Key $Key)) {
        if ($name -notin $Names) { continue }
        $value = Get-Property -Object (Get-Then -Key $Key) -Name $name
        $want = $Objects[$Key].Want[$name]
        $values[$name] = if ($null -eq $value -and ($want -is [bool] -or $name -eq 'Enabled')) { $false } else { $value }
    }
    $values
}
function Undo-Edit([string]$Text, [string]$Key, [object]$Back, [scriptblock]$Call) {
    # Sets back what this pack changed on an object that was there.
    Show-Line -Text $Text
    $names = @($Back.Keys)
    if ($names.Count -eq 0) { Show-Line -Text '  Nothing to do: it is as it was, or not there.'; return }
    $done = { @($names | Where-Object { -not (Test-Before -Key $Key -Name $_) }).Count -eq 0 }
    $same = Test-Unchanged
    $null = Invoke-Change -What "Setting $($Objects[$Key].Title) back" -Kind $Objects[$Key].Kind -Call $Call -Done $done
    if ($Session.Run.WhatIf) { return }
    Show-Line -Text "  Set back: $($names -join ', ')."
    # What this script itself changes does not make it wait again.
    if ($Key -eq 'Redirect' -and $same) { Save-State -Note @{ redirectMark = Get-ChangeMark -Key 'Redirect' } }
}
