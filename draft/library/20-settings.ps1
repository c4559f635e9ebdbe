# ---------- What else could be set ----------
# An object counts as this pack's only if none of these is set, apart from what the pack itself sets.
# All conditions, exceptions and actions of New- and Set-TransportRule and all settings of the connectors are here,
# from Microsoft's cmdlet reference, without those that only name or describe an object or have a value on every one.
# Exceptions are not listed: no property whose name begins with ExceptIf may be set.
$MustNotBeSet = @{
    InboundConnector = -split (
        'AssociatedAcceptedDomains ClientHostNames CloudServicesMailEnabled EFSkipIPs EFSkipLastIP EFSkipMailGateway EFTestMode EFUsers RequireTls ' +
        'RestrictDomainsToCertificate RestrictDomainsToIPAddresses ScanAndDropRecipients SenderDomains SenderIPAddresses TlsSenderCertificateName ' +
        'TreatMessagesAsInternal TrustedOrganizations')
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
