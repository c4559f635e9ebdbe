"""In constrained language mode the stop switch works; every other script refuses before its first call."""

import pytest

from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, put
from tests.scripts.steps import SCRIPTS, enable, ends_truly, rename, state_of, usual
from tests.shell import CONSTRAINED, step

pytestmark = pytest.mark.powershell


def test_stop_turns_redirect_off(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    ended = shell.alone(step("60-stop"), before=CONSTRAINED)
    assert ended.exit_code == 0, ended.output
    ends_truly(ended)
    assert state_of(shell) == "Disabled"


def test_stop_simulates(shells: NewShell, valid_request: Request) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    ended = shell.alone(step("60-stop", WhatIf=True), before=CONSTRAINED)
    ends_truly(ended)
    assert state_of(shell) == "Enabled"
    assert shell.changes == []


def test_stop_finds_a_renamed_redirect(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    rename(shell, "Something else")
    ended = shell.alone(step("60-stop", StatePath="Zz:\\x"), before=CONSTRAINED)
    assert ended.exit_code == 0, ended.output
    assert state_of(shell, "Something else") == "Disabled"


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "60-stop"])
def test_every_other_script_refuses_before_the_first_call(script: str, shells: NewShell) -> None:
    shell = shells()
    ended = shell.alone(usual(script), before=CONSTRAINED)
    assert ended.exit_code == 1
    assert "STOPPED  Nothing was changed. This is constrained language mode" in ended.output
    ends_truly(ended)
    assert shell.calls == []
