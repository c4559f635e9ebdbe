"""The stop form turns Redirect off, by whatever name."""

import pytest

from mm365.emulator.contract import Behaviour
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from tests.paste.running import CREATE, WAYS, Exchange, Way
from tests.scripts.objects import OUTBOUND, REDIRECT

pytestmark = pytest.mark.powershell

ENABLED = (*CREATE, "06", "07")


@pytest.mark.parametrize("behaviour", [{}, {"routeReadsBackAs": "guid"}], ids=["name", "guid"])
def test_it_finds_what_was_renamed(behaviour: Behaviour, exchange: Exchange) -> None:
    exchange.tenant = empty_tenant(behaviour=behaviour)
    exchange.to_stage(*ENABLED)
    exchange.set_values(REDIRECT, Name="Renamed")
    ran = exchange.run("08")
    assert ran.ok, ran.output
    assert ran.changed == ["Disable-TransportRule"]
    assert exchange.find("Renamed")["State"] == "Disabled"


@pytest.mark.parametrize("way", WAYS)
def test_it_finds_what_was_renamed_together_with_its_connector(way: Way, exchange: Exchange) -> None:
    exchange.to_stage(*ENABLED)
    exchange.set_values(REDIRECT, Name="Renamed", RouteMessageOutboundConnector="Out")
    exchange.set_values(OUTBOUND, Name="Out")
    ran = exchange.run("08", way)
    assert ran.ok, ran.output
    assert exchange.find("Renamed")["State"] == "Disabled"


def test_another_rule_that_is_on_and_sends_mail_there_is_named(exchange: Exchange) -> None:
    exchange.to_stage(*ENABLED)
    with exchange.changed() as tenant:
        add_rule(tenant, transport_rule("Another", RouteMessageOutboundConnector=OUTBOUND))
    ran = exchange.run("08")
    assert not ran.ok
    assert "Another" in ran.output
    assert "Done" not in ran.output
    assert exchange.find(REDIRECT)["State"] == "Disabled"
    assert exchange.find("Another")["State"] == "Enabled"


def test_it_turns_redirect_off_where_connectors_cannot_be_read(exchange: Exchange) -> None:
    """The account may have the role for rules only."""
    exchange.to_stage(*ENABLED)
    exchange.fault(kind="error", nth=0, cmdlet="Get-OutboundConnector")
    ran = exchange.run("08")
    assert not ran.ok
    assert exchange.find(REDIRECT)["State"] == "Disabled"


def test_it_ends_well_with_nothing_there(exchange: Exchange) -> None:
    ran = exchange.run("08")
    assert ran.ok
    assert ran.changed == []
