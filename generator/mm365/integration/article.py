"""The four objects of KB Q21244, each setting with its reason and its source.

What stands here is the only place that says what is created, and why: the scripts' values and comments, the
change request's table and the notebooks are made from it.
"""

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration, Setting
from mm365.exchange.sources import CMDLETS, INFERRED, KB, MAIL_FLOW, VENDORS, Source
from mm365.powershell import Value
from mm365.request.regions import Region
from mm365.request.request import LoopGuard, Request

INBOUND_NAME = "From MailMarshal Cloud Integrated"
OUTBOUND_NAME = "To MailMarshal Cloud Integrated"
LOOP_CHECK_NAME = "MailMarshal Cloud Integrated Loop Check"
REDIRECT_NAME = "MailMarshal Cloud Integrated Redirect"
HEADER = "X-MMCloud-ID"


def build_integration(request: Request) -> Integration:
    """The four objects for a request. Without a header ID only the connectors make sense."""
    return Integration(
        inbound=_inbound(request.region),
        outbound=_outbound(request.region),
        loop_check=_loop_check(request),
        redirect=_redirect(request),
    )


def _inbound(region: Region) -> ExchangeObject:
    return ExchangeObject(
        key="Inbound",
        kind=Kind.INBOUND,
        label="inbound connector",
        purpose="It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.",
        settings=(
            _setting(
                "Name", INBOUND_NAME, "the article's name", "The name that the article gives to this connector.", KB
            ),
            _setting(
                "ConnectorType",
                "OnPremises",
                '"from your organization\'s mail server"',
                "The article says: from your organization's mail server. This type lets returned mail pass on to its "
                "recipients, also outside the tenant.",
                KB, CMDLETS,
            ),
            _setting(
                "SenderDomains",
                ("*",),
                "the cmdlet demands it; any sender comes back",
                "The cmdlet demands it; mail from any sender comes back through this connector.",
                CMDLETS, MAIL_FLOW,
            ),
            _setting(
                "RequireTls",
                True,
                "the certificate counts only with TLS",
                "The certificate below is used only when TLS is required. It is stated, because the reference "
                "describes its default for Partner connectors only.",
                CMDLETS,
            ),
            _setting(
                "TlsSenderCertificateName",
                region.certificate_name,
                f"region {region.code}; all its customers share it",
                "The subject name on the certificate of MailMarshal Cloud in this region; all its customers share it.",
                KB,
            ),
            _setting(
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


def _outbound(region: Region) -> ExchangeObject:
    return ExchangeObject(
        key="Outbound",
        kind=Kind.OUTBOUND,
        label="outbound connector",
        purpose="It is the way to MailMarshal Cloud, used only by the Redirect rule.",
        settings=(
            _setting(
                "Name",
                OUTBOUND_NAME,
                "the article's name; Redirect refers to it",
                "The name that the article gives; the Redirect rule refers to it.",
                KB,
            ),
            _setting(
                "ConnectorType",
                "Partner",
                '"to a partner organization"',
                "The article says: to a partner organization.",
                KB,
            ),
            _setting(
                "IsTransportRuleScoped",
                True,
                "else it could carry all outgoing mail",
                "Used only when a transport rule sends mail to this connector. Otherwise it would be a candidate for "
                "all outgoing mail at once.",
                KB, CMDLETS,
            ),
            _setting(
                "UseMXRecord",
                False,
                "not to recipients' own servers, but",
                "Mail goes to the smart host below, not to recipients' own servers.",
                KB,
            ),
            _setting(
                "SmartHosts",
                (region.smart_host,),
                f"to the filter of region {region.code}",
                "Where MailMarshal Cloud takes mail in this region.",
                KB,
            ),
            _setting(
                "TlsSettings",
                "DomainValidation",
                "always TLS, a trusted authority, and",
                "Always TLS, a certificate from a trusted authority, and the name below on it.",
                KB, CMDLETS,
            ),
            _setting(
                "TlsDomain",
                region.certificate_name,
                "this name on the certificate",
                "The name that the smart host's certificate must carry.",
                KB,
            ),
            _setting(
                "Enabled",
                True,
                "nothing uses it until Redirect is on",
                "The article creates both connectors enabled; no rule uses this one yet.",
                KB,
            ),
        ),
    )  # fmt: skip


def _loop_check(request: Request) -> ExchangeObject:
    return ExchangeObject(
        key="LoopCheck",
        kind=Kind.RULE,
        label="rule Loop Check",
        purpose="It recognises mail that has been filtered, so that Redirect does not send it out again.",
        settings=(
            _setting("Name", LOOP_CHECK_NAME, "the article's name", "The name that the article gives.", KB),
            _setting(
                "HeaderContainsMessageHeader",
                HEADER,
                "the header of filtered mail",
                "The article has the rule look for this header. That MailMarshal Cloud stamps it on what it has "
                "filtered is inferred; the article does not say so.",
                KB, INFERRED,
            ),
            _setting(
                "HeaderContainsWords",
                (request.header_id,),
                "this customer's; like a password",
                "This customer's own value; the article says that it is unique for each customer. It works like a "
                "password: whoever knows it can put it on a message and bypass the filter.",
                KB, INFERRED,
            ),
            _setting(
                "RemoveHeader",
                HEADER,
                "it does not leave the tenant",
                "The article's action: the header does not leave the tenant.",
                KB,
            ),
            _stop_rule_processing(request.loop_guard),
            *_rule_defaults(),
        ),
    )  # fmt: skip


def _stop_rule_processing(guard: LoopGuard) -> Setting:
    if guard is LoopGuard.KB_LITERAL:
        return _setting(
            "StopRuleProcessing",
            False,
            "as the article; expect a LOOP",
            "Loop guard kb-literal: the article names no such action. Redirect below then sends the message out "
            "again: expect a loop, unless the vendor's side prevents it, which is not documented.",
            KB, INFERRED,
        )  # fmt: skip
    return _setting(
        "StopRuleProcessing",
        True,
        "NOT in the article: without it mail loops",
        "Added to the article: the header is gone after this rule, so Redirect below would send the message out "
        "again, and again. Stopping here ends that.",
        INFERRED, VENDORS,
    )  # fmt: skip


def _redirect(request: Request) -> ExchangeObject:
    exception = (
        _setting(
            "ExceptIfHeaderContainsMessageHeader",
            HEADER,
            "NOT in the article: not filtered mail",
            "Added to the article: filtered mail is left alone also while Loop Check is off, failing or not yet "
            "working everywhere. It then leaves with the header.",
            INFERRED,
        ),
        _setting(
            "ExceptIfHeaderContainsWords",
            (request.header_id,),
            "this customer's, as in Loop Check",
            "This customer's value, as in Loop Check.",
            INFERRED,
        ),
    )
    return ExchangeObject(
        key="Redirect",
        kind=Kind.RULE,
        label="rule Redirect",
        purpose="It sends every message to MailMarshal Cloud. Mail goes there when, and only when, this rule is on.",
        settings=(
            _setting("Name", REDIRECT_NAME, "the article's name", "The name that the article gives.", KB),
            _setting(
                "RouteMessageOutboundConnector",
                OUTBOUND_NAME,
                "no condition: all messages, both ways",
                "The article's action. There is no condition: it applies to all messages, in both directions.",
                KB,
            ),
            *(exception if request.loop_guard is LoopGuard.STOP_AND_EXCEPT else ()),
            _setting(
                "StopRuleProcessing",
                False,
                "rules below still run",
                "The article names no such action: rules below still run, as they did before.",
                KB,
            ),
            *_rule_defaults(),
        ),
    )


def _rule_defaults() -> tuple[Setting, ...]:
    return (
        _setting(
            "Mode",
            "Enforce",
            "the default, stated: Audit takes no action",
            "The service's default, stated so that it is compared: a rule in mode Audit takes no delivery action.",
            CMDLETS,
        ),
        _setting(
            "RuleErrorAction",
            "Ignore",
            "the default, stated",
            "The service's default, stated so that it is compared: a message goes on if the rule cannot be evaluated.",
            CMDLETS,
        ),
        _setting(
            "Enabled",
            False,
            "turned on in a step of its own",
            "The article creates both rules disabled; enabling is a step of its own.",
            KB,
        ),
    )


def _setting(name: str, value: Value, note: str, why: str, *sources: Source) -> Setting:
    return Setting(name=name, value=value, note=note, why=why, sources=sources)
