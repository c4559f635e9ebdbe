"""What the scripts note in files, and what they do when they cannot, or when the notes are not theirs."""

import json

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import connection, empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, put
from tests.scripts.steps import BACK_NOW, CREATE, STOP, enable, ends_truly, run, state_of, usual, well
from tests.shell import Shell

pytestmark = pytest.mark.powershell

DAMAGED = ["", "   ", "{", '{"format": "mm365-state-1"', "null"]
OTHERS = ['"text"', "{}", '{"format": "something else"}', '{"format": "mm365-state-1", "tenant": "x"}']
"""What is JSON, but not notes of a pack."""


def test_no_change_is_made_where_notes_cannot_be_written(shells: NewShell) -> None:
    shell = shells()
    (shell.folder / "state").write_text("a file where a folder should be")
    [ended] = run(shell, CREATE)
    assert ended.exit_code == 1
    ends_truly(ended)
    assert shell.changes == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        *((content, "cannot be read as JSON: it is empty, cut off or damaged") for content in DAMAGED),
        *((content, "is not a state file of this pack") for content in OTHERS),
    ],
)
def test_damaged_notes_are_said_to_be_so_and_stay_as_they_are(
    content: str, says: str, shells: NewShell, valid_request: Request
) -> None:
    for script in ("30-create", "50-enable", "70-rollback", "60-stop"):
        shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
        shell.state_file.parent.mkdir()
        shell.state_file.write_text(content)
        [ended] = run(shell, usual(script))
        ends_truly(ended)
        assert f"state.json {says}" in ended.output
        assert shell.state_file.read_text() == content
        assert ended.exit_code == (0 if script == "60-stop" else 1)
        assert shell.changes == (["Disable-TransportRule"] if script == "60-stop" else [])


@pytest.mark.parametrize("field", ["tenant", "tenantId"])
def test_notes_of_another_tenant_are_refused(field: str, shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE))
    shell.note(**{field: "fabrikam.onmicrosoft.com"})
    changed = shell.changes
    for script in ("30-create", "50-enable", "70-rollback"):
        [ended] = run(shell, usual(script))
        assert ended.exit_code == 1
        assert "is of another tenant" in ended.output
    assert shell.changes == changed


def test_stop_does_not_touch_notes_of_another_tenant_and_turns_redirect_off(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    shell.note(tenant="fabrikam.onmicrosoft.com")
    noted = shell.state_file.read_bytes()
    well(run(shell, STOP))
    assert state_of(shell) == "Disabled"
    assert shell.state_file.read_bytes() == noted


def test_a_delegated_organization_is_shown(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["connections"] = [connection(DelegatedOrganization="contoso.onmicrosoft.com")]
    [ended] = run(shells(tenant), usual("20-backup"))
    assert "for the delegated organization contoso.onmicrosoft.com" in ended.output


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


def test_names_in_files_are_spelt_as_they_are_whatever_else_was_saved_before(shells: NewShell) -> None:
    """The tenant's objects have a Guid, the notes a guid."""
    shell = shells(busy_tenant())
    well(run(shell, usual("20-backup"), CREATE))
    assert {name for entry in shell.state["objects"].values() for name in entry} == {
        "before", "beforeGuid", "beforeOn", "guid", "changed",
    }  # fmt: skip
    [backup, *_] = sorted((shell.folder / "state").glob("backup-*.json"))
    assert "Guid" in Shell.read_json(backup)["transportRules"][0]


def test_without_a_state_path_the_notes_are_in_the_pack(shells: NewShell) -> None:
    shell = shells(empty_tenant())
    done = shell.pwsh("-File", str(shell.script("20-backup")))
    assert done.returncode == 0, done.stdout
    assert len(list((shell.pack / "state").glob("backup-*.json"))) == 1


def test_notes_are_whole_json_after_every_step(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    enable(shell)
    well(run(shell, STOP, BACK_NOW))
    noted = json.loads(shell.state_file.read_bytes())
    assert noted["format"] == "mm365-state-1"
    assert not list(shell.state_file.parent.glob("*.new"))
