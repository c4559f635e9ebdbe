"""A pack works wherever it is put, and its notes wherever they are kept."""

from pathlib import Path

import pytest

from mm365.request.request import Request
from tests.scripts.steps import BACK, CREATE, STOP, run, usual, well
from tests.shell import WAYS, Way, new_shell, step

pytestmark = pytest.mark.powershell

AWKWARD = ["a [b] (c)", "it's $HOME & co", "Zo\u00eb's Paket \u00e4", "semi;colon `tick`", "a  b", "[x]"]


@pytest.mark.parametrize("name", AWKWARD)
def test_any_folder_will_do(name: str, valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path / name, valid_request)
    well(run(shell, CREATE, usual("40-verify"), STOP, usual("80-trace"), usual("20-backup"), BACK))
    assert shell.state_file.exists()


@pytest.mark.parametrize("way", WAYS)
def test_any_folder_will_do_in_a_process_of_its_own(way: Way, valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path / "Zo\u00eb's [pack] $x", valid_request)
    for script in ("30-create", "60-stop", "70-rollback"):
        ended = shell.alone(step(script), way)
        assert ended.exit_code == 0, ended.output
    assert shell.state_file.exists()


def test_a_relative_path_for_notes_counts_from_the_current_folder(valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path, valid_request)
    (tmp_path / "here [1]").mkdir()
    typed = "Set-Location -LiteralPath './here [1]'; "
    ended = shell.alone(step("30-create", StatePath="my notes"), before=typed)
    assert ended.exit_code == 0, ended.output
    assert (tmp_path / "here [1]" / "my notes" / "state.json").exists()


def test_without_a_path_for_notes_the_current_folder_stays_as_it_is(valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path, valid_request)
    empty = tmp_path / "System32"
    empty.mkdir()
    done = shell.pwsh("-Command", f"Set-Location -LiteralPath '{empty}'; & '{shell.script('30-create')}'")
    assert "Done: created what was missing." in done.stdout
    assert list(empty.iterdir()) == []
    assert (shell.pack / "state" / "state.json").exists()
