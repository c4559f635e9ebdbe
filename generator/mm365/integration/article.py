"""The four objects of KB Q21244, each setting with its reason and its source.

What stands here is the only place that says what is created, and why: the scripts' values and comments, the
change request's table and the notebooks are made from it.
"""

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration, Setting
from mm365.exchange.sources import CAPTURES, CMDLETS, INFERRED, KB, MAIL_FLOW, VENDORS, Source
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
            _setting("Name", INBOUND_NAME, "The name that the article gives; the vendor's support looks for it.", KB),
            _setting(
                "ConnectorType",
                "OnPremises",
                "The article says: from your organization's mail server. This type lets returned mail pass on to its "
                "recipients, also outside the tenant.",
                KB, CMDLETS,
            ),
            _setting(
                "SenderDomains",
                ("*",),
                "The cmdlet demands it; mail from any sender comes back through this connector.",
                CMDLETS, MAIL_FLOW,
            ),
            _setting(
                "RequireTls",
                True,
                "The certificate below identifies the filter only when TLS is required. Stated, because its default "
                "differs by connector type.",
                CMDLETS, CAPTURES,
            ),
            _setting(
                "TlsSenderCertificateName",
                region.certificate_name,
                "The subject name on the certificate of MailMarshal Cloud in this region; all its customers share it.",
                KB,
            ),
            _setting("Enabled", True, "The article creates both connectors enabled; no rule uses them yet.", KB),
        ),
    )  # fmt: skip


def _outbound(region: Region) -> ExchangeObject:
    return ExchangeObject(
        key="Outbound",
        kind=Kind.OUTBOUND,
        label="outbound connector",
        purpose="It is the way to MailMarshal Cloud, used only by the Redirect rule.",
        settings=(
            _setting("Name", OUTBOUND_NAME, "The name that the article gives; the Redirect rule refers to it.", KB),
            _setting("ConnectorType", "Partner", "The article says: to a partner organization.", KB),
            _setting(
                "IsTransportRuleScoped",
                True,
                "Use only when a transport rule sends mail to this connector. Otherwise it would be a candidate for "
                "all outgoing mail at once.",
                KB, CMDLETS,
            ),
            _setting("UseMXRecord", False, "Mail goes to the smart host below, not to recipients' own servers.", KB),
            _setting("SmartHosts", (region.smart_host,), "Where MailMarshal Cloud takes mail in this region.", KB),
            _setting(
                "TlsSettings",
                "DomainValidation",
                "Always TLS, a certificate from a trusted authority, and the name below on it.",
                KB, CMDLETS,
            ),
            _setting(
                "TlsDomain", region.certificate_name, "The name that the smart host's certificate must carry.", KB
            ),
            _setting("Enabled", True, "The article creates both connectors enabled; no rule uses them yet.", KB),
        ),
    )  # fmt: skip


def _loop_check(request: Request) -> ExchangeObject:
    guarded = request.loop_guard is not LoopGuard.KB_LITERAL
    return ExchangeObject(
        key="LoopCheck",
        kind=Kind.RULE,
        label="rule Loop Check",
        purpose="It recognises mail that has been filtered, so that Redirect does not send it out again.",
        settings=(
            _setting("Name", LOOP_CHECK_NAME, "The name that the article gives.", KB),
            _setting(
                "HeaderContainsMessageHeader",
                HEADER,
                "MailMarshal Cloud stamps this header on what it has filtered.",
                KB,
            ),
            _setting(
                "HeaderContainsWords",
                (request.header_id,),
                "This customer's own value; another customer's mail does not match. It works like a password: who "
                "knows it can stamp it on a message and pass by the filter.",
                KB, INFERRED,
            ),
            _setting("RemoveHeader", HEADER, "The article's action: the mark does not leave the tenant.", KB),
            _setting(
                "StopRuleProcessing",
                guarded,
                "Added to the article: the header is gone after this rule, so Redirect below would send the message "
                "out again, and again. Stopping here ends that."
                if guarded
                else "Loop guard kb-literal: the article names no such action. Redirect below then catches the message "
                "again: expect a loop, unless the vendor's side prevents it.",
                INFERRED, VENDORS,
            ),
            *_rule_defaults(),
        ),
    )  # fmt: skip


def _redirect(request: Request) -> ExchangeObject:
    exception = (
        _setting(
            "ExceptIfHeaderContainsMessageHeader",
            HEADER,
            "Added to the article: filtered mail is left alone also while Loop Check is off, failing or not yet "
            "everywhere.",
            INFERRED,
        ),
        _setting(
            "ExceptIfHeaderContainsWords",
            (request.header_id,),
            "This customer's value, as in Loop Check.",
            INFERRED,
        ),
    )
    return ExchangeObject(
        key="Redirect",
        kind=Kind.RULE,
        label="rule Redirect",
        purpose="It sends every message to MailMarshal Cloud. Mail changes its way when, and only when, this is on.",
        settings=(
            _setting("Name", REDIRECT_NAME, "The name that the article gives.", KB),
            _setting(
                "RouteMessageOutboundConnector",
                OUTBOUND_NAME,
                "The article's action. There is no condition: it applies to all messages, in both directions.",
                KB,
            ),
            *(exception if request.loop_guard is LoopGuard.STOP_AND_EXCEPT else ()),
            _setting(
                "StopRuleProcessing",
                False,
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
            "The service's default, stated so that it is compared: a rule in audit mode takes no action.",
            CMDLETS,
        ),
        _setting(
            "RuleErrorAction",
            "Ignore",
            "The service's default, stated so that it is compared: a message goes on if the rule cannot be evaluated.",
            CMDLETS,
        ),
        _setting("Enabled", False, "The article creates both rules disabled; enabling is a step of its own.", KB),
    )


def _setting(name: str, value: Value, why: str, *sources: Source) -> Setting:
    return Setting(name=name, value=value, why=why, sources=sources)
