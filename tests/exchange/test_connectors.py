"""Connectors: what they store, what is refused, and what Get returns of them."""

from typing import TYPE_CHECKING, Literal

import pytest

from mm365.emulator.shapes import INBOUND, OUTBOUND, Object
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from tests.exchange.running import DUPLICATE, INVALID, NOT_BOUND, Exchange, rule_tenant

if TYPE_CHECKING:
    from mm365.emulator.contract import Behaviour


def test_an_inbound_connector_reads_back_as_the_service_stores_it(exchange: Exchange) -> None:
    text = """
    $null = New-InboundConnector 'Filter in' -ConnectorType onpremises -SenderDomains * -RequireTls $true `
        -TlsSenderCertificateName '*.filter.example' -EFSkipLastIP $true -Comment '2025-01-01T00:00:00Z'
    $said.read = Get-InboundConnector
    $said.dates = $said.read.WhenChangedUTC.GetType().Name, $said.read.WhenChangedUTC.Kind.ToString(),
        $said.read.Comment.GetType().Name, $said.read.Guid.GetType().Name
    $said.duplicate = Try-It { New-InboundConnector 'FILTER IN' -SenderDomains * }
    $said.noDomains = Try-It { New-InboundConnector x }
    $said.embedded = Try-It { New-InboundConnector x -SenderDomains 'a.*.example' }
    $said.certificate = Try-It {
        New-InboundConnector x -SenderDomains * -TlsSenderCertificateName 'a*.example'
    }
    $said.ipv6 = Try-It { New-InboundConnector x -SenderDomains * -SenderIPAddresses '2001:db8::1' }
    $said.wide = Try-It { New-InboundConnector x -SenderDomains * -SenderIPAddresses '192.0.2.0/16' }
    $said.internal = Try-It { New-InboundConnector x -SenderDomains * -TreatMessagesAsInternal $true }
    Set-InboundConnector 'filter in' -Enabled $false -Name 'Renamed' -SenderDomains 'a.example', '*.b.example'
    """
    run = exchange(text, empty_tenant())
    said = run.said
    read = said.pop("read")
    assert set(read) == set(INBOUND)
    assert (read["ConnectorType"], read["ConnectorSource"]) == ("OnPremises", "Default")
    assert (read["SenderDomains"], read["RequireTls"], read["Enabled"]) == (["smtp:*;1"], True, True)
    assert (read["EFSkipLastIP"], read["SenderIPAddresses"]) == (True, [])
    assert read["Name"] == read["Identity"] == read["Id"] == "Filter in"
    assert read["Guid"] == read["ExchangeObjectId"]
    assert said.pop("dates") == ["DateTime", "Utc", "String", "String"]
    assert said.pop("duplicate") == DUPLICATE
    assert said.pop("noDomains") == NOT_BOUND
    assert set(said.values()) == {INVALID}
    (stored,) = run.tenant["inboundConnectors"]
    assert (stored["Name"], stored["Identity"], stored["Enabled"]) == ("Renamed", "Renamed", False)
    assert stored["SenderDomains"] == ["smtp:a.example;1", "smtp:*.b.example;1"]
    assert stored["Comment"] == "2025-01-01T00:00:00Z"


