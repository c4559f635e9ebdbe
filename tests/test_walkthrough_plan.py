"""The guided walk with a snapshot, without a browser: the plan follows the fields, and all of it is safe to show."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, empty_tenant, transport_rule
from mm365.errors import OutputError
from mm365.integration.risks import RISKS
from mm365.notebook.plan_page import plan_page
from mm365.notebook.walkthrough import Walkthrough
from mm365.plan.plan import Outcome
from tests.commands import HEADER_ID, VALUES, run, tree
from tests.exports import INTEGRATION, REQUEST, backup, made, ours, plan, rest, tenant_with, written
from tests.test_html import HOSTILE, Page


def walk_with(folder: Path, tenant: Tenant) -> Walkthrough:
    walk = Walkthrough().enter("header_id", HEADER_ID).enter("tenant", VALUES["tenant"])
    return walk.with_snapshot("\n".join(written(folder, backup(tenant))))


def of_the_portal() -> dict[str, Object]:
    """All four, on; Loop Check as the article has it, and the outbound connector to another region."""
    found = ours()
    outbound, loop_check = INTEGRATION.outbound, INTEGRATION.loop_check
    found["Outbound"] = made(outbound, SmartHosts=["m365integrated-array-1.us.mailmarshal.cloud"])
    found["LoopCheck"] = made(loop_check, StopRuleProcessing=False)
    return found


def test_without_a_snapshot_there_is_no_plan_and_the_pack_is_for_a_tenant_without_the_objects() -> None:
    walk = Walkthrough().with_snapshot(" \n")
    assert (walk.plan, walk.files.problem, walk.change is None) == (None, "", False)
    assert "--snapshot" not in walk.command


def test_the_plan_follows_the_fields(tmp_path: Path) -> None:
    walk = walk_with(tmp_path, tenant_with(*ours(rules_on=False).values()))
    assert walk.plan is not None
    assert walk.plan.outcome is Outcome.CHANGE
    other = walk.enter("region", "us")
    assert other.plan is not None
    assert other.plan.outcome is Outcome.REFUSED
    assert walk.enter("header_id", "no guid").plan is None


def test_what_is_there_with_other_settings_is_refused_until_it_is_adopted(tmp_path: Path) -> None:
    walk = walk_with(tmp_path, tenant_with(*of_the_portal().values()))
    assert walk.plan is not None
    assert walk.plan.refused
    assert any(text.startswith("Refused: ") for text in walk.obstacles)
    found = of_the_portal()
    found["Redirect"] = made(INTEGRATION.redirect, on=False)
    found["LoopCheck"] = made(INTEGRATION.loop_check, on=False, StopRuleProcessing=False)
    adopted = walk_with(tmp_path, tenant_with(*found.values())).adopting(wanted=True)
    assert adopted.plan is not None
    assert adopted.plan.outcome is Outcome.CHANGE


def test_several_files_add_up_and_a_list_may_be_named(tmp_path: Path) -> None:
    tenant = empty_tenant(VALUES["tenant"])
    kinds = ("InboundConnectors", "OutboundConnectors", "TransportRules")
    files = written(tmp_path, *(rest(tenant, kind)["value"] for kind in INTEGRATION_KINDS))
    text = "\n".join(f"{kind}={file}" for kind, file in zip(kinds, files, strict=True))
    walk = Walkthrough().with_snapshot(text)
    assert walk.files.problem == ""
    assert walk.plan is not None


INTEGRATION_KINDS = (INTEGRATION.inbound.kind, INTEGRATION.outbound.kind, INTEGRATION.redirect.kind)


@pytest.mark.parametrize(
    ("name", "content"), [("none.json", None), ("not.json", b"{"), ("\x1b[31mred.json", b"[1]"), ("a\0b", None)]
)
def test_a_file_that_is_no_snapshot_is_told_beside_the_field(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    walk = Walkthrough().with_snapshot(str(tmp_path / name))
    assert walk.files.problem.startswith("Snapshot '")
    assert walk.files.problem.isprintable()
    assert walk.files.problem in walk.obstacles
    assert (walk.plan, walk.change) == (None, None)


def test_the_command_is_the_one_that_plans(tmp_path: Path) -> None:
    walk = walk_with(tmp_path, tenant_with(*ours(rules_on=False).values())).adopting(wanted=True)
    words = shlex.split(walk.command)
    assert words[-3:] == ["--snapshot", str(tmp_path / "export-0.json"), "--adopt"]
    done = run("plan", *words[2:])
    assert (done.code, done.err) == (0, "")
    assert walk.plan is not None
    shown = Page(plan_page(walk.plan, REQUEST)).text
    assert done.text.splitlines()[-2] in shown


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walkthrough:
    """A walk with a plan and with all risks ticked, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    walk = walk_with(tmp_path, tenant_with(*ours(rules_on=False).values()))
    for risk in RISKS:
        walk = walk.tick(risk.key)
    return walk


