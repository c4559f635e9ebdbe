"""The right tenant or nothing, in every script."""

from typing import Any

import pytest

from mm365.emulator.contract import Behaviour
from mm365.emulator.tenants import Tenant, connection, empty_tenant
from mm365.request.request import build_request
from tests.scripts.conftest import NewShell
from tests.scripts.steps import SCRIPTS, ends_truly, run, usual
from tests.shell import Case, drive, new_shell, step

pytestmark = pytest.mark.powershell

ON_PREMISES = (
    "Import-Module ExchangeOnlineManagement; New-Module -Name tmp_onprem -ScriptBlock { "
    "function New-TransportRule { param($Name) } } | Import-Module -Force; "
)


def wrong_connections() -> dict[str, Tenant]:
    """Tenants whose connection is not the one that is needed, by what is said."""

    def tenant(*, domain: str = "contoso.onmicrosoft.com", **changes: Any) -> Tenant:
        made = empty_tenant(domain)
        made["connections"][0].update(changes)
        return made

    none, two = empty_tenant(), empty_tenant()
    none["connections"] = []
    two["connections"].append(connection("fabrikam.onmicrosoft.com"))
    return {
        "There are 0 Exchange Online connections": none,
        "There are 2 Exchange Online connections": two,
        "is none of its accepted domains": tenant(domain="fabrikam.onmicrosoft.com"),
        "'Broken', not Connected": tenant(State="Broken"),
        "Security & Compliance": tenant(IsEopSession=True),
        "has the prefix 'EXO'": tenant(ModulePrefix="EXO"),
    }


def test_every_script_refuses_to_run_anywhere_but_in_its_tenant(shells: NewShell) -> None:
    tenants = wrong_connections()
    steps = [usual(script) for script in SCRIPTS]
    cases = [Case(shell=shells(tenant), steps=steps) for tenant in tenants.values()]
    for says, case, ended in zip(tenants, cases, drive(cases), strict=True):
        for each in ended:
            assert each.exit_code == 1
            assert says in each.output
            ends_truly(each)
        assert case.shell.changes == []
        assert not (case.shell.folder / "state").exists()


def test_a_tenant_id_of_the_request_is_compared_as_well(request_values: dict[str, str], tmp_path: Any) -> None:
    right = empty_tenant()["connections"][0]["TenantID"]
    for number, (tenant_id, code) in enumerate(((right, 0), ("11111111-2222-3333-4444-555555555555", 1))):
        request = build_request({**request_values, "tenant_id": tenant_id}, needs=())
        shell = new_shell(tmp_path / str(number), request)
        for script in SCRIPTS:
            [ended] = run(shell, usual(script))
            assert ended.exit_code == code or script in {"40-verify", "50-enable"}, ended.output
            assert ("its TenantID is" in ended.output) == bool(code)
            if script == "30-create" and code == 0:
                shell.tenant = empty_tenant()


def test_under_a_delegated_organization_an_unlike_tenant_id_is_said_to_be_not_documented(
    request_values: dict[str, str], tmp_path: Any
) -> None:
    request = build_request({**request_values, "tenant_id": "11111111-2222-3333-4444-555555555555"}, needs=())
    shell = new_shell(tmp_path, request)
    with shell.changed() as tenant:
        tenant["connections"] = [connection(DelegatedOrganization="contoso.onmicrosoft.com")]
    ended = shell.run("20-backup")
    assert ended.exit_code == 1
    assert "With -DelegatedOrganization it is not documented what TenantID holds." in ended.output


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ({"prefix": "EXO"}, "has the prefix 'EXO', which renames every cmdlet"),
        ({"missing": ["Remove-InboundConnector"]}, "roles do not give: Remove-InboundConnector"),
        ({"missing": ["New-TransportRule:RouteMessageOutboundConnector"]}, "New-TransportRule -RouteMessageOutbound"),
        ({"missing": ["Set-TransportRule:Mode"]}, "roles do not give: Set-TransportRule -Mode"),
        ({"missing": ["Disable-TransportRule", "Get-AcceptedDomain"]}, "Get-AcceptedDomain, Disable-TransportRule"),
    ],
)
def test_a_prefix_and_missing_roles_are_found_before_the_first_change(
    behaviour: Behaviour, says: str, shells: NewShell
) -> None:
    ended = shells(empty_tenant(behaviour=behaviour)).run("10-preflight", "file")
    assert ended.exit_code == 1
    assert says in ended.output.replace("\n", " ")
    ends_truly(ended)


@pytest.mark.parametrize("script", ["10-preflight", "30-create"])
def test_cmdlets_of_exchange_on_the_premises_are_not_taken_for_missing_roles(script: str, shells: NewShell) -> None:
    shell = shells()
    ended = shell.alone(step(script), before=ON_PREMISES)
    assert ended.exit_code == 1, ended.output
    assert "New-TransportRule comes from 'tmp_onprem', not from Exchange Online" in ended.output
    assert "roles" not in ended.output
    assert shell.changes == []
