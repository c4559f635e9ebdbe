"""50-enable: the script that changes the way of mail."""

from typing import TYPE_CHECKING

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put
from tests.scripts.steps import AUDIT_ON, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, enable, run, state_of, well
from tests.shell import Case, drive, step

if TYPE_CHECKING:
    from mm365.emulator.contract import Fault

pytestmark = pytest.mark.powershell


@pytest.mark.parametrize("stage", [LOOP_CHECK_ON, REDIRECT_ON_NOW, AUDIT_ON], ids=["LoopCheck", "Redirect", "Audit"])
def test_nothing_is_turned_on_while_anything_is_missing_or_different(
    stage: object, shells: NewShell, valid_request: Request
) -> None:
    tenants = [put(empty_tenant(), valid_request, *(other for other in NAMES if other != name)) for name in NAMES]
    off = put(empty_tenant(), valid_request, *NAMES)
    off["inboundConnectors"][0]["Enabled"] = False
    other_host = put(empty_tenant(), valid_request, *NAMES)
    ours(other_host)[OUTBOUND]["SmartHosts"] = ["mail.example"]
    upside_down = put(put(empty_tenant(), valid_request, *NAMES[:2], REDIRECT), valid_request, LOOP_CHECK)
    [chosen] = [item for item in (LOOP_CHECK_ON, REDIRECT_ON_NOW, AUDIT_ON) if item is stage]
    cases = [Case(shell=shells(t), steps=[chosen]) for t in (*tenants, off, other_host, upside_down)]
    for case, [ended] in zip(cases, drive(cases), strict=True):
        assert ended.exit_code == 1, ended.output
        assert "Nothing was changed: the objects are not as approved." in ended.output
        assert case.shell.changes == []


def test_redirect_is_not_turned_on_while_loop_check_is_off(shells: NewShell) -> None:
    for stage in (REDIRECT_ON_NOW, AUDIT_ON):
        _, ended = run(shells(), CREATE, stage)
        assert ended.exit_code == 1
        assert "Loop Check is off. Run -Stage LoopCheck first." in ended.output


@pytest.mark.parametrize("from_audit", [False, True])
def test_redirect_is_turned_off_again_when_somebody_turns_loop_check_off_meanwhile(
    from_audit: bool, shells: NewShell
) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON, *([AUDIT_ON] if from_audit else [])))
    with shell.changed() as tenant:
        tenant["faults"] = [
            {
                "cmdlet": "Set-TransportRule" if from_audit else "Enable-TransportRule",
                "nth": 1,
                "kind": "interfere",
                "change": {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"State": "Disabled"}}},
            }
        ]
    [ended] = run(shell, REDIRECT_ON_NOW)
    assert ended.exit_code == 1, ended.output
    assert "Turning Redirect off again" in ended.output
    assert "Redirect was on and must not be" in ended.output
    assert state_of(shell) == "Disabled"


def test_a_redirect_that_is_on_while_something_is_not_as_approved_is_turned_off(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    with shell.changed() as tenant:
        ours(tenant)[LOOP_CHECK]["HeaderContainsWords"] = ["11111111-2222-3333-4444-555555555555"]
    [simulated] = run(shell, step("50-enable", Stage="Redirect", WhatIf=True))
    assert simulated.exit_code == 1, simulated.output
    assert state_of(shell) == "Enabled"
    [ended] = run(shell, step("50-enable", Stage="Redirect"))
    assert ended.exit_code == 1, ended.output
    assert state_of(shell) == "Disabled"


@pytest.mark.parametrize("kind", ["error", "lost"])
def test_a_failing_call_leaves_redirect_off_or_everything_right(kind: str, shells: NewShell) -> None:
    cases = []
    for nth in (1, 2):
        fault: Fault = {"cmdlet": "Enable-TransportRule", "nth": nth, "kind": "lost" if kind == "lost" else "error"}
        shell = shells(busy_tenant(faults=[fault]))
        cases.append(Case(shell=shell, steps=[CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW]))
    for case, ended in zip(cases, drive(cases), strict=True):
        if kind == "lost":
            assert [each.exit_code for each in ended] == [0, 0, 0], [each.output for each in ended]
        else:
            assert ended[-1].exit_code == 1, [each.output for each in ended]
            assert state_of(case.shell) == "Disabled"


def test_what_was_turned_on_by_the_run_before_is_not_turned_on_again(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    changed = shell.changes
    well(run(shell, LOOP_CHECK_ON, step("50-enable", Stage="Redirect")))
    assert shell.changes == changed
