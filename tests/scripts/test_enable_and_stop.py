"""50-enable and 60-stop: the scripts that change the way of mail."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put
from tests.shell import Case, Shell, drive, step

if TYPE_CHECKING:
    from mm365.emulator.contract import Fault

pytestmark = pytest.mark.powershell

LOOP_CHECK_ON = step("50-enable", Stage="LoopCheck")
REDIRECT_ON = step("50-enable", Stage="Redirect")
REDIRECT_ON_NOW = step("50-enable", Stage="Redirect", WaitMinutes=0)


def loop_check_on_since(shell: Shell, minutes: int) -> None:
    """Let the notes say that Loop Check has been on for so long."""
    path = shell.folder / "state" / "state.json"
    since = (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%SZ")
    path.write_text(path.read_text().replace(shell.state["loopCheckOn"], since))


def test_redirect_waits_until_loop_check_has_been_on_for_thirty_minutes(shells: NewShell) -> None:
    shell = shells()
    *_, early = drive([Case(shell=shell, steps=[step("30-create"), LOOP_CHECK_ON, REDIRECT_ON])])[0]
    assert early.exit_code == 1
    assert "wait until 30 have passed" in early.output
    loop_check_on_since(shell, 29)
    assert shell.run("50-enable", Stage="Redirect").exit_code == 1
    loop_check_on_since(shell, 31)
    assert shell.run("50-enable", Stage="Redirect").exit_code == 0
    assert ours(shell.tenant)[REDIRECT]["State"] == "Enabled"


def test_the_wait_begins_anew_when_loop_check_was_changed_in_between(shells: NewShell) -> None:
    shell = shells()
    drive([Case(shell=shell, steps=[step("30-create"), LOOP_CHECK_ON])])
    loop_check_on_since(shell, 60)
    tenant = shell.tenant
    ours(tenant)[LOOP_CHECK]["WhenChanged"] = datetime.now(UTC).isoformat()
    shell.tenant = tenant
    late, noted, early = drive([Case(shell=shell, steps=[REDIRECT_ON, LOOP_CHECK_ON, REDIRECT_ON])])[0]
    assert (late.exit_code, noted.exit_code, early.exit_code) == (1, 0, 1)
    assert "it is not known since when Loop Check is on as it is now" in late.output
    assert "is on for 0 minutes" in early.output


@pytest.mark.parametrize("stage", [LOOP_CHECK_ON, REDIRECT_ON_NOW], ids=["LoopCheck", "Redirect"])
def test_nothing_is_turned_on_while_anything_is_missing_or_different(
    stage: object, shells: NewShell, valid_request: Request
) -> None:
    tenants = [put(empty_tenant(), valid_request, *(other for other in NAMES if other != name)) for name in NAMES]
    off = put(empty_tenant(), valid_request, *NAMES)
    off["inboundConnectors"][0]["Enabled"] = False
    other_host = put(empty_tenant(), valid_request, *NAMES)
    ours(other_host)[OUTBOUND]["SmartHosts"] = ["mail.example"]
    upside_down = put(put(empty_tenant(), valid_request, *NAMES[:2], REDIRECT), valid_request, LOOP_CHECK)
    chosen = LOOP_CHECK_ON if stage is LOOP_CHECK_ON else REDIRECT_ON_NOW
    cases = [Case(shell=shells(t), steps=[chosen]) for t in (*tenants, off, other_host, upside_down)]
    for case, [ended] in zip(cases, drive(cases), strict=True):
        assert ended.exit_code == 1, ended.output
        assert "Nothing was changed: the objects are not as approved." in ended.output
        assert not any(call["changed"] for call in case.shell.calls)


def test_redirect_is_not_turned_on_while_loop_check_is_off(shells: NewShell) -> None:
    *_, ended = drive([Case(shell=shells(), steps=[step("30-create"), REDIRECT_ON_NOW])])[0]
    assert ended.exit_code == 1
    assert "Loop Check is off. Run -Stage LoopCheck first." in ended.output


def test_redirect_is_turned_off_again_when_somebody_turns_loop_check_off_meanwhile(shells: NewShell) -> None:
    fault: Fault = {
        "cmdlet": "Enable-TransportRule",
        "nth": 2,
        "kind": "interfere",
        "change": {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"State": "Disabled"}}},
    }
    shell = shells(empty_tenant(faults=[fault]))
    *_, ended = drive([Case(shell=shell, steps=[step("30-create"), LOOP_CHECK_ON, REDIRECT_ON_NOW])])[0]
    assert ended.exit_code == 1
    assert "Redirect was turned on and off again" in ended.output
    assert ours(shell.tenant)[REDIRECT]["State"] == "Disabled"


@pytest.mark.parametrize("kind", ["error", "lost"])
def test_a_failing_call_leaves_redirect_off_or_everything_right(kind: str, shells: NewShell) -> None:
    cases = []
    for nth in (1, 2):
        fault: Fault = {"cmdlet": "Enable-TransportRule", "nth": nth, "kind": "lost" if kind == "lost" else "error"}
        shell = shells(busy_tenant(faults=[fault]))
        cases.append(Case(shell=shell, steps=[step("30-create"), LOOP_CHECK_ON, REDIRECT_ON_NOW]))
    for case, ended in zip(cases, drive(cases), strict=True):
        made = ours(case.shell.tenant)
        if kind == "lost":
            assert [run.exit_code for run in ended] == [0, 0, 0], [run.output for run in ended]
        else:
            assert ended[-1].exit_code == 1, [run.output for run in ended]
            assert made[REDIRECT]["State"] == "Disabled"


def test_stop_turns_redirect_off_and_nothing_else_whatever_became_of_the_rest(
    shells: NewShell, valid_request: Request
) -> None:
    tenant = put(busy_tenant(), valid_request, OUTBOUND)
    put(tenant, valid_request, REDIRECT, on=True, FromScope="InOrganization")
    shell = shells(tenant)
    first, second = drive([Case(shell=shell, steps=[step("60-stop"), step("60-stop")])])[0]
    assert first.exit_code == second.exit_code == 0, first.output
    assert [call["cmdlet"] for call in shell.calls if call["changed"]] == ["Disable-TransportRule"]
    assert ours(shell.tenant)[REDIRECT]["State"] == "Disabled"


def test_stop_works_without_a_place_for_notes_and_names_rules_that_still_send_mail_there(
    shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    tenant = shell.tenant
    tenant["transportRules"].append(
        {**ours(tenant)[REDIRECT], "Name": "A copy", "Guid": "0c7b1d2e-0000-4000-8000-000000000001", "Priority": 2}
    )
    shell.tenant = tenant
    (shell.folder / "state").write_text("a file where a folder should be")
    ended = shell.run("60-stop")
    assert ended.exit_code == 0, ended.output
    assert "WARN  The time could not be noted" in ended.output
    assert "rule 'A copy' sends mail to the same connector and is on" in ended.output
    assert ours(shell.tenant)[REDIRECT]["State"] == "Disabled"


def test_stop_notes_the_time_from_which_rollback_counts(shells: NewShell) -> None:
    shell = shells()
    steps = [step("30-create"), LOOP_CHECK_ON, REDIRECT_ON_NOW, step("60-stop")]
    drive([Case(shell=shell, steps=steps)])
    path = shell.folder / "state" / "state.json"
    path.write_text(path.read_text().replace(shell.state["redirectOff"], "2026-01-02 03:04:05Z"))
    [ended] = drive([Case(shell=shell, steps=[step("70-rollback")])])[0]
    assert ended.exit_code == 0, ended.output
