"""What each form says and leaves when a call fails, or when its answer is lost."""

from typing import Any

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from tests.paste.running import ALL, CREATE, STAGES, Exchange, refused
from tests.scripts.objects import INBOUND, LOOP_CHECK, OUTBOUND, REDIRECT

pytestmark = pytest.mark.powershell

MADE_BY = {"01": "New-InboundConnector", "02": "New-OutboundConnector"}
WHAT_NEXT = ("Look with verify", "Run verify", "Run this again", "Run stop")


@pytest.mark.parametrize("kind", ["error", "lost"])
@pytest.mark.parametrize("number", [number for number in ALL if number != "10"])
def test_a_failing_call_is_told_at_every_call_of_every_form(number: str, kind: str, exchange: Exchange) -> None:
    exchange.to_stage(*STAGES[number])
    tenant = exchange.tenant
    calls = len(exchange.go(number).calls)
    assert calls > 2
    for nth in range(1, calls + 1):
        exchange.tenant = tenant
        exchange.fault(kind=kind, nth=nth)
        ran = exchange.go(number)
        assert not ran.ok, (nth, ran.output)
        assert "STOPPED. " in ran.output
        assert "Done" not in ran.output
        assert "RedirectOffSince =" not in ran.output
        # "Nothing was changed" is said when it is so. In the other direction a failed call may be one that changed.
        if "Nothing was changed." in ran.output:
            assert ran.changed == [], (nth, ran.output)
        if ran.changed:
            assert any(word in ran.output for word in WHAT_NEXT)


@pytest.mark.parametrize("kind", ["error", "lost"])
def test_of_the_three_last_blocks_each_says_what_became_of_its_own_part(kind: str, exchange: Exchange) -> None:
    exchange.to_stage(*STAGES["10"])
    tenant = exchange.tenant
    calls = len(exchange.go("10").calls)
    assert calls > 6
    for nth in range(1, calls + 1):
        exchange.tenant = tenant
        exchange.fault(kind=kind, nth=nth)
        ran = exchange.go("10")
        assert not ran.ok, (nth, ran.output)
        assert "STOPPED. " in ran.output
        left = {each["Name"] for each in everything(exchange.tenant)}
        for what, name in (("Loop Check", LOOP_CHECK), ("outbound", OUTBOUND), ("inbound", INBOUND)):
            assert f"Done: {what}" not in ran.output.replace("the ", "") or name not in left, (nth, ran.output)
        # Mail that comes back needs the inbound connector for as long as anything sends it out.
        assert INBOUND in left or LOOP_CHECK not in left


@pytest.mark.parametrize("number", CREATE)
def test_what_a_lost_answer_made_is_seen_by_verify(number: str, exchange: Exchange) -> None:
    exchange.to_stage(*STAGES[number])
    cmdlet = MADE_BY.get(number, "New-TransportRule")
    exchange.fault(kind="lost", nth=1, cmdlet=cmdlet)
    ran = exchange.run(number)
    assert not ran.ok
    assert "The service was asked to create it. Look with verify before you run this again." in ran.output
    assert ran.changed == [cmdlet]
    name = {"01": INBOUND, "02": OUTBOUND, "03": LOOP_CHECK, "04": REDIRECT}[number]
    assert f"{name}: o" in exchange.run("05").output
    refused(exchange.run(number), "already")
    exchange.to_stage(*CREATE[CREATE.index(number) + 1 :], "05")


@pytest.mark.parametrize(
    "behaviour",
    [
        {"language": "de"},
        {"outboundListing": "captured"},
        {"unknownIdentity": "all"},
        {"routeReadsBackAs": "guid"},
        {"removeReferencedConnector": "allow"},
        {"lateCalls": 5},
    ],
    ids=str,
)
def test_documented_and_captured_behaviour_of_the_service_give_the_same(
    behaviour: dict[str, Any], exchange: Exchange
) -> None:
    exchange.tenant = busy_tenant(behaviour=behaviour)  # type: ignore[arg-type]
    before = comparable(exchange.tenant)
    exchange.to_stage(*CREATE, "05", "06", "07", "05", "08", "09", "10")
    assert comparable(exchange.tenant) == before


def test_what_does_not_show_within_a_minute_is_not_called_done(exchange: Exchange) -> None:
    exchange.tenant = empty_tenant(behaviour={"lateCalls": 50})
    ran = exchange.run("01")
    assert not ran.ok
    assert "0 of that name show" in ran.output
    assert "Look with verify" in ran.output


def test_an_inbound_connector_that_the_service_leaves_off_stops_everything_after_it(exchange: Exchange) -> None:
    exchange.tenant = empty_tenant(behaviour={"inboundCreation": "disabled"})
    before = comparable(exchange.tenant)
    ran = exchange.run("01")
    assert not ran.ok
    assert "Ask Microsoft Support" in ran.output
    exchange.to_stage("02", "03", "04")
    ran = exchange.run("05")
    assert not ran.ok
    assert f"{INBOUND}: off" in ran.output
    assert "Enabled is 'False'" in ran.output
    refused(exchange.run("06"), "inbound connector")
    refused(exchange.go("07"), "inbound connector")
    exchange.to_stage("09", "10")
    assert comparable(exchange.tenant) == before


def test_an_inbound_connector_that_is_refused_is_told_in_the_words_of_the_service(exchange: Exchange) -> None:
    exchange.tenant = empty_tenant(behaviour={"inboundCreation": "refused"})
    ran = exchange.run("01")
    assert not ran.ok
    assert ran.changed == []
    assert "Prohibited" in ran.output


@pytest.mark.parametrize("number", CREATE)
def test_a_setting_that_the_service_stores_otherwise_is_found(number: str, exchange: Exchange) -> None:
    exchange.to_stage(*STAGES[number])
    exchange.fault(kind="differs", nth=1, cmdlet=MADE_BY.get(number, "New-TransportRule"))
    ran = exchange.run(number)
    assert not ran.ok
    assert "Done" not in ran.output
    assert {"01": "is off", "02": "Enabled"}.get(number, "StopRuleProcessing") in ran.output


def everything(tenant: dict[str, Any]) -> list[dict[str, Any]]:
    """All objects of a tenant."""
    return [*tenant["inboundConnectors"], *tenant["outboundConnectors"], *tenant["transportRules"]]
