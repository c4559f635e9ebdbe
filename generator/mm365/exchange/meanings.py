"""What each parameter of the New- cmdlets does, in one line; why it has its value stands with the setting.

The words are for a reader who has not met the parameter: the fact comes from the cmdlet's reference page.
"""

from collections.abc import Mapping

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
"""By the parameter's name; a parameter of two cmdlets does the same in both."""
