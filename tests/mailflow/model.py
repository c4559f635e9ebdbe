"""What tests of the model share: requests, rules of others, and what becomes of a message."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from mm365.integration.connectors import OUTBOUND_NAME
from mm365.integration.rules import LOOP_CHECK_NAME, REDIRECT_NAME
from mm365.mailflow.judgement import Judgement, judge
from mm365.mailflow.message import Message
from mm365.mailflow.samples import standard_messages
from mm365.mailflow.tenant import Found, Stage, tenant_at
from mm365.request.request import LoopGuard, Request, build_request
from tests.commands import HEADER_ID

OURS = OUTBOUND_NAME
THEIRS = "Outbound to Example Signatures"
INBOUND = Message(name="inbound", sender="alice@example.org", recipients=("user@contoso.com",))
INTERNAL = replace(INBOUND, name="internal", sender="user@contoso.com", recipients=("colleague@contoso.com",))
OUTBOUND = replace(INBOUND, name="outbound", sender="user@contoso.com", recipients=("alice@example.org",))
BOUNCE_OUT = replace(OUTBOUND, name="bounce-out", sender="")


def request_of(guard: LoopGuard = LoopGuard.STOP) -> Request:
    values = {"region": "eu", "header_id": HEADER_ID, "tenant": "contoso.com", "loop_guard": guard.value}
    return build_request(values, needs=())


def rule(name: str = "theirs", **settings: Any) -> dict[str, Any]:
    """A rule of others, on and in mode Enforce unless it says otherwise."""
    return {"Name": name, "Enabled": True, "Mode": "Enforce", **settings}


def connector(name: str = THEIRS, **settings: Any) -> dict[str, Any]:
    """An outbound connector of others that only rules use."""
    hosts = ("smtp.signatures.example",)
    return {"Name": name, "Enabled": True, "IsTransportRuleScoped": True, "SmartHosts": hosts, **settings}


def above(*rules: dict[str, Any], outbound: tuple[dict[str, Any], ...] = (connector(),)) -> Found:
    """A tenant with these rules, below which ours come, and with a connector of others."""
    return Found(rules=rules, outbound=outbound)


def below(*rules: dict[str, Any]) -> Found:
    """A tenant in which ours are there already, off, with these rules below them."""
    ours = (LOOP_CHECK_NAME, REDIRECT_NAME)
    return Found(rules=(*(rule(name, Enabled=False) for name in ours), *rules), outbound=(connector(),))


def followed(  # noqa: PLR0913 - each says one thing of the tenant
    message: Message = INBOUND,
    found: Found | None = None,
    *,
    guard: LoopGuard = LoopGuard.STOP,
    stage: Stage = Stage.REDIRECT,
    propagating: Collection[str] = (),
    off: str = "",
) -> Judgement:
    """What becomes of a message to its first recipient."""
    request = request_of(guard)
    tenant = tenant_at(stage, request, found=found or Found(), propagating=propagating, off=off)
    return judge(message, message.recipients[0], tenant)


def sample(name: str, *, guard: LoopGuard, stage: Stage) -> tuple[Judgement, ...]:
    """What becomes of a standard message, one for each recipient."""
    request = request_of(guard)
    [one] = [one for one in standard_messages(request) if one.message.name == name]
    tenant = tenant_at(stage, request, propagating=one.propagating, off=one.off)
    return tuple(judge(one.message, recipient, tenant) for recipient in one.message.recipients)


def said(judgement: Judgement) -> str:
    """The verdict, with the ends where it depends."""
    ends = "" if not judgement.ends else f"({'|'.join(sorted({verdict.value for verdict, _ in judgement.ends}))})"
    return f"{judgement.verdict.value}{ends}"
