"""50-enable -Stage Audit: Redirect takes no action, and the message trace shows what it would have done."""

from typing import TYPE_CHECKING

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from tests.scripts.conftest import NewShell
from tests.scripts.objects import REDIRECT, ours
from tests.scripts.steps import (
    AUDIT_ON,
    BACK,
    BACK_NOW,
    CREATE,
    LOOP_CHECK_ON,
    REDIRECT_ON,
    REDIRECT_ON_NOW,
    STOP,
    ends_truly,
    run,
    well,
)
from tests.shell import Shell, step

if TYPE_CHECKING:
    from mm365.emulator.contract import Fault

pytestmark = pytest.mark.powershell


def redirect(shell: Shell) -> tuple[str, str]:
    found = ours(shell.tenant)[REDIRECT]
    return found["Mode"], found["State"]


def test_redirect_goes_into_mode_audit_and_is_enforced_after_the_wait(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    well(run(shell, CREATE, LOOP_CHECK_ON, AUDIT_ON, AUDIT_ON))
    assert redirect(shell) == ("Audit", "Enabled")
    verified = run(shell, *(step("40-verify", Expect=name) for name in ("Created", "Audit", "Enabled")))
    assert [ended.exit_code for ended in verified] == [1, 0, 1]
    [early] = run(shell, REDIRECT_ON)
    assert early.exit_code == 2, early.output
    assert redirect(shell) == ("Audit", "Enabled")
    well(run(shell, REDIRECT_ON_NOW, step("40-verify", Expect="Enabled")))
    assert redirect(shell) == ("Enforce", "Enabled")
    well(run(shell, BACK_NOW))
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_it_needs_loop_check_first(shells: NewShell) -> None:
    shell = shells()
    _, ended = run(shell, CREATE, AUDIT_ON)
    assert ended.exit_code == 1
    ends_truly(ended)
    assert redirect(shell) == ("Enforce", "Disabled")


def test_a_redirect_that_is_enforced_does_not_go_back_to_audit_by_itself(shells: NewShell) -> None:
    shell = shells()
    *_, ended = run(shell, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, AUDIT_ON)
    assert ended.exit_code == 1
    assert "run 60-stop first" in ended.output
    assert redirect(shell) == ("Enforce", "Enabled")
    well(run(shell, STOP, AUDIT_ON))
    assert redirect(shell) == ("Audit", "Enabled")


@pytest.mark.parametrize("stop", [False, True])
def test_after_audit_alone_there_is_no_mail_to_wait_for(stop: bool, shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON, AUDIT_ON, *([STOP] if stop else []), BACK))
    assert comparable(shell.tenant) == comparable(empty_tenant())


def test_audit_after_a_redirect_that_was_enforced_does_not_forget_that_mail_is_under_way(shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, STOP, AUDIT_ON))
    [ended] = run(shell, BACK)
    assert ended.exit_code == 2, ended.output


def test_redirect_is_never_on_and_enforced_on_the_way_to_audit(shells: NewShell) -> None:
    fault: Fault = {"kind": "lost", "nth": 1, "cmdlet": "Set-TransportRule"}
    shell = shells(empty_tenant(faults=[fault]))
    well(run(shell, CREATE, LOOP_CHECK_ON, AUDIT_ON))
    assert shell.changes[-2:] == ["Set-TransportRule", "Enable-TransportRule"]


def test_a_mode_that_was_not_taken_leaves_redirect_off(shells: NewShell) -> None:
    fault: Fault = {"kind": "error", "nth": 1, "cmdlet": "Set-TransportRule"}
    shell = shells(empty_tenant(faults=[fault]))
    *_, ended = run(shell, CREATE, LOOP_CHECK_ON, AUDIT_ON)
    assert ended.exit_code == 1, ended.output
    assert redirect(shell) == ("Enforce", "Disabled")


def test_the_tenant_is_told_to_be_in_audit(shells: NewShell) -> None:
    *_, ended = run(shells(), CREATE, LOOP_CHECK_ON, AUDIT_ON)
    assert "Its mode is Audit: it takes no action." in ended.output
