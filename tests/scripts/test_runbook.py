"""What the runbook says that each script ends with is what it does end with, in a real PowerShell."""

from pathlib import Path

import pytest

from mm365.request.request import build_request
from mm365.scripts.catalogue import NOT_UNDONE
from mm365.scripts.change import build_change
from tests.shell import WAYS, Step, Way, new_shell

pytestmark = pytest.mark.powershell

UNWAITED: dict[str, dict[str, int]] = {"enable-redirect": {"WaitMinutes": 0}, "rollback": {"DrainHours": 0}}


@pytest.mark.parametrize("way", WAYS)
def test_each_script_ends_as_the_runbook_says(way: Way, request_values: dict[str, str], tmp_path: Path) -> None:
    request = build_request(request_values, needs=())
    shell = new_shell(tmp_path, request)
    steps = [step for step in build_change(request).procedure if step.script]
    runs = [
        Step(script=step.script.name, arguments={**step.arguments, **UNWAITED.get(step.key, {})})
        for step in steps
        if step.script
    ]
    for step, ended in zip(steps, shell.session(runs, way), strict=True):
        assert ended.exit_code == 0, (step.key, ended.output)
        lines = [line for line in ended.output.splitlines() if line.strip()]
        assert lines[-len(step.last_lines) :] == list(step.last_lines), step.key


@pytest.mark.parametrize("key", ["enable-redirect", "rollback"])
def test_each_step_that_may_wait_ends_with_2_and_with_what_to_do_then(
    key: str, request_values: dict[str, str], tmp_path: Path
) -> None:
    request = build_request(request_values, needs=())
    shell = new_shell(tmp_path, request)
    steps = [step for step in build_change(request).procedure if step.script and not step.standby]
    for step in steps:
        assert step.script
        if step.key == key:
            break
        shell.session([Step(script=step.script.name, arguments={**step.arguments, **UNWAITED.get(step.key, {})})])
    [chosen] = [step for step in build_change(request).procedure if step.key == key]
    assert chosen.script
    assert chosen.waiting
    [ended] = shell.session([Step(script=chosen.script.name, arguments=chosen.arguments)])
    assert ended.exit_code == 2, ended.output
    lines = [line for line in ended.output.splitlines() if line.strip()]
    assert lines[-1] == f"Next: {chosen.script.next.waiting}"


def test_the_script_and_the_change_request_say_what_rollback_does_not_undo(
    request_values: dict[str, str], tmp_path: Path
) -> None:
    shell = new_shell(tmp_path, build_request(request_values, needs=()))
    script = shell.script("70-rollback").read_text("ascii")
    assert "Not undone: mail stays as the filter left it; MailMarshal Cloud's own side; mail in Exchange's" in script
    change_request = (shell.pack / "change-request.md").read_text("utf-8")
    for text in NOT_UNDONE:
        assert text in change_request