def test_pack_of_a_plan_is_byte_for_byte_that_of_the_command_line(ready: Walkthrough, tmp_path: Path) -> None:
    done = ready.write()
    assert "plan.json" in done.files
    assert done.fingerprint == ready.fingerprint
    files = tree(tmp_path / done.folder)
    told = run(*shlex.split(ready.replacing(wanted=True).command)[1:], cwd=tmp_path)
    assert (told.code, told.err) == (0, "")
    assert tree(tmp_path / done.folder) == files
    assert [one.script.name for one in ready.scripts] == [Path(path).stem for path in files if path in paths(ready)]


def paths(walk: Walkthrough) -> set[str]:
    return {one.path for one in walk.scripts}


def test_a_snapshot_that_has_changed_since_it_was_read_makes_no_pack(ready: Walkthrough, tmp_path: Path) -> None:
    written(tmp_path, backup(tenant_with()))
    with pytest.raises(OutputError, match="read it again"):
        ready.write()
    assert not Path("output").exists()
    assert ready.with_snapshot(ready.files.text).write().fingerprint != ready.fingerprint


def test_a_refused_plan_and_one_with_nothing_to_do_make_no_pack(ready: Walkthrough, tmp_path: Path) -> None:
    for tenant, says in (
        (tenant_with(*of_the_portal().values()), "Refused"),
        (tenant_with(*ours().values()), "Nothing"),
    ):
        written(tmp_path, backup(tenant))
        walk = ready.with_snapshot(ready.files.text)
        assert walk.obstacles[0].startswith(says)
        assert (walk.scripts, walk.fingerprint) == ((), "")
        with pytest.raises(OutputError, match="Nothing was written"):
            walk.write()


def test_a_plan_shows_each_object_each_difference_and_the_order_with_ours_marked(tmp_path: Path) -> None:
    found = of_the_portal()
    found["Redirect"] = made(INTEGRATION.redirect, on=False)
    above = tuple(transport_rule(f"theirs {number}") for number in range(9))
    page = Page(plan_page(plan(tmp_path, tenant_with(*found.values(), above=above), adopt=True), REQUEST))
    rows = [" ".join(row.split()) for row in page.text.splitlines()]
    text = " ".join(rows)
    for each in INTEGRATION.objects:
        assert f"the {each.label} '{each.name}'" in text
    assert "SmartHostsm365integrated-array-1.us.mailmarshal.cloudm365integrated-array-1.eu.mailmarshal.cloud" in text
    assert "5 rules of others above" in text
    assert text.count("(ours)") == 2


def test_what_is_created_has_no_priority_yet(tmp_path: Path) -> None:
    below = (transport_rule("theirs"),)
    redirect = made(INTEGRATION.redirect, on=False)
    shown = plan_page(plan(tmp_path, tenant_with(redirect, below=below)), REQUEST)
    rows = [row.split("</td><td>") for row in str(shown).split("Afterwards")[1].split("<tr><td>")[1:]]
    orders = [row[:2] for row in rows]
    assert orders == [["not there", "0"], ["0", "1"], ["1", "2"]]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_others_stay_text_and_header_ids_are_shortened(name: str, tmp_path: Path) -> None:
    rules: tuple[Any, ...] = (
        transport_rule(name.replace("\ud800", ""), StopRuleProcessing=True),
        transport_rule(f"for {HEADER_ID}"),
    )
    page = Page(plan_page(plan(tmp_path, tenant_with(*ours(rules_on=False).values(), above=rules)), REQUEST))
    assert {"script", "img"}.isdisjoint(page.tags)
    assert not [attribute for attribute, _ in page.attributes if attribute.startswith("on")]
    assert HEADER_ID not in page.text
    assert all(line.isprintable() for line in page.text.replace("\t", "").split("\n"))


def test_the_screen_shows_the_plan_and_what_is_wrong_beside_the_field(tmp_path: Path) -> None:
    screen = pytest.importorskip("mm365.notebook.walkthrough_screen").start()
    _, row, again, adopt, shown = screen.plan_for_tenant().children
    field, note = row.children[0].children[0], row.children[1].children[0]
    assert (again.disabled, shown.value.count("<table")) == (True, 0)
    field.value = str(tmp_path / "export-0.json")
    assert "is not there" in note.value or "cannot be read" in note.value
    written(tmp_path, backup(tenant_with(*of_the_portal().values())))
    screen.walk = screen.walk.enter("header_id", HEADER_ID).enter("tenant", VALUES["tenant"])
    again.click()
    assert "Refused: " in shown.value
    adopt.value = True
    assert screen.walk.adopt
    field.value = ""
    assert (note.value.count("One file on each line"), "Refused" in shown.value) == (1, False)
