# The functions that the scripts of mailmarshal-m365 release 0.2.0 share. The same bytes for every customer, region and loop guard.
# ---------- The right tenant or nothing ----------
# Lists: what the tenant has, by kind; Have: this pack's objects among it, by key; Guids: their noted identities; Mode: what
# the mode of Redirect may be; Origin: see Get-Origin.
$Session = @{
    Run = @{}; Request = @{}; Connected = $false; TenantId = ''; Domains = @(); Ended = 'Interrupted'
    Path = ''; State = $null; Origin = @{}; Lists = @{}; Have = @{}; Guids = @{}; Mode = @('Enforce')
}
function Show-Line([string]$Text, [string]$Level = $Text) {
    # Write-Host is the point here: the lines are for the operator on the screen, not output for another command.
    # Control characters in names that others chose do not reach the screen.
    $color = @{}
    if ($Level -cmatch '^(STOP|DIFF)') { $color = @{ ForegroundColor = 'Red' } }
    elseif ($Level -cmatch '^WA') { $color = @{ ForegroundColor = 'Yellow' } }
    Write-Host -Object ($Text -replace '[\x00-\x1F\x7F-\x9F]', '?') @color
}
function Test-Same([string]$Left, [string]$Right) {
    # Names are the same if their characters are, without regard to case. How the service compares is not documented.
    [string]::Equals($Left, $Right, [StringComparison]::OrdinalIgnoreCase)
}
function Get-Property([object]$Object, [string]$Name) {
    # The value of a property, or nothing where the object does not have it.
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}
function Assert-Cmdlet([string[]]$Names) {
    # What cannot be called is known before the first change: roles take away cmdlets and parameters.
    $missing = @(foreach ($name in $Names) {
            $command = Get-Command -Name $name -ErrorAction SilentlyContinue | Select-Object -First 1
            if ($null -eq $command) { $name; continue }
            # A shell of Exchange on the premises has cmdlets of the same names, which act there.
            $module = [string]$command.Source
            if ($module -ne '' -and $module -notlike 'tmpEXO_*' -and $module -ne 'ExchangeOnlineManagement') {
                throw "$name comes from '$module', not from Exchange Online. Open a new shell and only run Connect-ExchangeOnline in it."
            }
            $needed = switch -Wildcard ($name) {
                'New-*' { foreach ($object in $Objects.Values) { if ($name -eq "New-$($object.Kind)") { $object.Want.Keys } } }
                'Get-OutboundConnector' { 'ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors' }
                'Set-TransportRule' { 'Identity', 'Mode' }
                '[DER]*' { 'Identity' }
            }
            $known = @($command.Parameters.Keys)
            @($needed) | Where-Object { $null -ne $_ -and $_ -notin $known } | ForEach-Object { "$name -$_" }
        })
    if ($missing.Count -gt 0) {
        throw "This account's roles do not give: $($missing -join ', '). Needed are the roles Remote and Accepted Domains, and Transport Rules."
    }
}
function Get-OneConnection {
    # The connection, if there is exactly one, to Exchange Online, and without a prefix.
    $all = @(Get-ConnectionInformation -ErrorAction Stop)
    if ($all.Count -ne 1) {
        throw "There are $($all.Count) Exchange Online connections; exactly one is needed. " +
        'Run Disconnect-ExchangeOnline, then Connect-ExchangeOnline once.'
    }
    $one = $all[0]
    if ($one.State -ne 'Connected') { throw "The connection is '$($one.State)', not Connected. Connect again." }
    if ($one.IsEopSession -eq $true) { throw 'The connection is to Security & Compliance, not to Exchange Online. Run Connect-ExchangeOnline.' }
    if ($one.ModulePrefix) { throw "The connection has the prefix '$($one.ModulePrefix)', which renames every cmdlet. Connect without -Prefix." }
    $one
}
function Confirm-Tenant([string[]]$Calls) {
    # Stops unless the connection is to the tenant of the request.
    $connection = Get-OneConnection
    Assert-Cmdlet -Names $Calls
    $tenant = $Session.Request.Tenant
    $domains = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | ForEach-Object { [string]$_.DomainName })
    if (@($domains | Where-Object { Test-Same -Left $_ -Right $tenant }).Count -eq 0) {
        throw "This is not the tenant of the request: $tenant is none of its accepted domains ($($domains -join ', '))."
    }
    $delegated = [string](Get-Property -Object $connection -Name 'DelegatedOrganization')
    $wanted = $Session.Request.TenantId
    if ($wanted -ne '' -and -not (Test-Same -Left ([string]$connection.TenantID) -Right $wanted)) {
        $why = if ($delegated -ne '') { ' With -DelegatedOrganization it is not documented what TenantID holds.' } else { '' }
        throw "This is not the tenant of the request: its TenantID is $($connection.TenantID), not $wanted.$why"
    }
    $Session.Connected = $true
    $Session.TenantId = [string]$connection.TenantID
    $Session.Domains = $domains
    Show-Line -Text "Tenant $tenant (TenantID $($connection.TenantID)) as $($connection.UserPrincipalName)"
    if ($delegated -ne '') { Show-Line -Text "Connected as a partner, for the delegated organization $delegated" }
    if ($Session.Request.Change -ne '') { Show-Line -Text "Change $($Session.Request.Change)" }
}
# ---------- What else could be set ----------
# An object counts as this pack's only if none of these is set, nor anything that begins with ExceptIf, apart from what
# the pack sets: from Microsoft's cmdlet reference, all conditions and actions of rules and all settings of connectors,
# without those that only name or describe an object, give a detail of another setting, or have a value on every object.
$MustNotBeSet = @{
    InboundConnector = -split (
        'AssociatedAcceptedDomains ClientHostNames CloudServicesMailEnabled EFTestMode EFUsers RequireTls RestrictDomainsToCertificate ' +
        'RestrictDomainsToIPAddresses ScanAndDropRecipients SenderDomains SenderIPAddresses TlsSenderCertificateName TreatMessagesAsInternal ' +
        'TrustedOrganizations')
    OutboundConnector = -split (
        'AllAcceptedDomains CloudServicesMailEnabled IsTransportRuleScoped LinkForModifiedConnector RecipientDomains RouteAllMessagesViaOnPremises ' +
        'SenderRewritingEnabled TestMode TlsDomain TlsSettings')
    TransportRule = -split (
        'ActivationDate ADComparisonAttribute AddManagerAsRecipientType AddToRecipients AnyOfCcHeader AnyOfCcHeaderMemberOf ' +
        'AnyOfRecipientAddressContainsWords AnyOfRecipientAddressMatchesPatterns AnyOfToCcHeader AnyOfToCcHeaderMemberOf AnyOfToHeader ' +
        'AnyOfToHeaderMemberOf ApplyClassification ApplyHtmlDisclaimerText ApplyOME ApplyRightsProtectionCustomizationTemplate ' +
        'ApplyRightsProtectionTemplate AttachmentContainsWords AttachmentExtensionMatchesWords AttachmentHasExecutableContent ' +
        'AttachmentIsPasswordProtected AttachmentIsUnsupported AttachmentMatchesPatterns AttachmentNameMatchesPatterns ' +
        'AttachmentProcessingLimitExceeded AttachmentPropertyContainsWords AttachmentSizeOver BetweenMemberOf1 BetweenMemberOf2 BlindCopyTo ' +
        'ContentCharacterSetContainsWords CopyTo DeleteMessage Disconnect DlpPolicy ExpiryDate From FromAddressContainsWords ' +
        'FromAddressMatchesPatterns FromMemberOf FromScope GenerateIncidentReport GenerateNotification HasClassification HasNoClassification ' +
        'HasSenderOverride HeaderContainsMessageHeader HeaderContainsWords HeaderMatchesMessageHeader HeaderMatchesPatterns LogEventText ' +
        'ManagerAddresses MessageContainsDataClassifications MessageSizeOver MessageTypeMatches ModerateMessageByManager ModerateMessageByUser ' +
        'NotifySender PrependSubject Quarantine RecipientADAttributeContainsWords RecipientADAttributeMatchesPatterns ' +
        'RecipientAddressContainsWords RecipientAddressMatchesPatterns RecipientDomainIs RecipientInSenderList RedirectMessageTo ' +
        'RejectMessageReasonText RemoveHeader RemoveOME RemoveOMEv2 RemoveRMSAttachmentEncryption RouteMessageOutboundConnector ' +
        'RouteMessageOutboundRequireTls SCLOver SenderADAttributeContainsWords SenderADAttributeMatchesPatterns SenderDomainIs ' +
        'SenderInRecipientList SenderIpRanges SenderManagementRelationship SentTo SentToMemberOf SentToScope SetHeaderName SetSCL ' +
        'SmtpRejectMessageRejectText StopRuleProcessing SubjectContainsWords SubjectMatchesPatterns SubjectOrBodyContainsWords ' +
        'SubjectOrBodyMatchesPatterns WithImportance')
}
# ---------- The article ----------
function Get-ArticleObject([object]$Request) {
    # The four objects of LevelBlue's article Q21244 as 30-create makes them; there each setting has its reason.
    $domain = "$($Request['Region']).mailmarshal.cloud"
    $inbound = [ordered]@{
        Name = 'From MailMarshal Cloud Integrated'; ConnectorType = 'OnPremises'; SenderDomains = @('*'); RequireTls = $true
        TlsSenderCertificateName = "*.$domain"; Enabled = $true
    }
    $outbound = [ordered]@{
        Name = 'To MailMarshal Cloud Integrated'; ConnectorType = 'Partner'; IsTransportRuleScoped = $true; UseMXRecord = $false
        SmartHosts = @("m365integrated-array-1.$domain"); TlsSettings = 'DomainValidation'; TlsDomain = "*.$domain"; Enabled = $true
    }
    $loopCheck = [ordered]@{
        Name = 'MailMarshal Cloud Integrated Loop Check'; HeaderContainsMessageHeader = 'X-MMCloud-ID'
        HeaderContainsWords = @($Request['HeaderId']); RemoveHeader = 'X-MMCloud-ID'
        StopRuleProcessing = $Request['LoopGuard'] -in 'stop', 'stop-and-except'; Mode = 'Enforce'; RuleErrorAction = 'Ignore'
        Enabled = $false
    }
    $redirect = [ordered]@{
        Name = 'MailMarshal Cloud Integrated Redirect'; RouteMessageOutboundConnector = 'To MailMarshal Cloud Integrated'
        StopRuleProcessing = $false; Mode = 'Enforce'; RuleErrorAction = 'Ignore'; Enabled = $false
    }
    if ($Request['LoopGuard'] -in 'stop-and-except') { $redirect['ExceptIfHeaderContainsMessageHeader'] = 'X-MMCloud-ID' }
    if ($Request['LoopGuard'] -in 'stop-and-except') { $redirect['ExceptIfHeaderContainsWords'] = @($Request['HeaderId']) }
    [ordered]@{
        Inbound   = @{ Kind = 'InboundConnector'; Label = 'inbound connector'; Title = "inbound connector '$($inbound.Name)'"; Want = $inbound }
        Outbound  = @{ Kind = 'OutboundConnector'; Label = 'outbound connector'; Title = "outbound connector '$($outbound.Name)'"; Want = $outbound }
        LoopCheck = @{ Kind = 'TransportRule'; Label = 'rule Loop Check'; Title = "rule Loop Check '$($loopCheck.Name)'"; Want = $loopCheck }
        Redirect  = @{ Kind = 'TransportRule'; Label = 'rule Redirect'; Title = "rule Redirect '$($redirect.Name)'"; Want = $redirect }
    }
}
$Objects = [ordered]@{}
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
# ---------- Files ----------
$TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'"
function ConvertTo-JsonText([object]$Value, [int]$Depth = 0) {
    # ConvertTo-Json writes other bytes in Windows PowerShell 5.1 than in PowerShell 7; this does not.
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [bool]) { return ([string]$Value).ToLowerInvariant() }
    if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
    if ($Value -is [datetime]) { return ConvertTo-JsonString -Text (ConvertTo-TimeText -Time $Value) }
    if ($Depth -ge 8 -or $Value -is [string]) { return ConvertTo-JsonString -Text $Value }
    $inside = "`n" + '  ' * ($Depth + 1)
    $outside = "`n" + '  ' * $Depth
    $pairs = $null
    if ($Value -is [Collections.IDictionary]) { $pairs = $Value.GetEnumerator() }
    elseif ($Value -is [Management.Automation.PSCustomObject]) { $pairs = $Value.PSObject.Properties }
    elseif ($Value -isnot [Collections.IEnumerable]) { return ConvertTo-JsonString -Text $Value }
    $lines = @(if ($null -eq $pairs) { foreach ($item in $Value) { $inside + (ConvertTo-JsonText -Value $item -Depth ($Depth + 1)) } }
        else {
            foreach ($pair in $pairs) {
                $item = $pair.Value
                # Most of a rule is empty or false, and names are plain: a call for each would take many times longer.
                $text = if ($null -eq $item) { 'null' } elseif ($false -eq $item -and $item -is [bool]) { 'false' }
                else { ConvertTo-JsonText -Value $item -Depth ($Depth + 1) }
                $name = if ($pair.Name -cnotmatch '[^0-9A-Za-z_]') { '"' + $pair.Name + '"' } else { ConvertTo-JsonString -Text $pair.Name }
                $inside + $name + ': ' + $text
            }
        })
    $ends = if ($null -eq $pairs) { '[', ']' } else { '{', '}' }
    if ($lines.Count -eq 0) { return $ends -join '' }
    return $ends[0] + ($lines -join ',') + $outside + $ends[1]
}
function ConvertTo-JsonString([string]$Text) {
    # ASCII, so that no reader has to know an encoding.
    if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
    '"' + [regex]::Replace($Text, '[^ !#-\[\]-~]', { param($found) '\u{0:x4}' -f [int][char]$found.Value }) + '"'
}
function ConvertTo-TimeText([datetime]$Time, [string]$Format = 'o') {
    # A time without a zone is taken as UTC: it reads the same on every machine, and when the clocks change.
    if ($Time.Kind -eq 'Local') { $Time = $Time.ToUniversalTime() }
    [datetime]::SpecifyKind($Time, 'Utc').ToString($Format, [Globalization.CultureInfo]::InvariantCulture)
}
function Get-Now { ConvertTo-TimeText -Time ([datetime]::UtcNow) -Format $TimeFormat }
function Write-TextFile([string]$Path, [object]$Value) {
    # Written beside its place and then moved there: a reader sees the old file or the new one, also after Ctrl-C.
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
    [IO.File]::WriteAllText("$Path.new", (ConvertTo-JsonText -Value $Value) + "`n")
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace("$Path.new", $Path, [NullString]::Value) } else { [IO.File]::Move("$Path.new", $Path) }
}
function Get-FreePath([string]$Prefix) {
    # A name of its own for each file that is kept: nothing saved before is overwritten.
    do {
        $stamp = ConvertTo-TimeText -Time ([datetime]::UtcNow) -Format 'yyyyMMdd-HHmmss-fff'
        $path = [IO.Path]::Combine($Session.Path, "$Prefix-$stamp.json")
    } while ([IO.File]::Exists($path))
    $path
}
function Save-Backup {
    # Everything that has to do with the way of mail, as the service gives it; rules in their order.
    $path = Get-FreePath -Prefix 'backup'
    Write-TextFile -Path $path -Value ([ordered]@{
            format = 'mm365-backup-1'; tenant = $Session.Request.Tenant; tenantId = $Session.TenantId; takenAt = Get-Now
            inboundConnectors = $Session.Lists['InboundConnector']; outboundConnectors = $Session.Lists['OutboundConnector']
            transportRules = @($Session.Lists['TransportRule'] | Sort-Object -Property Priority)
        })
    Show-Line -Text "Saved what the tenant has now: $path"
}
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
