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
