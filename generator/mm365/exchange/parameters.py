"""The parameters of the cmdlets that create and change the objects: what each does, and which must not be set.

``catalogue.json`` has them all, drawn from Microsoft's cmdlet reference. What an object may have although nobody asked
for it stands here; everything else must be unset for an object to count as this pack's.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mm365.exchange.kinds import Kind
from mm365.exchange.sources import CMDLETS, Source

MEANINGS: Mapping[str, str] = {
    "Name": "What the object is called in the tenant.",
    "ConnectorType": "What kind of server is at the other end: the organization's own (OnPremises) or a partner's.",
    "SenderDomains": "Which sender domains the connector takes mail from; * is all of them.",
    "RequireTls": "Whether mail is taken over TLS only.",
    "TlsSenderCertificateName": "Which name the sending server's certificate must carry to be recognised.",
    "IsTransportRuleScoped": "Whether the connector is used only by rules that name it.",
    "UseMXRecord": "Whether mail goes to the recipients' MX records instead of a fixed host.",
    "SmartHosts": "The host that mail is handed to.",
    "TlsSettings": "How strictly the receiving server's TLS certificate is checked.",
    "TlsDomain": "Which name the receiving server's certificate must carry.",
    "Enabled": "Whether it takes part in mail flow.",
    "HeaderContainsMessageHeader": "The header that the rule looks at.",
    "HeaderContainsWords": "The text in that header that makes the rule match.",
    "RemoveHeader": "The header that the rule takes off a message it matches.",
    "StopRuleProcessing": "Whether rules below are skipped for a message that matches.",
    "RouteMessageOutboundConnector": "The connector that a matching message leaves by.",
    "ExceptIfHeaderContainsMessageHeader": "The header that is looked at for an exception.",
    "ExceptIfHeaderContainsWords": "The text in that header that keeps the rule away from a message.",
    "Mode": "Whether the rule acts, or only notes that it would.",
    "RuleErrorAction": "What becomes of a message when the rule cannot be evaluated.",
}
"""What a parameter does, by its name; one of two cmdlets does the same in both."""

MEANINGS_SOURCE: Source = CMDLETS
"""Who says so."""

ENHANCED_FILTERING = ("EFSkipLastIP", "EFSkipIPs", "EFSkipMailGateway")
"""The settings by which Defender looks behind the filter for the sender's address. They are the tenant's to decide."""

MAY_BE_SET: Mapping[Kind, tuple[str, ...]] = {
    Kind.INBOUND: ("Name", "Comment", "ConnectorSource", "ConnectorType", "Enabled", *ENHANCED_FILTERING),
    # The service sets the last five by itself, or they say what a test of the connector found.
    Kind.OUTBOUND: (
        "Name", "Comment", "ConnectorSource", "ConnectorType", "Enabled", "UseMXRecord", "SmartHosts",
        "MtaStsMode", "SmtpDaneMode", "IsValidated", "LastValidationTimestamp", "ValidationRecipients",
    ),
    Kind.RULE: (
        "Name", "Comments", "Priority", "Enabled", "UseLegacyRegex", "RuleSubType",
        # They have a value on every rule and do nothing without a condition.
        "Mode", "RuleErrorAction", "RecipientAddressType", "SenderAddressLocation",
        # They only give a detail of another setting, which must not be set; what they read when unset is not
        # documented.
        "ADComparisonOperator", "ApplyHtmlDisclaimerFallbackAction", "ApplyHtmlDisclaimerLocation",
        "IncidentReportContent", "IncidentReportOriginalMail", "ManagerForEvaluatedUser",
        "RejectMessageEnhancedStatusCode", "SetHeaderValue", "SmtpRejectMessageRejectStatusCode",
        # It marks the entry in the audit log and changes nothing for mail.
        "SetAuditSeverity",
    ),
}  # fmt: skip
"""What an object may have although the pack does not set it: its identity, its notes, what the service fills in."""

_NOT_SETTINGS = frozenset({"Identity", "Confirm", "WhatIf", "DomainController"})
"""Parameters that say how a cmdlet runs, or on which object."""
_EXCEPTION = "ExceptIf"


CATALOGUE_FILE = Path(__file__).parent / "catalogue.json"
"""The cmdlets with their parameters, as Microsoft documents them."""


@cache
def catalogue() -> dict[str, Any]:
    """The catalogue of cmdlets: ``cmdlets`` by name, each with its ``parameters`` by name."""
    loaded: dict[str, Any] = json.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def must_not_be_set(kind: Kind) -> tuple[str, ...]:
    """The settings that decide what an object of a kind does to mail, sorted without regard to case.

    A script compares those that the pack sets itself with their values, and refuses all others. Exceptions of rules are
    left out: a script refuses every property whose name begins with ``ExceptIf``.
    """
    cmdlets = catalogue()["cmdlets"]
    known = {name for verb in ("New", "Set") for name in cmdlets[f"{verb}-{kind}"]["parameters"]}
    known -= {*_NOT_SETTINGS, *MAY_BE_SET[kind]}
    return tuple(sorted((name for name in known if not name.startswith(_EXCEPTION)), key=str.lower))
