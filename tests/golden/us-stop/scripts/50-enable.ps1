<#
.SYNOPSIS
    Turns the rules on in two stages: Loop Check, then, after a wait, Redirect.
.DESCRIPTION
    Redirect is refused until Loop Check has been on for -WaitMinutes and everything else verifies.
    After turning it on, everything is compared again; if anything is wrong it is turned off at once.
    Undo: 60-stop turns Redirect off; 70-rollback takes everything back.
.PARAMETER Stage
    LoopCheck first; Redirect when that has had time to work everywhere.
.PARAMETER WaitMinutes
    How many minutes Loop Check must have been on before Redirect; 0 does not wait.
.PARAMETER StatePath
    The folder for notes and backups.
    Default: state in the pack; of a single script, in the current folder.
.PARAMETER WhatIf
    Asks the service what each change would do, and changes nothing; nothing is saved either.
.PARAMETER Confirm
    Asks you before each change. If you answer no, the script stops there.
.EXAMPLE
    ./50-enable.ps1 -Stage LoopCheck
.NOTES
    Made by mailmarshal-m365 for tenant contoso.onmicrosoft.com, region us, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'None')]
param(
    # LoopCheck first; Redirect when that has had time to work everywhere.
    [Parameter(Mandatory = $true)]
    [ValidateSet('LoopCheck', 'Redirect')]
    [string]$Stage,
    # How many minutes Loop Check must have been on before Redirect; 0 does not wait.
    [ValidateRange(0, 1440)]
    [int]$WaitMinutes = 30,
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
        TlsSenderCertificateName = '*.us.mailmarshal.cloud'
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
        SmartHosts            = @('m365integrated-array-1.us.mailmarshal.cloud')
        TlsSettings           = 'DomainValidation'
        TlsDomain             = '*.us.mailmarshal.cloud'
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
        'Get-AcceptedDomain'    = @('ResultSize')
        'Get-InboundConnector'  = @('ResultSize')
        'Get-OutboundConnector' = @('ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors')
        'Get-TransportRule'     = @('ResultSize')
        'Enable-TransportRule'  = @('Identity')
        'Disable-TransportRule' = @('Identity')
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

    #region Functions: is everything as approved?
    function Get-Problem {
        # What is not as this pack makes it, one text each; the rules' on or off is left to the caller.
        foreach ($key in $Objects.Keys) {
            if ($null -eq $Have[$key]) { "$(Get-Title -Key $key) is not there"; continue }
            foreach ($difference in @(Get-Difference -Key $key)) { "$(Get-Title -Key $key): $difference" }
        }
        Get-MailRisk
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

    #region Functions: enable
    function Assert-AsApproved {
        $problems = @(Get-Problem)
        foreach ($problem in $problems) { Write-Line -Text "STOP  $problem" }
        if ($problems.Count -gt 0) { throw 'Nothing was changed: the objects are not as approved.' }
    }
    function Assert-Waited {
        # A rule that is on works everywhere only after some time. Until then Redirect would make mail loop.
        if (-not (Test-On -Key 'LoopCheck')) { throw 'Nothing was changed: Loop Check is off. Run -Stage LoopCheck first.' }
        if ($WaitMinutes -eq 0) { Write-Line -Text 'WARN  -WaitMinutes 0: not waiting for Loop Check to work everywhere, as you asked.'; return }
        if ($State.loopCheckOn -eq '' -or $State.loopCheckMark -ne (Get-ChangeMark -Key 'LoopCheck')) {
            throw 'Nothing was changed: it is not known since when Loop Check is on as it is now. Run -Stage LoopCheck, which notes the time.'
        }
        $minutes = [Math]::Floor((Get-HoursSince -Time $State.loopCheckOn) * 60)
        if ($minutes -lt $WaitMinutes) {
            throw "Nothing was changed: Loop Check is on for $minutes minutes, since $($State.loopCheckOn); wait until $WaitMinutes have passed."
        }
    }
    function Stop-Redirect {
        # Redirect must not be on while anything else is missing or off.
        param([string]$Why)
        Write-Line -Text "Turning Redirect off again: $Why"
        $null = Invoke-Change -What 'Turning Redirect off again' -Kind 'TransportRule' -Done { -not (Test-On -Key 'Redirect') } -Call {
            Disable-TransportRule -Identity ([string]$Have['Redirect'].Guid) -WhatIf:$WhatIf -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
        }
        $State.redirectOff = Get-Now
        $State.redirectMark = Get-ChangeMark -Key 'Redirect'
        Save-State -State $State
        throw "Redirect was turned on and off again: $Why"
    }
    #endregion

    try {
        #region Before the change
        Confirm-Tenant
        Read-Tenant
        Assert-AsApproved
        $State = Read-State
        if ($null -eq $State) { $State = New-State -Keys @() }
        #endregion

        if ($Stage -eq 'LoopCheck') {
            #region Stage LoopCheck
            # Loop Check is turned on alone and given time to work everywhere. It changes nothing for mail
            # until messages carry the header.
            if (Test-On -Key 'LoopCheck') { Write-Line -Text 'Loop Check is on already.' }
            else {
                Write-Line -Text 'Turning Loop Check on'
                $null = Invoke-Change -What 'Turning Loop Check on' -Kind 'TransportRule' -Done { Test-On -Key 'LoopCheck' } -Call {
                    Enable-TransportRule -Identity ([string]$Have['LoopCheck'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
                }
            }
            if (-not $WhatIf -and ($State.loopCheckOn -eq '' -or $State.loopCheckMark -ne (Get-ChangeMark -Key 'LoopCheck'))) {
                $State.loopCheckOn = Get-Now
                $State.loopCheckMark = Get-ChangeMark -Key 'LoopCheck'
                Save-State -State $State
            }
            if (-not $WhatIf) { Write-Line -Text "Noted: Loop Check is on since $($State.loopCheckOn) (UTC)." }
            #endregion
        }
        else {
            #region Stage Redirect
            # From here on every message goes through MailMarshal Cloud. This is the moment in which mail
            # changes its way, so everything is compared once more, before and after.
            if (Test-On -Key 'Redirect') {
                if (-not (Test-On -Key 'LoopCheck')) { Stop-Redirect -Why 'Loop Check is off.' }
                Write-Line -Text 'Nothing to do: Redirect is on already.'
            }
            else {
                Assert-Waited
                if (-not $WhatIf) {
                    # Noted before the change: from here on mail may be on its way through the filter.
                    $State.redirectOn = Get-Now
                    $State.redirectOff = ''
                    $State.drained = ''
                    Save-State -State $State
                }
                Write-Line -Text 'Turning Redirect on'
                $null = Invoke-Change -What 'Turning Redirect on' -Kind 'TransportRule' -Done { Test-On -Key 'Redirect' } -Call {
                    Enable-TransportRule -Identity ([string]$Have['Redirect'].Guid) -WhatIf:$WhatIf -Confirm:$Confirm -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
                }
                if (-not $WhatIf) {
                    # Somebody else may have changed something in the meantime.
                    Read-Tenant
                    $problems = @(Get-Problem)
                    if (-not (Test-On -Key 'LoopCheck')) { $problems += 'Loop Check is off' }
                    if ($problems.Count -gt 0) { Stop-Redirect -Why ($problems -join '; ') }
                    $State.redirectMark = Get-ChangeMark -Key 'Redirect'
                    Save-State -State $State
                }
            }
            #endregion
        }
        $outcome.ExitCode = 0
        if ($WhatIf) { Write-Line -Text 'Simulated: nothing was changed and nothing was saved.' }
    }
    catch {
        Write-Line -Text "STOPPED  $($_.Exception.Message)"
    }
    #region Where this leaves the tenant
    if ($Session.TenantId -ne '') { Show-Tenant }
    if ($outcome.ExitCode -ne 0) { Write-Line -Text 'Next: see what stands above. 50-enable can be run again; 60-stop turns Redirect off; 70-rollback takes everything back.' }
    elseif ($WhatIf) { Write-Line -Text 'Next: the same without -WhatIf.' }
    elseif ($Stage -eq 'LoopCheck') { Write-Line -Text 'Next: wait 30 minutes, then 50-enable -Stage Redirect. Mail does not change its way until then.' }
    else { Write-Line -Text 'Next: 40-verify -Expect Enabled, then test messages in both directions. To stop at once: 60-stop.' }
    #endregion
}
exit $outcome.ExitCode
