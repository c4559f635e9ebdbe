"""70-rollback never says that all is well while Redirect is on, whatever the notes say or do not say."""

from pathlib import Path

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import ours
from tests.scripts.steps import BACK, BACK_NOW, CREATE, STOP, enable, ends_truly, rename, run, state_of, well
from tests.shell import new_shell, step

pytestmark = pytest.mark.powershell


def test_rollback_from_another_copy_of_the_pack_does_not_end_with_0(
    shells: NewShell, valid_request: Request, tmp_path: Path
) -> None:
    shell = shells()
    enable(shell)
    copy = new_shell(tmp_path / "copy", valid_request, shell.tenant)
    well(run(copy, CREATE))
    [ended] = run(copy, BACK)
    assert ended.exit_code == 1, ended.output
    ends_truly(ended)
    assert "STOP  rule Redirect is on and stays" in ended.output
    assert "60-stop" in ended.output
    assert state_of(copy) == "Enabled"


def test_rollback_after_lost_notes_and_another_create_does_not_end_with_0(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    shell.state_file.unlink()
    create, back, stop, again = run(shell, CREATE, BACK, STOP, BACK)
    assert [each.exit_code for each in (create, back, stop, again)] == [0, 1, 0, 0], back.output
    assert "60-stop" in back.output


def test_a_simulation_does_not_end_with_0_either(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    shell.state_file.unlink()
    _, ended = run(shell, CREATE, step("70-rollback", WhatIf=True))
    assert ended.exit_code == 1, ended.output


def test_a_renamed_redirect_is_found_by_its_identity(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    enable(shell)
    rename(shell, "Renamed")
    [waits] = run(shell, BACK)
    assert waits.exit_code == 2, waits.output
    assert state_of(shell, "Renamed") == "Disabled"
    well(run(shell, BACK_NOW))
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_without_notes_a_renamed_redirect_is_refused(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    rename(shell, "Renamed")
    shell.state_file.unlink()
    [ended] = run(shell, BACK_NOW)
    assert ended.exit_code == 1, ended.output
    assert "rule 'Renamed' sends mail to the outbound connector" in ended.output
    assert not any(cmdlet.startswith("Remove-") for cmdlet in shell.changes)


def test_a_redirect_that_is_off_is_no_reason_to_end_with_1(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    shell.state_file.unlink()
    well(run(shell, STOP, BACK_NOW))
    assert ours(shell.tenant) == {}
