"""10-preflight: what it finds in the tenant, and how it says so."""

import re
from typing import Any

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import (
    Tenant,
    add_rule,
    empty_tenant,
    inbound_connector,
    outbound_connector,
    transport_rule,
)
from mm365.integration.risks import STANDING_RISKS
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, OUTBOUND, REDIRECT, ours, put
from tests.scripts.steps import run
from tests.shell import Case, drive, step

pytestmark = pytest.mark.powershell

PREFLIGHT = step("10-preflight")
TWICE: dict[str, Any] = {
    "PrependSubject": "[EXT]",
    "ApplyHtmlDisclaimerText": "<p>x</p>",
    "BlindCopyTo": ["a@contoso.com"],
    "CopyTo": ["a@contoso.com"],
    "AddToRecipients": ["a@contoso.com"],
    "AddManagerAsRecipientType": "To",
    "RedirectMessageTo": ["a@contoso.com"],
    "ModerateMessageByUser": ["a@contoso.com"],
    "ModerateMessageByManager": True,
    "SetHeaderName": "X-Seen",
    "GenerateIncidentReport": "a@contoso.com",
    "GenerateNotification": "<p>x</p>",
    "ApplyOME": True,
}
"""Actions whose effect shows twice, or bounces, when a rule sees a message on its way out and on its way back."""


def said(tenant: Tenant, shells: NewShell) -> str:
    """What it says of a tenant in which nothing stands against the change."""
    shell = shells(tenant)
    [ended] = run(shell, PREFLIGHT)
    assert ended.exit_code == 0, ended.output
    assert shell.changes == []
    assert not (shell.folder / "state").exists()
    return ended.output


def warnings(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("WARN ")]


def test_each_rule_that_matters_is_named(shells: NewShell) -> None:
    found = warnings(said(busy_tenant(), shells))
    assert any("end processing (1): 'Block executables'" in line for line in found)
    assert any("route elsewhere (1): 'Identify messages" in line for line in found)
    assert any("act twice on mail (4)" in line and "'[EXT] mark *'" in line for line in found)


def test_what_always_holds_is_one_line_that_points_to_the_change_request(shells: NewShell) -> None:
    output = said(busy_tenant(), shells)
    [note] = [line for line in output.splitlines() if line.startswith("NOTE ")]
    assert f"{len(STANDING_RISKS)} risks hold in every tenant" in note
    assert "change request" in note
    for risk in STANDING_RISKS:
        assert risk.title not in output


def test_what_is_so_in_this_tenant_comes_last(shells: NewShell) -> None:
    lines = said(busy_tenant(), shells).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("WARN "))
    assert not any(line.startswith(("OK ", "NOTE ")) for line in lines[first:])
    assert any(line.startswith("OK ") for line in lines[:first])


def test_a_tenant_with_nothing_in_it_has_no_warning(shells: NewShell) -> None:
    assert warnings(said(empty_tenant(), shells)) == []


def test_hybrid_and_enhanced_filtering_are_named(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["outboundConnectors"] = [
        outbound_connector("To premises", ConnectorType="OnPremises", RouteAllMessagesViaOnPremises=True)
    ]
    tenant["inboundConnectors"] = [
        inbound_connector("Filtered", EFSkipLastIP=True),
        inbound_connector("By address", EFSkipIPs=["192.0.2.1"]),
    ]
    output = said(tenant, shells)
    assert re.search("^WARN .*hybrid.*'To premises'", output, flags=re.MULTILINE)
    assert re.search("^WARN .*Enhanced Filtering.*'Filtered', 'By address'", output, flags=re.MULTILINE)


def test_of_rules_in_mode_audit_only_those_that_stop_are_named_as_they_take_no_action(shells: NewShell) -> None:
    tenant = empty_tenant()
    for number, mode in enumerate(("Audit", "AuditAndNotify")):
        add_rule(tenant, transport_rule(f"Only looks {number}", Mode=mode, PrependSubject="x", DeleteMessage=True))
    add_rule(tenant, transport_rule("May stop", Mode="Audit", PrependSubject="x", StopRuleProcessing=True))
    output = said(tenant, shells)
    assert "Only looks" not in output
    assert [line.partition(" (")[0] for line in warnings(output)] == ["WARN  rules above in mode Audit that stop"]


@pytest.mark.parametrize("action", TWICE)
def test_every_action_that_would_be_taken_twice_is_named(action: str, shells: NewShell) -> None:
    tenant = empty_tenant()
    add_rule(tenant, transport_rule("Twice", **{action: TWICE[action]}))
    assert re.search("^WARN .*act twice.*'Twice'", said(tenant, shells), flags=re.MULTILINE)


def test_a_dehydrated_organization_is_a_warning(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["organization"]["IsDehydrated"] = True
    assert re.search("^WARN  the organization is dehydrated", said(tenant, shells), flags=re.MULTILINE)


def test_control_characters_in_names_do_not_reach_the_screen(shells: NewShell) -> None:
    tenant = empty_tenant()
    add_rule(tenant, transport_rule("\x1b[2Jgone\nSTOP  forged", StopRuleProcessing=True))
    output = said(tenant, shells)
    assert "\x1b[2J" not in output
    assert "\nSTOP" not in output


def test_what_cannot_go_in_is_a_stop(shells: NewShell, valid_request: Request) -> None:
    different = put(empty_tenant(), valid_request, *NAMES)
    ours(different)[OUTBOUND]["UseMXRecord"] = True
    full = empty_tenant()
    for number in range(299):
        add_rule(full, transport_rule(f"rule {number}", enabled=False))
    unsafe = put(empty_tenant(), valid_request, OUTBOUND)
    put(unsafe, valid_request, REDIRECT, on=True)
    tenants = {
        "UseMXRecord is 'True', not 'False'": different,
        "STOP  299 rules are there": full,
        "Mail is at risk now: run 60-stop": unsafe,
    }
    cases = [Case(shell=shells(tenant), steps=[PREFLIGHT]) for tenant in tenants.values()]
    for says, [ended] in zip(tenants, drive(cases), strict=True):
        assert ended.exit_code == 1
        assert says in ended.output
        assert re.search("Findings: .* [1-9][0-9]* STOP", ended.output)
