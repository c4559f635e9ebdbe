"""The scripts of a pack from a snapshot: what was planned is what runs, and it is undone exactly."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, add_rule, transport_rule
from mm365.pack.contents import build_pack
from mm365.pack.verification import change_of
from mm365.pack.writing import write_pack
from mm365.plan.against import plan_against
from mm365.scripts.change import build_change
from mm365.snapshot.read import read_snapshot
from tests import exports
from tests.exports import EXPORTS, INTEGRATION, REQUEST, backup, made, tenant_with, written
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, rule_order
from tests.scripts.steps import BACK, BACK_NOW, CREATE, ENABLED, STOP, ends_truly, run, usual, well
from tests.shell import Shell, step

pytestmark = pytest.mark.powershell

VALUES_OF_US = {"TlsDomain": "*.us.mailmarshal.cloud", "SmartHosts": ["m365integrated-array-1.us.mailmarshal.cloud"]}
ABOVE = tuple(busy_tenant()["transportRules"][:3])
NewPlan = Callable[..., Shell]


def of_another_region(*, on: bool = False) -> Object:
    """An outbound connector of another region."""
    return made(INTEGRATION.outbound, on=on, **VALUES_OF_US)


def portal() -> tuple[Object, ...]:
    """What the vendor's portal leaves: all on, and Loop Check does not stop processing."""
    return tuple({**exports.ours(), "LoopCheck": made(INTEGRATION.loop_check, StopRuleProcessing=False)}.values())


@pytest.fixture
def planned(pwsh: str, tmp_path: Path) -> NewPlan:  # noqa: ARG001 - it decides whether there is one
    """A function that gives a tenant with these objects below rules of others, and a pack planned against it."""

    def new(*objects: Object, kind: str = "mm365-backup", tenant: Tenant | None = None) -> Shell:
        tenant = tenant or tenant_with(*objects, above=ABOVE)
        snapshot = read_snapshot(written(tmp_path, *EXPORTS[kind](tenant)))
        plan = plan_against(snapshot, REQUEST, INTEGRATION, adopt=True)
        folder = tmp_path / f"pack-{len(list(tmp_path.iterdir()))}"
        write_pack(build_pack(build_change(REQUEST, plan)), folder)
        shell = Shell(pack=folder, folder=folder / "state")
        shell.folder.mkdir()
        shell.tenant = tenant
        return shell

    return new


def set_on(name: str, **values: object) -> Callable[[Tenant], None]:
    """Somebody sets something on a connector or a rule."""

    def change(tenant: Tenant) -> None:
        for kind in ("inboundConnectors", "outboundConnectors", "transportRules"):
            for each in tenant[kind]:
                if each["Name"] == name:
                    each.update(values)

    return change


def remove(name: str) -> Callable[[Tenant], None]:
    """Somebody removes an object."""

    def change(tenant: Tenant) -> None:
        for kind in ("inboundConnectors", "outboundConnectors", "transportRules"):
            tenant[kind] = [each for each in tenant[kind] if each["Name"] != name]
        for place, rule in enumerate(tenant["transportRules"]):
            rule["Priority"] = place

    return change


def swap(tenant: Tenant) -> None:
    """Somebody moves the first rule below the second."""
    rules = tenant["transportRules"]
    rules[0]["Priority"], rules[1]["Priority"] = 1, 0
    rules[0], rules[1] = rules[1], rules[0]


FIRST = ABOVE[0]["Name"]
CHANGES: dict[str, tuple[Callable[[Tenant], None], str]] = {
    "setting": (set_on(OUTBOUND, TlsDomain="*.au.mailmarshal.cloud"), "TlsDomain is '*.au.mailmarshal.cloud', and was"),
    "as approved": (set_on(OUTBOUND, TlsDomain="*.eu.mailmarshal.cloud"), "TlsDomain is '*.eu.mailmarshal.cloud', and"),
    "turned on": (set_on(OUTBOUND, Enabled=True), f"'{OUTBOUND}' is on, and was not"),
    "made again": (set_on(OUTBOUND, Guid="11111111-2222-3333-4444-555555555555"), "is another object"),
    "gone": (remove(OUTBOUND), f"outbound connector '{OUTBOUND}' is not there any more"),
    "new": (
        lambda tenant: tenant["inboundConnectors"].append(made(INTEGRATION.inbound)),
        f"inbound connector '{INBOUND}' is there, and was not",
    ),
    "rule above": (lambda tenant: add_rule(tenant, transport_rule("New rule"), 0), "'New rule' stands above ours, and"),
    "rule gone": (remove(FIRST), f"rule '{FIRST}' does not stand above ours any more"),
    "rule off": (set_on(FIRST, State="Disabled"), f"rule '{FIRST}' is Disabled, and was Enabled"),
    "rule's action": (set_on(FIRST, Quarantine=True), f"rule '{FIRST}': Quarantine is 'True', and was ''"),
    "rules' order": (swap, "has priority 0 among these, where"),
}


