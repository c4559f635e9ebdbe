"""What the scripts note in files, and what they do when they cannot."""

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from mm365.scripts.rendering import render_script
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, ours
from tests.shell import Case, Shell, drive, step

pytestmark = pytest.mark.powershell


def test_no_change_is_made_where_notes_cannot_be_written(shells: NewShell) -> None:
    shell = shells()
    (shell.folder / "state").write_text("a file where a folder should be")
    ended = shell.run("30-create")
    assert ended.exit_code == 1
    assert not any(call["changed"] for call in shell.calls)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{ not JSON", "cannot be read as JSON"),
        ('{"format": "something else"}', "is no state file of this pack"),
        ('{"format": "mm365-state-1", "tenant": "x", "tenantId": "y", "objects": {}}', "is of another tenant"),
    ],
)
def test_notes_that_are_damaged_or_of_another_tenant_stop_the_script(content: str, says: str, shells: NewShell) -> None:
    shell = shells()
    (shell.folder / "state").mkdir()
    (shell.folder / "state" / "state.json").write_text(content)
    for ended in drive([Case(shell=shell, steps=[step("30-create"), step("70-rollback")])])[0]:
        assert ended.exit_code == 1
        assert says in ended.output
    assert not any(call["changed"] for call in shell.calls)


def test_a_backup_holds_every_connector_and_every_rule_in_order(shells: NewShell) -> None:
    for listing in ("documented", "captured"):
        shell = shells(
            busy_tenant(behaviour={"outboundListing": "captured" if listing == "captured" else "documented"})
        )
        assert shell.run("20-backup").exit_code == 0
        [path] = (shell.folder / "state").glob("backup-*.json")
        assert path.read_bytes().isascii()
        saved = Shell.read_json(path)
        tenant = busy_tenant()
        for kind in ("inboundConnectors", "outboundConnectors"):
            assert {item["Guid"] for item in saved[kind]} == {item["Guid"] for item in tenant[kind]}
        assert [rule["Name"] for rule in saved["transportRules"]] == [rule["Name"] for rule in tenant["transportRules"]]
        assert saved["transportRules"][0].keys() == tenant["transportRules"][0].keys()


def test_scripts_that_stand_alone_work_together_over_one_folder_of_notes(
    shells: NewShell, request_values: dict[str, str]
) -> None:
    request: Request = build_request(request_values, needs=())
    shell = shells(busy_tenant())
    names = ("inbound-connector", "outbound-connector", "transport-rules", "rollback")
    for name in names:
        script = render_script(name, build_change(request), "file")
        (shell.pack / "scripts" / f"{name}.ps1").write_bytes(script.data)
    too_early = drive([Case(shell=shell, steps=[step("transport-rules")])])[0][0]
    assert too_early.exit_code == 1
    assert "outbound connector is not there" in too_early.output
    ended = drive([Case(shell=shell, steps=[step(name) for name in names[:3]])])[0]
    assert [run.exit_code for run in ended] == [0, 0, 0], [run.output for run in ended]
    assert set(ours(shell.tenant)) == set(NAMES)
    back = drive([Case(shell=shell, steps=[step("rollback")])])[0][0]
    assert back.exit_code == 0, back.output
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_without_a_state_path_the_notes_are_in_the_pack(shells: NewShell) -> None:
    shell = shells(empty_tenant())
    done = shell.pwsh("-File", str(shell.pack / "scripts" / "20-backup.ps1"))
    assert done.returncode == 0, done.stdout
    assert len(list((shell.pack / "state").glob("backup-*.json"))) == 1
