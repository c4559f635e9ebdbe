"""Golden packs: a change of the output is a diff that somebody reads."""

import json
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


def test_difference_of_a_region_names_it_in_every_line_that_is_added() -> None:
    for path in golden.FOLDER.glob("*.diff"):
        region = path.name.partition("-")[0]
        added = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("+")]
        assert added
        assert [line for line in added if not line.startswith("+++") and region not in line.lower()] == []


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
