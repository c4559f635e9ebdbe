"""The two forms of rollback: what is not in every setting as created is not removed."""

from typing import Any

import pytest

from mm365.emulator.files import comparable
from tests.paste.running import CREATE, Exchange, refused
from tests.scripts.objects import INBOUND, LOOP_CHECK, OUTBOUND, REDIRECT

pytestmark = pytest.mark.powershell

KINDS = {INBOUND: "InboundConnector", OUTBOUND: "OutboundConnector", LOOP_CHECK: "TransportRule"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (INBOUND, {"EFTestMode": True}),
        (INBOUND, {"SenderIPAddresses": ["192.0.2.1"]}),
        (INBOUND, {"SenderDomains": ["smtp:a.example;1"]}),
        (INBOUND, {"RequireTls": False}),
        (OUTBOUND, {"RecipientDomains": ["a.example"]}),
        (OUTBOUND, {"CloudServicesMailEnabled": True}),
        (OUTBOUND, {"TlsSettings": "EncryptionOnly", "TlsDomain": None}),
        (OUTBOUND, {"IsTransportRuleScoped": False}),
        (LOOP_CHECK, {"RemoveHeader": "X-Other"}),
        (LOOP_CHECK, {"Actions": ["a.RemoveHeader", "a.DeleteMessage"], "DeleteMessage": True}),
    ],
    ids=str,
)
def test_verify_and_the_second_part_see_every_setting(name: str, values: dict[str, Any], exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "09")
    exchange.set_values(name, **values)
    verified = exchange.run("05")
    assert not verified.ok
    ran = exchange.go("10")
    assert not ran.ok
    named = "Loop Check" if name == LOOP_CHECK else next(iter(values))
    assert named in verified.output
    assert named in ran.words, ran.output
    # What was changed stays; the blocks before it have done their own part.
    assert exchange.find(name)["Name"] == name
    assert f"Remove-{KINDS[name]}" not in ran.changed


@pytest.mark.parametrize(
    "values",
    [
        {"Mode": "Audit"},
        {"StopRuleProcessing": True},
        {"RouteMessageOutboundConnector": "Another"},
        {"Conditions": ["a.FromPredicate"]},
        {"Exceptions": ["a.FromPredicate"]},
        {"ExpiryDate": "2030-01-01T00:00:00Z"},
        {"Actions": ["a.RouteMessageOutboundConnectorAction", "a.BlindCopyToAction"], "BlindCopyTo": ["a@contoso.com"]},
    ],
    ids=str,
)
def test_a_redirect_that_is_not_as_created_is_not_removed(values: dict[str, Any], exchange: Exchange) -> None:
    exchange.to_stage(*CREATE)
    exchange.set_values(REDIRECT, **values)
    refused(exchange.run("09"), "not as created")


def test_the_second_part_comes_after_the_first(exchange: Exchange) -> None:
    exchange.to_stage(*CREATE)
    refused(exchange.go("10"), "Redirect")


def test_nothing_is_removed_while_a_renamed_redirect_is_on(exchange: Exchange) -> None:
    """Without Loop Check every message would loop."""
    exchange.to_stage(*CREATE, "06", "07")
    exchange.set_values(REDIRECT, Name="Renamed")
    refused(exchange.run("09"), "Renamed", "Run stop")
    ran = exchange.go("10")
    assert not ran.ok, ran.output
    assert ran.changed == [], ran.output
    exchange.to_stage("08")
    assert exchange.find("Renamed")["State"] == "Disabled"


def test_the_connectors_stay_while_a_renamed_redirect_needs_them(exchange: Exchange) -> None:
    exchange.to_stage(*CREATE)
    exchange.set_values(REDIRECT, Name="Renamed")
    ran = exchange.go("10")
    assert not ran.ok
    assert "Renamed" in ran.words
    assert exchange.find(OUTBOUND)["Enabled"] is True


def test_a_change_that_ended_half_way_is_taken_back(exchange: Exchange) -> None:
    before = comparable(exchange.tenant)
    for stages in ((), ("01",), ("01", "02"), ("01", "02", "03")):
        exchange.to_stage(*stages, "09", "10")
        assert comparable(exchange.tenant) == before


@pytest.mark.parametrize("since", ["", "2026-11-24", "24.11.2026 10:15", "2026-11-24T10:15Z", "yesterday"])
def test_a_time_that_cannot_be_read_is_refused_by_the_first_block_and_stops_the_others(
    since: str, exchange: Exchange
) -> None:
    exchange.to_stage(*CREATE, "09")
    refused(exchange.run("10", RedirectOffSince=since, DrainHours=0), "RedirectOffSince", "Paste block 1 first")


def test_no_block_goes_before_the_wait_is_over(exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "09")
    refused(exchange.run("10", RedirectOffSince="2099-01-01 00:00"), "WAITING until 2099-", "Paste block 1 first")
