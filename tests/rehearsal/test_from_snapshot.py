"""A tenant from what 20-backup saved, or from another export."""

import json
from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.from_snapshot import tenant_from_snapshot
from mm365.emulator.tenants import Tenant, transport_rule
from mm365.errors import RehearsalError
from mm365.integration.article import build_integration
from mm365.plan.against import plan_against
from mm365.request.request import Request, build_request
from mm365.snapshot.read import read_snapshot
from tests.exports import EXPORTS, ours, tenant_with
from tests.shell import Shell, new_shell

BACKUP = {
    "format": "mm365-backup-1", "tenant": "contoso.onmicrosoft.com", "tenantId": "t",
    "inboundConnectors": [], "outboundConnectors": [], "transportRules": [],
}  # fmt: skip


@pytest.mark.powershell
def test_what_20_backup_saves_is_the_tenant_again(valid_request: Request, tmp_path: Path) -> None:
    shell: Shell = new_shell(tmp_path / "shell", valid_request, busy_tenant())
    assert shell.run("20-backup").exit_code == 0
    [file] = (shell.folder / "state").glob("backup-*.json")
    again = tenant_from_snapshot(str(file), valid_request)
    assert without_times(again) == without_times(busy_tenant())
    # It holds all that a plan needs.
    plan = plan_against(read_snapshot([str(file)]), valid_request, build_integration(valid_request))
    assert (plan.outcome, plan.order_now) == ("change", tuple(rule["Name"] for rule in busy_tenant()["transportRules"]))
    assert again["connections"][0]["TenantID"] == busy_tenant()["connections"][0]["TenantID"]


def test_what_a_backup_does_not_hold_counts_as_not_set(valid_request: Request, tmp_path: Path) -> None:
    rule = {**transport_rule("r", PrependSubject="x"), "Priority": 0, "NewIn2027": True}
    del rule["ADComparisonAttribute"]
    file = write(tmp_path, {**BACKUP, "transportRules": [rule]})
    [made] = tenant_from_snapshot(str(file), valid_request)["transportRules"]
    assert (made["NewIn2027"], made["ADComparisonAttribute"], made["StopRuleProcessing"]) == (True, None, False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Conditions": ["System.String[]"]}, "the depth was cut"),
        ({"Priority": 3}, "not all rules were exported"),
        ({"Description": "", "Conditions": [], "Actions": []}, "they were left out"),
    ],
)
def test_an_export_that_is_not_whole_is_refused_with_the_command_for_a_whole_one(
    change: dict[str, object], says: str, valid_request: Request, tmp_path: Path
) -> None:
    file = write(tmp_path, {**BACKUP, "transportRules": [{**transport_rule("r"), "Priority": 0, **change}]})
    with pytest.raises(RehearsalError, match=says) as refused:
        tenant_from_snapshot(str(file), valid_request)
    assert "export it again with: ConvertTo-Json @(Get-TransportRule" in str(refused.value)


@pytest.mark.parametrize("kind", ["convertto-json", "scubagear", "utcm"])
def test_other_exports_are_the_same_tenant(kind: str, valid_request: Request, tmp_path: Path) -> None:
    tenant = tenant_with(*ours().values())
    file = write(tmp_path, *EXPORTS[kind](tenant))  # type: ignore[arg-type]
    made = tenant_from_snapshot(str(file), valid_request)
    assert names_and_states(made) == names_and_states(tenant)
    assert made["inboundConnectors"][0]["SenderDomains"] == ["smtp:*;1"]


def names_and_states(tenant: Tenant) -> list[object]:
    return [
        (item["Name"], item.get("State"), item.get("Priority"), item.get("HeaderContainsWords"), item.get("SmartHosts"))
        for kind in comparable(tenant).values()
        for item in kind
    ]


def test_a_byte_order_mark_does_no_harm(valid_request: Request, tmp_path: Path) -> None:
    file = tmp_path / "backup.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(BACKUP).encode())
    assert tenant_from_snapshot(str(file), valid_request)["transportRules"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is cut off"),
        (b"nothing", "is not JSON"),
        (b"[]", "holds no objects"),
        (b'{"format": "mm365-state-1"}', "is a file of mm365, but not a backup"),
        ({**BACKUP, "tenant": "fabrikam.com"}, "is of fabrikam.com"),
        ({**BACKUP, "inboundConnectors": None}, "has no list inboundConnectors"),
        (
            {**BACKUP, "transportRules": [{"Name": "r", "Guid": "g"}]},
            "does not say the Priority or the State of rule 'r'",
        ),
        ({**BACKUP, "outboundConnectors": ["x"]}, "has no list outboundConnectors"),
        ({"TransportRules": []}, "has no InboundConnectors and OutboundConnectors"),
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(
    content: bytes | dict[str, Any], says: str, valid_request: Request, tmp_path: Path
) -> None:
    with pytest.raises(RehearsalError, match=says):
        tenant_from_snapshot(str(write(tmp_path, content)), valid_request)


def test_a_backup_of_another_tenant_id_is_refused(request_values: dict[str, str], tmp_path: Path) -> None:
    request = build_request({**request_values, "tenant_id": "7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13"}, needs=())
    with pytest.raises(RehearsalError, match="give an export of the pack's own tenant"):
        tenant_from_snapshot(str(write(tmp_path, BACKUP)), request)


def without_times(tenant: Tenant) -> list[dict[str, object]]:
    """20-backup writes times with seven digits."""
    kinds = comparable(tenant).values()
    return [{name: value for name, value in item.items() if "When" not in name} for kind in kinds for item in kind]


def write(folder: Path, content: bytes | dict[str, Any]) -> Path:
    file = folder / "backup.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file
