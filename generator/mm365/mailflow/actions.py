"""What each action of a transport rule means for the way of a message.

Every action of New-TransportRule is in ``ACTIONS``; one that is not there is not known, and what it does is open.
"""

from collections.abc import Mapping
from enum import Enum, auto

from mm365.mailflow.verdict import Verdict


class Means(Enum):
    """What an action means for the way of a message."""

    ENDS = auto()
    ROUTES = auto()
    STOPS = auto()
    REMOVES_HEADER = auto()
    SETS_HEADER = auto()
    PREPENDS = auto()
    COUNTS = auto()
    NOTHING = auto()
    UNKNOWN = auto()


ENDS: Mapping[str, Verdict] = {
    "DeleteMessage": Verdict.DELETED,
    "Quarantine": Verdict.QUARANTINED,
    "RejectMessageReasonText": Verdict.REJECTED,
    "RejectMessageEnhancedStatusCode": Verdict.REJECTED,
    "ModerateMessageByUser": Verdict.HELD,
    "ModerateMessageByManager": Verdict.HELD,
}
"""The actions that end the way of a message."""

ADDS_RECIPIENTS = ("AddToRecipients", "CopyTo", "BlindCopyTo", "AddManagerAsRecipientType")
"""A second time, the message may be refused: Exchange counts (Oxford University IT blog)."""
MODERATES = ("ModerateMessageByUser", "ModerateMessageByManager")
"""A second time, the request for approval is dropped without a word (same source)."""
CHANGES_TEXT = ("PrependSubject", "ApplyHtmlDisclaimerText")
"""A second time, the text is there twice (other vendors' guides)."""
REPORTS = ("GenerateIncidentReport", "GenerateNotification")
"""A second time, the report or notification is sent twice."""

ACTIONS: Mapping[str, Means] = {
    **dict.fromkeys(ENDS, Means.ENDS),
    "RouteMessageOutboundConnector": Means.ROUTES,
    "StopRuleProcessing": Means.STOPS,
    "RemoveHeader": Means.REMOVES_HEADER,
    "SetHeaderName": Means.SETS_HEADER,
    "PrependSubject": Means.PREPENDS,
    **dict.fromkeys((*ADDS_RECIPIENTS, "ApplyHtmlDisclaimerText", *REPORTS), Means.COUNTS),
    # They change the content or a mark on the message and not where it goes. SetSCL is an input of the service's
    # filtering (cmdlet reference), which the model does not follow.
    **dict.fromkeys(
        (
            "ApplyClassification", "ApplyOME", "ApplyRightsProtectionTemplate", "RemoveOME",
            "RemoveOMEv2", "RemoveRMSAttachmentEncryption", "RouteMessageOutboundRequireTls", "SetAuditSeverity",
            "SetSCL",
        ),
        Means.NOTHING,
    ),
    # NotifySender may reject; what Disconnect and a redirection to others do to the rules below is not documented.
    **dict.fromkeys(("RedirectMessageTo", "Disconnect", "NotifySender", "SmtpRejectMessageRejectText"), Means.UNKNOWN),
}  # fmt: skip
"""Every action, with what it means."""

DETAILS = frozenset({
    "ADComparisonOperator", "ApplyHtmlDisclaimerFallbackAction", "ApplyHtmlDisclaimerLocation",
    "ApplyRightsProtectionCustomizationTemplate", "BetweenMemberOf2", "DlpPolicy", "IncidentReportContent",
    "IncidentReportOriginalMail", "LogEventText", "ManagerForEvaluatedUser", "SetHeaderValue",
    "SmtpRejectMessageRejectStatusCode",
})  # fmt: skip
"""Settings that only give a detail of a condition or an action."""
