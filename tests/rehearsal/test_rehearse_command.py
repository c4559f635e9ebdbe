"""``mm365 rehearse`` as a person runs it."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from mm365 import __version__
from mm365.pack.contents import MANIFEST, SUMS, digest
from tests.commands import Result, run

pytestmark = pytest.mark.powershell


def rehearse(pack: Path, pwsh: str, *options: str | Path) -> Result:
    return run("rehearse", pack, "--shell", pwsh, *options)


def test_it_shows_the_way_through_and_that_nothing_was_touched(finished_pack: Path, pwsh: str) -> None:
    done = rehearse(finished_pack, pwsh, "--verbose")
    assert (done.code, done.err) == (0, "")
    assert "30-create -WhatIf" in done.text
    assert "it ends with exactly what was there before" in done.text
    assert done.text.splitlines()[-1] == "No tenant was touched."
    assert "\x1b" not in done.text


def test_a_fault_is_run_in_all_three_ways_and_kept_with_all_that_belongs_to_it(
    finished_pack: Path, pwsh: str, tmp_path: Path
) -> None:
    kept, page = tmp_path / "kept", tmp_path / "r.html"
    fault = ("--fault", "create/New-TransportRule#2:lost", "--fault", "redirect/New-TransportRule#1:lost")
    done = rehearse(finished_pack, pwsh, *fault, "--keep", kept, "--report", page, "--json")
    assert done.code == 0, done.err
    assert done.lines[-2] == f"Written: {page}"
    facts = json.loads(done.text)
    assert facts["complete"] is True
    assert datetime.fromisoformat(facts["begun"]).tzinfo is not None
    assert facts["generator"] == f"mailmarshal-m365 {__version__}"
    assert facts["powershell"][0].isdigit()
    assert facts["powershell_edition"] in {"Core", "Desktop"}
    assert facts["system"]
    assert {"question", "answer", "behaviour"} == set(facts["assumed"][0])
    # The script is run in two ways; the form has a step of its own.
    assert facts["cases"] == {"planned": 3, "run": 3, "held": 3, "broken": 0}
    assert [run_stages["way"] for run_stages in facts["walks"]] == ["file", "call", "paste"]
    assert json.loads((kept / "rehearsal.json").read_text()) == facts
    files = {"tenant-before.json", "tenant-after.json", "calls.jsonl", "output.txt"}
    called = kept / "faults-call" / "create" / "New-TransportRule-2-lost"
    assert {path.name for path in called.iterdir()} == files | {"notes-after.json"}
    pasted = kept / "faults-paste" / "redirect" / "New-TransportRule-1-lost"
    assert {path.name for path in pasted.iterdir()} == files
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")


def test_it_begins_with_the_tenants_own_backup(finished_pack: Path, pwsh: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert rehearse(finished_pack, pwsh, "--tenant-state", "busy", "--way", "call", "--keep", kept).code == 0
    state = json.loads((kept / "way-call" / "01-preflight" / "tenant-before.json").read_text())
    backup = {"format": "mm365-backup-1", "tenant": "contoso.onmicrosoft.com", "tenantId": "T", **state}
    file = tmp_path / "backup.json"
    file.write_text(json.dumps(backup))
    done = rehearse(finished_pack, pwsh, "--tenant-state", file, "--way", "call", "--json")
    assert done.code == 0, done.text
    assert json.loads(done.text)["start"] == str(file)


def test_what_does_not_go_in_is_exit_code_1(finished_pack: Path, pwsh: str) -> None:
    done = rehearse(finished_pack, pwsh, "--behaviour", "inboundCreation=disabled", "--way", "call")
    assert done.code == 1
    assert "The change does not go through: 30-create stops." in done.text


def test_an_altered_pack_is_not_run(finished_pack: Path, pwsh: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(finished_pack, pack)
    with (pack / "scripts" / "60-stop.ps1").open("a") as script:
        script.write("# and more\n")
    done = rehearse(pack, pwsh)
    assert (done.code, done.text) == (1, "")
    assert "scripts/60-stop.ps1 is changed" in done.err


def test_a_pack_that_another_version_made_is_not_run(finished_pack: Path, pwsh: str, tmp_path: Path) -> None:
    """A manifest can be written anew for other scripts; what they do would then be done here."""
    pack = tmp_path / "pack"
    shutil.copytree(finished_pack, pack)
    manifest = (pack / MANIFEST).read_bytes()
    other = manifest.replace(b'"mailmarshal-m365 ', b'"mailmarshal-m365 99.')
    (pack / MANIFEST).write_bytes(other)
    sums = (pack / SUMS).read_text().replace(digest(manifest), digest(other))
    (pack / SUMS).write_bytes(sums.encode())
    done = rehearse(pack, pwsh)
    assert done.code == 1
    assert "rehearse it with that version" in done.err


def test_a_missing_folder_is_named_before_a_missing_powershell(tmp_path: Path) -> None:
    done = run("rehearse", tmp_path / "nowhere", env={"PATH": str(tmp_path), "MM365_PWSH": ""})
    assert done.code == 2
    assert "nowhere" in done.err
    assert "PowerShell" not in done.err


def test_without_a_powershell_it_is_exit_code_3(finished_pack: Path, tmp_path: Path) -> None:
    done = run("rehearse", finished_pack, env={"PATH": str(tmp_path), "MM365_PWSH": ""})
    assert done.code == 3
    assert "install PowerShell 7" in done.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--fault", "New-TransportRule#9:error", "--way", "call"), "No script makes call 9 of New-TransportRule"),
        (("--fault", "New-TransportRule"), "is not CMDLET#N:KIND"),
        (("--faults", "boom"), "--faults 'boom' is not a kind of fault"),
        (("--way", "telepathy"), "use one of all, file, call, paste"),
        (("--behaviour", "language=fr"), "language is en or de"),
        (("--tenant-state", "nowhere.json"), "cannot be read"),
    ],
)
def test_what_cannot_be_rehearsed_is_exit_code_2(
    options: tuple[str, ...], says: str, finished_pack: Path, pwsh: str
) -> None:
    done = rehearse(finished_pack, pwsh, *options)
    assert (done.code, done.text) == (2, "")
    assert says in done.err
    assert len(done.lines) == 1


@pytest.mark.parametrize("option", ["--report", "--keep"])
def test_where_nothing_can_be_written_is_known_before_anything_is_run(
    option: str, finished_pack: Path, pwsh: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    done = rehearse(finished_pack, pwsh, option, tmp_path / "file" / "there")
    assert (done.code, done.text) == (4, "")
    assert f"mm365: {option} " in done.err
    assert "name another place" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_report_in_a_folder_that_is_not_there_is_refused_before_anything_is_run(
    finished_pack: Path, pwsh: str, tmp_path: Path
) -> None:
    done = rehearse(finished_pack, pwsh, "--report", tmp_path / "not-there" / "r.html")
    assert (done.code, done.text) == (4, "")
    assert "No such file or directory" in done.err


def test_a_folder_that_is_in_use_is_not_written_to_and_nothing_is_run_before_that_is_known(
    finished_pack: Path, pwsh: str, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine").write_text("mine")
    done = rehearse(finished_pack, pwsh, "--keep", tmp_path / "kept")
    assert (done.code, done.text) == (4, "")
    (tmp_path / "r.html").write_text("mine")
    done = rehearse(finished_pack, pwsh, "--report", tmp_path / "r.html")
    assert (done.code, done.text) == (4, "")
    assert (tmp_path / "r.html").read_text() == "mine"
