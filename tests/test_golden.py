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


@pytest.mark.parametrize("name", golden.NAMES)
def test_pack_is_the_one_that_was_reviewed(name: str) -> None:
    lines = golden.differing(name)
    assert lines == [], "run: python -m tests.golden, and read the diff with git"


def test_there_is_a_golden_pack_for_every_region_and_loop_guard_and_no_other() -> None:
    requests = [json.loads(path.read_bytes()) for path in golden.FOLDER.glob("*/request.json")]
    kept = sorted((request["region"], request["loop_guard"]) for request in requests)
    assert kept == sorted((region, guard.value) for region in REGIONS for guard in LoopGuard)
    assert {path.name for path in golden.FOLDER.iterdir()} == set(golden.NAMES)


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
    name = golden.NAMES[0]
    (tmp_path / name / "request.json").write_bytes(b"{}")
    (tmp_path / name / "manifest.json").unlink()
    (tmp_path / name / "added").touch()
    assert golden.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name}/added: no longer made",
        f"{name}/manifest.json: missing",
        f"{name}/request.json: differs",
    ]
