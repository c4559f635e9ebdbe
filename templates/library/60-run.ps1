# ---------- One script, and one change ----------
function Invoke-Script([object]$Request, [object]$Run, [string[]]$Calls = @(), [object]$Next, [scriptblock]$Body) {
    # Runs what a script does. Whatever happens, Ctrl-C too, it ends with what is in the tenant and what to do next.
    # Calls: the cmdlets that it needs. Next: the last line, by how it ended. Exit codes: 0 done, 1 not done, 2 waiting.
    $Session.Request = $Request
    $Session.Run = $Run
    $article = Get-ArticleObject -Request $Request
    foreach ($key in $article.Keys) { $Objects[$key] = $article[$key] }
    # The stop switch needs no connectors, and no notes.
    $reads = 'Get-AcceptedDomain', 'Get-TransportRule' + $(if (-not $Run['IsStop']) { 'Get-InboundConnector', 'Get-OutboundConnector' })
    try {
        Confirm-Tenant -Calls ($reads + $Calls)
        if ($Run.Contains('StatePath') -and -not $Run['IsStop']) { Resolve-StateFolder }
        $null = . $Body
        if ($Run.WhatIf) { Show-Line -Text 'Simulated: nothing was changed and nothing was saved.' }
        if ($Session.Ended -eq 'Interrupted') { $Session.Ended = if ($Run.WhatIf) { 'WhatIf' } else { 'Done' } }
        if ($Session.Ended -ne 'Stopped') { $Run.Outcome.ExitCode = 0 }
    }
    catch {
        if ($Session.Ended -eq 'Waiting') { $Run.Outcome.ExitCode = 2; Show-Line -Text $_.Exception.Message }
        else { $Session.Ended = 'Stopped'; Show-Line -Text "STOPPED  $($_.Exception.Message)" }
    }
    finally {
        if ($Session.Ended -eq 'Interrupted') { Show-Line -Text 'STOPPED  It was interrupted. A change that was under way may have been made.' }
        try { Show-Tenant } catch { Show-Line -Text "  It could not be read: $($_.Exception.Message)" }
        $key = if ($Run.Outcome.ExitCode -eq 1) { 'Stopped' } else { $Session.Ended }
        Show-Line -Text $Next[$key]
        $Run.Outcome.LastLines = @()
    }
}
function Invoke-Change([string]$What, [string]$Kind, [scriptblock]$Call, [scriptblock]$Done, [bool]$Ask = $true) {
    # Makes one change, then looks whether it is there: an answer can be lost although the change was made.
    # Returns whether the service said yes. What the caller cannot go on from is thrown.
    # Ask is the script's own question, for -Confirm; the service does not ask, so that No is known at once.
    if ($Session.Run.WhatIf) { $null = . $Call; return $true }
    if ($Ask -and -not (& $Session.Run.Ask $What)) { throw "$What was not confirmed, and was not done." }
    $warnings = @()
    $problem = $null
    try { $null = . $Call } catch { $problem = $_ }
    foreach ($warning in $warnings) { Show-Line -Text "  The service warns: $warning" }
    # What was changed can show late in the lists: look again, for up to a minute.
    $attempts = if ($null -eq $problem) { 12 } else { 6 }
    $made = $false
    $unread = ''
    while (-not $made -and $attempts-- -gt 0) {
        try { Read-Tenant -Kind $Kind; $made = & $Done } catch { $unread = " ($($_.Exception.Message))" }
        if (-not $made -and $attempts -gt 0) { Start-Sleep -Seconds 5 }
    }
    if (-not $made -and $null -ne $problem) { throw "$What failed: $($problem.Exception.Message)" }
    if (-not $made) { throw "$What was accepted but does not show$unread. Wait some minutes, then run this script again." }
    if ($null -ne $problem) { Show-Line -Text "  The call failed ($($problem.Exception.Message)), but it shows." }
    return $null -eq $problem
}
