"""The objects that the Get cmdlets return, with every setting at its default.

Both sides of the emulator use these shapes: ``tenants`` makes objects from them, and ``build`` writes them into
Cmdlets.ps1. A shape is complete: an unset condition or action is there as None, a switch as False.
"""

from typing import Any

Object = dict[str, Any]


# The directory properties that both kinds of connector share.
_NAMING: Object = {
    "AdminDisplayName": "",
    "Name": "",
    "Identity": "",
    "Id": "",
    "Guid": "",
    "ExchangeObjectId": "",
    "DistinguishedName": "",
    "IsValid": True,
    "WhenChanged": None,
    "WhenCreated": None,
    "WhenChangedUTC": None,
    "WhenCreatedUTC": None,
}

# NOTES.md, "What Get-InboundConnector returns".
INBOUND: Object = {
    "Enabled": True,
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "Comment": None,
    "SenderIPAddresses": [],
    "SenderDomains": [],
    "TrustedOrganizations": [],
    "ClientHostNames": [],
    "AssociatedAcceptedDomains": [],
    "RequireTls": True,
    "RestrictDomainsToIPAddresses": False,
    "RestrictDomainsToCertificate": False,
    "CloudServicesMailEnabled": False,
    "TreatMessagesAsInternal": False,
    "TlsSenderCertificateName": None,
    "EFTestMode": False,
    "ScanAndDropRecipients": [],
    "EFSkipLastIP": False,
    "EFSkipIPs": [],
    "EFSkipMailGateway": [],
    "EFUsers": [],
    **_NAMING,
}

# NOTES.md, "What Get-OutboundConnector returns". It has neither RequireTls nor SenderDomains.
OUTBOUND: Object = {
    "Enabled": True,
    "UseMXRecord": True,
    "Comment": None,
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "RecipientDomains": [],
    "SmartHosts": [],
    "TlsDomain": None,
    "TlsSettings": None,
    "IsTransportRuleScoped": False,
    "RouteAllMessagesViaOnPremises": False,
    "CloudServicesMailEnabled": False,
    "AllAcceptedDomains": False,
    "SenderRewritingEnabled": False,
    "MtaStsMode": "Opportunistic",
    "SmtpDaneMode": "Opportunistic",
    "TestMode": False,
    "ValidationRecipients": [],
    "IsValidated": False,
    "LastValidationTimestamp": None,
    "LinkForModifiedConnector": None,
    **_NAMING,
}

# What a rule does. The other parameters of New-TransportRule are conditions and, with ExceptIf, exceptions.
RULE_ACTIONS: tuple[str, ...] = (
    "AddManagerAsRecipientType",
    "AddToRecipients",
    "ApplyClassification",
    "ApplyHtmlDisclaimerText",
    "ApplyOME",
    "ApplyRightsProtectionTemplate",
    "BlindCopyTo",
    "CopyTo",
    "DeleteMessage",
    "Disconnect",
    "GenerateIncidentReport",
    "GenerateNotification",
    "ModerateMessageByManager",
    "ModerateMessageByUser",
    "NotifySender",
    "PrependSubject",
    "Quarantine",
    "RedirectMessageTo",
    "RejectMessageReasonText",
    "RemoveHeader",
    "RemoveOME",
    "RemoveOMEv2",
    "RemoveRMSAttachmentEncryption",
    "RouteMessageOutboundConnector",
    "RouteMessageOutboundRequireTls",
    "SetAuditSeverity",
    "SetHeaderName",
    "SetSCL",
    "SmtpRejectMessageRejectText",
    "StopRuleProcessing",
)

# Settings that only give a detail of another setting, and so have no class of their own in a rule's lists.
_RULE_DETAILS: tuple[str, ...] = (
    "ADComparisonOperator",
    "ApplyHtmlDisclaimerFallbackAction",
    "ApplyHtmlDisclaimerLocation",
    "ApplyRightsProtectionCustomizationTemplate",
    "BetweenMemberOf2",
    "DlpPolicy",
    "HeaderContainsMessageHeader",
    "HeaderMatchesMessageHeader",
    "IncidentReportContent",
    "LogEventText",
    "ManagerForEvaluatedUser",
    "RejectMessageEnhancedStatusCode",
    "SetHeaderValue",
    "SmtpRejectMessageRejectStatusCode",
)

# Parameters of New-TransportRule that are settings of the rule itself, or not stored at all.
_RULE_SETTINGS: tuple[str, ...] = (
    "Name",
    "Priority",
    "Mode",
    "RuleErrorAction",
    "RuleSubType",
    "SenderAddressLocation",
    "RecipientAddressType",
    "Comments",
    "ActivationDate",
    "ExpiryDate",
    "Enabled",
    "UseLegacyRegex",
)


def _predicates(catalogue: Object) -> Object:
    """Every condition, exception and action, unset: a switch is False, anything else None.

    That every switch is False is inferred from three of them (NOTES.md, "What Get-TransportRule returns").
    """
    parameters: Object = catalogue["cmdlets"]["New-TransportRule"]["parameters"]
    return {
        name: False if parameter["type"] == "Boolean" else None
        for name, parameter in sorted(parameters.items())
        if name not in _RULE_SETTINGS
    }


def rule_conditions(catalogue: Object) -> list[str]:
    """The settings that a rule lists in its Conditions or, with ExceptIf before their names, in its Exceptions."""
    taken = (*RULE_ACTIONS, *_RULE_DETAILS)
    return [name for name in _predicates(catalogue) if name.removeprefix("ExceptIf") not in taken]


def rule_shape(catalogue: Object) -> Object:
    """A rule: State instead of Enabled, no WhenCreated, no UTC dates (NOTES.md, "What Get-TransportRule returns")."""
    return {
        "Priority": 0,
        "State": "Enabled",
        "Mode": "Enforce",
        "RuleErrorAction": "Ignore",
        "SenderAddressLocation": "Header",
        "RecipientAddressType": "Resolved",
        "RuleSubType": "None",
        "Comments": None,
        "ActivationDate": None,
        "ExpiryDate": None,
        "Conditions": None,
        "Exceptions": None,
        "Actions": None,
        **_predicates(catalogue),
        "Description": "",
        "CreatedBy": "",
        "LastModifiedBy": "",
        "Size": 0,
        "RegexSize": 0,
        "Name": "",
        "Identity": "",
        "Guid": "",
        "ImmutableId": "",
        "DistinguishedName": "",
        "IsValid": True,
        "RuleVersion": {"Major": 14, "Minor": 0, "Build": 0, "Revision": 0},
        "WhenChanged": None,
    }
