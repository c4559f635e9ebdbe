"""What the runbook says that each script ends with is what it does end with, in a real PowerShell."""

from pathlib import Path

import pytest

from mm365.rehearsal.shells import Way
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.shell import Step, new_shell


@pytest.mark.powershell
@pytest.mark.parametrize("way", ["call", "file"])
@pytest.mark.usefixtures("pwsh")
def test_each_script_ends_as_the_runbook_says(way: Way, request_values: dict[str, str], tmp_path: Path) -> None:
    request = build_request(request_values, needs=())
    shell = new_shell(tmp_path, request)
    steps = [step for step in build_change(request).procedure if step.script]
    unwaited = {"enable-redirect": {"WaitMinutes": 0}, "rollback": {"DrainHours": 0}}
    runs = [
        Step(script=step.script.name, arguments={**step.arguments, **unwaited.get(step.key, {})})
        for step in steps
        if step.script
    ]
    for step, ended in zip(steps, shell.session(runs, way), strict=True):
        assert ended.exit_code == 0, (step.key, ended.output)
        lines = [line for line in ended.output.splitlines() if line.strip()]
        assert lines[-len(step.last_lines) :] == list(step.last_lines), step.key
