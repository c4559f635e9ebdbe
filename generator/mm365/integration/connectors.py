"""The two connectors of KB Q21244, each setting with its reason and its source."""

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, setting
from mm365.exchange.sources import CMDLETS, INFERRED, KB, MAIL_FLOW
from mm365.request.regions import Region

INBOUND_NAME = "From MailMarshal Cloud Integrated"
OUTBOUND_NAME = "To MailMarshal Cloud Integrated"


def inbound_connector(region: Region) -> ExchangeObject:
    """What accepts filtered mail that comes back from this region."""
    return ExchangeObject(
        key="Inbound",
        kind=Kind.INBOUND,
        called="inbound connector",
        purpose="It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.",
        settings=(
            setting(
                "Name", INBOUND_NAME, "the article's name", "The name that the article gives to this connector.", KB
            ),
            setting(
                "ConnectorType",
                "OnPremises",
                '"from your organization\'s mail server"',
                "The article says: from your organization's mail server. This type lets returned mail pass on to its "
                "recipients, also outside the tenant.",
                KB, CMDLETS,
            ),
            setting(
                "SenderDomains",
                ("*",),
                "the cmdlet demands it; any sender comes back",
                "The cmdlet demands it; mail from any sender comes back through this connector.",
                CMDLETS, MAIL_FLOW,
            ),
            setting(
                "RequireTls",
                True,
                "the certificate counts only with TLS",
                "The certificate below is used only when TLS is required. It is stated, because the reference "
                "describes its default for Partner connectors only.",
                CMDLETS,
            ),
            setting(
                "TlsSenderCertificateName",
                region.certificate_name,
                f"region {region.code}; all its customers share it",
                "The subject name on the certificate of MailMarshal Cloud in this region. It names the region and not "
                "the customer, so all customers of the region share it.",
                KB, INFERRED,
            ),
            setting(
                "Enabled",
                True,
                "works from its creation, see the change request",
                "The article creates it enabled, and it works from then on: mail over TLS from a server with the "
                "region's certificate can match it, and mail that matches may be relayed. Where another product of "
                "the vendor already sends mail with that certificate, mail is treated differently from this step on.",
                KB, CMDLETS, INFERRED,
            ),
        ),
    )  # fmt: skip


def outbound_connector(region: Region) -> ExchangeObject:
    """The way to the filter of this region."""
    return ExchangeObject(
        key="Outbound",
        kind=Kind.OUTBOUND,
        called="outbound connector",
        purpose="It is the way to MailMarshal Cloud, used only by the Redirect rule.",
        settings=(
            setting(
                "Name",
                OUTBOUND_NAME,
                "the article's name; Redirect refers to it",
                "The name that the article gives; the Redirect rule refers to it.",
                KB,
            ),
            setting(
                "ConnectorType",
                "Partner",
                '"to a partner organization"',
                "The article says: to a partner organization.",
                KB,
            ),
            setting(
                "IsTransportRuleScoped",
                True,
                "else it could carry all outgoing mail",
                "Used only when a transport rule sends mail to this connector. Otherwise it would be a candidate for "
                "all outgoing mail at once.",
                KB, CMDLETS,
            ),
            setting(
                "UseMXRecord",
                False,
                "not to recipients' own servers, but",
                "Mail goes to the smart host below, not to recipients' own servers.",
                KB,
            ),
            setting(
                "SmartHosts",
                (region.smart_host,),
                f"to the filter of region {region.code}",
                "Where MailMarshal Cloud takes mail in this region.",
                KB,
            ),
            setting(
                "TlsSettings",
                "DomainValidation",
                "always TLS, a trusted authority, and",
                "Always TLS, a certificate from a trusted authority, and the name below on it.",
                KB, CMDLETS,
            ),
            setting(
                "TlsDomain",
                region.certificate_name,
                "this name on the certificate",
                "The name that the smart host's certificate must carry.",
                KB,
            ),
            setting(
                "Enabled",
                True,
                "nothing uses it until Redirect is on",
                "The article creates both connectors enabled; no rule uses this one yet.",
                KB,
            ),
        ),
    )  # fmt: skip
