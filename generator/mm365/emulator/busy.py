"""A tenant with connectors and rules of other products and people, whose names and values are awkward on purpose."""

from mm365.emulator.contract import Behaviour, Fault
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import (
    ORGANIZATION,
    Tenant,
    add_rule,
    empty_tenant,
    inbound_connector,
    outbound_connector,
    transport_rule,
)


def busy_tenant(
    domain: str = ORGANIZATION,
    *,
    accepted_domains: tuple[str, ...] = ("contoso.com", "contoso.co.uk"),
    behaviour: Behaviour | None = None,
    faults: list[Fault] | None = None,
) -> Tenant:
    """A tenant with connectors and rules of other products and people: see the lists below."""
    tenant = empty_tenant(domain, accepted_domains=accepted_domains, behaviour=behaviour, faults=faults)
    tenant["inboundConnectors"] = _busy_inbound_connectors()
    tenant["outboundConnectors"] = _busy_outbound_connectors()
    for rule in _busy_rules():
        add_rule(tenant, rule)
    return tenant


def _busy_inbound_connectors() -> list[Object]:
    return [
        inbound_connector(
            "Inbound from Example Signatures",
            ConnectorType="OnPremises",
            ConnectorSource="AdminUI",
            TlsSenderCertificateName="contoso.smtp.signatures.example",
            CloudServicesMailEnabled=True,
            EFSkipLastIP=True,
        ),
        inbound_connector(
            "Partner: O'Neill & Sons (TLS)",
            SenderDomains=["smtp:oneill.example;1", "smtp:*.oneill.example;1"],
            RestrictDomainsToCertificate=True,
            TlsSenderCertificateName="*.oneill.example",
        ),
    ]


def _busy_outbound_connectors() -> list[Object]:
    return [
        outbound_connector(
            "Outbound to Example Signatures",
            ConnectorType="OnPremises",
            ConnectorSource="AdminUI",
            IsTransportRuleScoped=True,
            UseMXRecord=False,
            SmartHosts=["contoso.smtp.signatures.example"],
            TlsSettings="DomainValidation",
            TlsDomain="smtp.signatures.example",
            CloudServicesMailEnabled=True,
        ),
        outbound_connector(
            "Partner: O'Neill & Sons", RecipientDomains=["oneill.example"], TlsSettings="EncryptionOnly"
        ),
        # A validation in the admin centre can leave such a connector behind (NOTES.md, "Finding objects").
        outbound_connector(
            "X_Test_20250101",
            UseMXRecord=False,
            SmartHosts=["192.0.2.25"],
            TestMode=True,
        ),
    ]


def _busy_rules() -> list[Object]:
    return [
        transport_rule("[EXT] mark *", FromScope="NotInOrganization", PrependSubject="[EXT] "),
        transport_rule(
            "Block executables",
            AttachmentHasExecutableContent=True,
            RejectMessageReasonText="Not allowed here.",
            StopRuleProcessing=True,
        ),
        transport_rule("Old test (do not use)", enabled=False, SubjectContainsWords=["test"], DeleteMessage=True),
        transport_rule(
            'Disclaimer "Legal" - 100 % $required',
            SentToScope="NotInOrganization",
            ApplyHtmlDisclaimerText="<p>Confidential & for O'Neill <b>only</b></p>",
            ApplyHtmlDisclaimerLocation="Append",
            ApplyHtmlDisclaimerFallbackAction="Wrap",
        ),
        transport_rule(
            "Journal copy for compliance; audit",
            SentTo=["finance@contoso.com"],
            BlindCopyTo=["archive@contoso.com"],
            Comments="Asked for by legal.\r\nDo not remove.",
        ),
        transport_rule(
            "Identify messages to send to Example Signatures",
            FromScope="InOrganization",
            ExceptIfHeaderMatchesMessageHeader="X-Example-Signed",
            ExceptIfHeaderMatchesPatterns=["true"],
            RouteMessageOutboundConnector="Outbound to Example Signatures",
        ),
        transport_rule("Zoe\u2019s r\u00e8gle \u2013 caf\u00e9", enabled=False, Mode="Audit", SetSCL="-1"),
        transport_rule(
            "`backtick` {braces} 'quotes'",
            From=["robot@contoso.com"],
            SetHeaderName="X-Robot",
            SetHeaderValue="1",
        ),
    ]
