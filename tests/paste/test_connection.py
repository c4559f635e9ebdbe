"""The right tenant and one connection to it, or nothing."""

from typing import Any

import pytest

from mm365.emulator.tenants import connection, empty_tenant
from tests.paste.running import ALL, Exchange, refused

pytestmark = pytest.mark.powershell

CONNECTIONS: dict[str, list[dict[str, Any]]] = {
    "two": [connection(), connection(Id=2)],
    "none of it": [],
    "broken": [connection(State="Broken")],
    "prefix": [connection(ModulePrefix="EXO")],
    "compliance": [connection(IsEopSession=True)],
}


@pytest.mark.parametrize("which", CONNECTIONS)
def test_every_form_refuses_another_connection(which: str, exchange: Exchange) -> None:
    tenant = empty_tenant()
    tenant["connections"] = CONNECTIONS[which]
    exchange.tenant = tenant
    for number in ALL:
        refused(exchange.go(number), "Connect")


def test_every_form_refuses_another_tenant_even_one_whose_name_contains_ours(exchange: Exchange) -> None:
    exchange.tenant = empty_tenant("fabrikam.onmicrosoft.com", accepted_domains=("notcontoso.onmicrosoft.com",))
    for number in ALL:
        refused(exchange.go(number), "fabrikam.onmicrosoft.com")


def test_a_delegated_organization_is_shown(exchange: Exchange) -> None:
    tenant = empty_tenant()
    tenant["connections"] = [connection(DelegatedOrganization="customer.example")]
    exchange.tenant = tenant
    assert "customer.example" in exchange.run("01").output
