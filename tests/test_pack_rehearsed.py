"""A pack takes in the result of a rehearsal of its own scripts, and of no others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mm365.errors import RehearsalError
from mm365.pack.contents import build_pack
from mm365.pack.rehearsed import MAX_BROKEN, MAX_BYTES, PATH, read_rehearsal, rehearsal_of
from mm365.pack.verification import Status, verify_pack
from mm365.pack.writing import write_pack
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import Change, build_change
from tests.commands import REQUEST, VALUES, run, tree
from tests.rehearsed import facts_of, rehearsed

CHANGE = build_change(build_request(VALUES, needs=()))
Alter = Callable[[dict[str, Any]], object]


def written(folder: Path, facts: object) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path


def refused(path: Path, change: Change = CHANGE) -> str:
    """What is said of a rehearsal that a pack does not take in."""
    with pytest.raises(RehearsalError) as told:
        build_pack(change, read_rehearsal(path))
    assert told.value.exit_code == 2
    return told.value.said()


def test_a_pack_with_a_rehearsal_has_the_same_scripts_and_paste_forms() -> None:
    without, with_it = build_pack(CHANGE).files, build_pack(CHANGE, rehearsed(CHANGE)).files
    assert {path for path in with_it if with_it[path] != without.get(path)} == {
        PATH, "change-request.md", "manifest.json", "SHA256SUMS",
    }  # fmt: skip


def test_two_rehearsals_with_the_same_result_give_the_same_bytes() -> None:
    one, other = facts_of(CHANGE), facts_of(CHANGE)
    other |= {"seconds": 99.9, "shell": r"C:\Users\jdoe\pwsh", "fingerprint": "1" * 64, "new_key": [1]}
    assert build_pack(CHANGE, rehearsal_of(one)).files == build_pack(CHANGE, rehearsal_of(other)).files


def test_what_a_pack_keeps_of_a_rehearsal_gives_the_same_pack_again(tmp_path: Path) -> None:
    files = build_pack(CHANGE, rehearsed(CHANGE, held=False)).files
    kept = tmp_path / PATH
    kept.write_bytes(files[PATH])
    assert build_pack(CHANGE, read_rehearsal(kept)).files == files


def test_no_path_of_the_machine_that_rehearsed_is_kept() -> None:
    facts = facts_of(CHANGE) | {"start": r"C:\Users\jdoe\state\backup-20261124-101500-000.json"}
    files = build_pack(CHANGE, rehearsal_of(facts)).files
    text = (files[PATH] + files["change-request.md"]).decode()
    assert "jdoe" not in text
    assert "the tenant as saved in `backup-20261124-101500-000.json`" in text


def test_a_result_from_windows_powershell_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(facts_of(CHANGE)), encoding="utf-16")
    assert read_rehearsal(path) == rehearsed(CHANGE)


def test_text_in_a_result_shows_as_it_is_in_the_change_request() -> None:
    facts = facts_of(CHANGE, held=False)
    facts["broken"][0]["case"] = "a`b|c\nd"
    facts["broken"][0]["breaches"] = [{"promise": "<b>\u202e"}]
    text = build_pack(CHANGE, rehearsal_of(facts)).files["change-request.md"].decode()
    assert r"- ``a`b\|c\nd``, scripts with -File: " in text
    assert "<b>" not in text
    assert "\u202e" not in text


def test_of_many_cases_that_broke_the_first_are_named_and_all_are_counted() -> None:
    facts = facts_of(CHANGE, held=False)
    facts["broken"] *= 500
    facts["cases"] = {"run": 600, "held": 100, "broken": 500}
    files = build_pack(CHANGE, rehearsal_of(facts)).files
    assert files["change-request.md"].decode().count("create/New-TransportRule#1:lost") == MAX_BROKEN
    assert "500 of 600 cases" in files["change-request.md"].decode()


# ---- what is refused


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"tenant": "fabrikam.com"}, "is of tenant contoso.onmicrosoft.com, and this pack is for fabrikam.com"),
        ({"region": "us"}, "is of region eu, and this pack is for us"),
        ({"loop_guard": "kb-literal"}, "is of loop guard stop, and this pack is for kb-literal"),
        ({"change": "CHG9"}, "is of other scripts than those of this pack: scripts/10-preflight.ps1 and"),
        ({"header_id": "11111111-2222-4333-8444-555555555555"}, "is of other scripts than those of this pack: "),
    ],
)
def test_a_rehearsal_of_another_pack_is_refused(values: dict[str, str], said: str, tmp_path: Path) -> None:
    other = build_change(build_request({**VALUES, **values}, needs=()))
    told = refused(written(tmp_path, facts_of(CHANGE)), other)
    assert said in told
    assert "rehearse this pack" in told


def set_to(name: str, value: object) -> Alter:
    return lambda facts: facts.__setitem__(name, value)


@pytest.mark.parametrize(
    "alter",
    [
        lambda facts: facts["scripts"].__setitem__("scripts/30-create.ps1", "0" * 64),
        lambda facts: facts["scripts"].pop("scripts/30-create.ps1"),
        lambda facts: facts["scripts"].__setitem__("scripts/99-more.ps1", "0" * 64),
        lambda facts: facts.pop("scripts"),
        lambda facts: facts.pop("powershell"),
        lambda facts: facts["cases"].pop("run"),
        set_to("held", 1),
        set_to("held", "yes"),
        set_to("walks", []),
        set_to("walks", [{"way": "file", "held": False}]),
        set_to("walks", "file"),
        set_to("cases", {"run": 1, "held": 0, "broken": 1}),
        set_to("cases", {"run": 1, "held": 3, "broken": -2}),
        set_to("cases", {"run": 1.0, "held": 1, "broken": 0}),
        set_to("behaviour", {"lateCalls": 1.5}),
        set_to("format", "mm365-plan-1"),
        set_to("format", []),
    ],
)
def test_a_result_that_was_altered_is_refused(alter: Alter, tmp_path: Path) -> None:
    facts = facts_of(CHANGE)
    alter(facts)
    assert "mm365 rehearse DIR --json" in refused(written(tmp_path, facts))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not JSON, or was cut off"),
        (json.dumps(facts_of(CHANGE)).encode()[:-9], "is not JSON, or was cut off"),
        (b"\xff\xfe\x00", "is not JSON, or was cut off"),
        (b"[" * 100_000, "is not JSON, or was cut off"),
        (b"[]", "is not the result of a rehearsal"),
        (b'{"format": "mm365-pack-1"}', "is not the result of a rehearsal"),
        (b" " * (MAX_BYTES + 1), "is larger than 32 MiB"),
    ],
    ids=["empty", "cut off", "not text", "nested", "a list", "a manifest", "too large"],
)
def test_a_file_that_is_not_a_result_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(data)
    assert said in refused(path)


def test_a_rehearsal_that_was_interrupted_is_refused(tmp_path: Path) -> None:
    facts = {**facts_of(CHANGE, held=True), "held": False, "complete": False}
    assert "was interrupted before all was run" in refused(written(tmp_path, facts))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path)
    assert "cannot be read" in refused(tmp_path / "missing")


# ---- the pack on disk


def pack_in(folder: Path, *, held: bool = True) -> Path:
    write_pack(build_pack(CHANGE, rehearsed(CHANGE, held=held)), folder / "pack")
    return folder / "pack"


@pytest.mark.parametrize("held", [True, False])
def test_a_pack_with_a_rehearsal_verifies(held: bool, tmp_path: Path) -> None:
    report = verify_pack(pack_in(tmp_path, held=held))
    assert (report.intact, report.rendered_again) == (True, True)


def test_a_rehearsal_that_was_changed_in_the_pack_is_found(tmp_path: Path) -> None:
    pack = pack_in(tmp_path, held=False)
    (pack / PATH).write_bytes((pack / PATH).read_bytes().replace(b'"held": false', b'"held": true'))
    report = verify_pack(pack)
    assert [entry.path for entry in report.files if entry.status is Status.CHANGED] == [PATH]


def test_a_rehearsal_that_was_laid_into_a_pack_without_one_is_an_addition(tmp_path: Path) -> None:
    write_pack(build_pack(CHANGE), tmp_path / "pack")
    (tmp_path / "pack" / PATH).write_bytes(build_pack(CHANGE, rehearsed(CHANGE)).files[PATH])
    report = verify_pack(tmp_path / "pack")
    assert {entry.path: entry.status for entry in report.files if not entry.good} == {PATH: Status.ADDED}


def test_the_command_takes_a_rehearsal_and_says_what_it_found(tmp_path: Path) -> None:
    result = written(tmp_path, facts_of(CHANGE, held=False))
    made = run("pack", *REQUEST, "--output", tmp_path / "pack", "--rehearsal", result)
    assert (made.code, made.err) == (0, "")
    assert "Rehearsal    did NOT hold" in made.text
    assert tree(tmp_path / "pack") == build_pack(CHANGE, rehearsed(CHANGE, held=False)).files


def test_the_command_refuses_a_rehearsal_of_another_pack_and_writes_nothing(tmp_path: Path) -> None:
    other = build_change(build_request({**VALUES, "loop_guard": LoopGuard.KB_LITERAL.value}, needs=()))
    result = written(tmp_path, facts_of(other))
    made = run("pack", *REQUEST, "--rehearsal", result, cwd=tmp_path)
    assert (made.code, made.text) == (2, "")
    assert "--rehearsal is of loop guard kb-literal, and this pack is for stop" in made.err
    assert [path.name for path in tmp_path.iterdir()] == [result.name]