def test_an_outbound_connector_needs_settings_that_fit_together(exchange: Exchange) -> None:
    text = """
    $scoped = @{ ConnectorType = 'Partner'; IsTransportRuleScoped = $true }
    $said.noSmartHost = Try-It { New-OutboundConnector x @scoped -UseMXRecord $false }
    $said.brackets = Try-It { New-OutboundConnector x -UseMXRecord $false -SmartHosts '[192.0.2.1]' }
    $tls = @{ UseMXRecord = $false; SmartHosts = 'a.example', '192.0.2.1' }
    $said.tlsDomain = Try-It {
        New-OutboundConnector x @tls -TlsSettings CertificateValidation -TlsDomain a.example
    }
    $said.noTlsDomain = Try-It { New-OutboundConnector x @tls -TlsSettings DomainValidation }
    $said.onPremises = Try-It { New-OutboundConnector x -ConnectorType Partner -AllAcceptedDomains $true }
    $null = New-OutboundConnector 'Filter out' @scoped @tls -TlsSettings domainvalidation -TlsDomain '*.a.example'
    $said.duplicate = Try-It { New-OutboundConnector 'filter OUT' }
    $said.read = Get-OutboundConnector -IsTransportRuleScoped $true
    $said.set = Try-It { Set-OutboundConnector 'Filter out' -TlsSettings EncryptionOnly }
    Set-OutboundConnector 'Filter out' -TlsSettings $null -TlsDomain $null
    """
    run = exchange(text, empty_tenant())
    said = run.said
    read = said.pop("read")
    assert set(read) == set(OUTBOUND)
    assert (read["SmartHosts"], read["UseMXRecord"]) == (["a.example", "192.0.2.1"], False)
    assert (read["TlsSettings"], read["TlsDomain"]) == ("DomainValidation", "*.a.example")
    assert (read["RecipientDomains"], read["MtaStsMode"]) == ([], "Opportunistic")
    assert said.pop("duplicate") == DUPLICATE
    assert set(said.values()) == {INVALID}
    assert run.tenant["outboundConnectors"][0]["TlsSettings"] is None


@pytest.mark.parametrize(
    ("creation", "expected"),
    [
        (
            "disabled",
            {"new": "ok", "warned": 1, "enabled": False, "set": "ok", "still": False, "partner": True},
        ),
        ("refused", {"new": "OrganizationInboundConnectorProhibitedException"}),
    ],
)
def test_some_tenants_do_not_get_an_inbound_connector_that_works(
    exchange: Exchange, creation: Literal["disabled", "refused"], expected: Object
) -> None:
    """Created disabled with only a warning, or not at all."""
    text = """
    $said.new = Try-It {
        New-InboundConnector i -ConnectorType OnPremises -SenderDomains * `
            -WarningVariable script:warned -WarningAction SilentlyContinue
    }
    if ($said.new -eq 'ok') {
        $said.warned = @($script:warned).Count
        $said.enabled = (Get-InboundConnector i).Enabled
        $said.set = Try-It { Set-InboundConnector i -Enabled $true -WarningAction SilentlyContinue }
        $said.still = (Get-InboundConnector i).Enabled
        $said.partner = (New-InboundConnector p -ConnectorType Partner -SenderDomains a.example).Enabled
    }
    """
    assert exchange(text, empty_tenant(behaviour={"inboundCreation": creation})).said == expected


def test_a_connector_in_use_cannot_be_removed(exchange: Exchange) -> None:
    """Whether it can be is not documented; refusing is the careful choice. -WhatIf finds it too."""
    text = """
    $said.whatIf = Try-It { Remove-OutboundConnector 'Filter out' -WhatIf }
    $said.used = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    Remove-TransportRule Redirect -Confirm:$false
    $said.free = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    """
    tenant = rule_tenant()
    add_rule(tenant, transport_rule("Redirect", RouteMessageOutboundConnector="Filter out"))
    run = exchange(text, tenant)
    assert run.said == {"whatIf": "ObjectInUseException", "used": "ObjectInUseException", "free": "ok"}
    assert run.tenant["outboundConnectors"] == []


def test_a_connector_in_use_can_be_removed_where_the_service_allows_it(exchange: Exchange) -> None:
    """The same run shows a route that reads back as a Guid."""
    text = """
    $rule = New-TransportRule Redirect -RouteMessageOutboundConnector 'FILTER OUT'
    $said.route = $rule.RouteMessageOutboundConnector
    $said.guid = (Get-OutboundConnector -IsTransportRuleScoped $true).Guid
    $said.remove = Try-It { Remove-OutboundConnector 'Filter out' -Confirm:$false }
    """
    behaviour: Behaviour = {"removeReferencedConnector": "allow", "routeReadsBackAs": "guid"}
    said = exchange(text, rule_tenant(behaviour=behaviour)).said
    assert said["route"] == said["guid"]
    assert said["remove"] == "ok"
