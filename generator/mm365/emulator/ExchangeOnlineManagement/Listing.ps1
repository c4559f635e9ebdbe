# The Get cmdlets.

function Invoke-Get {
    param($Call)
    if ($Call.Noun -eq 'ConnectionInformation') { return Get-Connections $Call }
    if ($Call.Noun -eq 'OrganizationConfig') { return $Call.State.organization }
    if ($Call.Noun -eq 'MessageTraceV2') { return Get-Trace $Call }
    if ($Call.Noun -eq 'MessageTraceDetailV2') { return Get-TraceDetail $Call }
    $objects = switch ($Call.Noun) {
        'AcceptedDomain' { $Call.State.acceptedDomains }
        'InboundConnector' { Get-VisibleObjects $Call.State $Call.Noun }
        'OutboundConnector' { Select-Outbound $Call @(Get-VisibleObjects $Call.State $Call.Noun) }
        'TransportRule' { Select-Rule $Call @(Get-VisibleObjects $Call.State $Call.Noun) }
    }
    Step-Late $Call
    Select-Result $Call @(Select-Requested $Call @($objects))
}

# NOTES.md, "Connections and roles".
function Get-Connections {
    param($Call)
    foreach ($connection in $Call.State.connections) {
        $asked = $true
        foreach ($filter in 'ConnectionId', 'ModulePrefix') {
            if ($Call.Bound.ContainsKey($filter)) { $asked = $asked -and $connection.$filter -in $Call.Bound[$filter] }
        }
        if ($asked) { $connection }
    }
}

# The documents say that an unknown identity returns everything, other code relies on an error: a behaviour decides
# (NOTES.md, "Finding objects"). No identity at all returns everything; a pattern without a match returns nothing.
function Select-Requested {
    param($Call, [object[]] $Objects)
    $identity = Get-IdentityText $Call.Bound['Identity']
    if ($identity -eq '') { return $Objects }
    $found = @(Select-ByIdentity $Objects $identity)
    if ($found.Count -or $identity.Contains('*')) { return $found }
    if ((Get-Behaviour $Call.State 'unknownIdentity' 'error') -eq 'all') { return $Objects }
    Stop-Call $Call.State 'NotFound' 'NotFound' @($identity)
}

# Documents and practice disagree on both filters of Get-OutboundConnector (NOTES.md, "Finding objects"). Here the
# filters also apply when an identity is given; whether they do in the service is not documented.
function Select-Outbound {
    param($Call, [object[]] $Objects)
    $testMode = $Call.Bound['IncludeTestModeConnectors'] -eq $true
    $scoped = $Call.Bound['IsTransportRuleScoped']
    if ((Get-Behaviour $Call.State 'outboundListing' 'documented') -eq 'documented') {
        $Objects = @(foreach ($each in $Objects) { if ($each.TestMode -eq $testMode) { $each } })
        # The documents do not say which test-mode connectors are returned: here all, unless the call asks for some.
        if (-not $testMode) { $scoped = $scoped -eq $true }
    }
    elseif (-not $testMode) { $Objects = @(foreach ($each in $Objects) { if (-not $each.TestMode) { $each } }) }
    foreach ($each in $Objects) {
        if ($null -eq $scoped -or $each.IsTransportRuleScoped -eq $scoped) { $each }
    }
}

function Select-Rule {
    param($Call, [object[]] $Objects)
    foreach ($parameter in 'Filter', 'ExcludeConditionActionDetails') {
        if ($Call.Bound.ContainsKey($parameter)) { throw "The emulator does not model -$parameter." }
    }
    $ruleState = Get-SettingValue $Call.State 'State' $Call.Bound['State']
    foreach ($rule in $Objects) {
        if (-not $ruleState -or $rule.State -eq $ruleState) { $rule }
    }
}

# A Get returns 1000 objects at most unless the call says otherwise (NOTES.md, "Finding objects").
function Select-Result {
    param($Call, [object[]] $Objects)
    $size = "$($Call.Bound['ResultSize'])"
    if ($size -eq 'Unlimited') { return $Objects }
    $most = if ($size -eq '') { 1000 } else { $size -as [int] }
    if ($null -eq $most) { Stop-Call $Call.State 'BadValue' 'BadFormat' @('ResultSize', $size) }
    if ($Objects.Count -le $most) { return $Objects }
    $Call.Warnings += Get-Text $Call.State 'MoreResults' @($most)
    $Objects | Select-Object -First $most
}

# Section 8: the last 90 days, 10 days a query, 48 hours unless the call says otherwise; 1 to 5000 results, 1000 by
# default, the newest first, and no paging. The tenant's messages are those of its key messages, if it has one. Which
# properties the service gives is not in the notes: these are the columns of the message trace in the admin center.
function Get-Trace {
    param($Call)
    $now = [datetime]::UtcNow
    $end = if ($Call.Bound.ContainsKey('EndDate')) { ([datetime]$Call.Bound['EndDate']).ToUniversalTime() } else { $now }
    $start = if ($Call.Bound.ContainsKey('StartDate')) { ([datetime]$Call.Bound['StartDate']).ToUniversalTime() } else { $end.AddHours(-48) }
    if (($end - $start).TotalDays -gt 10.001 -or $start -lt $now.AddDays(-90)) {
        Stop-Call $Call.State 'Invalid' 'BadFormat' @('StartDate', $start)
    }
    $size = if ($Call.Bound.ContainsKey('ResultSize')) { $Call.Bound['ResultSize'] } else { 1000 }
    if ($size -lt 1 -or $size -gt 5000) { Stop-Call $Call.State 'BadValue' 'BadFormat' @('ResultSize', $size) }
    $wanted = @($Call.Bound['Status'] | Where-Object { $_ })
    $found = @(foreach ($message in @(Get-Property $Call.State 'messages' @())) {
            $received = [datetime]::Parse($message.Received, $script:Invariant, [Globalization.DateTimeStyles]::RoundtripKind)
            if ($received -lt $start -or $received -gt $end) { continue }
            if ($wanted.Count -and $message.Status -notin $wanted) { continue }
            $copy = $message.PSObject.Copy()
            $copy.PSObject.Properties.Remove('details')
            $copy.Received = $received
            $copy
        })
    $found | Sort-Object -Property Received -Descending | Select-Object -First $size
}

function Get-TraceDetail {
    param($Call)
    foreach ($message in @(Get-Property $Call.State 'messages' @())) {
        if ("$($message.MessageTraceId)" -ne "$($Call.Bound['MessageTraceId'])") { continue }
        if ($message.RecipientAddress -eq $Call.Bound['RecipientAddress']) { Get-Property $message 'details' @() }
    }
}
