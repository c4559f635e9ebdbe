"""-Confirm: a person is asked before each change, and No is No at once."""

import pytest

from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from mm365.rehearsal.shells import Ended
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, ours, put
from tests.scripts.steps import CHANGE, ends_truly, state_of, usual
from tests.shell import WAYS, Way, step

pytestmark = pytest.mark.powershell


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("script", CHANGE)
def test_no_is_known_at_once_and_changes_nothing(
    script: str, way: Way, shells: NewShell, valid_request: Request
) -> None:
    on = True if script in {"60-stop", "70-rollback"} else None
    tenant = empty_tenant() if script == "30-create" else put(empty_tenant(), valid_request, *NAMES, on=on)
    shell = shells(tenant)
    before = comparable(shell.tenant)
    ended = shell.alone(usual(script, Confirm=True), way, answers="n\n")
    assert ended.exit_code == 1, ended.output
    assert "was not confirmed, and was not done." in ended.output
    assert comparable(shell.tenant) == before
    assert not any(call["cmdlet"] == "Start-Sleep" for call in shell.log)
    # The line with the question has no end of its own, as the answer's is not shown.
    ends_truly(Ended(exit_code=1, output=ended.output.replace("STOPPED", "\nSTOPPED"), seconds=0))


def test_yes_goes_on(shells: NewShell) -> None:
    shell = shells()
    ended = shell.alone(step("30-create", Confirm=True), answers="y\ny\ny\ny\n")
    assert ended.exit_code == 0, ended.output
    assert set(ours(shell.tenant)) == set(NAMES)


def test_no_to_the_third_question_leaves_what_two_answers_made(shells: NewShell) -> None:
    shell = shells()
    ended = shell.alone(step("30-create", Confirm=True), answers="y\ny\nn\n")
    assert ended.exit_code == 1, ended.output
    assert set(ours(shell.tenant)) == set(NAMES[:2])
    noted = {key for key, entry in shell.state["objects"].items() if entry["guid"]}
    assert noted == {"Inbound", "Outbound"}


def test_without_confirm_nobody_is_asked(shells: NewShell, valid_request: Request) -> None:
    """Not even where the session wants to be asked before everything that matters little."""
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    ended = shell.alone(step("60-stop"), before="$ConfirmPreference = 'Medium'; ")
    assert ended.exit_code == 0, ended.output
    assert state_of(shell) == "Disabled"
