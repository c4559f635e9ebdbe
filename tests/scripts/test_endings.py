"""Every script ends with its last lines and a true exit code, whatever fails and wherever."""

import pytest

from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, REDIRECT, put
from tests.scripts.steps import KEEP_NOTES, SCRIPTS, ends_truly, run, state_of, usual
from tests.shell import CONSTRAINED, WAYS, Way, step

pytestmark = pytest.mark.powershell

NOWHERE = "Zz:\\x"
"""A path on a drive that is not there."""
STALE = "$global:LASTEXITCODE = 7; "


@pytest.mark.parametrize("script", KEEP_NOTES)
def test_a_drive_that_is_not_there_ends_with_the_last_lines_and_a_true_code(
    script: str, shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    item = usual(script, StatePath=NOWHERE)
    ended = shell.alone(item, before=STALE)
    ends_truly(ended)
    assert f"rule Redirect '{REDIRECT}': there, " in ended.output
    if script == "60-stop":
        assert ended.exit_code == 0, ended.output
        assert "WARN  The time cannot be noted" in ended.output
        assert state_of(shell) == "Disabled"
    else:
        assert ended.exit_code == 1, ended.output
        assert shell.changes == []


@pytest.mark.parametrize("way", WAYS)
def test_stop_turns_redirect_off_where_the_drive_for_notes_is_not_there(
    way: Way, shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    ended = shell.alone(step("60-stop", StatePath=NOWHERE), way)
    ends_truly(ended)
    assert ended.exit_code == 0, ended.output
    assert state_of(shell) == "Disabled"


def test_stop_turns_redirect_off_in_constrained_language_mode_without_notes(
    shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    ended = shell.alone(step("60-stop", StatePath=NOWHERE), before=STALE + CONSTRAINED)
    ends_truly(ended)
    assert ended.exit_code == 0, ended.output
    assert state_of(shell) == "Disabled"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_call_that_always_fails_is_told_wherever_it_comes(
    script: str, way: Way, shells: NewShell, valid_request: Request
) -> None:
    for cmdlet in ("Get-ConnectionInformation", "Get-AcceptedDomain", "Get-TransportRule"):
        tenant = put(empty_tenant(faults=[{"kind": "error", "nth": 0, "cmdlet": cmdlet}]), valid_request, *NAMES)
        shell = shells(tenant)
        item = usual(script)
        if script == "80-trace" and cmdlet == "Get-TransportRule":
            continue
        [ended] = shell.session([item], way)
        assert ended.exit_code == 1, ended.output
        assert "STOPPED  " in ended.output
        ends_truly(ended)
        assert shell.changes == []


def test_what_a_script_ends_with_can_be_caught_by_the_script_that_calls_it(shells: NewShell) -> None:
    """It ends with exit, not with an error: whoever calls it goes on with a true code."""
    shell = shells()
    ended = shell.alone(step("50-enable", Stage="LoopCheck"), before=f"$ErrorActionPreference = 'Stop'; {STALE}")
    ends_truly(ended)
    assert ended.exit_code == 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_without_a_connection_nothing_is_changed_and_it_is_said(script: str, shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["connections"] = []
    shell = shells(tenant)
    [ended] = run(shell, usual(script))
    assert ended.exit_code == 1
    assert "There are 0 Exchange Online connections" in ended.output
    ends_truly(ended)
