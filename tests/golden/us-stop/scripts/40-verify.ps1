<#
.SYNOPSIS
    Read-only: reads every object back, compares every setting, says what differs.
.DESCRIPTION
    Exit code 0: all as approved and as expected; 1: something differs.
.PARAMETER Expect
    Created: both rules are off. Enabled: both are on.
.EXAMPLE
    ./40-verify.ps1 -Expect Created
.NOTES
    Made by mailmarshal-m365 for tenant contoso.onmicrosoft.com, region us, loop guard stop.
    The change, as it was given: CHG0012345
#>
#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
[CmdletBinding()]
param(
    # Created: both rules are off. Enabled: both are on.
    [Parameter(Mandatory = $true)]
    [ValidateSet('Created', 'Enabled')]
    [string]$Expect
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
        'Get-AcceptedDomain'    = @('ResultSize')
        'Get-InboundConnector'  = @('ResultSize')
        'Get-OutboundConnector' = @('ResultSize', 'IsTransportRuleScoped', 'IncludeTestModeConnectors')
        'Get-TransportRule'     = @('ResultSize')
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

    try {
        #region Read back and compare
        Confirm-Tenant
        Read-Tenant
        $problems = @(Get-Problem)
        foreach ($key in 'LoopCheck', 'Redirect') {
            if ($null -eq $Have[$key] -or (Test-On -Key $key) -eq ($Expect -eq 'Enabled')) { continue }
            $problems += "$(Get-Title -Key $key) is $($Have[$key].State), and $Expect was expected"
        }
        foreach ($key in $Objects.Keys) {
            if ($null -ne $Have[$key] -and @(Get-Difference -Key $key).Count -eq 0) {
                Write-Line -Text "OK    $(Get-Title -Key $key): every setting as approved"
            }
        }
        foreach ($problem in $problems) { Write-Line -Text "DIFF  $problem" }
        if ($problems.Count -eq 0) { $outcome.ExitCode = 0 }
        #endregion
    }
    catch {
        Write-Line -Text "STOPPED  $($_.Exception.Message)"
    }
    #region Where this leaves the tenant
    if ($Session.TenantId -ne '') { Show-Tenant }
    if ($outcome.ExitCode -eq 0) { Write-Line -Text "Verified: as approved, and as expected when $Expect." }
    if ($outcome.ExitCode -ne 0) { Write-Line -Text 'Next: if Redirect is on, consider 60-stop now; then see what differs above.' }
    else { Write-Line -Text 'Next: after Created, 50-enable -Stage LoopCheck; after Enabled, a test message each way.' }
    #endregion
}
exit $outcome.ExitCode