def test_nothing_is_changed_where_the_tenant_is_not_what_was_planned_against(planned: NewPlan) -> None:
    shell = planned(of_another_region())
    before = shell.tenant
    for name, (change, says) in CHANGES.items():
        shell.tenant = before
        with shell.changed() as tenant:
            change(tenant)
        for ended in run(shell, CREATE, step("10-preflight")):
            ends_truly(ended)
            is_warning = name in {"as approved", "turned on", "new"} and "Findings:" in ended.output
            assert ended.exit_code == (0 if is_warning else 1), (name, ended.output)
            assert says in ended.output, (name, ended.output)
            assert is_warning or "mm365 pack with --snapshot" in ended.output, (name, ended.output)
        assert shell.changes == [], name


def test_what_others_change_below_ours_or_of_conditions_does_not_matter(planned: NewPlan) -> None:
    shell = planned(*exports.ours(rules_on=False).values())
    with shell.changed() as tenant:
        add_rule(tenant, transport_rule("New rule"))
        tenant["transportRules"][0]["SubjectContainsWords"] = ["other"]
    well(run(shell, step("10-preflight"), CREATE))


@pytest.mark.parametrize("kind", ["convertto-json", "m365dsc"])
def test_properties_that_the_export_did_not_have_are_not_compared(kind: str, planned: NewPlan) -> None:
    """One without Guids goes by exact name."""
    tenant = tenant_with(of_another_region(), above=ABOVE)
    tenant["inboundConnectors"] += busy_tenant()["inboundConnectors"]
    shell = planned(tenant=tenant, kind=kind)
    well(run(shell, step("10-preflight"), CREATE, BACK_NOW))
    assert comparable(shell.tenant) == comparable(tenant)


def test_an_object_is_changed_in_place_in_what_differs_and_in_nothing_else(planned: NewPlan) -> None:
    shell = planned(of_another_region())
    before = ours(shell.tenant)[OUTBOUND]
    well(run(shell, CREATE))
    after = ours(shell.tenant)[OUTBOUND]
    assert {name for name in after if after[name] != before[name]} - {"WhenChanged", "WhenChangedUTC"} == {
        "TlsDomain", "SmartHosts", "Enabled",
    }  # fmt: skip
    assert shell.state["objects"]["Outbound"]["changed"] == "SmartHosts TlsDomain Enabled"


def test_loop_check_is_created_above_a_redirect_that_is_there(planned: NewPlan) -> None:
    tenant = tenant_with(made(INTEGRATION.outbound), made(INTEGRATION.redirect, on=False), above=ABOVE)
    add_rule(tenant, transport_rule("Below"))
    shell = planned(tenant=tenant)
    well(run(shell, CREATE))
    assert rule_order(shell.tenant)[-3:] == [LOOP_CHECK, REDIRECT, "Below"]
    well(run(shell, BACK_NOW))
    assert comparable(shell.tenant) == comparable(tenant)


def test_it_goes_on_after_an_unfinished_run(planned: NewPlan) -> None:
    shell = planned(of_another_region())
    tenant = shell.tenant
    shell.tenant = {**tenant, "faults": [{"kind": "error", "cmdlet": "New-TransportRule", "nth": 2}]}
    [ended] = run(shell, CREATE)
    assert ended.exit_code == 1
    well(run(shell, step("10-preflight"), CREATE, usual("40-verify")))
    assert set(ours(shell.tenant)) == set(NAMES)
    well(run(shell, BACK_NOW))
    assert comparable(shell.tenant) == comparable(tenant)


