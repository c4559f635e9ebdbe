"""The two transport rules of KB Q21244, each setting with its reason and its source; what a loop guard adds."""

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Setting, setting
from mm365.exchange.sources import CMDLETS, INFERRED, KB, MAIL_FLOW, VENDORS
from mm365.integration.connectors import OUTBOUND_NAME
from mm365.request.request import LoopGuard, Request

LOOP_CHECK_NAME = "MailMarshal Cloud Integrated Loop Check"
REDIRECT_NAME = "MailMarshal Cloud Integrated Redirect"
HEADER = "X-MMCloud-ID"


def loop_check(request: Request) -> ExchangeObject:
    """What recognises filtered mail. Without a header ID the rule makes no sense."""
    return ExchangeObject(
        key="LoopCheck",
        kind=Kind.RULE,
        called="Loop Check",
        purpose="It recognises mail that has been filtered, so that Redirect does not send it out again.",
        settings=(
            setting("Name", LOOP_CHECK_NAME, "the article's name", "The name that the article gives.", KB),
            setting(
                "HeaderContainsMessageHeader",
                HEADER,
                "the header of filtered mail",
                "The article has the rule look for this header. That MailMarshal Cloud stamps it on what it has "
                "filtered is inferred; the article does not say so.",
                KB, INFERRED,
            ),
            setting(
                "HeaderContainsWords",
                (request.header_id,),
                "this customer's; like a password",
                "This customer's own value; the article says that it is unique for each customer. It works like a "
                "password: whoever knows it can put it on a message and bypass the filter.",
                KB, INFERRED,
            ),
            setting(
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
        return setting(
            "StopRuleProcessing",
            False,
            "as the article; expect a LOOP",
            "Loop guard kb-literal: the article names no such action. Redirect below then sends the message out "
            "again: expect a loop, unless the vendor's side prevents it, which is not documented.",
            KB, INFERRED,
        )  # fmt: skip
    return setting(
        "StopRuleProcessing",
        True,
        "NOT in the article: without it mail loops",
        "Added to the article: the header is gone after this rule, so Redirect below would send the message out "
        "again, and again. Stopping here ends that.",
        INFERRED, VENDORS,
    )  # fmt: skip


def redirect(request: Request) -> ExchangeObject:
    """What sends all mail to the filter."""
    exception = (
        setting(
            "ExceptIfHeaderContainsMessageHeader",
            HEADER,
            "NOT in the article: not filtered mail",
            "Added to the article: filtered mail is left alone also while Loop Check is off, failing or not yet "
            "working everywhere. It then leaves with the header.",
            INFERRED,
        ),
        setting(
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
        called="Redirect",
        purpose="It sends every message to MailMarshal Cloud. Mail goes there when, and only when, this rule is on.",
        settings=(
            setting("Name", REDIRECT_NAME, "the article's name", "The name that the article gives.", KB),
            setting(
                "RouteMessageOutboundConnector",
                OUTBOUND_NAME,
                "no condition: all messages, both ways",
                "The article's action. Without a condition it applies to all messages, in both directions.",
                KB,
                CMDLETS,
                MAIL_FLOW,
            ),
            *(exception if request.loop_guard is LoopGuard.STOP_AND_EXCEPT else ()),
            setting(
                "StopRuleProcessing",
                False,
                "rules below still run",
                "The article names no such action, so rules below still run, as they did before. That routing a "
                "message does not end processing by itself is inferred.",
                KB,
                INFERRED,
            ),
            *_rule_defaults(),
        ),
    )


def _rule_defaults() -> tuple[Setting, ...]:
    return (
        setting(
            "Mode",
            "Enforce",
            "the default, stated: Audit takes no action",
            "The service's default, stated so that it is compared: a rule in mode Audit takes no delivery action.",
            CMDLETS,
        ),
        setting(
            "RuleErrorAction",
            "Ignore",
            "the default, stated",
            "The service's default, stated so that it is compared: a message goes on if the rule cannot be evaluated.",
            CMDLETS,
        ),
        setting(
            "Enabled",
            False,
            "turned on in a step of its own",
            "The article creates both rules disabled; enabling is a step of its own.",
            KB,
        ),
    )
