<#
.SYNOPSIS
    Read-only: may this change go in? One line a finding: OK, WARN or STOP, and why.
.DESCRIPTION
    Looks at the connection, the tenant, the account's roles and the rules and connectors that are
    there. Changes nothing. Exit code 0: nothing stands against the change; 1: a STOP was found.
.EXAMPLE
    ./10-preflight.ps1
.NOTES
    Made by mailmarshal-m365 for tenant contoso.onmicrosoft.com, region us, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
param(
)
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
        'Get-OrganizationConfig'   = @()
        'Get-AcceptedDomain'       = @('ResultSize')
        'Get-InboundConnector'     = @('ResultSize')
        'Get-OutboundConnector'    = @('ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors')
        'Get-TransportRule'        = @('ResultSize')
        'New-InboundConnector'     = @('Name', 'ConnectorType', 'SenderDomains', 'RequireTls', 'TlsSenderCertificateName', 'Enabled')
        'New-OutboundConnector'    = @('Name', 'ConnectorType', 'IsTransportRuleScoped', 'UseMXRecord', 'SmartHosts', 'TlsSettings', 'TlsDomain', 'Enabled')
        'New-TransportRule'        = @('Name', 'HeaderContainsMessageHeader', 'HeaderContainsWords', 'RemoveHeader', 'StopRuleProcessing', 'Mode', 'RuleErrorAction', 'Enabled', 'RouteMessageOutboundConnector')
        'Enable-TransportRule'     = @('Identity')
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

    #region Functions: findings
    $Count = @{ OK = 0; WARN = 0; STOP = 0 }
    function Write-Finding {
        param([string]$Level, [string]$Text)
        $Count[$Level]++
        Write-Line -Text ('{0,-5} {1}' -f $Level, $Text)
    }
    function Write-RuleFinding {
        # One line for all rules that a test picks out of those above ours; OK where there are none.
        param([object[]]$Rules, [string]$Subject, [string]$Why, [scriptblock]$Test)
        $hits = @($Rules | Where-Object -FilterScript $Test)
        if ($hits.Count -eq 0) { Write-Finding -Level 'OK' -Text "no rules $Subject"; return }
        $names = @($hits | ForEach-Object { "'$($_.Name)'" }) -join ', '
        Write-Finding -Level 'WARN' -Text "rules $Subject ($($hits.Count)): $names. $Why"
    }
    function Test-Set {
        # Whether a rule has any of these actions.
        param([object]$Rule, [string[]]$Names)
        @($Names | Where-Object { (ConvertTo-Plain -Value (Get-Property -Object $Rule -Name $_)) -notin '', 'False' }).Count -gt 0
    }
    #endregion

    try {
        #region The connection, the tenant, the roles
        Confirm-Tenant
        Write-Finding -Level 'OK' -Text 'one connection, to the tenant of the request; its roles give every cmdlet and parameter that is needed'
        Write-Finding -Level 'OK' -Text "accepted domains: $($Session.Domains -join ', ')"
        $organization = Get-OrganizationConfig -ErrorAction Stop
        if ((Get-Property -Object $organization -Name 'IsDehydrated') -eq $true) { Write-Finding -Level 'STOP' -Text 'The organization is dehydrated: Such an organization refuses customization (IsDehydrated is true), and nobody can switch it back afterwards. Have Enable-OrganizationCustomization approved and run, then come back. [Microsoft365DSC O365OrgCustomizationSetting]' }
        else { Write-Finding -Level 'OK' -Text 'the organization can be customized (it is not dehydrated)' }
        Read-Tenant
        #endregion

        #region What is there already
        foreach ($key in $Objects.Keys) {
            if ($null -eq $Have[$key]) { Write-Finding -Level 'OK' -Text "$(Get-Title -Key $key) is not there yet"; continue }
            $differences = @(Get-Difference -Key $key)
            if ($differences.Count -eq 0) { Write-Finding -Level 'WARN' -Text "$(Get-Title -Key $key) is there already, as wanted; 30-create leaves it and rollback with the state file keeps it" }
            foreach ($difference in $differences) { Write-Finding -Level 'STOP' -Text "$(Get-Title -Key $key) is there already: $difference" }
        }
        foreach ($risk in @(Get-MailRisk)) { Write-Finding -Level 'STOP' -Text $risk }
        $twins = @($Lists['InboundConnector'] | Where-Object { (Test-Same -Left ([string]$_.TlsSenderCertificateName) -Right $Inbound.TlsSenderCertificateName) -and -not (Test-Same -Left $_.Name -Right $Inbound.Name) })
        $twins += @($Lists['OutboundConnector'] | Where-Object { @($_.SmartHosts) -contains $Outbound.SmartHosts[0] -and -not (Test-Same -Left $_.Name -Right $Outbound.Name) })
        if ($twins.Count -gt 0) { Write-Finding -Level 'WARN' -Text "other connectors to or from MailMarshal Cloud are there: $(@($twins | ForEach-Object { "'$($_.Name)'" }) -join ', '). Find out who uses them before you go on" }
        else { Write-Finding -Level 'OK' -Text 'no other connector to or from MailMarshal Cloud' }
        #endregion

        #region The rules that are there
        $others = @($Lists['TransportRule'] | Where-Object { -not (Test-Same -Left $_.Name -Right $LoopCheck.Name) -and -not (Test-Same -Left $_.Name -Right $Redirect.Name) })
        $above = @($others | Where-Object { $_.State -eq 'Enabled' -and ($null -eq $Have['LoopCheck'] -or $_.Priority -lt $Have['LoopCheck'].Priority) } | Sort-Object -Property Priority)
        Write-RuleFinding -Rules $above -Subject 'above that end processing' -Why 'Mail that such a rule matches never reaches Redirect and is not filtered. Decide for each of them whether that is wanted. [Microsoft mail flow pages; other vendors'' guides]' -Test {
            Test-Set -Rule $_ -Names 'StopRuleProcessing', 'DeleteMessage', 'Quarantine', 'RejectMessageReasonText'
        }
        Write-RuleFinding -Rules @($others | Where-Object { $_.State -eq 'Enabled' }) -Subject 'that route elsewhere' -Why 'Which of two connectors wins for one message is not documented. Add an exception to one of the two rules, or test with a real message. [Microsoft mail flow pages]' -Test {
            Test-Set -Rule $_ -Names 'RouteMessageOutboundConnector'
        }
        Write-RuleFinding -Rules $above -Subject 'above that would act twice on every filtered message' -Why 'Every filtered message passes the rules above again on its way back: subject tags, disclaimers, copies and approvals happen twice, and a rule that adds or redirects recipients may bounce (550 5.7.128). Give these rules an exception, or test with a real message. [other vendors'' guides; inferred]' -Test {
            Test-Set -Rule $_ -Names 'PrependSubject', 'ApplyHtmlDisclaimerText', 'BlindCopyTo', 'CopyTo', 'AddToRecipients', 'AddManagerAsRecipientType', 'RedirectMessageTo', 'ModerateMessageByUser', 'ModerateMessageByManager', 'SetHeaderName', 'GenerateIncidentReport', 'GenerateNotification', 'ApplyOME'
        }
        $total = $others.Count + 2
        if ($total -gt 300) { Write-Finding -Level 'STOP' -Text "$($others.Count) rules are there. $('A tenant has room for 300 transport rules. Remove rules that are not used. [third-party pages]')" }
        elseif ($total -gt 290) { Write-Finding -Level 'WARN' -Text "$($others.Count) rules are there. $('A tenant has room for 300 transport rules. Remove rules that are not used. [third-party pages]')" }
        else { Write-Finding -Level 'OK' -Text "$($others.Count) other rules are there; with these two the limit of 300 is kept" }
        #endregion

        #region What no check can settle
        Write-Finding -Level 'WARN' -Text 'The certificate is not this tenant''s: Microsoft names as a bad configuration an OnPremises connector known by a certificate whose domain is no accepted domain of the tenant, which is so here by the article''s design: mail is then assigned by its sender or recipient, and that can break without notice. Bounces and out-of-office replies to outside have neither and may be refused (550 5.7.64 TenantAttribution). Ask LevelBlue how it handles MC1226222 before you approve. [MC1226222; inferred]'
        Write-Finding -Level 'WARN' -Text 'The inbound connector may be created disabled: In some tenants the service creates an OnPremises connector disabled, with only a warning, until Microsoft Support allows it. With it off, returned mail is refused or taken for mail of strangers. 30-create reads Enabled back and stops; 50-enable never turns Redirect on while it is off. Ask Support. [Microsoft inbound connector FAQ; inferred]'
        Write-Finding -Level 'WARN' -Text 'Not for E5 developer tenants: Microsoft 365 E5 developer subscriptions restrict the creation of inbound connectors, and Support does not lift that. Use another tenant for tests. [Microsoft cmdlet reference]'
        Write-Finding -Level 'WARN' -Text 'The header ID works like a password: Who knows it can stamp it on a message and pass by the filter. It is in request.json, in the scripts, in backups and, after pasting, in the shell''s history. Keep the pack where only those can read who need it; never attach it to a public ticket. [inferred]'
        Write-Finding -Level 'WARN' -Text '30 minutes until a rule works everywhere: New and changed rules take up to 30 minutes, in some cases longer. A message that comes back before Loop Check works is sent out again. 50-enable waits between its stages; wait as long before you test. [Microsoft mail flow pages]'
        Write-Finding -Level 'WARN' -Text 'All messages means all: Internal mail, bounces, out-of-office replies, calendar, journal and quarantine mail go to the filter too; other vendors leave some of these out, the article does not. Tell those who run such flows, and test them. [KB Q21244; other vendors'' guides]'
        Write-Finding -Level 'WARN' -Text 'Settings in Microsoft Defender: A newer copy of the article says that provisioning also creates filtering settings in Defender. Which ones is not known to this tool, and it creates none. Ask LevelBlue for them. [KB Q21244]'
        #endregion
        if ($Count.STOP -eq 0) { $outcome.ExitCode = 0 }
    }
    catch {
        Write-Finding -Level 'STOP' -Text $_.Exception.Message
    }
    #region Where this leaves the tenant
    if ($Session.TenantId -ne '') { Show-Tenant }
    Write-Line -Text "Nothing was changed: this script only reads. Findings: $($Count.OK) OK, $($Count.WARN) WARN, $($Count.STOP) STOP."
    if ($outcome.ExitCode -ne 0) { Write-Line -Text 'Next: settle each STOP, then run 10-preflight again. Do not go on before.' }
    else { Write-Line -Text 'Next: have each WARN accepted in the change request, then run 20-backup.' }
    #endregion
}
exit $outcome.ExitCode
