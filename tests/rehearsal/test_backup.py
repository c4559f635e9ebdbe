"""A tenant from what 20-backup saved."""

import json
from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.backup import tenant_from_backup
from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import Tenant
from mm365.errors import RehearsalError
from mm365.request.request import Request, build_request
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
    again = tenant_from_backup(file, valid_request)
    assert without_times(again) == without_times(busy_tenant())
    assert again["connections"][0]["TenantID"] == busy_tenant()["connections"][0]["TenantID"]


def test_what_a_backup_does_not_hold_counts_as_not_set(valid_request: Request, tmp_path: Path) -> None:
    rule = {"Name": "r", "Guid": "g", "Priority": 0, "State": "Enabled", "NewIn2027": True}
    file = write(tmp_path, {**BACKUP, "transportRules": [rule]})
    [made] = tenant_from_backup(file, valid_request)["transportRules"]
    assert (made["NewIn2027"], made["PrependSubject"], made["StopRuleProcessing"]) == (True, None, False)


def test_a_byte_order_mark_does_no_harm(valid_request: Request, tmp_path: Path) -> None:
    file = tmp_path / "backup.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(BACKUP).encode())
    assert tenant_from_backup(file, valid_request)["transportRules"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is not a backup of a tenant"),
        (b'{"format": "mm365-state-1"}', "is not a backup of a tenant"),
        ({**BACKUP, "tenant": "fabrikam.com"}, "is a backup of fabrikam.com"),
        ({**BACKUP, "inboundConnectors": None}, "inboundConnectors is not a list"),
        ({**BACKUP, "transportRules": [{"Name": "r", "Guid": "g"}]}, "transportRules is not a list"),
        ({**BACKUP, "outboundConnectors": ["x"]}, "outboundConnectors is not a list"),
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(
    content: bytes | dict[str, Any], says: str, valid_request: Request, tmp_path: Path
) -> None:
    with pytest.raises(RehearsalError, match=says):
        tenant_from_backup(write(tmp_path, content), valid_request)


def test_a_backup_of_another_tenant_id_is_refused(request_values: dict[str, str], tmp_path: Path) -> None:
    request = build_request({**request_values, "tenant_id": "7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13"}, needs=())
    with pytest.raises(RehearsalError, match="give a backup of the pack's own tenant"):
        tenant_from_backup(write(tmp_path, BACKUP), request)


def without_times(tenant: Tenant) -> list[dict[str, object]]:
    """20-backup writes times with seven digits."""
    kinds = comparable(tenant).values()
    return [{name: value for name, value in item.items() if "When" not in name} for kind in kinds for item in kind]


def write(folder: Path, content: bytes | dict[str, Any]) -> Path:
    file = folder / "backup.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file
