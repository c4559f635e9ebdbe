<#
.SYNOPSIS
    Takes everything back to what was there before.
.DESCRIPTION
    Order: Redirect off; wait until mail under way has arrived; Loop Check off; rules, outbound connector,
    inbound connector removed. What this pack did not create is refused before the first change. With the
    notes in the state folder it goes by identity; without them, only objects whose every setting is what
    this pack creates are removed. Each object is saved as JSON before it is removed. May be run again.
    Not undone:
    - Mail that was sent to the filter stays as the filter left it: delivered, changed, held or refused there.
    - MailMarshal Cloud's own side: the tenant, its domains and its policies there are untouched.
    - Mail that waits in Exchange's queue for the smart host is retried for 24 hours and then returned to its sender.
    - What others changed in the meantime: other rules, other connectors, settings in Microsoft Defender.
.PARAMETER DrainHours
    How many hours Redirect must have been off before anything is removed; 0 does not wait.
.PARAMETER StatePath
    The folder for notes and backups.
    Default: state in the pack; of a single script, in the current folder.
.PARAMETER WhatIf
    Asks the service what each change would do, and changes nothing; nothing is saved either.
.PARAMETER Confirm
    Asks you before each change. If you answer no, the script stops there.
.EXAMPLE
    ./70-rollback.ps1
.NOTES
    Made by mailmarshal-m365 for tenant contoso.onmicrosoft.com, region eu, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'None')]
