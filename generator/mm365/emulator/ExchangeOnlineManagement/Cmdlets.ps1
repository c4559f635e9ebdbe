# Generated from catalogue.json and shapes.py by `python -m mm365.emulator.build`. Do not edit.
#
# The parameter blocks are those of the REST proxies: Boolean, String, Int32 and SwitchParameter keep their
# type; every other type reaches the client as object or, for lists, as object[]. The service checks the
# values, and so does the emulator (Settings.ps1).

function New-InboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1)] [string] $Name,
        [Parameter(Mandatory = $true)] [object] $SenderDomains,
        [Parameter()] [object] $AssociatedAcceptedDomains,
        [Parameter()] [object] $ClientHostNames,
        [Parameter()] [bool] $CloudServicesMailEnabled,
        [Parameter()] [string] $Comment,
        [Parameter()] [object] $ConnectorSource,
        [Parameter()] [object] $ConnectorType,
        [Parameter()] [object] $EFSkipIPs,
        [Parameter()] [bool] $EFSkipLastIP,
        [Parameter()] [object] $EFSkipMailGateway,
        [Parameter()] [bool] $EFTestMode,
        [Parameter()] [object] $EFUsers,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [bool] $RequireTls,
        [Parameter()] [bool] $RestrictDomainsToCertificate,
        [Parameter()] [bool] $RestrictDomainsToIPAddresses,
        [Parameter()] [object] $ScanAndDropRecipients,
        [Parameter()] [object] $SenderIPAddresses,
        [Parameter()] [object] $TlsSenderCertificateName,
        [Parameter()] [bool] $TreatMessagesAsInternal,
        [Parameter()] [object] $TrustedOrganizations
    )
    process { Invoke-ServiceCall -Cmdlet 'New-InboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-InboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $AssociatedAcceptedDomains,
        [Parameter()] [bool] $CloudServicesMailEnabled,
        [Parameter()] [string] $Comment,
        [Parameter()] [object] $ConnectorSource,
        [Parameter()] [object] $ConnectorType,
        [Parameter()] [object] $EFSkipIPs,
        [Parameter()] [bool] $EFSkipLastIP,
        [Parameter()] [object] $EFSkipMailGateway,
        [Parameter()] [bool] $EFTestMode,
        [Parameter()] [object] $EFUsers,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [string] $Name,
        [Parameter()] [bool] $RequireTls,
        [Parameter()] [bool] $RestrictDomainsToCertificate,
        [Parameter()] [bool] $RestrictDomainsToIPAddresses,
        [Parameter()] [object] $ScanAndDropRecipients,
        [Parameter()] [object] $SenderDomains,
        [Parameter()] [object] $SenderIPAddresses,
        [Parameter()] [object] $TlsSenderCertificateName,
        [Parameter()] [bool] $TreatMessagesAsInternal,
        [Parameter()] [object] $TrustedOrganizations
    )
    process { Invoke-ServiceCall -Cmdlet 'Set-InboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-InboundConnector {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $ResultSize
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-InboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Remove-InboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity
    )
    process { Invoke-ServiceCall -Cmdlet 'Remove-InboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-OutboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1)] [string] $Name,
        [Parameter()] [bool] $AllAcceptedDomains,
        [Parameter()] [bool] $CloudServicesMailEnabled,
        [Parameter()] [string] $Comment,
        [Parameter()] [object] $ConnectorSource,
        [Parameter()] [object] $ConnectorType,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [bool] $IsTransportRuleScoped,
        [Parameter()] [object] $LinkForModifiedConnector,
        [Parameter()] [object] $MtaStsMode,
        [Parameter()] [object] $RecipientDomains,
        [Parameter()] [bool] $RouteAllMessagesViaOnPremises,
        [Parameter()] [bool] $SenderRewritingEnabled,
        [Parameter()] [object] $SmartHosts,
        [Parameter()] [object] $SmtpDaneMode,
        [Parameter()] [bool] $TestMode,
        [Parameter()] [object] $TlsDomain,
        [Parameter()] [object] $TlsSettings,
        [Parameter()] [bool] $UseMXRecord
    )
    process { Invoke-ServiceCall -Cmdlet 'New-OutboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-OutboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [bool] $AllAcceptedDomains,
        [Parameter()] [bool] $CloudServicesMailEnabled,
        [Parameter()] [string] $Comment,
        [Parameter()] [object] $ConnectorSource,
        [Parameter()] [object] $ConnectorType,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [bool] $IsTransportRuleScoped,
        [Parameter()] [bool] $IsValidated,
        [Parameter()] [object] $LastValidationTimestamp,
        [Parameter()] [object] $MtaStsMode,
        [Parameter()] [string] $Name,
        [Parameter()] [object] $RecipientDomains,
        [Parameter()] [bool] $RouteAllMessagesViaOnPremises,
        [Parameter()] [bool] $SenderRewritingEnabled,
        [Parameter()] [object] $SmartHosts,
        [Parameter()] [object] $SmtpDaneMode,
        [Parameter()] [bool] $TestMode,
        [Parameter()] [object] $TlsDomain,
        [Parameter()] [object] $TlsSettings,
        [Parameter()] [bool] $UseMXRecord,
        [Parameter()] [object[]] $ValidationRecipients
    )
    process { Invoke-ServiceCall -Cmdlet 'Set-OutboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-OutboundConnector {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [bool] $IncludeTestModeConnectors,
        [Parameter()] [bool] $IsTransportRuleScoped,
        [Parameter()] [object] $ResultSize
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-OutboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Remove-OutboundConnector {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity
    )
    process { Invoke-ServiceCall -Cmdlet 'Remove-OutboundConnector' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-TransportRule {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1)] [string] $Name,
        [Parameter()] [object] $ActivationDate,
        [Parameter()] [object] $ADComparisonAttribute,
        [Parameter()] [object] $ADComparisonOperator,
        [Parameter()] [object] $AddManagerAsRecipientType,
        [Parameter()] [object[]] $AddToRecipients,
        [Parameter()] [object[]] $AnyOfCcHeader,
        [Parameter()] [object[]] $AnyOfCcHeaderMemberOf,
        [Parameter()] [object[]] $AnyOfRecipientAddressContainsWords,
        [Parameter()] [object[]] $AnyOfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $AnyOfToCcHeader,
        [Parameter()] [object[]] $AnyOfToCcHeaderMemberOf,
        [Parameter()] [object[]] $AnyOfToHeader,
        [Parameter()] [object[]] $AnyOfToHeaderMemberOf,
        [Parameter()] [string] $ApplyClassification,
        [Parameter()] [object] $ApplyHtmlDisclaimerFallbackAction,
        [Parameter()] [object] $ApplyHtmlDisclaimerLocation,
        [Parameter()] [object] $ApplyHtmlDisclaimerText,
        [Parameter()] [bool] $ApplyOME,
        [Parameter()] [object] $ApplyRightsProtectionCustomizationTemplate,
        [Parameter()] [object] $ApplyRightsProtectionTemplate,
        [Parameter()] [object[]] $AttachmentContainsWords,
        [Parameter()] [object[]] $AttachmentExtensionMatchesWords,
        [Parameter()] [bool] $AttachmentHasExecutableContent,
        [Parameter()] [bool] $AttachmentIsPasswordProtected,
        [Parameter()] [bool] $AttachmentIsUnsupported,
        [Parameter()] [object[]] $AttachmentMatchesPatterns,
        [Parameter()] [object[]] $AttachmentNameMatchesPatterns,
        [Parameter()] [bool] $AttachmentProcessingLimitExceeded,
        [Parameter()] [object[]] $AttachmentPropertyContainsWords,
        [Parameter()] [object] $AttachmentSizeOver,
        [Parameter()] [object[]] $BetweenMemberOf1,
        [Parameter()] [object[]] $BetweenMemberOf2,
        [Parameter()] [object[]] $BlindCopyTo,
        [Parameter()] [string] $Comments,
        [Parameter()] [object[]] $ContentCharacterSetContainsWords,
        [Parameter()] [object[]] $CopyTo,
        [Parameter()] [bool] $DeleteMessage,
        [Parameter()] [string] $DlpPolicy,
        [Parameter()] [bool] $Disconnect,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [object] $ExceptIfADComparisonAttribute,
        [Parameter()] [object] $ExceptIfADComparisonOperator,
        [Parameter()] [object[]] $ExceptIfAnyOfCcHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfCcHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAnyOfRecipientAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfAnyOfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfAnyOfToCcHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfToCcHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAnyOfToHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfToHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAttachmentContainsWords,
        [Parameter()] [object[]] $ExceptIfAttachmentExtensionMatchesWords,
        [Parameter()] [bool] $ExceptIfAttachmentHasExecutableContent,
        [Parameter()] [bool] $ExceptIfAttachmentIsPasswordProtected,
        [Parameter()] [bool] $ExceptIfAttachmentIsUnsupported,
        [Parameter()] [object[]] $ExceptIfAttachmentMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfAttachmentNameMatchesPatterns,
        [Parameter()] [bool] $ExceptIfAttachmentProcessingLimitExceeded,
        [Parameter()] [object[]] $ExceptIfAttachmentPropertyContainsWords,
        [Parameter()] [object] $ExceptIfAttachmentSizeOver,
        [Parameter()] [object[]] $ExceptIfBetweenMemberOf1,
        [Parameter()] [object[]] $ExceptIfBetweenMemberOf2,
        [Parameter()] [object[]] $ExceptIfContentCharacterSetContainsWords,
        [Parameter()] [object[]] $ExceptIfFrom,
        [Parameter()] [object[]] $ExceptIfFromAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfFromAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfFromMemberOf,
        [Parameter()] [object] $ExceptIfFromScope,
        [Parameter()] [string] $ExceptIfHasClassification,
        [Parameter()] [bool] $ExceptIfHasNoClassification,
        [Parameter()] [bool] $ExceptIfHasSenderOverride,
        [Parameter()] [object] $ExceptIfHeaderContainsMessageHeader,
        [Parameter()] [object[]] $ExceptIfHeaderContainsWords,
        [Parameter()] [object] $ExceptIfHeaderMatchesMessageHeader,
        [Parameter()] [object[]] $ExceptIfHeaderMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfManagerAddresses,
        [Parameter()] [object] $ExceptIfManagerForEvaluatedUser,
        [Parameter()] [object[]] $ExceptIfMessageContainsDataClassifications,
        [Parameter()] [object] $ExceptIfMessageSizeOver,
        [Parameter()] [object] $ExceptIfMessageTypeMatches,
        [Parameter()] [object[]] $ExceptIfRecipientADAttributeContainsWords,
        [Parameter()] [object[]] $ExceptIfRecipientADAttributeMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfRecipientAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfRecipientDomainIs,
        [Parameter()] [object[]] $ExceptIfRecipientInSenderList,
        [Parameter()] [object] $ExceptIfSCLOver,
        [Parameter()] [object[]] $ExceptIfSenderADAttributeContainsWords,
        [Parameter()] [object[]] $ExceptIfSenderADAttributeMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfSenderDomainIs,
        [Parameter()] [object[]] $ExceptIfSenderInRecipientList,
        [Parameter()] [object] $ExceptIfSenderIpRanges,
        [Parameter()] [object] $ExceptIfSenderManagementRelationship,
        [Parameter()] [object[]] $ExceptIfSentTo,
        [Parameter()] [object[]] $ExceptIfSentToMemberOf,
        [Parameter()] [object] $ExceptIfSentToScope,
        [Parameter()] [object[]] $ExceptIfSubjectContainsWords,
        [Parameter()] [object[]] $ExceptIfSubjectMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfSubjectOrBodyContainsWords,
        [Parameter()] [object[]] $ExceptIfSubjectOrBodyMatchesPatterns,
        [Parameter()] [object] $ExceptIfWithImportance,
        [Parameter()] [object] $ExpiryDate,
        [Parameter()] [object[]] $From,
        [Parameter()] [object[]] $FromAddressContainsWords,
        [Parameter()] [object[]] $FromAddressMatchesPatterns,
        [Parameter()] [object[]] $FromMemberOf,
        [Parameter()] [object] $FromScope,
        [Parameter()] [object] $GenerateIncidentReport,
        [Parameter()] [object] $GenerateNotification,
        [Parameter()] [string] $HasClassification,
        [Parameter()] [bool] $HasNoClassification,
        [Parameter()] [bool] $HasSenderOverride,
        [Parameter()] [object] $HeaderContainsMessageHeader,
        [Parameter()] [object[]] $HeaderContainsWords,
        [Parameter()] [object] $HeaderMatchesMessageHeader,
        [Parameter()] [object[]] $HeaderMatchesPatterns,
        [Parameter()] [object[]] $IncidentReportContent,
        [Parameter()] [object] $LogEventText,
        [Parameter()] [object[]] $ManagerAddresses,
        [Parameter()] [object] $ManagerForEvaluatedUser,
        [Parameter()] [object[]] $MessageContainsDataClassifications,
        [Parameter()] [object] $MessageSizeOver,
        [Parameter()] [object] $MessageTypeMatches,
        [Parameter()] [object] $Mode,
        [Parameter()] [bool] $ModerateMessageByManager,
        [Parameter()] [object[]] $ModerateMessageByUser,
        [Parameter()] [object] $NotifySender,
        [Parameter()] [object] $PrependSubject,
        [Parameter()] [int] $Priority,
        [Parameter()] [bool] $Quarantine,
        [Parameter()] [object[]] $RecipientADAttributeContainsWords,
        [Parameter()] [object[]] $RecipientADAttributeMatchesPatterns,
        [Parameter()] [object[]] $RecipientAddressContainsWords,
        [Parameter()] [object[]] $RecipientAddressMatchesPatterns,
        [Parameter()] [object] $RecipientAddressType,
        [Parameter()] [object[]] $RecipientDomainIs,
        [Parameter()] [object[]] $RecipientInSenderList,
        [Parameter()] [object[]] $RedirectMessageTo,
        [Parameter()] [object] $RejectMessageEnhancedStatusCode,
        [Parameter()] [object] $RejectMessageReasonText,
        [Parameter()] [object] $RemoveHeader,
        [Parameter()] [bool] $RemoveOME,
        [Parameter()] [bool] $RemoveOMEv2,
        [Parameter()] [bool] $RemoveRMSAttachmentEncryption,
        [Parameter()] [object] $RouteMessageOutboundConnector,
        [Parameter()] [bool] $RouteMessageOutboundRequireTls,
        [Parameter()] [object] $RuleErrorAction,
        [Parameter()] [object] $RuleSubType,
        [Parameter()] [object] $SCLOver,
        [Parameter()] [object[]] $SenderADAttributeContainsWords,
        [Parameter()] [object[]] $SenderADAttributeMatchesPatterns,
        [Parameter()] [object] $SenderAddressLocation,
        [Parameter()] [object[]] $SenderDomainIs,
        [Parameter()] [object[]] $SenderInRecipientList,
        [Parameter()] [object] $SenderIpRanges,
        [Parameter()] [object] $SenderManagementRelationship,
        [Parameter()] [object[]] $SentTo,
        [Parameter()] [object[]] $SentToMemberOf,
        [Parameter()] [object] $SentToScope,
        [Parameter()] [string] $SetAuditSeverity,
        [Parameter()] [object] $SetHeaderName,
        [Parameter()] [object] $SetHeaderValue,
        [Parameter()] [object] $SetSCL,
        [Parameter()] [object] $SmtpRejectMessageRejectStatusCode,
        [Parameter()] [object] $SmtpRejectMessageRejectText,
        [Parameter()] [bool] $StopRuleProcessing,
        [Parameter()] [object[]] $SubjectContainsWords,
        [Parameter()] [object[]] $SubjectMatchesPatterns,
        [Parameter()] [object[]] $SubjectOrBodyContainsWords,
        [Parameter()] [object[]] $SubjectOrBodyMatchesPatterns,
        [Parameter()] [bool] $UseLegacyRegex,
        [Parameter()] [object] $WithImportance
    )
    process { Invoke-ServiceCall -Cmdlet 'New-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-TransportRule {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $ActivationDate,
        [Parameter()] [object] $ADComparisonAttribute,
        [Parameter()] [object] $ADComparisonOperator,
        [Parameter()] [object] $AddManagerAsRecipientType,
        [Parameter()] [object[]] $AddToRecipients,
        [Parameter()] [object[]] $AnyOfCcHeader,
        [Parameter()] [object[]] $AnyOfCcHeaderMemberOf,
        [Parameter()] [object[]] $AnyOfRecipientAddressContainsWords,
        [Parameter()] [object[]] $AnyOfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $AnyOfToCcHeader,
        [Parameter()] [object[]] $AnyOfToCcHeaderMemberOf,
        [Parameter()] [object[]] $AnyOfToHeader,
        [Parameter()] [object[]] $AnyOfToHeaderMemberOf,
        [Parameter()] [string] $ApplyClassification,
        [Parameter()] [object] $ApplyHtmlDisclaimerFallbackAction,
        [Parameter()] [object] $ApplyHtmlDisclaimerLocation,
        [Parameter()] [object] $ApplyHtmlDisclaimerText,
        [Parameter()] [bool] $ApplyOME,
        [Parameter()] [object] $ApplyRightsProtectionCustomizationTemplate,
        [Parameter()] [object] $ApplyRightsProtectionTemplate,
        [Parameter()] [object[]] $AttachmentContainsWords,
        [Parameter()] [object[]] $AttachmentExtensionMatchesWords,
        [Parameter()] [bool] $AttachmentHasExecutableContent,
        [Parameter()] [bool] $AttachmentIsPasswordProtected,
        [Parameter()] [bool] $AttachmentIsUnsupported,
        [Parameter()] [object[]] $AttachmentMatchesPatterns,
        [Parameter()] [object[]] $AttachmentNameMatchesPatterns,
        [Parameter()] [bool] $AttachmentProcessingLimitExceeded,
        [Parameter()] [object[]] $AttachmentPropertyContainsWords,
        [Parameter()] [object] $AttachmentSizeOver,
        [Parameter()] [object[]] $BetweenMemberOf1,
        [Parameter()] [object[]] $BetweenMemberOf2,
        [Parameter()] [object[]] $BlindCopyTo,
        [Parameter()] [string] $Comments,
        [Parameter()] [object[]] $ContentCharacterSetContainsWords,
        [Parameter()] [object[]] $CopyTo,
        [Parameter()] [bool] $DeleteMessage,
        [Parameter()] [bool] $Disconnect,
        [Parameter()] [string] $DlpPolicy,
        [Parameter()] [object] $ExceptIfADComparisonAttribute,
        [Parameter()] [object] $ExceptIfADComparisonOperator,
        [Parameter()] [object[]] $ExceptIfAnyOfCcHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfCcHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAnyOfRecipientAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfAnyOfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfAnyOfToCcHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfToCcHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAnyOfToHeader,
        [Parameter()] [object[]] $ExceptIfAnyOfToHeaderMemberOf,
        [Parameter()] [object[]] $ExceptIfAttachmentContainsWords,
        [Parameter()] [object[]] $ExceptIfAttachmentExtensionMatchesWords,
        [Parameter()] [bool] $ExceptIfAttachmentHasExecutableContent,
        [Parameter()] [bool] $ExceptIfAttachmentIsPasswordProtected,
        [Parameter()] [bool] $ExceptIfAttachmentIsUnsupported,
        [Parameter()] [object[]] $ExceptIfAttachmentMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfAttachmentNameMatchesPatterns,
        [Parameter()] [bool] $ExceptIfAttachmentProcessingLimitExceeded,
        [Parameter()] [object[]] $ExceptIfAttachmentPropertyContainsWords,
        [Parameter()] [object] $ExceptIfAttachmentSizeOver,
        [Parameter()] [object[]] $ExceptIfBetweenMemberOf1,
        [Parameter()] [object[]] $ExceptIfBetweenMemberOf2,
        [Parameter()] [object[]] $ExceptIfContentCharacterSetContainsWords,
        [Parameter()] [object[]] $ExceptIfFrom,
        [Parameter()] [object[]] $ExceptIfFromAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfFromAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfFromMemberOf,
        [Parameter()] [object] $ExceptIfFromScope,
        [Parameter()] [string] $ExceptIfHasClassification,
        [Parameter()] [bool] $ExceptIfHasNoClassification,
        [Parameter()] [bool] $ExceptIfHasSenderOverride,
        [Parameter()] [object] $ExceptIfHeaderContainsMessageHeader,
        [Parameter()] [object[]] $ExceptIfHeaderContainsWords,
        [Parameter()] [object] $ExceptIfHeaderMatchesMessageHeader,
        [Parameter()] [object[]] $ExceptIfHeaderMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfManagerAddresses,
        [Parameter()] [object] $ExceptIfManagerForEvaluatedUser,
        [Parameter()] [object[]] $ExceptIfMessageContainsDataClassifications,
        [Parameter()] [object] $ExceptIfMessageSizeOver,
        [Parameter()] [object] $ExceptIfMessageTypeMatches,
        [Parameter()] [object[]] $ExceptIfRecipientADAttributeContainsWords,
        [Parameter()] [object[]] $ExceptIfRecipientADAttributeMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfRecipientAddressContainsWords,
        [Parameter()] [object[]] $ExceptIfRecipientAddressMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfRecipientDomainIs,
        [Parameter()] [object[]] $ExceptIfRecipientInSenderList,
        [Parameter()] [object] $ExceptIfSCLOver,
        [Parameter()] [object[]] $ExceptIfSenderADAttributeContainsWords,
        [Parameter()] [object[]] $ExceptIfSenderADAttributeMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfSenderDomainIs,
        [Parameter()] [object[]] $ExceptIfSenderInRecipientList,
        [Parameter()] [object] $ExceptIfSenderIpRanges,
        [Parameter()] [object] $ExceptIfSenderManagementRelationship,
        [Parameter()] [object[]] $ExceptIfSentTo,
        [Parameter()] [object[]] $ExceptIfSentToMemberOf,
        [Parameter()] [object] $ExceptIfSentToScope,
        [Parameter()] [object[]] $ExceptIfSubjectContainsWords,
        [Parameter()] [object[]] $ExceptIfSubjectMatchesPatterns,
        [Parameter()] [object[]] $ExceptIfSubjectOrBodyContainsWords,
        [Parameter()] [object[]] $ExceptIfSubjectOrBodyMatchesPatterns,
        [Parameter()] [object] $ExceptIfWithImportance,
        [Parameter()] [object] $ExpiryDate,
        [Parameter()] [object[]] $From,
        [Parameter()] [object[]] $FromAddressContainsWords,
        [Parameter()] [object[]] $FromAddressMatchesPatterns,
        [Parameter()] [object[]] $FromMemberOf,
        [Parameter()] [object] $FromScope,
        [Parameter()] [object] $GenerateIncidentReport,
        [Parameter()] [object] $GenerateNotification,
        [Parameter()] [string] $HasClassification,
        [Parameter()] [bool] $HasNoClassification,
        [Parameter()] [bool] $HasSenderOverride,
        [Parameter()] [object] $HeaderContainsMessageHeader,
        [Parameter()] [object[]] $HeaderContainsWords,
        [Parameter()] [object] $HeaderMatchesMessageHeader,
        [Parameter()] [object[]] $HeaderMatchesPatterns,
        [Parameter()] [object[]] $IncidentReportContent,
        [Parameter()] [object] $LogEventText,
        [Parameter()] [object[]] $ManagerAddresses,
        [Parameter()] [object] $ManagerForEvaluatedUser,
        [Parameter()] [object[]] $MessageContainsDataClassifications,
        [Parameter()] [object] $MessageSizeOver,
        [Parameter()] [object] $MessageTypeMatches,
        [Parameter()] [object] $Mode,
        [Parameter()] [bool] $ModerateMessageByManager,
        [Parameter()] [object[]] $ModerateMessageByUser,
        [Parameter()] [string] $Name,
        [Parameter()] [object] $NotifySender,
        [Parameter()] [object] $PrependSubject,
        [Parameter()] [int] $Priority,
        [Parameter()] [bool] $Quarantine,
        [Parameter()] [object[]] $RecipientADAttributeContainsWords,
        [Parameter()] [object[]] $RecipientADAttributeMatchesPatterns,
        [Parameter()] [object[]] $RecipientAddressContainsWords,
        [Parameter()] [object[]] $RecipientAddressMatchesPatterns,
        [Parameter()] [object] $RecipientAddressType,
        [Parameter()] [object[]] $RecipientDomainIs,
        [Parameter()] [object[]] $RecipientInSenderList,
        [Parameter()] [object[]] $RedirectMessageTo,
        [Parameter()] [object] $RejectMessageEnhancedStatusCode,
        [Parameter()] [object] $RejectMessageReasonText,
        [Parameter()] [object] $RemoveHeader,
        [Parameter()] [bool] $RemoveOME,
        [Parameter()] [bool] $RemoveOMEv2,
        [Parameter()] [bool] $RemoveRMSAttachmentEncryption,
        [Parameter()] [object] $RouteMessageOutboundConnector,
        [Parameter()] [bool] $RouteMessageOutboundRequireTls,
        [Parameter()] [object] $RuleErrorAction,
        [Parameter()] [object] $RuleSubType,
        [Parameter()] [object] $SCLOver,
        [Parameter()] [object[]] $SenderADAttributeContainsWords,
        [Parameter()] [object[]] $SenderADAttributeMatchesPatterns,
        [Parameter()] [object] $SenderAddressLocation,
        [Parameter()] [object[]] $SenderDomainIs,
        [Parameter()] [object[]] $SenderInRecipientList,
        [Parameter()] [object] $SenderIpRanges,
        [Parameter()] [object] $SenderManagementRelationship,
        [Parameter()] [object[]] $SentTo,
        [Parameter()] [object[]] $SentToMemberOf,
        [Parameter()] [object] $SentToScope,
        [Parameter()] [string] $SetAuditSeverity,
        [Parameter()] [object] $SetHeaderName,
        [Parameter()] [object] $SetHeaderValue,
        [Parameter()] [object] $SetSCL,
        [Parameter()] [object] $SmtpRejectMessageRejectStatusCode,
        [Parameter()] [object] $SmtpRejectMessageRejectText,
        [Parameter()] [bool] $StopRuleProcessing,
        [Parameter()] [object[]] $SubjectContainsWords,
        [Parameter()] [object[]] $SubjectMatchesPatterns,
        [Parameter()] [object[]] $SubjectOrBodyContainsWords,
        [Parameter()] [object[]] $SubjectOrBodyMatchesPatterns,
        [Parameter()] [object] $WithImportance
    )
    process { Invoke-ServiceCall -Cmdlet 'Set-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-TransportRule {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $State,
        [Parameter()] [string] $DlpPolicy,
        [Parameter()] [bool] $ExcludeConditionActionDetails,
        [Parameter()] [string] $Filter,
        [Parameter()] [object] $ResultSize
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Remove-TransportRule {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity
    )
    process { Invoke-ServiceCall -Cmdlet 'Remove-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Enable-TransportRule {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $Mode
    )
    process { Invoke-ServiceCall -Cmdlet 'Enable-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Disable-TransportRule {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity
    )
    process { Invoke-ServiceCall -Cmdlet 'Disable-TransportRule' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-AcceptedDomain {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $Identity,
        [Parameter()] [object] $ResultSize
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-AcceptedDomain' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-OrganizationConfig {
    [CmdletBinding(PositionalBinding = $false)]
    param()
    process { Invoke-ServiceCall -Cmdlet 'Get-OrganizationConfig' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-ConnectionInformation {
    [CmdletBinding(DefaultParameterSetName = 'Default', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'ConnectionId', Mandatory = $true)] [string[]] $ConnectionId,
        [Parameter(ParameterSetName = 'ModulePrefix', Mandatory = $true)] [string[]] $ModulePrefix
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-ConnectionInformation' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-MessageTraceV2 {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $EndDate,
        [Parameter(Position = 2, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $FromIP,
        [Parameter(Position = 3, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $MessageId,
        [Parameter(Position = 4, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $MessageTraceId,
        [Parameter(Position = 5, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $RecipientAddress,
        [Parameter(Position = 6, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [int] $ResultSize,
        [Parameter(Position = 7, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $SenderAddress,
        [Parameter(Position = 8, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $StartDate,
        [Parameter(Position = 9, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $StartingRecipientAddress,
        [Parameter(Position = 10)] [object] $Status,
        [Parameter(Position = 12, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $SubjectFilterType,
        [Parameter(Position = 11, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $Subject,
        [Parameter(Position = 13, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $ToIP
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-MessageTraceV2' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-MessageTraceDetailV2 {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 5, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $MessageTraceId,
        [Parameter(Mandatory = $true, Position = 6, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $RecipientAddress,
        [Parameter(Position = 1)] [object] $Action,
        [Parameter(Position = 2, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $EndDate,
        [Parameter(Position = 3)] [object] $Event,
        [Parameter(Position = 4, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $MessageId,
        [Parameter(Position = 7, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [string] $SenderAddress,
        [Parameter(Position = 8, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)] [object] $StartDate
    )
    process { Invoke-ServiceCall -Cmdlet 'Get-MessageTraceDetailV2' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

$script:CmdletNames = @(
    'New-InboundConnector'
    'Set-InboundConnector'
    'Get-InboundConnector'
    'Remove-InboundConnector'
    'New-OutboundConnector'
    'Set-OutboundConnector'
    'Get-OutboundConnector'
    'Remove-OutboundConnector'
    'New-TransportRule'
    'Set-TransportRule'
    'Get-TransportRule'
    'Remove-TransportRule'
    'Enable-TransportRule'
    'Disable-TransportRule'
    'Get-AcceptedDomain'
    'Get-OrganizationConfig'
    'Get-ConnectionInformation'
    'Get-MessageTraceV2'
    'Get-MessageTraceDetailV2'
)

$script:AllowedValues = @{
    ADComparisonOperator = @('Equal', 'NotEqual')
    AddManagerAsRecipientType = @('To', 'Cc', 'Bcc', 'Redirect')
    ApplyHtmlDisclaimerFallbackAction = @('Wrap', 'Ignore', 'Reject')
    ApplyHtmlDisclaimerLocation = @('Append', 'Prepend')
    ConnectorSource = @('Default', 'HybridWizard', 'Migrated')
    ConnectorType = @('Partner', 'OnPremises')
    ExceptIfADComparisonOperator = @('Equal', 'NotEqual')
    ExceptIfFromScope = @('InOrganization', 'NotInOrganization')
    ExceptIfManagerForEvaluatedUser = @('Recipient', 'Sender')
    ExceptIfMessageTypeMatches = @('OOF', 'AutoForward', 'Encrypted', 'Calendaring', 'PermissionControlled', 'Voicemail', 'Signed', 'ApprovalRequest', 'ReadReceipt')
    ExceptIfSenderManagementRelationship = @('Manager', 'DirectReport')
    ExceptIfSentToScope = @('InOrganization', 'NotInOrganization')
    ExceptIfWithImportance = @('Low', 'Normal', 'High')
    FromScope = @('InOrganization', 'NotInOrganization')
    IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'CC', 'BCC', 'Severity', 'RuleDetections', 'FalsePositive', 'IdMatch', 'AttachOriginalMail')
    ManagerForEvaluatedUser = @('Recipient', 'Sender')
    MessageTypeMatches = @('OOF', 'AutoForward', 'Encrypted', 'Calendaring', 'PermissionControlled', 'Voicemail', 'Signed', 'ApprovalRequest', 'ReadReceipt')
    Mode = @('Audit', 'AuditAndNotify', 'Enforce')
    MtaStsMode = @('Opportunistic', 'None')
    NotifySender = @('NotifyOnly', 'RejectMessage', 'RejectUnlessFalsePositiveOverride', 'RejectUnlessSilentOverride', 'RejectUnlessExplicitOverride')
    RecipientAddressType = @('Original', 'Resolved')
    RuleErrorAction = @('Ignore', 'Defer')
    RuleSubType = @('None')
    SenderAddressLocation = @('Header', 'Envelope', 'HeaderOrEnvelope')
    SenderManagementRelationship = @('Manager', 'DirectReport')
    SentToScope = @('InOrganization', 'NotInOrganization')
    SetAuditSeverity = @('DoNotAudit', 'Low', 'Medium', 'High')
    SmtpDaneMode = @('Opportunistic', 'Mandatory', 'None')
    State = @('Enabled', 'Disabled')
    Status = @('Delivered', 'Expanded', 'Failed', 'FilteredAsSpam', 'GettingStatus', 'Pending', 'Quarantined')
    SubjectFilterType = @('Contains', 'EndsWith', 'StartsWith')
    TlsSettings = @('EncryptionOnly', 'CertificateValidation', 'DomainValidation')
    WithImportance = @('Low', 'Normal', 'High')
}

$script:MaxLength = @{
    ApplyHtmlDisclaimerText = 5000
    Comments = 1024
    ExceptIfSubjectContainsWords = 128
    ExceptIfSubjectOrBodyContainsWords = 128
    Name = 64
    SubjectContainsWords = 128
    SubjectOrBodyContainsWords = 128
}

$script:ListParameters = @{
    Action = $true
    AddToRecipients = $true
    AnyOfCcHeader = $true
    AnyOfCcHeaderMemberOf = $true
    AnyOfRecipientAddressContainsWords = $true
    AnyOfRecipientAddressMatchesPatterns = $true
    AnyOfToCcHeader = $true
    AnyOfToCcHeaderMemberOf = $true
    AnyOfToHeader = $true
    AnyOfToHeaderMemberOf = $true
    AssociatedAcceptedDomains = $true
    AttachmentContainsWords = $true
    AttachmentExtensionMatchesWords = $true
    AttachmentMatchesPatterns = $true
    AttachmentNameMatchesPatterns = $true
    AttachmentPropertyContainsWords = $true
    BetweenMemberOf1 = $true
    BetweenMemberOf2 = $true
    BlindCopyTo = $true
    ClientHostNames = $true
    ConnectionId = $true
    ContentCharacterSetContainsWords = $true
    CopyTo = $true
    EFSkipIPs = $true
    EFSkipMailGateway = $true
    EFUsers = $true
    Event = $true
    ExceptIfAnyOfCcHeader = $true
    ExceptIfAnyOfCcHeaderMemberOf = $true
    ExceptIfAnyOfRecipientAddressContainsWords = $true
    ExceptIfAnyOfRecipientAddressMatchesPatterns = $true
    ExceptIfAnyOfToCcHeader = $true
    ExceptIfAnyOfToCcHeaderMemberOf = $true
    ExceptIfAnyOfToHeader = $true
    ExceptIfAnyOfToHeaderMemberOf = $true
    ExceptIfAttachmentContainsWords = $true
    ExceptIfAttachmentExtensionMatchesWords = $true
    ExceptIfAttachmentMatchesPatterns = $true
    ExceptIfAttachmentNameMatchesPatterns = $true
    ExceptIfAttachmentPropertyContainsWords = $true
    ExceptIfBetweenMemberOf1 = $true
    ExceptIfBetweenMemberOf2 = $true
    ExceptIfContentCharacterSetContainsWords = $true
    ExceptIfFrom = $true
    ExceptIfFromAddressContainsWords = $true
    ExceptIfFromAddressMatchesPatterns = $true
    ExceptIfFromMemberOf = $true
    ExceptIfHeaderContainsWords = $true
    ExceptIfHeaderMatchesPatterns = $true
    ExceptIfManagerAddresses = $true
    ExceptIfMessageContainsDataClassifications = $true
    ExceptIfRecipientADAttributeContainsWords = $true
    ExceptIfRecipientADAttributeMatchesPatterns = $true
    ExceptIfRecipientAddressContainsWords = $true
    ExceptIfRecipientAddressMatchesPatterns = $true
    ExceptIfRecipientDomainIs = $true
    ExceptIfRecipientInSenderList = $true
    ExceptIfSenderADAttributeContainsWords = $true
    ExceptIfSenderADAttributeMatchesPatterns = $true
    ExceptIfSenderDomainIs = $true
    ExceptIfSenderInRecipientList = $true
    ExceptIfSenderIpRanges = $true
    ExceptIfSentTo = $true
    ExceptIfSentToMemberOf = $true
    ExceptIfSubjectContainsWords = $true
    ExceptIfSubjectMatchesPatterns = $true
    ExceptIfSubjectOrBodyContainsWords = $true
    ExceptIfSubjectOrBodyMatchesPatterns = $true
    From = $true
    FromAddressContainsWords = $true
    FromAddressMatchesPatterns = $true
    FromMemberOf = $true
    HeaderContainsWords = $true
    HeaderMatchesPatterns = $true
    IncidentReportContent = $true
    ManagerAddresses = $true
    MessageContainsDataClassifications = $true
    MessageId = $true
    ModerateMessageByUser = $true
    ModulePrefix = $true
    RecipientADAttributeContainsWords = $true
    RecipientADAttributeMatchesPatterns = $true
    RecipientAddress = $true
    RecipientAddressContainsWords = $true
    RecipientAddressMatchesPatterns = $true
    RecipientDomainIs = $true
    RecipientDomains = $true
    RecipientInSenderList = $true
    RedirectMessageTo = $true
    ScanAndDropRecipients = $true
    SenderADAttributeContainsWords = $true
    SenderADAttributeMatchesPatterns = $true
    SenderAddress = $true
    SenderDomainIs = $true
    SenderDomains = $true
    SenderIPAddresses = $true
    SenderInRecipientList = $true
    SenderIpRanges = $true
    SentTo = $true
    SentToMemberOf = $true
    SmartHosts = $true
    Status = $true
    SubjectContainsWords = $true
    SubjectMatchesPatterns = $true
    SubjectOrBodyContainsWords = $true
    SubjectOrBodyMatchesPatterns = $true
    TrustedOrganizations = $true
    ValidationRecipients = $true
}

$script:RuleConditions = @(
    'ADComparisonAttribute'
    'AnyOfCcHeader'
    'AnyOfCcHeaderMemberOf'
    'AnyOfRecipientAddressContainsWords'
    'AnyOfRecipientAddressMatchesPatterns'
    'AnyOfToCcHeader'
    'AnyOfToCcHeaderMemberOf'
    'AnyOfToHeader'
    'AnyOfToHeaderMemberOf'
    'AttachmentContainsWords'
    'AttachmentExtensionMatchesWords'
    'AttachmentHasExecutableContent'
    'AttachmentIsPasswordProtected'
    'AttachmentIsUnsupported'
    'AttachmentMatchesPatterns'
    'AttachmentNameMatchesPatterns'
    'AttachmentProcessingLimitExceeded'
    'AttachmentPropertyContainsWords'
    'AttachmentSizeOver'
    'BetweenMemberOf1'
    'ContentCharacterSetContainsWords'
    'ExceptIfADComparisonAttribute'
    'ExceptIfAnyOfCcHeader'
    'ExceptIfAnyOfCcHeaderMemberOf'
    'ExceptIfAnyOfRecipientAddressContainsWords'
    'ExceptIfAnyOfRecipientAddressMatchesPatterns'
    'ExceptIfAnyOfToCcHeader'
    'ExceptIfAnyOfToCcHeaderMemberOf'
    'ExceptIfAnyOfToHeader'
    'ExceptIfAnyOfToHeaderMemberOf'
    'ExceptIfAttachmentContainsWords'
    'ExceptIfAttachmentExtensionMatchesWords'
    'ExceptIfAttachmentHasExecutableContent'
    'ExceptIfAttachmentIsPasswordProtected'
    'ExceptIfAttachmentIsUnsupported'
    'ExceptIfAttachmentMatchesPatterns'
    'ExceptIfAttachmentNameMatchesPatterns'
    'ExceptIfAttachmentProcessingLimitExceeded'
    'ExceptIfAttachmentPropertyContainsWords'
    'ExceptIfAttachmentSizeOver'
    'ExceptIfBetweenMemberOf1'
    'ExceptIfContentCharacterSetContainsWords'
    'ExceptIfFrom'
    'ExceptIfFromAddressContainsWords'
    'ExceptIfFromAddressMatchesPatterns'
    'ExceptIfFromMemberOf'
    'ExceptIfFromScope'
    'ExceptIfHasClassification'
    'ExceptIfHasNoClassification'
    'ExceptIfHasSenderOverride'
    'ExceptIfHeaderContainsWords'
    'ExceptIfHeaderMatchesPatterns'
    'ExceptIfManagerAddresses'
    'ExceptIfMessageContainsDataClassifications'
    'ExceptIfMessageSizeOver'
    'ExceptIfMessageTypeMatches'
    'ExceptIfRecipientADAttributeContainsWords'
    'ExceptIfRecipientADAttributeMatchesPatterns'
    'ExceptIfRecipientAddressContainsWords'
    'ExceptIfRecipientAddressMatchesPatterns'
    'ExceptIfRecipientDomainIs'
    'ExceptIfRecipientInSenderList'
    'ExceptIfSCLOver'
    'ExceptIfSenderADAttributeContainsWords'
    'ExceptIfSenderADAttributeMatchesPatterns'
    'ExceptIfSenderDomainIs'
    'ExceptIfSenderInRecipientList'
    'ExceptIfSenderIpRanges'
    'ExceptIfSenderManagementRelationship'
    'ExceptIfSentTo'
    'ExceptIfSentToMemberOf'
    'ExceptIfSentToScope'
    'ExceptIfSubjectContainsWords'
    'ExceptIfSubjectMatchesPatterns'
    'ExceptIfSubjectOrBodyContainsWords'
    'ExceptIfSubjectOrBodyMatchesPatterns'
    'ExceptIfWithImportance'
    'From'
    'FromAddressContainsWords'
    'FromAddressMatchesPatterns'
    'FromMemberOf'
    'FromScope'
    'HasClassification'
    'HasNoClassification'
    'HasSenderOverride'
    'HeaderContainsWords'
    'HeaderMatchesPatterns'
    'ManagerAddresses'
    'MessageContainsDataClassifications'
    'MessageSizeOver'
    'MessageTypeMatches'
    'RecipientADAttributeContainsWords'
    'RecipientADAttributeMatchesPatterns'
    'RecipientAddressContainsWords'
    'RecipientAddressMatchesPatterns'
    'RecipientDomainIs'
    'RecipientInSenderList'
    'SCLOver'
    'SenderADAttributeContainsWords'
    'SenderADAttributeMatchesPatterns'
    'SenderDomainIs'
    'SenderInRecipientList'
    'SenderIpRanges'
    'SenderManagementRelationship'
    'SentTo'
    'SentToMemberOf'
    'SentToScope'
    'SubjectContainsWords'
    'SubjectMatchesPatterns'
    'SubjectOrBodyContainsWords'
    'SubjectOrBodyMatchesPatterns'
    'WithImportance'
)

$script:RuleActions = @(
    'AddManagerAsRecipientType'
    'AddToRecipients'
    'ApplyClassification'
    'ApplyHtmlDisclaimerText'
    'ApplyOME'
    'ApplyRightsProtectionTemplate'
    'BlindCopyTo'
    'CopyTo'
    'DeleteMessage'
    'Disconnect'
    'GenerateIncidentReport'
    'GenerateNotification'
    'ModerateMessageByManager'
    'ModerateMessageByUser'
    'NotifySender'
    'PrependSubject'
    'Quarantine'
    'RedirectMessageTo'
    'RejectMessageReasonText'
    'RemoveHeader'
    'RemoveOME'
    'RemoveOMEv2'
    'RemoveRMSAttachmentEncryption'
    'RouteMessageOutboundConnector'
    'RouteMessageOutboundRequireTls'
    'SetAuditSeverity'
    'SetHeaderName'
    'SetSCL'
    'SmtpRejectMessageRejectText'
    'StopRuleProcessing'
)

function New-InboundConnectorShape {
    [pscustomobject][ordered]@{
        Enabled = $true
        ConnectorType = 'Partner'
        ConnectorSource = 'Default'
        Comment = $null
        SenderIPAddresses = @()
        SenderDomains = @()
        TrustedOrganizations = @()
        ClientHostNames = @()
        AssociatedAcceptedDomains = @()
        RequireTls = $true
        RestrictDomainsToIPAddresses = $false
        RestrictDomainsToCertificate = $false
        CloudServicesMailEnabled = $false
        TreatMessagesAsInternal = $false
        TlsSenderCertificateName = $null
        EFTestMode = $false
        ScanAndDropRecipients = @()
        EFSkipLastIP = $false
        EFSkipIPs = @()
        EFSkipMailGateway = @()
        EFUsers = @()
        AdminDisplayName = ''
        Name = ''
        Identity = ''
        Id = ''
        Guid = ''
        ExchangeObjectId = ''
        DistinguishedName = ''
        IsValid = $true
        WhenChanged = $null
        WhenCreated = $null
        WhenChangedUTC = $null
        WhenCreatedUTC = $null
    }
}

function New-OutboundConnectorShape {
    [pscustomobject][ordered]@{
        Enabled = $true
        UseMXRecord = $true
        Comment = $null
        ConnectorType = 'Partner'
        ConnectorSource = 'Default'
        RecipientDomains = @()
        SmartHosts = @()
        TlsDomain = $null
        TlsSettings = $null
        IsTransportRuleScoped = $false
        RouteAllMessagesViaOnPremises = $false
        CloudServicesMailEnabled = $false
        AllAcceptedDomains = $false
        SenderRewritingEnabled = $false
        MtaStsMode = 'Opportunistic'
        SmtpDaneMode = 'Opportunistic'
        TestMode = $false
        ValidationRecipients = @()
        IsValidated = $false
        LastValidationTimestamp = $null
        LinkForModifiedConnector = $null
        AdminDisplayName = ''
        Name = ''
        Identity = ''
        Id = ''
        Guid = ''
        ExchangeObjectId = ''
        DistinguishedName = ''
        IsValid = $true
        WhenChanged = $null
        WhenCreated = $null
        WhenChangedUTC = $null
        WhenCreatedUTC = $null
    }
}

function New-TransportRuleShape {
    [pscustomobject][ordered]@{
        Priority = 0
        State = 'Enabled'
        Mode = 'Enforce'
        RuleErrorAction = 'Ignore'
        SenderAddressLocation = 'Header'
        RecipientAddressType = 'Resolved'
        RuleSubType = 'None'
        Comments = $null
        ActivationDate = $null
        ExpiryDate = $null
        Conditions = $null
        Exceptions = $null
        Actions = $null
        ADComparisonAttribute = $null
        ADComparisonOperator = $null
        AddManagerAsRecipientType = $null
        AddToRecipients = $null
        AnyOfCcHeader = $null
        AnyOfCcHeaderMemberOf = $null
        AnyOfRecipientAddressContainsWords = $null
        AnyOfRecipientAddressMatchesPatterns = $null
        AnyOfToCcHeader = $null
        AnyOfToCcHeaderMemberOf = $null
        AnyOfToHeader = $null
        AnyOfToHeaderMemberOf = $null
        ApplyClassification = $null
        ApplyHtmlDisclaimerFallbackAction = $null
        ApplyHtmlDisclaimerLocation = $null
        ApplyHtmlDisclaimerText = $null
        ApplyOME = $false
        ApplyRightsProtectionCustomizationTemplate = $null
        ApplyRightsProtectionTemplate = $null
        AttachmentContainsWords = $null
        AttachmentExtensionMatchesWords = $null
        AttachmentHasExecutableContent = $false
        AttachmentIsPasswordProtected = $false
        AttachmentIsUnsupported = $false
        AttachmentMatchesPatterns = $null
        AttachmentNameMatchesPatterns = $null
        AttachmentProcessingLimitExceeded = $false
        AttachmentPropertyContainsWords = $null
        AttachmentSizeOver = $null
        BetweenMemberOf1 = $null
        BetweenMemberOf2 = $null
        BlindCopyTo = $null
        ContentCharacterSetContainsWords = $null
        CopyTo = $null
        DeleteMessage = $false
        Disconnect = $false
        DlpPolicy = $null
        ExceptIfADComparisonAttribute = $null
        ExceptIfADComparisonOperator = $null
        ExceptIfAnyOfCcHeader = $null
        ExceptIfAnyOfCcHeaderMemberOf = $null
        ExceptIfAnyOfRecipientAddressContainsWords = $null
        ExceptIfAnyOfRecipientAddressMatchesPatterns = $null
        ExceptIfAnyOfToCcHeader = $null
        ExceptIfAnyOfToCcHeaderMemberOf = $null
        ExceptIfAnyOfToHeader = $null
        ExceptIfAnyOfToHeaderMemberOf = $null
        ExceptIfAttachmentContainsWords = $null
        ExceptIfAttachmentExtensionMatchesWords = $null
        ExceptIfAttachmentHasExecutableContent = $false
        ExceptIfAttachmentIsPasswordProtected = $false
        ExceptIfAttachmentIsUnsupported = $false
        ExceptIfAttachmentMatchesPatterns = $null
        ExceptIfAttachmentNameMatchesPatterns = $null
        ExceptIfAttachmentProcessingLimitExceeded = $false
        ExceptIfAttachmentPropertyContainsWords = $null
        ExceptIfAttachmentSizeOver = $null
        ExceptIfBetweenMemberOf1 = $null
        ExceptIfBetweenMemberOf2 = $null
        ExceptIfContentCharacterSetContainsWords = $null
        ExceptIfFrom = $null
        ExceptIfFromAddressContainsWords = $null
        ExceptIfFromAddressMatchesPatterns = $null
        ExceptIfFromMemberOf = $null
        ExceptIfFromScope = $null
        ExceptIfHasClassification = $null
        ExceptIfHasNoClassification = $false
        ExceptIfHasSenderOverride = $false
        ExceptIfHeaderContainsMessageHeader = $null
        ExceptIfHeaderContainsWords = $null
        ExceptIfHeaderMatchesMessageHeader = $null
        ExceptIfHeaderMatchesPatterns = $null
        ExceptIfManagerAddresses = $null
        ExceptIfManagerForEvaluatedUser = $null
        ExceptIfMessageContainsDataClassifications = $null
        ExceptIfMessageSizeOver = $null
        ExceptIfMessageTypeMatches = $null
        ExceptIfRecipientADAttributeContainsWords = $null
        ExceptIfRecipientADAttributeMatchesPatterns = $null
        ExceptIfRecipientAddressContainsWords = $null
        ExceptIfRecipientAddressMatchesPatterns = $null
        ExceptIfRecipientDomainIs = $null
        ExceptIfRecipientInSenderList = $null
        ExceptIfSCLOver = $null
        ExceptIfSenderADAttributeContainsWords = $null
        ExceptIfSenderADAttributeMatchesPatterns = $null
        ExceptIfSenderDomainIs = $null
        ExceptIfSenderInRecipientList = $null
        ExceptIfSenderIpRanges = $null
        ExceptIfSenderManagementRelationship = $null
        ExceptIfSentTo = $null
        ExceptIfSentToMemberOf = $null
        ExceptIfSentToScope = $null
        ExceptIfSubjectContainsWords = $null
        ExceptIfSubjectMatchesPatterns = $null
        ExceptIfSubjectOrBodyContainsWords = $null
        ExceptIfSubjectOrBodyMatchesPatterns = $null
        ExceptIfWithImportance = $null
        From = $null
        FromAddressContainsWords = $null
        FromAddressMatchesPatterns = $null
        FromMemberOf = $null
        FromScope = $null
        GenerateIncidentReport = $null
        GenerateNotification = $null
        HasClassification = $null
        HasNoClassification = $false
        HasSenderOverride = $false
        HeaderContainsMessageHeader = $null
        HeaderContainsWords = $null
        HeaderMatchesMessageHeader = $null
        HeaderMatchesPatterns = $null
        IncidentReportContent = $null
        LogEventText = $null
        ManagerAddresses = $null
        ManagerForEvaluatedUser = $null
        MessageContainsDataClassifications = $null
        MessageSizeOver = $null
        MessageTypeMatches = $null
        ModerateMessageByManager = $false
        ModerateMessageByUser = $null
        NotifySender = $null
        PrependSubject = $null
        Quarantine = $false
        RecipientADAttributeContainsWords = $null
        RecipientADAttributeMatchesPatterns = $null
        RecipientAddressContainsWords = $null
        RecipientAddressMatchesPatterns = $null
        RecipientDomainIs = $null
        RecipientInSenderList = $null
        RedirectMessageTo = $null
        RejectMessageEnhancedStatusCode = $null
        RejectMessageReasonText = $null
        RemoveHeader = $null
        RemoveOME = $false
        RemoveOMEv2 = $false
        RemoveRMSAttachmentEncryption = $false
        RouteMessageOutboundConnector = $null
        RouteMessageOutboundRequireTls = $false
        SCLOver = $null
        SenderADAttributeContainsWords = $null
        SenderADAttributeMatchesPatterns = $null
        SenderDomainIs = $null
        SenderInRecipientList = $null
        SenderIpRanges = $null
        SenderManagementRelationship = $null
        SentTo = $null
        SentToMemberOf = $null
        SentToScope = $null
        SetAuditSeverity = $null
        SetHeaderName = $null
        SetHeaderValue = $null
        SetSCL = $null
        SmtpRejectMessageRejectStatusCode = $null
        SmtpRejectMessageRejectText = $null
        StopRuleProcessing = $false
        SubjectContainsWords = $null
        SubjectMatchesPatterns = $null
        SubjectOrBodyContainsWords = $null
        SubjectOrBodyMatchesPatterns = $null
        WithImportance = $null
        Description = ''
        CreatedBy = ''
        LastModifiedBy = ''
        Size = 0
        RegexSize = 0
        Name = ''
        Identity = ''
        Guid = ''
        ImmutableId = ''
        DistinguishedName = ''
        IsValid = $true
        RuleVersion = [pscustomobject][ordered]@{ Major = 14; Minor = 0; Build = 0; Revision = 0 }
        WhenChanged = $null
    }
}
