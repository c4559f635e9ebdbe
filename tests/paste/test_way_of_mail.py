"""What decides the way of mail is looked at before Redirect is turned on, and again after."""

from typing import Any

import pytest

from mm365.emulator.tenants import add_rule, transport_rule
from tests.paste.running import CREATE, Exchange, refused
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT

pytestmark = pytest.mark.powershell

LOOKS = ("05", "06", "07")
"""verify, enable-loop-check, enable-redirect."""


def test_one_form_comes_after_the_other(exchange: Exchange) -> None:
    exchange.to_stage("01")
    refused(exchange.run("04"), "outbound connector")
    exchange.to_stage("02")
    refused(exchange.run("04"), "Loop Check")
    with exchange.changed() as tenant:
        add_rule(tenant, transport_rule(REDIRECT, enabled=False))
    refused(exchange.run("03"), "Redirect is there")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (INBOUND, {"Enabled": False}),
        (INBOUND, {"TlsSenderCertificateName": "*.us.mailmarshal.cloud"}),
        (OUTBOUND, {"Enabled": False}),
        (OUTBOUND, {"SmartHosts": ["m365integrated-array-1.us.mailmarshal.cloud"]}),
        (OUTBOUND, {"SmartHosts": []}),
        (OUTBOUND, {"TlsDomain": None}),
        (OUTBOUND, {"IsTransportRuleScoped": False}),
        (LOOP_CHECK, {"Mode": "Audit"}),
        (LOOP_CHECK, {"StopRuleProcessing": False}),
        (LOOP_CHECK, {"HeaderContainsWords": ["another"]}),
        (LOOP_CHECK, {"HeaderContainsMessageHeader": "X-Other"}),
        (LOOP_CHECK, {"Exceptions": ["a.FromPredicate"], "ExceptIfFrom": ["a@contoso.com"]}),
        (LOOP_CHECK, {"Conditions": ["a.HeaderContainsPredicate", "a.FromPredicate"], "From": ["a@contoso.com"]}),
        (REDIRECT, {"Mode": "Audit"}),
        (REDIRECT, {"RouteMessageOutboundConnector": "Another"}),
        (REDIRECT, {"RouteMessageOutboundConnector": None}),
        (REDIRECT, {"Conditions": ["a.HasSenderOverridePredicate"], "HasSenderOverride": True}),
        (REDIRECT, {"Exceptions": ["a.FromPredicate"], "ExceptIfFrom": ["a@contoso.com"]}),
    ],
    ids=str,
)
def test_what_is_not_as_approved_is_found(name: str, values: dict[str, Any], exchange: Exchange) -> None:
    exchange.to_stage(*CREATE)
    for number in LOOKS:
        with exchange.changed() as tenant:
            for rule in tenant["transportRules"]:
                if rule["Name"] == LOOP_CHECK:
                    rule["State"] = "Disabled" if number == "06" else "Enabled"
        exchange.set_values(name, **values)
        ran = exchange.go(number)
        assert not ran.ok, ran.output
        assert ran.changed == []
        assert ("Not as approved" if number == "05" else "Missing, off or different") in ran.output
        # The header ID is like a password, also one that is not ours.
        assert "'another'" not in ran.output


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_is_found(name: str, exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "06")
    with exchange.changed() as tenant:
        for kind in ("inboundConnectors", "outboundConnectors", "transportRules"):
            tenant[kind] = [each for each in tenant[kind] if each["Name"] != name]
        renumber(tenant)
    for number in LOOKS:
        ran = exchange.go(number)
        assert not ran.ok
        assert ran.changed == []


def test_loop_check_below_redirect_is_found(exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "06")
    with exchange.changed() as tenant:
        tenant["transportRules"].reverse()
        renumber(tenant)
    for number in LOOKS:
        ran = exchange.go(number)
        assert not ran.ok
        assert ran.changed == []
        assert "order of the rules" in ran.output or "not above" in ran.output


@pytest.mark.parametrize(
    "values",
    [
        {"ExceptIfHeaderContainsWords": ["other"]},
        {"ExceptIfHeaderContainsMessageHeader": "X-Y"},
        {"Exceptions": ["a.X", "a.Y"]},
    ],
    ids=str,
)
def test_another_exception_than_that_of_the_loop_guard_is_found(values: dict[str, Any], exchange: Exchange) -> None:
    exchange.values = {"loop_guard": "stop-and-except"}
    exchange.to_stage(*CREATE, "06")
    exchange.set_values(REDIRECT, **values)
    for number in ("05", "07", "09"):
        ran = exchange.go(number)
        assert not ran.ok, ran.output
        assert ran.changed == []


CHANGES: list[Any] = [
    {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"State": "Disabled"}}},
    {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"StopRuleProcessing": False}}},
    {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"Priority": 1}}},
    {"remove": {"kind": "rule", "name": LOOP_CHECK}},
    {"set": {"kind": "inbound", "name": INBOUND, "values": {"Enabled": False}}},
    {"remove": {"kind": "inbound", "name": INBOUND}},
    {"set": {"kind": "outbound", "name": OUTBOUND, "values": {"SmartHosts": ["a.example"]}}},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_redirect_is_turned_off_again_when_something_changes_meanwhile(change: Any, exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "06")
    exchange.fault(kind="interfere", nth=1, cmdlet="Enable-TransportRule", change=change)
    ran = exchange.go("07")
    assert not ran.ok
    assert "turned off again" in ran.output
    assert "Run stop now" in ran.output
    assert exchange.find(REDIRECT)["State"] == "Disabled"


def test_a_redirect_that_is_on_when_something_is_wrong_has_to_be_stopped(exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "06", "07")
    exchange.set_values(LOOP_CHECK, State="Disabled")
    refused(exchange.go("07"), "run stop now")
    refused(exchange.run("06"), "run stop now")
    ran = exchange.run("05")
    assert not ran.ok
    assert "run stop now" in ran.output


def renumber(tenant: dict[str, Any]) -> None:
    for place, rule in enumerate(tenant["transportRules"]):
        rule["Priority"] = place
