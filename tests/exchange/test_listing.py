"""What the Get cmdlets return, and what an identity names."""

from typing import Literal

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from tests.exchange.running import DUPLICATE, NOT_FOUND, SCOPED, Exchange

LISTINGS = """
    $said.plain = @((Get-OutboundConnector).Name)
    $said.unscoped = @((Get-OutboundConnector -IsTransportRuleScoped $false).Name)
    $said.scoped = @((Get-OutboundConnector -IsTransportRuleScoped $true).Name)
    $said.test = @((Get-OutboundConnector -IncludeTestModeConnectors $true).Name)
    """


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ("documented", {"plain": "P", "unscoped": "P", "scoped": "S", "test": "T"}),
        ("captured", {"plain": "SP", "unscoped": "P", "scoped": "S", "test": "SPT"}),
    ],
)
def test_outbound_connectors_are_listed_as_documented_or_as_captured(
    exchange: Exchange, listing: Literal["documented", "captured"], expected: dict[str, str]
) -> None:
    """Documents and practice disagree, so a script must work with both."""
    tenant = busy_tenant(behaviour={"outboundListing": listing})
    for each, name in zip(tenant["outboundConnectors"], ("S", "P", "T"), strict=True):
        each["Name"] = name
    assert exchange(LISTINGS, tenant).said == {key: list(value) for key, value in expected.items()}


def test_an_identity_is_a_name_a_guid_or_a_pattern(exchange: Exchange) -> None:
    """A name that holds * is a pattern, and everything it matches is acted on."""
    tenant = busy_tenant()
    add_rule(tenant, transport_rule("[ext] MARK two"))
    guid = tenant["transportRules"][1]["Guid"]
    text = f"""
    $said.all = @(Get-TransportRule).Count
    $said.null = @(Get-TransportRule -Identity $null).Count
    $said.pattern = @((Get-TransportRule '[EXT] mark *').Name)
    $said.noMatch = @(Get-TransportRule 'nothing*').Count
    $said.guid = (Get-TransportRule '{guid}').Name
    $said.piped = (Get-TransportRule 'block EXECUTABLES' | Get-TransportRule).Priority
    $said.disabled = @((Get-TransportRule -State Disabled).Priority)
    $said.first = @(Get-TransportRule -ResultSize 2 -WarningAction SilentlyContinue).Count
    $said.unlimited = @(Get-TransportRule -ResultSize Unlimited).Count
    $said.unknown = Try-It {{ Get-TransportRule nobody }}
    $said.remove = Try-It {{ Remove-TransportRule nobody -Confirm:$false }}
    Disable-TransportRule '[EXT] mark *' -Confirm:$false
    Get-TransportRule '{guid}' | Disable-TransportRule -Confirm:$false
    """
    run = exchange(text, tenant)
    assert run.said == {
        "all": 9,
        "null": 9,
        "pattern": ["[EXT] mark *", "[ext] MARK two"],
        "noMatch": 0,
        "guid": "Block executables",
        "piped": 1,
        "disabled": [2, 6],
        "first": 2,
        "unlimited": 9,
        "unknown": NOT_FOUND,
        "remove": NOT_FOUND,
    }
    assert [state for _, state in run.rules] == [
        *(
            "Disabled",
            "Disabled",
            "Disabled",
            "Enabled",
            "Enabled",
            "Enabled",
            "Disabled",
            "Enabled",
            "Disabled",
        )
    ]


def test_an_unknown_identity_can_return_everything(exchange: Exchange) -> None:
    """So says the reference. A cmdlet that changes objects still fails."""
    text = """
    $said.rules = @(Get-TransportRule nobody).Count
    $said.inbound = @(Get-InboundConnector nobody).Count
    $said.disable = Try-It { Disable-TransportRule nobody -Confirm:$false }
    """
    run = exchange(text, busy_tenant(behaviour={"unknownIdentity": "all"}))
    assert run.said == {"rules": 8, "inbound": 2, "disable": NOT_FOUND}


def test_new_objects_can_be_late(exchange: Exchange) -> None:
    """The name lags for a number of Gets of its kind, but it is taken."""
    text = f"""
    $null = New-OutboundConnector x {SCOPED}
    $said.taken = Try-It {{ New-OutboundConnector x }}
    $said.route = Try-It {{ New-TransportRule r -RouteMessageOutboundConnector x }}
    $said.seen = 1..3 | ForEach-Object {{ @(Get-OutboundConnector -IsTransportRuleScoped $true).Count }}
    $said.routeNow = Try-It {{ New-TransportRule r -RouteMessageOutboundConnector x }}
    """
    run = exchange(text, empty_tenant(behaviour={"lateCalls": 2}))
    assert run.said == {"taken": DUPLICATE, "route": NOT_FOUND, "seen": [0, 0, 1], "routeNow": "ok"}