param(
    # How many hours Redirect must have been off before anything is removed; 0 does not wait.
    [ValidateRange(0, 720)]
    [int]$DrainHours = 24,
    # The folder for notes and backups.
    [string]$StatePath = ''
)
# Handed to every call that changes something.
$WhatIf  = [bool]$WhatIfPreference
$Confirm = $ConfirmPreference -eq 'Low'
if ($StatePath -eq '') { $StatePath = Join-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -ChildPath 'state' }
$outcome = @{ ExitCode = 1 }
& {
    # Inside this block only: in the open shell it would reach the Exchange module's own functions.
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'

    #region The request
    $Tenant   = 'contoso.onmicrosoft.com'
    $TenantId = ''
    $Change   = [regex]::Unescape('CHG0012345')
    #endregion

    #region The inbound connector: what it is to be
    # It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.
    $Inbound = [ordered]@{
        Name                     = 'From MailMarshal Cloud Integrated'
        ConnectorType            = 'OnPremises'
        SenderDomains            = @('*')
        RequireTls               = $true
        TlsSenderCertificateName = '*.eu.mailmarshal.cloud'
        Enabled                  = $true
    }
    #endregion

    #region The outbound connector: what it is to be
    # It is the way to MailMarshal Cloud, used only by the Redirect rule.
    $Outbound = [ordered]@{
        Name                  = 'To MailMarshal Cloud Integrated'
        ConnectorType         = 'Partner'
        IsTransportRuleScoped = $true
        UseMXRecord           = $false
        SmartHosts            = @('m365integrated-array-1.eu.mailmarshal.cloud')
        TlsSettings           = 'DomainValidation'
        TlsDomain             = '*.eu.mailmarshal.cloud'
        Enabled               = $true
    }
    #endregion

    #region The rule Loop Check: what it is to be
    # It recognises mail that has been filtered, so that Redirect does not send it out again.
    $LoopCheck = [ordered]@{
        Name                        = 'MailMarshal Cloud Integrated Loop Check'
        HeaderContainsMessageHeader = 'X-MMCloud-ID'
        HeaderContainsWords         = @('3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11')
        RemoveHeader                = 'X-MMCloud-ID'
        StopRuleProcessing          = $true
        Mode                        = 'Enforce'
        RuleErrorAction             = 'Ignore'
        Enabled                     = $false
    }
    #endregion

    #region The rule Redirect: what it is to be
    # It sends every message to MailMarshal Cloud. Mail changes its way when, and only when, this is on.
    $Redirect = [ordered]@{
        Name                          = 'MailMarshal Cloud Integrated Redirect'
        RouteMessageOutboundConnector = 'To MailMarshal Cloud Integrated'
        StopRuleProcessing            = $false
        Mode                          = 'Enforce'
        RuleErrorAction               = 'Ignore'
        Enabled                       = $false
    }
    #endregion

    #region Functions: the right tenant or nothing
    $Needs = [ordered]@{
        'Get-AcceptedDomain'       = @('ResultSize')
        'Get-InboundConnector'     = @('ResultSize')
        'Get-OutboundConnector'    = @('ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors')
        'Get-TransportRule'        = @('ResultSize')
        'Disable-TransportRule'    = @('Identity')
        'Remove-TransportRule'     = @('Identity')
        'Remove-OutboundConnector' = @('Identity')
        'Remove-InboundConnector'  = @('Identity')
    }
    function Write-Line {
        # A line for the operator. Control characters in names that others chose do not reach the screen.
        param([string]$Text)
        Write-Host -Object ($Text -replace '[\x00-\x1F\x7F-\x9F]', '?')
    }
    function Test-Same {
        # Names are compared as the service does, without regard to case, and by nothing but their characters.
        param([string]$Left, [string]$Right)
        [string]::Equals($Left, $Right, [StringComparison]::OrdinalIgnoreCase)
    }
    function Get-Property {
        # The value of a property, or nothing where the object does not have it.
        param([object]$Object, [string]$Name)
        $property = $Object.PSObject.Properties[$Name]
        if ($null -ne $property) { $property.Value }
    }
    function Get-MissingCommand {
        # Roles take away cmdlets and parameters: what is missing is known before the first change.
        foreach ($cmdlet in $Needs.Keys) {
            $command = Get-Command -Name $cmdlet -ErrorAction SilentlyContinue | Select-Object -First 1
            if ($null -eq $command) { $cmdlet; continue }
            foreach ($parameter in $Needs[$cmdlet]) {
                if (-not $command.Parameters.ContainsKey($parameter)) { "$cmdlet -$parameter" }
            }
        }
    }
    function Confirm-Tenant {
        # Stops unless there is exactly one connection and it is to the tenant of the request.
        if ($null -eq (Get-Command -Name 'Get-ConnectionInformation' -ErrorAction SilentlyContinue)) {
            throw 'ExchangeOnlineManagement 3.0.0 or later is not loaded. Run Connect-ExchangeOnline first.'
        }
        $connections = @(Get-ConnectionInformation -ErrorAction Stop)
        if ($connections.Count -ne 1) {
            throw "There are $($connections.Count) Exchange Online connections; exactly one is needed. Run Disconnect-ExchangeOnline, then Connect-ExchangeOnline once."
        }
        $connection = $connections[0]
        if ($connection.State -ne 'Connected') { throw "The connection is '$($connection.State)', not Connected. Connect again." }
        if ($connection.IsEopSession -eq $true) { throw 'The connection is to Security & Compliance, not to Exchange Online. Run Connect-ExchangeOnline.' }
        if ([string]$connection.ModulePrefix -ne '') {
            throw "The connection has the prefix '$($connection.ModulePrefix)', which renames every cmdlet. Connect without -Prefix."
        }
        $missing = @(Get-MissingCommand)
        if ($missing.Count -gt 0) {
            throw "This account's roles do not give: $($missing -join ', '). Needed are the roles Remote and Accepted Domains, and Transport Rules."
        }
        $domains = @(Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop | ForEach-Object { [string]$_.DomainName })
        if (@($domains | Where-Object { Test-Same -Left $_ -Right $Tenant }).Count -eq 0) {
            throw "This is not the tenant of the request: $Tenant is none of its accepted domains ($($domains -join ', '))."
        }
        if ($TenantId -ne '' -and -not (Test-Same -Left ([string]$connection.TenantID) -Right $TenantId)) {
            throw "This is not the tenant of the request: its TenantID is $($connection.TenantID), not $TenantId."
        }
        $Session.TenantId = [string]$connection.TenantID
        $Session.Domains = $domains
        Write-Line -Text "Tenant $Tenant (TenantID $($connection.TenantID)) as $($connection.UserPrincipalName)"
        if ($Change -ne '') { Write-Line -Text "Change $Change" }
    }
    $Session = @{ TenantId = ''; Domains = @() }
    #endregion

    #region Functions: what the tenant has
    $Objects = [ordered]@{
        Inbound = @{ Kind = 'InboundConnector'; Label = 'inbound connector'; Want = $Inbound }
        Outbound = @{ Kind = 'OutboundConnector'; Label = 'outbound connector'; Want = $Outbound }
        LoopCheck = @{ Kind = 'TransportRule'; Label = 'rule Loop Check'; Want = $LoopCheck }
        Redirect = @{ Kind = 'TransportRule'; Label = 'rule Redirect'; Want = $Redirect }
    }
    # What else could be set on such an object; it counts as this pack's only if none of these is.
    $OtherSettings = @{
        InboundConnector = -split ('AssociatedAcceptedDomains ClientHostNames CloudServicesMailEnabled EFSkipIPs ' +
            'EFSkipLastIP EFSkipMailGateway EFTestMode EFUsers RestrictDomainsToCertificate ' +
            'RestrictDomainsToIPAddresses ScanAndDropRecipients SenderIPAddresses ' +
            'TreatMessagesAsInternal TrustedOrganizations')
        OutboundConnector = -split ('AllAcceptedDomains CloudServicesMailEnabled LinkForModifiedConnector RecipientDomains ' +
            'RouteAllMessagesViaOnPremises SenderRewritingEnabled TestMode')
        TransportRule = -split ('ActivationDate ADComparisonAttribute AddManagerAsRecipientType AddToRecipients ' +
            'AnyOfCcHeader AnyOfCcHeaderMemberOf AnyOfRecipientAddressContainsWords ' +
            'AnyOfRecipientAddressMatchesPatterns AnyOfToCcHeader AnyOfToCcHeaderMemberOf ' +
            'AnyOfToHeader AnyOfToHeaderMemberOf ApplyClassification ApplyHtmlDisclaimerText ApplyOME ' +
            'ApplyRightsProtectionCustomizationTemplate ApplyRightsProtectionTemplate ' +
            'AttachmentContainsWords AttachmentExtensionMatchesWords AttachmentHasExecutableContent ' +
            'AttachmentIsPasswordProtected AttachmentIsUnsupported AttachmentMatchesPatterns ' +
            'AttachmentNameMatchesPatterns AttachmentProcessingLimitExceeded ' +
            'AttachmentPropertyContainsWords AttachmentSizeOver BetweenMemberOf1 BetweenMemberOf2 ' +
            'BlindCopyTo ContentCharacterSetContainsWords CopyTo DeleteMessage Disconnect ExpiryDate ' +
            'From FromAddressContainsWords FromAddressMatchesPatterns FromMemberOf FromScope ' +
            'GenerateIncidentReport GenerateNotification HasClassification HasNoClassification ' +
            'HeaderContainsMessageHeader HeaderContainsWords HeaderMatchesMessageHeader ' +
            'HeaderMatchesPatterns LogEventText ManagerAddresses MessageSizeOver MessageTypeMatches ' +
            'ModerateMessageByManager ModerateMessageByUser PrependSubject Quarantine ' +
            'RecipientADAttributeContainsWords RecipientADAttributeMatchesPatterns ' +
            'RecipientAddressContainsWords RecipientAddressMatchesPatterns RecipientDomainIs ' +
            'RecipientInSenderList RedirectMessageTo RejectMessageReasonText RemoveHeader RemoveOME ' +
            'RemoveOMEv2 RemoveRMSAttachmentEncryption RouteMessageOutboundConnector ' +
            'RouteMessageOutboundRequireTls SCLOver SenderADAttributeContainsWords ' +
            'SenderADAttributeMatchesPatterns SenderDomainIs SenderInRecipientList SenderIpRanges ' +
            'SenderManagementRelationship SentTo SentToMemberOf SentToScope SetHeaderName SetSCL ' +
            'SmtpRejectMessageRejectText SubjectContainsWords SubjectMatchesPatterns ' +
            'SubjectOrBodyContainsWords SubjectOrBodyMatchesPatterns WithImportance')
    }
    $Lists = @{}
    $Have = @{}
    function Get-TenantList {
        # All objects of a kind. Looking one up by name is no test of existence: an unknown name can give all.
        param([string]$Kind)
        $all = @(switch ($Kind) {
                'InboundConnector' { Get-InboundConnector -ResultSize Unlimited -ErrorAction Stop }
                'TransportRule' { Get-TransportRule -ResultSize Unlimited -ErrorAction Stop }
                'OutboundConnector' {
                    # Documentation and practice disagree on what is left out by default: every way is asked.
                    Get-OutboundConnector -ResultSize Unlimited -ErrorAction Stop
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
    function Find-TenantObject {
        # The one object of that exact name, or nothing.
        param([string]$Key)
        $name = $Objects[$Key].Want.Name
        $found = @($Lists[$Objects[$Key].Kind] | Where-Object { Test-Same -Left $_.Name -Right $name })
        if ($found.Count -gt 1) { throw "There are $($found.Count) objects named '$name'. Remove or rename all but one." }
        if ($found.Count -eq 1) { $found[0] }
    }
    function Read-TenantKind {
        param([string]$Kind)
        $Lists[$Kind] = @(Get-TenantList -Kind $Kind)
        foreach ($key in $Objects.Keys) {
            if ($Objects[$key].Kind -eq $Kind) { $Have[$key] = Find-TenantObject -Key $key }
        }
    }
    function Read-Tenant {
        foreach ($kind in 'InboundConnector', 'OutboundConnector', 'TransportRule') { Read-TenantKind -Kind $kind }
    }
    function ConvertTo-Plain {
        # A value as text that can be compared. The service stores the sender domain * as smtp:*;1.
        param([object]$Value)
        $texts = @(foreach ($item in @($Value)) { if ($null -ne $item) { [string]$item -replace '^smtp:(.*);\d+$', '$1' } })
        ($texts | Sort-Object) -join ', '
    }
    function Get-Difference {
        # What is not as this pack makes it, one text a setting. A rule's on or off is not among it: see Test-On.
        param([string]$Key)
        $kind = $Objects[$Key].Kind
        $want = $Objects[$Key].Want
        $object = $Have[$Key]
        foreach ($name in $want.Keys) {
            if ($kind -eq 'TransportRule' -and $name -eq 'Enabled') { continue }
            $should = ConvertTo-Plain -Value $want[$name]
            $is = ConvertTo-Plain -Value (Get-Property -Object $object -Name $name)
            # A rule may name its connector by Guid.
            if ($name -eq 'RouteMessageOutboundConnector' -and $null -ne $Have['Outbound'] -and $is -eq [string]$Have['Outbound'].Guid) { $is = $should }
            if (Test-Same -Left $is -Right $should) { continue }
            # The header ID works like a password: it is not shown.
            if ($name -like '*HeaderContainsWords') { "$name is not the header ID of this pack" }
            else { "$name is '$is', not '$should'" }
        }
        foreach ($property in $object.PSObject.Properties) {
            # Most settings are empty.
            if ($null -eq $property.Value -or $want.Contains($property.Name)) { continue }
            if ($property.Name -notlike 'ExceptIf*' -and $property.Name -notin $OtherSettings[$kind]) { continue }
            $is = ConvertTo-Plain -Value $property.Value
            if ($is -notin '', 'False', '00000000-0000-0000-0000-000000000000') { "$($property.Name) is set ('$is'); this pack does not set it" }
        }
    }
    function Test-On {
        # Whether an object is there and on. Rules have a State and no Enabled.
        param([string]$Key)
        $object = $Have[$Key]
        if ($null -eq $object) { return $false }
        if ($Objects[$Key].Kind -eq 'TransportRule') { return $object.State -eq 'Enabled' }
        return $object.Enabled -eq $true
    }
    function Get-Title {
        param([string]$Key)
        "$($Objects[$Key].Label) '$($Objects[$Key].Want.Name)'"
    }
    function Get-MailRisk {
        # Why mail would loop or be lost, one text each; nothing where it would not.
        if (-not $Objects.Contains('LoopCheck') -or $null -eq $Have['Redirect']) { return }
        if ($null -eq $Have['LoopCheck'] -or $Have['LoopCheck'].Priority -ge $Have['Redirect'].Priority) {
            'rule Redirect is there, and no Loop Check stands above it'
        }
        $off = @($Objects.Keys | Where-Object { -not (Test-On -Key $_) })
        if ((Test-On -Key 'Redirect') -and $off.Count -gt 0) {
            "rule Redirect is on while $($off -join ', ') is missing or off. Mail is at risk now: run 60-stop"
        }
    }
    function Show-Tenant {
        Write-Line -Text 'Now in the tenant:'
        try { foreach ($kind in @($Objects.Values | ForEach-Object { $_.Kind } | Sort-Object -Unique)) { Read-TenantKind -Kind $kind } }
        catch { Write-Line -Text "  It could not be read: $($_.Exception.Message)"; return }
        foreach ($key in $Objects.Keys) {
            $condition = if ($null -eq $Have[$key]) { 'not there' } elseif (Test-On -Key $key) { 'there, on' } else { 'there, off' }
            Write-Line -Text "  $(Get-Title -Key $key): $condition"
        }
        foreach ($risk in @(Get-MailRisk)) {
            Write-Line -Text "STOP  $risk."
            $outcome.ExitCode = 1
        }
    }
    #endregion

    #region Functions: files
    # .NET does not follow the shell's current folder, so the path is made a full one.
    $StatePath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($StatePath)
    $Invariant = [Globalization.CultureInfo]::InvariantCulture
    $TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'"
    $JsonNames = New-Object -TypeName 'Collections.Hashtable'
    function ConvertTo-JsonText {
        # ConvertTo-Json writes other bytes in Windows PowerShell 5.1 than in PowerShell 7; this does not.
        param([object]$Value, [int]$Depth = 0)
        if ($null -eq $Value) { return 'null' }
        if ($Value -is [bool]) { return ([string]$Value).ToLowerInvariant() }
        if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
        $list = $null
        if ($Depth -lt 8) {
            $inside = "`n" + '  ' * ($Depth + 1)
            $outside = "`n" + '  ' * $Depth
            if ($Value -is [Collections.IDictionary]) { $list = $Value.GetEnumerator() }
            elseif ($Value -is [Management.Automation.PSCustomObject]) { $list = $Value.PSObject.Properties }
        }
        if ($null -ne $list) {
            $lines = @(foreach ($pair in $list) {
                    $item = $pair.Value
                    # Most of a rule is empty or false, and its names come again: a call for each would take many times longer.
                    $text = if ($null -eq $item) { 'null' } elseif ($false -eq $item -and $item -is [bool]) { 'false' } else { ConvertTo-JsonText -Value $item -Depth ($Depth + 1) }
                    $name = $JsonNames[$pair.Name]
                    if ($null -eq $name) { $name = $JsonNames[$pair.Name] = (ConvertTo-JsonString -Text $pair.Name) + ': ' }
                    $inside + $name + $text
                })
            return $(if ($lines.Count -eq 0) { '{}' } else { '{' + ($lines -join ',') + $outside + '}' })
        }
        if ($Value -is [Collections.IEnumerable] -and $Value -isnot [string] -and $Depth -lt 8) {
            $lines = @(foreach ($item in $Value) { $inside + (ConvertTo-JsonText -Value $item -Depth ($Depth + 1)) })
            return $(if ($lines.Count -eq 0) { '[]' } else { '[' + ($lines -join ',') + $outside + ']' })
        }
        if ($Value -is [datetime]) { $Value = $Value.ToUniversalTime().ToString('o', $Invariant) }
        return ConvertTo-JsonString -Text $Value
    }
    function ConvertTo-JsonString {
        # ASCII, so that no reader has to know an encoding.
        param([string]$Text)
        if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
        '"' + [regex]::Replace($Text, '[^ !#-\[\]-~]', { param($found) '\u{0:x4}' -f [int][char]$found.Value }) + '"'
    }
    function Write-TextFile {
        # Written beside its place and then moved there: a reader sees the old file or the new one.
        param([string]$Path, [string]$Text)
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
        $written = "$Path.new"
        [IO.File]::WriteAllText($written, $Text, (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false))
        if ([IO.File]::Exists($Path)) { [IO.File]::Replace($written, $Path, [NullString]::Value) }
        else { [IO.File]::Move($written, $Path) }
    }
    function New-StateFilePath {
        # A name of its own for each file that is kept: nothing saved before is overwritten.
        param([string]$Prefix)
        do {
            $path = [IO.Path]::Combine($StatePath, "$Prefix-$([datetime]::UtcNow.ToString('yyyyMMdd-HHmmss-fff', $Invariant)).json")
        } while ([IO.File]::Exists($path))
        $path
    }
    function Get-Now { [datetime]::UtcNow.ToString($TimeFormat, $Invariant) }
    function Save-Backup {
        # Everything that has to do with the way of mail, as the service gives it; rules in their order.
        $path = New-StateFilePath -Prefix 'backup'
        $content = [ordered]@{
            format             = 'mm365-backup-1'
            tenant             = $Tenant
            tenantId           = $Session.TenantId
            takenAt            = Get-Now
            inboundConnectors  = $Lists['InboundConnector']
            outboundConnectors = $Lists['OutboundConnector']
            transportRules     = @($Lists['TransportRule'] | Sort-Object -Property Priority)
        }
        Write-TextFile -Path $path -Text ((ConvertTo-JsonText -Value $content) + "`n")
        Write-Line -Text "Saved what the tenant has now: $path"
    }
    #endregion

    #region Functions: notes
    $StateFile = [IO.Path]::Combine($StatePath, 'state.json')
    function Get-HoursSince {
        param([string]$Time)
        $style = [Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
        ([datetime]::UtcNow - [datetime]::ParseExact($Time, $TimeFormat, $Invariant, $style)).TotalHours
    }
    function Get-ChangeMark {
        # When the service last changed an object, as a text that no reader of JSON takes for a date.
        param([string]$Key)
        $changed = Get-Property -Object $Have[$Key] -Name 'WhenChanged'
        if ($changed -is [datetime]) { $changed = $changed.ToUniversalTime().ToString('o', $Invariant) }
        "changed $changed"
    }
    function New-State {
        # What the scripts of this pack note, and how it begins: which objects were there before.
        param([string[]]$Keys)
        $entries = [ordered]@{}
        foreach ($key in $Keys) {
            $there = $null -ne $Have[$key]
            $entries[$key] = [ordered]@{
                before     = if ($there) { 'present' } else { 'absent' }
                beforeGuid = if ($there) { [string]$Have[$key].Guid } else { '' }
                beforeOn   = [string](Test-On -Key $key)
                guid       = ''
            }
        }
        [ordered]@{
            format = 'mm365-state-1'; tenant = $Tenant; tenantId = $Session.TenantId
            loopCheckOn = ''; loopCheckMark = ''; redirectOn = ''; redirectOff = ''; redirectMark = ''; drained = ''
            objects = $entries
        }
    }
    function Read-State {
        # What was noted before, or nothing. Notes of another tenant stop the script.
        if (-not [IO.File]::Exists($StateFile)) { return }
        $saved = $null
        try { $saved = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($StateFile)) }
        catch { throw "$StateFile cannot be read as JSON. Restore it, or move it away to go by settings alone." }
        if ("$(Get-Property -Object $saved -Name 'format')" -ne 'mm365-state-1') { throw "$StateFile is no state file of this pack. Give another -StatePath." }
        if (-not (Test-Same -Left $saved.tenantId -Right $Session.TenantId)) { throw "$StateFile is of another tenant ($($saved.tenant)). Give another -StatePath." }
        $notes = New-State -Keys @()
        foreach ($name in @($notes.Keys)) { if ($name -ne 'objects') { $notes[$name] = "$(Get-Property -Object $saved -Name $name)" } }
        $notes.objects = [ordered]@{}
        foreach ($property in $saved.objects.PSObject.Properties) {
            $entry = [ordered]@{}
            foreach ($field in $property.Value.PSObject.Properties) { $entry[$field.Name] = [string]$field.Value }
            $notes.objects[$property.Name] = $entry
        }
        $notes
    }
    function Save-State {
        param([Collections.IDictionary]$State)
        Write-TextFile -Path $StateFile -Text ((ConvertTo-JsonText -Value $State) + "`n")
    }
    #endregion

    #region Functions: one change at a time
    function Wait-Until {
        # What was changed can show late in the lists: look again, for up to a minute.
        param([string]$Kind, [scriptblock]$Condition, [int]$Attempts)
        for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
            if ($attempt -gt 1) { Start-Sleep -Seconds 5 }
            Read-TenantKind -Kind $Kind
            if (& $Condition) { return $true }
        }
        return $false
    }
    function Invoke-Change {
        # Makes one change, then looks whether it is there: an answer can be lost although the change was made.
        # Returns whether the service said yes. What the caller cannot go on from is thrown.
        param([string]$What, [string]$Kind, [scriptblock]$Call, [scriptblock]$Done)
        if ($WhatIf) { . $Call; return $true }
        $warnings = @()
        $problem = $null
        try { . $Call } catch { $problem = $_ }
        foreach ($warning in $warnings) { Write-Line -Text "  The service warns: $warning" }
        $attempts = if ($null -eq $problem) { 12 } else { 6 }
        $made = Wait-Until -Kind $Kind -Condition $Done -Attempts $attempts
        if (-not $made -and $null -ne $problem) { throw "$What failed: $($problem.Exception.Message)" }
        if (-not $made) { throw "$What was accepted but does not show. Wait some minutes, then run this script again." }
        if ($null -ne $problem) { Write-Line -Text "  The call failed ($($problem.Exception.Message)), but it shows." }
        return $null -eq $problem
    }
    #endregion

    #region Functions: roll back
    function Get-Origin {
        # 'absent', 'ours' (this pack made it), 'before' (it was there before) or 'foreign' (neither).
        param([string]$Key)
        if ($null -eq $Have[$Key]) { return 'absent' }
        $guid = [string]$Have[$Key].Guid
        $noted = if ($State.objects.Contains($Key)) { $State.objects[$Key] } else { $null }
        if ($null -ne $noted -and $noted.guid -ne '') { if ($noted.guid -eq $guid) { return 'ours' } else { return 'foreign' } }
        if ($null -ne $noted -and $noted.before -eq 'present') { if ($noted.beforeGuid -eq $guid) { return 'before' } else { return 'foreign' } }
        # Nothing noted, or a run ended before it could note: only what is in every setting what this pack makes.
        if (@(Get-Difference -Key $Key).Count -eq 0) { return 'ours' }
        return 'foreign'
    }
    function Test-Restore {
        # Whether a rule that is on has to be turned off to come back to what was there before.
        param([string]$Key)
        if (-not (Test-On -Key $Key)) { return $false }
        return $Origin[$Key] -eq 'ours' -or $State.objects[$Key].beforeOn -ne 'True'
    }
    function Assert-Ours {
        # Finds every reason not to roll back before the first change.
        $problems = @(foreach ($key in $Objects.Keys) {
                if ($Origin[$key] -ne 'foreign') { continue }
                $differences = @(Get-Difference -Key $key)
                $why = if ($differences.Count -gt 0) { $differences -join '; ' } else { 'it is another object than the one that is noted' }
                "$(Get-Title -Key $key) was not created by this pack: $why"
            })
        if ($Origin['Outbound'] -eq 'ours') {
            $names = @([string]$Have['Outbound'].Name, [string]$Have['Outbound'].Guid)
            foreach ($rule in $Lists['TransportRule']) {
                $route = "$(Get-Property -Object $rule -Name 'RouteMessageOutboundConnector')"
                $known = @('LoopCheck', 'Redirect' | Where-Object { $null -ne $Have[$_] -and $Have[$_].Guid -eq $rule.Guid }).Count
                if ($known -eq 0 -and @($names | Where-Object { Test-Same -Left $_ -Right $route }).Count -gt 0) {
                    $problems += "rule '$($rule.Name)' sends mail to the outbound connector. Change or remove that rule first"
                }
            }
        }
        if ($Origin['Redirect'] -eq 'before' -and (Test-On -Key 'Redirect') -and -not (Test-Restore -Key 'Redirect') -and $ours.Count -gt 0) {
            $problems += 'rule Redirect was on before this pack and still needs what this pack created. Run 60-stop first'
        }
        foreach ($problem in $problems) { Write-Line -Text "STOP  $problem" }
        if ($problems.Count -gt 0) { throw 'Nothing was changed.' }
    }
    function Get-OffSince {
        # Since when no mail was sent to the filter; nothing where none can have been.
        $noted = if ($State.objects.Contains('Redirect')) { $State.objects['Redirect'] } else { $null }
        # Drained once is enough, unless somebody turned Redirect on again.
        if ($State.drained -ne '' -and -not $wasOn) { return }
        $unfinished = $null -ne $noted -and $noted.before -eq 'absent' -and $noted.guid -eq ''
        if ($unfinished -and $State.redirectOn -eq '' -and -not $wasOn) { return }
        if ($null -eq $Have['Redirect']) { if ($State.redirectOff -ne '') { return $State.redirectOff } }
        elseif ($State.redirectMark -eq (Get-ChangeMark -Key 'Redirect')) {
            if ($State.redirectOff -ne '') { return $State.redirectOff }
            if ($State.redirectOn -eq '') { return }
        }
        # It may have been on until now: counted from this first look.
        $State.redirectOff = Get-Now
        if ($null -ne $Have['Redirect']) { $State.redirectMark = Get-ChangeMark -Key 'Redirect' }
        if (-not $WhatIf) { Save-State -State $State }
        return $State.redirectOff
    }
    function Wait-Drained {
        # Mail that Redirect sent out can come back, or wait in Exchange's queue, for a day.
        $since = "$(Get-OffSince)"
        if ($since -eq '') { Write-Line -Text '  Redirect was never on: there is no mail to wait for.'; return }
        $hours = Get-HoursSince -Time $since
        if ($DrainHours -eq 0) { Write-Line -Text 'WARN  -DrainHours 0: not waiting for mail that is on its way, as you asked. It may be returned to its senders.' }
        elseif ($hours -lt $DrainHours) {
            throw "Redirect is off since $since (UTC). Mail may still be on its way: run this again when $DrainHours hours have passed. Until then the connectors and Loop Check stay, so that it arrives. -DrainHours 0 goes on at once and may lose it."
        }
        if (-not $WhatIf) {
            $State.drained = Get-Now
            Save-State -State $State
        }
    }
    function Set-RuleOff {
        param([string]$Key, [scriptblock]$Call)
        if (-not (Test-Restore -Key $Key)) { Write-Line -Text '  Nothing to do.'; return }
        $null = Invoke-Change -What "Turning $(Get-Title -Key $Key) off" -Kind 'TransportRule' -Call $Call -Done { -not (Test-On -Key $Key) }
        if (-not $WhatIf) { Write-Line -Text '  It is off.' }
    }
    function Remove-TenantObject {
        param([string]$Key, [scriptblock]$Call)
        if ($Origin[$Key] -ne 'ours' -or $null -eq $Have[$Key]) {
            Write-Line -Text $(if ($Origin[$Key] -eq 'before') { '  It was there before and stays.' } else { '  It is not there.' })
            return
        }
        if (-not $WhatIf) {
            $path = New-StateFilePath -Prefix "removed-$Key"
            Write-TextFile -Path $path -Text ((ConvertTo-JsonText -Value $Have[$Key]) + "`n")
            Write-Line -Text "  Saved: $path"
            $differences = @(Get-Difference -Key $Key)
            if ($differences.Count -gt 0) { Write-Line -Text "  Somebody has changed it since: $($differences -join '; ')" }
        }
        $null = Invoke-Change -What "Removing $(Get-Title -Key $Key)" -Kind $Objects[$Key].Kind -Call $Call -Done { $null -eq $Have[$Key] }
        if (-not $WhatIf) { Write-Line -Text '  Removed.' }
    }
    #endregion

    try {
        #region Before the first change
        Confirm-Tenant
        Read-Tenant
        $State = Read-State
        $hasState = $null -ne $State
        if (-not $hasState) {
            Write-Line -Text "No notes at ${StateFile}: only what is in every setting what this pack makes is removed."
            $State = New-State -Keys @()
        }
        $Origin = @{}
        foreach ($key in $Objects.Keys) { $Origin[$key] = Get-Origin -Key $key }
        $wasOn = Test-On -Key 'Redirect'
        $ours = @($Objects.Keys | Where-Object { $Origin[$_] -eq 'ours' })
        $restore = @('LoopCheck', 'Redirect' | Where-Object { $Origin[$_] -eq 'before' -and (Test-Restore -Key $_) })
        Assert-Ours
        $nothing = $ours.Count -eq 0 -and $restore.Count -eq 0
        if ($nothing) { Write-Line -Text 'Nothing to do: nothing that this pack created is in the tenant.' }
        elseif (-not $WhatIf) { Save-Backup }
        #endregion

        if (-not $nothing) {
            #region Undo 1 of 7: turn off the rule Redirect 'MailMarshal Cloud Integrated Redirect'
            # The first step back: no more mail is sent to the filter.
            Write-Line -Text '1 of 7: turn off the rule Redirect ''MailMarshal Cloud Integrated Redirect'''
            Set-RuleOff -Key 'Redirect' -Call {
                Disable-TransportRule -Identity ([string]$Have['Redirect'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
            }
            #endregion

            #region Undo 2 of 7: wait for mail sent by the rule Redirect 'MailMarshal Cloud Integrated Redirect'
            # Mail that Redirect sent out may wait in Exchange's queue, be in the filter or be on its way
            # back. Exchange retries for 24 hours. Loop Check and both connectors stay until then, so that
            # this mail arrives.
            Write-Line -Text '2 of 7: wait for mail sent by the rule Redirect ''MailMarshal Cloud Integrated Redirect'''
            Wait-Drained
            #endregion

            #region Undo 3 of 7: turn off the rule Loop Check 'MailMarshal Cloud Integrated Loop Check'
            # Only now: as long as filtered mail was coming back, it had to be recognised.
            Write-Line -Text '3 of 7: turn off the rule Loop Check ''MailMarshal Cloud Integrated Loop Check'''
            Set-RuleOff -Key 'LoopCheck' -Call {
                Disable-TransportRule -Identity ([string]$Have['LoopCheck'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
            }
            #endregion

            #region Undo 4 of 7: remove the rule Redirect 'MailMarshal Cloud Integrated Redirect'
            # It is off; nothing needs it any more. It goes before the connector that it refers to.
            Write-Line -Text '4 of 7: remove the rule Redirect ''MailMarshal Cloud Integrated Redirect'''
            Remove-TenantObject -Key 'Redirect' -Call {
                Remove-TransportRule -Identity ([string]$Have['Redirect'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
            }
            #endregion

            #region Undo 5 of 7: remove the rule Loop Check 'MailMarshal Cloud Integrated Loop Check'
            # It is off, nothing is sent to the filter any more, and no marked mail is under way.
            Write-Line -Text '5 of 7: remove the rule Loop Check ''MailMarshal Cloud Integrated Loop Check'''
            Remove-TenantObject -Key 'LoopCheck' -Call {
                Remove-TransportRule -Identity ([string]$Have['LoopCheck'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
            }
            #endregion

            #region Undo 6 of 7: remove the outbound connector 'To MailMarshal Cloud Integrated'
            # After the rules: a connector that a rule uses may not be removable.
            Write-Line -Text '6 of 7: remove the outbound connector ''To MailMarshal Cloud Integrated'''
            if ($WhatIf -and $Origin['Outbound'] -eq 'ours' -and $null -ne $Have['Redirect']) {
                Write-Line -Text '  What if: it would be removed. Not sent to the service: it is still used by the rule Redirect, which would be gone by then.'
            }
            else {
                Remove-TenantObject -Key 'Outbound' -Call {
                    Remove-OutboundConnector -Identity ([string]$Have['Outbound'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
                }
            }
            #endregion

            #region Undo 7 of 7: remove the inbound connector 'From MailMarshal Cloud Integrated'
            # Last of all: until here, mail that comes back from the filter was still accepted.
            Write-Line -Text '7 of 7: remove the inbound connector ''From MailMarshal Cloud Integrated'''
            Remove-TenantObject -Key 'Inbound' -Call {
                Remove-InboundConnector -Identity ([string]$Have['Inbound'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
            }
            #endregion

        }
        # The identities stay noted: what was there before is still known if this is run again.
        if (-not $WhatIf -and [IO.File]::Exists($StateFile)) {
            foreach ($name in 'loopCheckOn', 'loopCheckMark', 'redirectOn', 'redirectOff', 'redirectMark', 'drained') { $State[$name] = '' }
            Save-State -State $State
        }
        $outcome.ExitCode = 0
        if ($WhatIf) { Write-Line -Text 'Simulated: nothing was changed and nothing was saved.' }
        elseif (-not $nothing) { Write-Line -Text 'Done: what this pack created is gone; what was there before stays.' }
        foreach ($key in 'LoopCheck', 'Redirect') {
            if ($Origin[$key] -ne 'before' -or $State.objects[$key].beforeOn -ne 'True' -or (Test-On -Key $key)) { continue }
            Write-Line -Text "WARN  $(Get-Title -Key $key) was on before and is off now. This script turns nothing on: see 50-enable."
        }
    }
    catch {
        Write-Line -Text "STOPPED  $($_.Exception.Message)"
    }
    #region Where this leaves the tenant
    if ($Session.TenantId -ne '') { Show-Tenant }
    Write-Line -Text 'Not undone by this script:'
    Write-Line -Text '  Mail that was sent to the filter stays as the filter left it: delivered, changed, held or refused there.'
    Write-Line -Text '  MailMarshal Cloud''s own side: the tenant, its domains and its policies there are untouched.'
    Write-Line -Text '  Mail that waits in Exchange''s queue for the smart host is retried for 24 hours and then returned to its sender.'
    Write-Line -Text '  What others changed in the meantime: other rules, other connectors, settings in Microsoft Defender.'
    if ($outcome.ExitCode -ne 0) { Write-Line -Text 'Next: do what stands above, then run 70-rollback again; what is done is not done twice.' }
    elseif ($WhatIf) { Write-Line -Text 'Next: the same without -WhatIf.' }
    else { Write-Line -Text 'Next: nothing. Keep the state folder with the change record.' }
    #endregion
}
exit $outcome.ExitCode
