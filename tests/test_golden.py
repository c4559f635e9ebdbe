"""Golden packs: a change of the output is a diff that somebody reads."""

import subprocess
import sys

import pytest

from tests import golden
from tests.commands import CHECKOUT


@pytest.mark.parametrize("name", golden.NAMES)
def test_pack_is_the_one_that_was_reviewed(name: str) -> None:
    lines = golden.differing(name)
    assert lines == [], "run: python -m tests.golden, and read the diff with git"


def test_there_is_a_golden_pack_for_every_region_and_loop_guard_and_no_other() -> None:
    kept = sorted(path.name for path in golden.FOLDER.iterdir())
    assert len(golden.NAMES) == 9
    assert kept == sorted(golden.NAMES)


@pytest.mark.parametrize(("arguments", "codes"), [(["--check"], {0, 1}), (["--bogus"], {2})])
def test_command_that_the_message_names_is_there(arguments: list[str], codes: set[int]) -> None:
    command = [sys.executable, "-m", "tests.golden", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode in codes
    assert "Traceback" not in done.stderr