def test_rollback_sets_back_what_was_changed_whether_there_are_notes_or_not(planned: NewPlan) -> None:
    shell = planned(of_another_region(on=True), made(INTEGRATION.inbound))
    tenant = shell.tenant
    well(run(shell, *ENABLED))
    shell.state_file.unlink()
    assert [each.exit_code for each in run(shell, BACK_NOW)] == [0]
    assert comparable(shell.tenant) == comparable(tenant)
    well(run(shell, BACK))
    assert comparable(shell.tenant) == comparable(tenant)


def test_rollback_refuses_a_setting_that_others_have_changed_since(planned: NewPlan) -> None:
    shell = planned(of_another_region())
    tenant = shell.tenant
    well(run(shell, CREATE))
    with shell.changed() as changed:
        set_on(OUTBOUND, TlsDomain="*.au.mailmarshal.cloud")(changed)
    changes = shell.changes
    [ended] = run(shell, BACK)
    ends_truly(ended)
    assert ended.exit_code == 1
    assert f"outbound connector '{OUTBOUND}': others have changed TlsDomain since" in ended.output
    assert shell.changes == changes
    with shell.changed() as changed:
        set_on(OUTBOUND, TlsDomain="*.us.mailmarshal.cloud", RecipientDomains=["fabrikam.com"])(changed)
    [ended] = run(shell, BACK)
    assert ended.exit_code == 0
    assert "RecipientDomains is 'fabrikam.com', and was ''. Others changed that" in ended.output
    set_on(OUTBOUND, RecipientDomains=["fabrikam.com"])(tenant)
    assert comparable(shell.tenant) == comparable(tenant)


def test_what_was_on_before_is_on_after_rollback_and_a_stop_is_named(planned: NewPlan) -> None:
    shell = planned(*portal())
    tenant = shell.tenant
    well(run(shell, CREATE, BACK))
    assert comparable(shell.tenant) == comparable(tenant)
    well(run(shell, CREATE, STOP))
    [ended] = run(shell, BACK)
    assert ended.exit_code == 0
    assert f"WARN  rule Redirect '{REDIRECT}' is off, and was not. Others changed that, or 60-stop did" in ended.output


@pytest.mark.parametrize("objects", [portal(), (of_another_region(),)], ids=["portal", "another region"])
def test_each_script_ends_as_the_runbook_says(objects: tuple[Object, ...], planned: NewPlan) -> None:
    shell = planned(*objects)
    change = change_of(shell.pack)
    assert change is not None
    for each in change.procedure:
        if each.script is None:
            continue
        waits = {"DrainHours": 0} if each.takes_back else {"WaitMinutes": 0}
        [ended] = run(shell, step(each.script.name, **each.arguments, **(waits if each.waiting else {})))
        assert ended.exit_code == 0, (each.key, ended.output)
        lines = [line for line in ended.output.splitlines() if line.strip()]
        assert lines[-len(each.last_lines) :] == list(each.last_lines), each.key


@pytest.mark.parametrize("name", ["Snapshot.json", "MailMarshal365.Snapshot.ps1"])
def test_another_snapshot_or_other_functions_are_not_run(name: str, planned: NewPlan) -> None:
    shell = planned(of_another_region())
    path = shell.pack / "scripts" / name
    path.write_text(path.read_text().replace("us.mailmarshal", "au.mailmarshal") + "\n")
    for ended in run(shell, step("10-preflight"), CREATE, BACK):
        ends_truly(ended)
        assert ended.exit_code == 1
        assert f"{name} is missing, or is not the file of this pack" in " ".join(ended.output.split())
    assert shell.log == []


def test_the_snapshot_in_a_pack_is_what_20_backup_saves(planned: NewPlan) -> None:
    shell = planned(of_another_region())
    well(run(shell, usual("20-backup")))
    [saved] = (shell.folder / "state").glob("backup-*.json")
    plan = plan_against(read_snapshot([str(saved)]), REQUEST, INTEGRATION, adopt=True)
    kept = json.loads((shell.pack / "plan.json").read_text())
    assert [each.action for each in plan.objects] == [each["action"] for each in kept["objects"]]
    assert backup(shell.tenant)["format"] == "mm365-backup-1"
