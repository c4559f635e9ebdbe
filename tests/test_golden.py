"""Golden packs: a change of the output is a diff that somebody reads."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard
from tests import golden
from tests.commands import CHECKOUT


def test_packs_are_those_that_were_reviewed() -> None:
    assert golden.differing() == [], "run: python -m tests.golden, and read the diff with git"


def test_there_is_a_golden_pack_for_every_loop_guard_and_the_difference_of_every_other_region() -> None:
    requests = [json.loads(path.read_bytes()) for path in golden.FOLDER.glob("*/request.json")]
    assert sorted(request["loop_guard"] for request in requests) == sorted(guard.value for guard in LoopGuard)
    others = {f"{region}-{guard.value}.diff" for region in REGIONS if region != golden.REGION for guard in LoopGuard}
    assert {path.name for path in golden.FOLDER.glob("*.diff")} == others


OTHERS = [(region, guard) for region in REGIONS if region != golden.REGION for guard in LoopGuard]


@pytest.mark.parametrize(("region", "guard"), OTHERS)
def test_region_differs_by_its_own_values_and_by_nothing_else(region: str, guard: LoopGuard) -> None:
    """Each line that is another one becomes that of region eu when the values of the region are put in place."""
    lines = golden.golden_files()[f"{region}-{guard.value}.diff"].decode("utf-8").splitlines()
    usual, other = ([line[1:] for line in lines if line[0] == mark and line[:3] != mark * 3] for mark in "-+")
    assert usual
    assert [as_of(golden.REGION, line) for line in usual] == [as_of(region, line) for line in other]
    assert [line for line in other if as_of(region, line) == line] == []


def as_of(region: str, line: str) -> str:
    """A line without the code and the place of a region."""
    return re.sub(rf"(?<![a-z]){region}(?![a-z])", "REGION", line.replace(REGIONS[region].place, "PLACE"))


@pytest.mark.parametrize(("arguments", "code"), [(["--check"], 0), (["--bogus"], 2)])
def test_command_that_the_message_names_is_there(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "tests.golden", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (code, "", False)


def test_every_file_that_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    golden.write()
    name = next(path.parent.name for path in sorted(tmp_path.glob("*/request.json")))
    (tmp_path / name / "request.json").write_bytes(b"{}")
    (tmp_path / name / "manifest.json").unlink()
    (tmp_path / name / "added").touch()
    assert golden.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name}/added: no longer made",
        f"{name}/manifest.json: missing",
        f"{name}/request.json: differs",
    ]
