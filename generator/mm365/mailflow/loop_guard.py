"""The loop, and what each loop guard makes of a message that comes back: every row is what the model says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from mm365.exchange.sources import INFERRED, KB, NDR_PAGE, Source
from mm365.integration.rules import HEADER, LOOP_CHECK_NAME, REDIRECT_NAME
from mm365.mailflow.follow import Following
from mm365.mailflow.message import Message, others_id
from mm365.mailflow.tenant import Stage, Tenant, tenant_at
from mm365.mailflow.verdict import LOOP_CODE, Verdict
from mm365.request.fields import HEADER_ID
from mm365.request.parsers import TRADE_OFFS
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request

Row = tuple[str, str, str, str]
"""A message on its way; what Loop Check does, what Redirect does, and what comes of it."""


@dataclass(frozen=True, kw_only=True)
class LoopExplanation:
    """What a loop guard does: why it is so, what it gives and costs, and what happens on each pass, with sources."""

    guard: str
    why: str
    trade_off: str
    sources: tuple[Source, ...]
    passes: tuple[Row, ...]


def explain_loop(guard: LoopGuard) -> LoopExplanation:
    """What happens to a message under a loop guard."""
    looping = (
        "The article gives Loop Check one action: remove the header. A message that came back would then reach "
        "Redirect, which applies to all messages, and go round until the service gives up (NDR 5.4.14, by default "
        "after 20 iterations; whether one way out and back counts as one is not documented). "
    )
    why = {
        LoopGuard.STOP: looping + "So Loop Check also stops rule processing.",
        LoopGuard.STOP_AND_EXCEPT: looping + "So Loop Check also stops rule processing, and Redirect excepts messages "
        "that carry the header: that covers the time in which Loop Check is off, failing or not yet everywhere.",
        LoopGuard.KB_LITERAL: looping + "These are the article's actions and no more, as asked for.",
    }[guard]
    return LoopExplanation(
        guard=guard.value,
        why=why,
        trade_off=TRADE_OFFS[guard],
        sources=(KB, NDR_PAGE, INFERRED),
        passes=loop_rows(guard),
    )


@cache
def loop_rows(guard: LoopGuard) -> tuple[Row, ...]:
    """What happens to a message on its way out, and in three cases on its way back, as the model follows it."""
    request = _request(guard)
    sent = Message(name="message", sender="alice@example.org", recipients=(f"user@{request.tenant}",))
    strange = replace(sent, headers={HEADER.lower(): others_id(request.header_id)})
    tenant = tenant_at(Stage.REDIRECT, request)
    without_check = tenant_at(Stage.REDIRECT, request, off="loop_check")
    return (
        _row("Out: no header yet", sent, tenant, 1, to_filter="filtered"),
        _row("Back: header with this customer's ID", sent, tenant, 2),
        _row("Back while Loop Check is off, failing or not yet everywhere", sent, without_check, 2),
        # What comes back with another customer's ID meets the rules as what comes in with it.
        _row("Back with another customer's ID (wrongly routed)", strange, tenant, 1),
    )


def guard_table() -> tuple[Row, ...]:
    """A row for each loop guard: its name, what Loop Check does, what Redirect applies to, what it gives and costs."""
    return tuple(_guard_row(guard) for guard in LoopGuard)


def _guard_row(guard: LoopGuard) -> Row:
    tenant = tenant_at(Stage.REDIRECT, _request(guard))
    headed = next(one for one in tenant.all_rules if one["Name"] == REDIRECT_NAME)
    excepts = "ExceptIfHeaderContainsWords" in headed
    returned = loop_rows(guard)[1]
    return guard.value, returned[1], "all but those with the header" if excepts else "all messages", TRADE_OFFS[guard]


def _request(guard: LoopGuard) -> Request:
    """A request for anybody: what a guard does is the same in every region and for every customer."""
    return Request(
        region=next(iter(REGIONS.values())),
        tenant="example.com",
        header_id=HEADER_ID.example,
        loop_guard=guard,
    )


def _row(
    name: str, message: Message, tenant: Tenant, number: int, *, to_filter: str = "goes round through the filter again"
) -> Row:
    """What happens on one pass. ``to_filter`` is how it is called that the message goes out, if that ends well."""
    [end] = Following(message, message.recipients[0], tenant).ends()
    met = {str(hop.name): hop.event for hop in end.hops if hop.number == number}
    check, redirect = met.get(LOOP_CHECK_NAME, ""), met.get(REDIRECT_NAME, "")
    if redirect != "rule":
        result = "delivered, with the header" if end.keeps_header else "delivered"
    else:
        loops = end.verdict is Verdict.LOOPED and number > 1
        result = f"LOOP until NDR {LOOP_CODE}" if loops else to_filter
    return name, _check(check, tenant), _REDIRECT[redirect], result


_REDIRECT: Mapping[str, str] = {"rule": "sends it to the filter", "no-match": "excepts it", "": "not reached"}


def _check(event: str, tenant: Tenant) -> str:
    if event != "rule":
        return "does not match" if event else "does nothing"
    stops = any(rule.stops for rule in tenant.rules if rule.name == LOOP_CHECK_NAME)
    return "removes the header and stops" if stops else "removes the header"
