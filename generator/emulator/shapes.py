"""The objects the Get cmdlets return, with every setting at its default (exchange-online.md, section 3).

Both sides of the emulator use these shapes: tenant.py builds tenants from them, build.py writes them into
Cmdlets.ps1. A shape is complete: an unset condition or action is present as None, a switch as False.
"""

import json
from pathlib import Path
from typing import Any

Object = dict[str, Any]

CATALOGUE = Path(__file__).resolve().parent / "catalogue.json"
"""The cmdlets with their parameters, as Microsoft documents them."""


def load_catalogue() -> Object:
    """The catalogue as a dict."""
    catalogue: Object = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return catalogue


# The directory properties that both kinds of connector share (3.1, 3.2).
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

# Section 3.1; the defaults of New-InboundConnector are in 2.1.
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

# Section 3.2; the defaults of New-OutboundConnector are in 2.3. It has no RequireTls and no SenderDomains.
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

# What a rule does. The other predicates of New-TransportRule say when; names with ExceptIf say when not.
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

# Settings that only give a detail of another setting, so no class of their own stands in the lists.
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
    """Every condition, exception and action, unset. Section 3.3 shows three switches as False and unset
    predicates as null; the other switches follow the three."""
    parameters: Object = catalogue["cmdlets"]["New-TransportRule"]["parameters"]
    return {
        name: False if parameter["type"] == "Boolean" else None
        for name, parameter in sorted(parameters.items())
        if name not in _RULE_SETTINGS
    }


def rule_conditions(catalogue: Object) -> list[str]:
    """The settings that stand in a rule's Conditions, or with ExceptIf before them in its Exceptions."""
    taken = (*RULE_ACTIONS, *_RULE_DETAILS)
    return [name for name in _predicates(catalogue) if name.removeprefix("ExceptIf") not in taken]


def rule_shape(catalogue: Object) -> Object:
    """Section 3.3: State instead of Enabled, no WhenCreated, no UTC variants."""
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
