"""What a connector or a rule is to this project: typed values, each setting with its reason and its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.kinds import Kind
from mm365.exchange.sources import Source
from mm365.powershell import Value


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One parameter of a New- cmdlet: its value, why it has it, and who says so."""

    name: str
    value: Value
    why: str
    sources: tuple[Source, ...]

    @property
    def reason(self) -> str:
        """The reason and its sources as one line of text."""
        return f"{self.why} [{'; '.join(source.short for source in self.sources)}]"


@dataclass(frozen=True, kw_only=True)
class ExchangeObject:
    """A connector or a rule: ``key`` is its name in scripts and state files, ``label`` its name in sentences."""

    key: str
    kind: Kind
    label: str
    purpose: str
    settings: tuple[Setting, ...]

    @property
    def name(self) -> str:
        """Its name in the tenant."""
        return str(self.values["Name"])

    @property
    def values(self) -> Mapping[str, Value]:
        """What is passed to the New- cmdlet."""
        return {setting.name: setting.value for setting in self.settings}

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why, for each of ``values``."""
        return {setting.name: setting.reason for setting in self.settings}


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The four objects, in the order in which they are created."""

    inbound: ExchangeObject
    outbound: ExchangeObject
    loop_check: ExchangeObject
    redirect: ExchangeObject

    @property
    def objects(self) -> tuple[ExchangeObject, ...]:
        """All four, in the order in which they are created."""
        return (self.inbound, self.outbound, self.loop_check, self.redirect)


OTHER_SETTINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.INBOUND: (
        "AssociatedAcceptedDomains",
        "ClientHostNames",
        "CloudServicesMailEnabled",
        "EFSkipIPs",
        "EFSkipLastIP",
        "EFSkipMailGateway",
        "EFTestMode",
        "EFUsers",
        "RestrictDomainsToCertificate",
        "RestrictDomainsToIPAddresses",
        "ScanAndDropRecipients",
        "SenderIPAddresses",
        "TreatMessagesAsInternal",
        "TrustedOrganizations",
    ),
    Kind.OUTBOUND: (
        "AllAcceptedDomains",
        "CloudServicesMailEnabled",
        "LinkForModifiedConnector",
        "RecipientDomains",
        "RouteAllMessagesViaOnPremises",
        "SenderRewritingEnabled",
        "TestMode",
    ),
    Kind.RULE: (
        "ActivationDate",
        "ADComparisonAttribute",
        "AddManagerAsRecipientType",
        "AddToRecipients",
        "AnyOfCcHeader",
        "AnyOfCcHeaderMemberOf",
        "AnyOfRecipientAddressContainsWords",
        "AnyOfRecipientAddressMatchesPatterns",
        "AnyOfToCcHeader",
        "AnyOfToCcHeaderMemberOf",
        "AnyOfToHeader",
        "AnyOfToHeaderMemberOf",
        "ApplyClassification",
        "ApplyHtmlDisclaimerText",
        "ApplyOME",
        "ApplyRightsProtectionCustomizationTemplate",
        "ApplyRightsProtectionTemplate",
        "AttachmentContainsWords",
        "AttachmentExtensionMatchesWords",
        "AttachmentHasExecutableContent",
        "AttachmentIsPasswordProtected",
        "AttachmentIsUnsupported",
        "AttachmentMatchesPatterns",
        "AttachmentNameMatchesPatterns",
        "AttachmentProcessingLimitExceeded",
        "AttachmentPropertyContainsWords",
        "AttachmentSizeOver",
        "BetweenMemberOf1",
        "BetweenMemberOf2",
        "BlindCopyTo",
        "ContentCharacterSetContainsWords",
        "CopyTo",
        "DeleteMessage",
        "Disconnect",
        "ExpiryDate",
        "From",
        "FromAddressContainsWords",
        "FromAddressMatchesPatterns",
        "FromMemberOf",
        "FromScope",
        "GenerateIncidentReport",
        "GenerateNotification",
        "HasClassification",
        "HasNoClassification",
        "HeaderContainsMessageHeader",
        "HeaderContainsWords",
        "HeaderMatchesMessageHeader",
        "HeaderMatchesPatterns",
        "LogEventText",
        "ManagerAddresses",
        "MessageSizeOver",
        "MessageTypeMatches",
        "ModerateMessageByManager",
        "ModerateMessageByUser",
        "PrependSubject",
        "Quarantine",
        "RecipientADAttributeContainsWords",
        "RecipientADAttributeMatchesPatterns",
        "RecipientAddressContainsWords",
        "RecipientAddressMatchesPatterns",
        "RecipientDomainIs",
        "RecipientInSenderList",
        "RedirectMessageTo",
        "RejectMessageReasonText",
        "RemoveHeader",
        "RemoveOME",
        "RemoveOMEv2",
        "RemoveRMSAttachmentEncryption",
        "RouteMessageOutboundConnector",
        "RouteMessageOutboundRequireTls",
        "SCLOver",
        "SenderADAttributeContainsWords",
        "SenderADAttributeMatchesPatterns",
        "SenderDomainIs",
        "SenderInRecipientList",
        "SenderIpRanges",
        "SenderManagementRelationship",
        "SentTo",
        "SentToMemberOf",
        "SentToScope",
        "SetHeaderName",
        "SetSCL",
        "SmtpRejectMessageRejectText",
        "SubjectContainsWords",
        "SubjectMatchesPatterns",
        "SubjectOrBodyContainsWords",
        "SubjectOrBodyMatchesPatterns",
        "WithImportance",
    ),
}
"""What else could be set on an object of each kind and must not be, if the object is to count as ours.

Parameters that only qualify another one, or that the service fills by itself (priority, error action,
connector source, MTA-STS and DANE modes), are left out: a value there says nothing about where mail goes.
Exceptions (ExceptIf...) are not listed; the scripts refuse any that this pack does not set.
"""
