"""Golden packs: a change of the output is a diff that somebody reads."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard
from mm365.scripts import library
from tests import golden
from tests.commands import CHECKOUT

OTHERS = [region for region in REGIONS if region != golden.REGION]
AGAIN = "run: python -m tests.golden, and read the diff with git"


def test_golden_files_are_the_ones_that_were_reviewed() -> None:
    assert golden.differing() == [], AGAIN


def test_there_is_a_whole_pack_for_every_loop_guard_and_the_shared_functions_once() -> None:
    files = golden.golden_files()
    requests = [json.loads(data) for path, data in files.items() if path.endswith("/request.json")]
    assert sorted((request["region"], request["loop_guard"]) for request in requests) == sorted(
        (golden.REGION, guard.value) for guard in LoopGuard
    )
    assert sorted(request["loop_guard"] for request in requests if request["tenant_id"]) == [golden.WITH_TENANT_ID]
    assert [path for path in files if path.endswith(library.NAME)] == [library.NAME]
    for guard in LoopGuard:
        pack = golden.pack_of(golden.REGION, guard)
        kept = {path.partition("/")[2] for path in files if path.startswith(f"{golden.REGION}-{guard.value}/")}
        assert kept == set(pack) - {library.PATH}


def test_there_are_as_many_files_as_a_person_can_look_through() -> None:
    assert len(golden.golden_files()) <= 80


@pytest.mark.parametrize("guard", LoopGuard)
@pytest.mark.parametrize("region", OTHERS)
def test_a_region_differs_by_its_own_values_and_by_nothing_else(region: str, guard: LoopGuard) -> None:
    """Each line that is another one becomes that of region eu when the values of the region are put in place."""
    diff = golden.golden_files()[f"{region}-{guard.value}.diff"].decode("utf-8")
    hunks = re.split(r"^@@ .* @@\n", diff, flags=re.MULTILINE)[1:]
    assert hunks
    for hunk in hunks:
        lines = [line for line in hunk.splitlines() if not line.startswith(("--- ", "+++ "))]
        usual, other = ([line[1:] for line in lines if line[0] == mark] for mark in "-+")
        assert [as_of(golden.REGION, line) for line in usual] == [as_of(region, line) for line in other], hunk


def as_of(region: str, line: str) -> str:
    """A line without the values of a region: its code, its place, and the sizes and blanks that follow from them."""
    line = line.replace(REGIONS[region].place, "PLACE")
    line = re.sub(rf"(?<![a-z]){region}(?![a-z])", "REGION", line)
    return re.sub(r"\"size\": \d+", "SIZE", line)


@pytest.mark.parametrize(("arguments", "code"), [(["--check"], 0), (["--bogus"], 2)])
def test_command_that_the_message_names_is_there(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "tests.golden", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (code, "", False)


def test_every_file_that_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path / "golden")
    golden.write()
    assert golden.main(["--check"]) == 0
    name = f"{golden.REGION}-stop"
    (golden.FOLDER / name / "request.json").write_bytes(b"{}")
    (golden.FOLDER / name / "manifest.json").unlink()
    (golden.FOLDER / name / "added").touch()
    (golden.FOLDER / f"{OTHERS[0]}-stop.diff").write_bytes(b"")
    (golden.FOLDER / library.NAME).write_bytes(b"")
    assert golden.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == sorted(
        [
            f"{library.NAME}: differs",
            f"{OTHERS[0]}-stop.diff: differs",
            f"{name}/added: no longer made",
            f"{name}/manifest.json: missing",
            f"{name}/request.json: differs",
        ]
    )
