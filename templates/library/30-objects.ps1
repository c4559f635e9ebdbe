# ---------- What the tenant has ----------
$Kinds = 'InboundConnector', 'OutboundConnector', 'TransportRule'
function Get-TenantList([string]$Kind) {
    # All objects of a kind. Looking one up by name does not show whether it exists: an unknown name can give all.
    $all = @(switch ($Kind) {
            'InboundConnector' { Get-InboundConnector -ResultSize Unlimited -ErrorAction Stop }
            'TransportRule' { Get-TransportRule -ResultSize Unlimited -ErrorAction Stop }
            'OutboundConnector' {
                # Documentation and practice disagree on what is left out by default: every way is asked.
                foreach ($scoped in $false, $true) {
                    foreach ($test in $false, $true) {
                        Get-OutboundConnector -IsTransportRuleScoped $scoped -IncludeTestModeConnectors $test -ResultSize Unlimited -ErrorAction Stop
                    }
                }
            }
        })
    $seen = @{}
    foreach ($item in $all) {
        if ($null -eq $item -or $seen.ContainsKey([string]$item.Guid)) { continue }
        $seen[[string]$item.Guid] = $true
        $item
    }
}
function Read-Tenant([string[]]$Kind = $Kinds) {
    # Have: the object whose identity is noted, also under another name; else the one of that exact name; else nothing.
    foreach ($each in $Kind) {
        $all = @(Get-TenantList -Kind $each)
        $Session.Lists[$each] = $all
        foreach ($key in @($Objects.Keys | Where-Object { $Objects[$_].Kind -eq $each })) {
            $guid = [string]$Session.Guids[$key]
            $found = @($all | Where-Object { $guid -ne '' -and $_.Guid -eq $guid })
            $found += @($all | Where-Object { Test-Same -Left $_.Name -Right $Objects[$key].Want.Name })
            $Session.Have[$key] = $found | Select-Object -First 1
        }
    }
}
function ConvertTo-Plain([object]$Value) {
    # A value as text that can be compared. The service stores the sender domain * as smtp:*;1.
    $texts = @(foreach ($item in @($Value)) { if ($null -ne $item) { [string]$item -replace '^smtp:(.*);\d+$', '$1' } })
    ($texts | Sort-Object) -join ', '
}
function Get-Difference([string]$Key) {
    # What is not as this pack makes it, one text a setting. A rule's on or off is not among it: see Test-On.
    $kind = $Objects[$Key].Kind
    $want = $Objects[$Key].Want
    $object = $Session.Have[$Key]
    foreach ($name in $want.Keys) {
        if ($kind -eq 'TransportRule' -and $name -eq 'Enabled') { continue }
        $should = @(ConvertTo-Plain -Value $want[$name])
        if ($Key -eq 'Redirect' -and $name -eq 'Mode') { $should = $Session.Mode }
        # A rule may name its connector by Guid.
        if ($name -eq 'RouteMessageOutboundConnector') { $should = @(Get-ConnectorName) }
        $is = ConvertTo-Plain -Value (Get-Property -Object $object -Name $name)
        if (@($should | Where-Object { Test-Same -Left $is -Right $_ }).Count -gt 0) { continue }
        # The header ID works like a password: it is not shown.
        if ($name -like '*HeaderContainsWords') { "$name is not the header ID of this pack" }
        else { "$name is '$is', not '$($should[0])'" }
    }
    foreach ($property in $object.PSObject.Properties) {
        # Most settings are empty.
        if ($null -eq $property.Value -or $want.Contains($property.Name)) { continue }
        if ($property.Name -notlike 'ExceptIf*' -and $property.Name -notin $MustNotBeSet[$kind]) { continue }
        $is = ConvertTo-Plain -Value $property.Value
        if ($is -notin '', 'False', '00000000-0000-0000-0000-000000000000') { "$($property.Name) is set ('$is'); this pack does not set it" }
    }
    if ($Key -ne 'Redirect') { return }
    # These two list all conditions and exceptions that a rule has, also what this pack does not know by name.
    $guard = [int]$want.Contains('ExceptIfHeaderContainsWords')
    foreach ($pair in @('Conditions', 0), @('Exceptions', $guard)) {
        $classes = @(Get-Property -Object $object -Name $pair[0] | Where-Object { $null -ne $_ })
        if ($classes.Count -gt $pair[1]) { "$($pair[0]) has $($classes.Count) ('$($classes -join ', ')'); this pack sets $($pair[1])" }
    }
}
function Get-ConnectorName {
    # The names under which a rule can refer to the outbound connector of this pack.
    $connector = $Session.Have['Outbound']
    $names = @($Objects.Outbound.Want.Name)
    foreach ($name in 'Name', 'Guid', 'DistinguishedName') { $names += [string](Get-Property -Object $connector -Name $name) }
    $names | Where-Object { $_ -ne '' }
}
function Get-Route([string[]]$State = @('Enabled')) {
    # The rules that send mail to the outbound connector of this pack, under whatever name, from the top.
    $names = @(Get-ConnectorName) + [string]$Session.Guids['Outbound']
    foreach ($rule in @($Session.Lists['TransportRule'] | Sort-Object -Property Priority)) {
        $route = [string](Get-Property -Object $rule -Name 'RouteMessageOutboundConnector')
        if ($rule.State -notin $State -or $route -eq '') { continue }
        if (@($names | Where-Object { Test-Same -Left $_ -Right $route }).Count -gt 0) { $rule }
    }
}
function Test-On([string]$Key) {
    # Whether an object is there and on. Rules have a State and no Enabled.
    $object = $Session.Have[$Key]
    if ($Objects[$Key].Kind -eq 'TransportRule') { return (Get-Property -Object $object -Name 'State') -eq 'Enabled' }
    return (Get-Property -Object $object -Name 'Enabled') -eq $true
}
function Test-Acting([string]$Key) {
    # Whether an object is on and acts: a rule in mode Audit only writes to the message trace what it would do.
    (Test-On -Key $Key) -and [string](Get-Property -Object $Session.Have[$Key] -Name 'Mode') -notlike 'Audit*'
}
function Get-RouteRisk {
    # Rules that are on and send mail to the filter, but are not Redirect.
    $redirect = [string](Get-Property -Object $Session.Have['Redirect'] -Name 'Guid')
    foreach ($rule in @(Get-Route | Where-Object { [string]$_.Guid -ne $redirect })) {
        "rule '$($rule.Name)' is on and sends mail to the outbound connector, and it is not Redirect. " +
        "To turn it off: Disable-TransportRule -Identity '$($rule.Guid)'"
    }
}
function Get-MailRisk {
    # Why mail would loop, be lost or go where it is not meant to go, one text each; nothing where it would not.
    foreach ($object in $Objects.Values) {
        $twins = @($Session.Lists[$object.Kind] | Where-Object { Test-Same -Left $_.Name -Right $object.Want.Name })
        if ($twins.Count -gt 1) { "there are $($twins.Count) objects named '$($object.Want.Name)'. Remove or rename all but one" }
    }
    Get-RouteRisk
    $redirect = $Session.Have['Redirect']
    if ($null -eq $redirect) { return }
    $loopCheck = $Session.Have['LoopCheck']
    # A plan may create Loop Check above a Redirect that is off.
    $isAbove = if ($null -eq $loopCheck) { $Session.Run['RedirectFirst'] } else { $loopCheck.Priority -lt $redirect.Priority }
    if (-not $isAbove) { 'rule Redirect is there, and no Loop Check stands above it' }
    $off = @($Objects.Keys | Where-Object { -not (Test-Acting -Key $_) })
    if ((Test-Acting -Key 'Redirect') -and $off.Count -gt 0) {
        "rule Redirect is on while $($off -join ', ') is missing or off. Mail is at risk now: run 60-stop"
    }
}
function Get-Problem([bool]$MayBeMissing = $false) {
    # What is not as this pack makes it, one text each; the rules' on or off is left to the caller.
    foreach ($key in $Objects.Keys) {
        $title = $Objects[$key].Title
        if ($null -ne $Session.Have[$key]) { Get-Difference -Key $key | ForEach-Object { "${title}: $_" } }
        elseif (-not $MayBeMissing) { "$title is not there" }
    }
    Get-MailRisk
}
function Show-Tenant {
    # What is there now. A kind of object that cannot be read is named, and the others are shown all the same.
    Show-Line -Text 'Now in the tenant:'
    if (-not $Session.Connected) { Show-Line -Text '  It could not be read: see what stands above.'; return }
    $unread = @()
    foreach ($kind in $Kinds) {
        try { Read-Tenant -Kind $kind }
        catch { $unread += $kind; Show-Line -Text "  It could not be read ($kind): $($_.Exception.Message)" }
    }
    foreach ($key in @($Objects.Keys | Where-Object { $Objects[$_].Kind -notin $unread })) {
        $object = $Session.Have[$key]
        $state = if ($null -eq $object) { 'not there' } elseif (Test-On -Key $key) { 'there, on' } else { 'there, off' }
        Show-Line -Text "  $($Objects[$key].Title): $state"
        if ($null -eq $object) { continue }
        if (-not (Test-Same -Left $object.Name -Right $Objects[$key].Want.Name)) { Show-Line -Text "    Its name is now '$($object.Name)'." }
        if ((Test-On -Key $key) -and -not (Test-Acting -Key $key)) { Show-Line -Text "    Its mode is $($object.Mode): it takes no action." }
    }
    # The stop switch answers for what sends mail to the filter, and for nothing else.
    $risks = @(if ($Session.Run['IsStop']) { Get-RouteRisk } elseif ($unread.Count -eq 0) { Get-MailRisk })
    # A backup or a trace that was made is made, whatever stands in the tenant.
    $level = if ($Session.Run['ReadsOnly']) { 'WARN' } else { 'STOP' }
    foreach ($risk in $risks) { Show-Line -Text "$level  $risk."; if ($level -eq 'STOP') { $Session.Run.Outcome.ExitCode = 1 } }
}
