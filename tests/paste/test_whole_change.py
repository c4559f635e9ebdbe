"""The whole change with paste forms, in every way of running them, and back."""

import re

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard
from tests.paste.running import ALL, CREATE, WAYS, Exchange, Way
from tests.scripts.objects import LOOP_CHECK, REDIRECT
from tests.scripts.test_whole_change import HOSTILE

pytestmark = pytest.mark.powershell

TENANT_ID = "5f0f9c6e-2f0b-4a44-8f5e-0a7f6f0a1b2c"


def created(exchange: Exchange, way: Way = "paste") -> None:
    for number in CREATE:
        ran = exchange.run(number, way)
        assert ran.ok, ran.output
        assert "Done: " in ran.output


def back(exchange: Exchange, way: Way = "paste") -> None:
    ran = exchange.run("09", way)
    assert ran.ok, ran.output
    (since,) = re.findall(r"\$RedirectOffSince = '([-\d]+ [\d:]+)'", ran.output)
    ran = exchange.run("10", way, RedirectOffSince=since)
    assert not ran.ok
    assert "WAITING until" in ran.output
    assert "Nothing was changed." in ran.output
    assert ran.changed == []
    ran = exchange.run("10", way, RedirectOffSince=since, DrainHours=0)
    assert ran.ok, ran.output
    assert "Done: " in ran.output


def there_and_back(exchange: Exchange, way: Way) -> None:
    before = comparable(exchange.tenant)
    created(exchange, way)
    rules = exchange.tenant["transportRules"]
    assert [each["Name"] for each in rules[-2:]] == [LOOP_CHECK, REDIRECT]
    assert [each["State"] for each in rules[-2:]] == ["Disabled", "Disabled"]
    ran = exchange.run("05", way)
    assert ran.ok, ran.output
    assert ran.output.count("Verified: ") == 2
    assert f"{REDIRECT}: off" in ran.output
    ran = exchange.run("07", way)
    assert not ran.ok
    assert "Loop Check" in ran.output
    assert exchange.run("06", way).ok
    ran = exchange.run("07", way)
    assert not ran.ok
    assert "WAITING until" in ran.output
    assert ran.changed == []
    assert exchange.run("07", way, WaitMinutes=0).ok
    assert exchange.find(REDIRECT)["State"] == "Enabled"
    ran = exchange.run("05", way)
    assert ran.ok, ran.output
    assert f"{REDIRECT}: on" in ran.output
    ran = exchange.run("08", way)
    assert ran.ok, ran.output
    assert exchange.find(REDIRECT)["State"] == "Disabled"
    assert "$RedirectOffSince = '" in ran.output
    back(exchange, way)
    assert comparable(exchange.tenant) == before


@pytest.mark.parametrize("way", WAYS)
def test_there_and_back(way: Way, exchange: Exchange) -> None:
    exchange.tenant = busy_tenant()
    there_and_back(exchange, way)


@pytest.mark.parametrize("way", ["paste", "constrained"])
@pytest.mark.parametrize("guard", LoopGuard)
def test_there_and_back_with_each_loop_guard(guard: LoopGuard, way: Way, exchange: Exchange) -> None:
    exchange.values = {"loop_guard": guard.value}
    there_and_back(exchange, way)


@pytest.mark.parametrize("region", REGIONS)
def test_there_and_back_in_each_region(region: str, exchange: Exchange) -> None:
    exchange.values = {"region": region}
    there_and_back(exchange, "paste")


@pytest.mark.parametrize("way", WAYS)
def test_there_and_back_with_a_tenant_id_and_a_change_reference_of_any_characters(way: Way, exchange: Exchange) -> None:
    exchange.values = {"tenant_id": TENANT_ID, "change": HOSTILE}
    tenant = empty_tenant()
    # The service may write it in capitals.
    tenant["connections"][0]["TenantID"] = TENANT_ID.upper()
    exchange.tenant = tenant
    there_and_back(exchange, way)


def test_another_tenant_id_stops_every_form(exchange: Exchange) -> None:
    exchange.values = {"tenant_id": TENANT_ID}
    for number in ALL:
        ran = exchange.go(number)
        assert not ran.ok
        assert ran.changed == []
        assert "Not contoso.onmicrosoft.com, but" in ran.words


def test_rollback_turns_redirect_off(exchange: Exchange) -> None:
    before = comparable(exchange.tenant)
    created(exchange)
    exchange.to_stage("06", "07")
    back(exchange)
    assert comparable(exchange.tenant) == before


@pytest.mark.parametrize("way", WAYS)
def test_what_if_changes_nothing_and_ends_well_wherever_the_form_would(way: Way, exchange: Exchange) -> None:
    for number in ("01", "02", "03", "04", "06", "07", "08", "09"):
        ran = exchange.go(number, way, WhatIf=True)
        assert ran.ok, ran.output
        assert ran.changed == []
        assert "Simulated" in ran.output
        assert "RedirectOffSince" not in ran.output
        assert exchange.go(number).ok
    ran = exchange.go("10", way, WhatIf=True)
    assert ran.ok, ran.output
    assert ran.changed == []
    assert [call["cmdlet"] for call in ran.calls if call["whatIf"]] == [
        "Remove-TransportRule", "Remove-OutboundConnector", "Remove-InboundConnector",
    ]  # fmt: skip


def test_a_form_that_is_run_twice_does_nothing_the_second_time(exchange: Exchange) -> None:
    created(exchange)
    tenant = exchange.tenant
    for number in CREATE:
        ran = exchange.run(number)
        assert not ran.ok
        assert "Nothing was changed." in ran.output
        assert "already" in ran.output
    assert exchange.tenant == tenant
    for number in ("06", "07"):
        assert exchange.go(number).changed != []
        ran = exchange.go(number)
        assert ran.ok
        assert ran.changed == []
        assert "Nothing to do" in ran.output
    for number in ("08", "09", "10"):
        assert exchange.go(number).changed != []
        ran = exchange.go(number)
        assert ran.ok, ran.output
        assert ran.changed == []
