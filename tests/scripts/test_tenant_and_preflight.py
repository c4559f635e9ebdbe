"""The right tenant or nothing, in every script; and what 10-preflight finds."""

from typing import Any

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.contract import Behaviour
from mm365.emulator.tenants import Tenant, add_rule, connection, empty_tenant, transport_rule
from mm365.integration.risks import RISKS
from mm365.request.request import Request, build_request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, OUTBOUND, REDIRECT, ours, put
from tests.shell import Case, drive, new_shell, step

pytestmark = pytest.mark.powershell

EVERY_SCRIPT = [
    step("10-preflight"),
    step("20-backup"),
    step("30-create"),
    step("40-verify", Expect="Created"),
    step("50-enable", Stage="LoopCheck"),
    step("60-stop"),
    step("70-rollback", DrainHours=0),
]


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
    }


def test_every_script_refuses_to_run_anywhere_but_in_its_tenant(shells: NewShell) -> None:
    tenants = wrong_connections()
    cases = [Case(shell=shells(tenant), steps=EVERY_SCRIPT) for tenant in tenants.values()]
    for says, case, ended in zip(tenants, cases, drive(cases), strict=True):
        for run in ended:
            assert run.exit_code == 1
            assert says in run.output
        assert not any(call["changed"] for call in case.shell.calls)
        assert not (case.shell.folder / "state" / "state.json").exists()


def test_a_tenant_id_of_the_request_is_compared_as_well(request_values: dict[str, str], tmp_path: Any) -> None:
    right = empty_tenant()["connections"][0]["TenantID"]
    for number, (tenant_id, code) in enumerate(((right, 0), ("11111111-2222-3333-4444-555555555555", 1))):
        request = build_request({**request_values, "tenant_id": tenant_id}, needs=())
        assert new_shell(tmp_path / str(number), request).run("20-backup").exit_code == code


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ({"prefix": "EXO"}, "has the prefix 'EXO', which renames every cmdlet"),
        ({"missing": ["Remove-InboundConnector"]}, "roles do not give: Remove-InboundConnector"),
        ({"missing": ["New-TransportRule:RouteMessageOutboundConnector"]}, "New-TransportRule -RouteMessageOutbound"),
    ],
)
def test_a_prefix_and_missing_roles_are_found_before_the_first_change(
    behaviour: Behaviour, says: str, shells: NewShell
) -> None:
    ended = shells(empty_tenant(behaviour=behaviour)).run("10-preflight")
    assert ended.exit_code == 1
    assert says in ended.output


def test_preflight_names_each_rule_that_matters_and_changes_nothing(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    ended = shell.run("10-preflight")
    assert ended.exit_code == 0, ended.output
    lines = ended.output.splitlines()
    findings = [line for line in lines if line.startswith(("OK ", "WARN ", "STOP "))]
    assert any("end processing (1): 'Block executables'" in line for line in findings)
    assert any("route elsewhere (1): 'Identify messages" in line for line in findings)
    assert any("act twice on every filtered message (4)" in line and "'[EXT] mark *'" in line for line in findings)
    for risk in RISKS:
        if risk.standing:
            assert f"WARN  {risk.text}" in lines
    assert not any(call["changed"] for call in shell.calls)
    assert not (shell.folder / "state").exists()


def test_preflight_stops_what_cannot_go_in(shells: NewShell, valid_request: Request) -> None:
    dehydrated = empty_tenant()
    dehydrated["organization"]["IsDehydrated"] = True
    different = put(empty_tenant(), valid_request, *NAMES)
    ours(different)[OUTBOUND]["UseMXRecord"] = True
    full = empty_tenant()
    for number in range(299):
        add_rule(full, transport_rule(f"rule {number}", enabled=False))
    unsafe = put(empty_tenant(), valid_request, OUTBOUND)
    put(unsafe, valid_request, REDIRECT, on=True)
    tenants = {
        "STOP  The organization is dehydrated": dehydrated,
        "UseMXRecord is 'True', not 'False'": different,
        "STOP  299 rules are there": full,
        "Mail is at risk now: run 60-stop": unsafe,
    }
    cases = [Case(shell=shells(tenant), steps=[step("10-preflight")]) for tenant in tenants.values()]
    for says, [ended] in zip(tenants, drive(cases), strict=True):
        assert ended.exit_code == 1
        assert says in ended.output
