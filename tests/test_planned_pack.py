"""A pack that is planned against a snapshot: what is in it, what makes none, and how it is verified."""

import json
from pathlib import Path

import pytest

from mm365.emulator.shapes import Object
from mm365.pack.contents import MANIFEST, SUMS, build_pack, digest
from mm365.pack.verification import change_of, verify_pack
from mm365.pack.writing import write_pack
from mm365.scripts.change import Change, build_change
from tests import exports
from tests.commands import REQUEST, run, tree
from tests.exports import INTEGRATION, backup, made, tenant_with, written
from tests.syntax.scripts import planned_changes

OTHER = made(INTEGRATION.outbound, on=False, TlsDomain="*.us.mailmarshal.cloud")


def saved(folder: Path, *objects: Object) -> str:
    """What 20-backup saved of a tenant with these objects."""
    [path] = written(folder, backup(tenant_with(*objects)))
    return path


def test_the_pack_holds_the_plan_as_mm365_plan_prints_it_and_no_path_of_this_machine(tmp_path: Path) -> None:
    snapshot = ("--snapshot", saved(tmp_path, OTHER), "--adopt", *REQUEST)
    done = run("pack", *snapshot, "--output", tmp_path / "pack")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "pack" / "plan.json").read_bytes() == run("plan", "--json", *snapshot).out
    files = tree(tmp_path / "pack")
    assert [path for path, data in files.items() if str(tmp_path).encode() in data] == []
    assert {"plan.json", "scripts/Snapshot.json", "scripts/MailMarshal365.Snapshot.ps1"} < set(files)
    assert run("verify-pack", tmp_path / "pack").code == 0


@pytest.mark.parametrize(
    ("objects", "code", "says"),
    [
        ((OTHER,), 1, "different-settings"),
        (tuple(exports.ours().values()), 0, "Nothing to do"),
    ],
)
def test_what_is_refused_or_nothing_to_do_makes_no_pack(
    objects: tuple[Object, ...], code: int, says: str, tmp_path: Path
) -> None:
    command = ("pack", "--snapshot", saved(tmp_path, *objects), *REQUEST, "--output", tmp_path / "pack")
    done = run(*command)
    assert done.code == code
    assert says in done.text
    assert done.text.endswith("No pack was made.\n")
    assert json.loads(run(*command, "--json").out)["format"] == "mm365-plan-1"
    assert not (tmp_path / "pack").exists()


def test_adopting_needs_a_snapshot(tmp_path: Path) -> None:
    done = run("pack", *REQUEST, "--adopt", "--output", tmp_path / "pack")
    assert done.code == 2
    assert "snapshot is needed" in done.err.replace("--", "")


@pytest.fixture
def planned(tmp_path: Path) -> Change:
    """A change by a plan, and its pack in the folder ``pack``."""
    plan = exports.plan(tmp_path, tenant_with(OTHER), adopt=True)
    change = build_change(exports.REQUEST, plan)
    write_pack(build_pack(change), tmp_path / "pack")
    return change


def first_page(change: Change) -> str:
    """What the board reads, on one line."""
    text = build_pack(change).files["change-request.md"].decode()
    return " ".join(text[: text.index("## Appendix A")].split())


def test_the_board_is_asked_for_the_plan_and_not_for_four_new_objects(planned: Change) -> None:
    page = first_page(planned)
    assert "Carry out the plan of this document (3 to create, 1 to change, 0 to keep, 3 to turn on)" in page
    assert "Create two connectors" not in page
    assert "None until Redirect is turned on" in page


def test_the_board_is_told_that_mail_goes_to_the_filter_already(tmp_path: Path) -> None:
    portal = {**exports.ours(), "LoopCheck": made(INTEGRATION.loop_check, StopRuleProcessing=False)}
    plan = exports.plan(tmp_path, tenant_with(*portal.values()), adopt=True)
    page = first_page(build_change(exports.REQUEST, plan))
    assert "Redirect is on already" in page
    assert "None until Redirect is turned on" not in page
    assert "no wait between the steps" in page
    assert "brings back what was there before, in one run." in page


def test_a_pack_is_made_again_from_what_is_in_it(planned: Change, tmp_path: Path) -> None:
    again = change_of(tmp_path / "pack")
    assert again is not None
    assert build_pack(again).files == build_pack(planned).files
    assert verify_pack(tmp_path / "pack").rendered_again


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": "mm365-snapshot-1"}', '{"format": "other"}', "7"])
def test_a_snapshot_that_is_not_what_was_generated_is_seen(planned: Change, text: str, tmp_path: Path) -> None:  # noqa: ARG001 - its pack is read
    (tmp_path / "pack" / "scripts" / "Snapshot.json").write_text(text)
    assert change_of(tmp_path / "pack") is None
    assert not verify_pack(tmp_path / "pack").intact


def test_a_finding_that_was_taken_out_together_with_its_sums_is_seen(planned: Change, tmp_path: Path) -> None:
    """The plan is made again, too: whoever approved the pack has seen all findings."""
    files = dict(build_pack(planned).files)
    plan = json.loads(files["plan.json"])
    files["plan.json"] = (json.dumps({**plan, "findings": []}, indent=2) + "\n").encode()
    manifest = json.loads(files[MANIFEST])
    for entry in manifest["files"]:
        entry |= {"sha256": digest(files[entry["path"]]), "size": len(files[entry["path"]])}
    files[MANIFEST] = (json.dumps(manifest, indent=2) + "\n").encode()
    del files[SUMS]
    sums = {path: digest(data) for path, data in files.items()}
    files[SUMS] = "".join(f"{sha256}  {path}\n" for path, sha256 in sums.items()).encode()
    for path, data in files.items():
        (tmp_path / "pack" / path).write_bytes(data)
    assert verify_pack(tmp_path / "pack").rendered_again is False


def test_paste_forms_are_those_that_are_right_for_the_plan() -> None:
    forms = {name: [form.number for form in change.forms] for name, change in planned_changes().items()}
    # The forms of rollback remove all four, and that of Loop Check creates it at the bottom.
    assert forms == {
        "another-region": [1, 3, 4, 5, 6, 7, 8],
        "redirect-first": [1, 5, 6, 7, 8],
        "portal": [5, 6, 7, 8],
        "all-off": [5, 6, 7, 8],
    }
    for change in planned_changes().values():
        text = build_pack(change).files["change-request.md"].decode()
        assert "So these are not in this pack: `paste/0" in text
        files = build_pack(change).files
        assert [path for path in files if path.startswith("paste/")] == [form.path for form in change.forms]


def test_what_others_wrote_shows_as_it_is_in_the_change_request(tmp_path: Path) -> None:
    name = "<b>x</b> | `y` [z](q)\x1b[31m\u202e"
    rule = made(INTEGRATION.redirect, Name=name, RouteMessageOutboundConnector=None, DeleteMessage=True)
    plan = exports.plan(tmp_path, tenant_with(OTHER, above=(rule,)), adopt=True)
    text = build_pack(build_change(exports.REQUEST, plan)).files["change-request.md"].decode()
    assert "<b>" not in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert "\\<b\\>x\\</b\\>" in text
