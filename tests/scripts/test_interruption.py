"""Ctrl-C, in a real process: the last lines are printed, the exit code is true, the notes are whole."""

import json

import pytest

from mm365.emulator.contract import Fault
from mm365.emulator.files import comparable
from mm365.emulator.tenants import empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, REDIRECT, put
from tests.scripts.steps import BACK_NOW, ends_truly, run, usual, well
from tests.shell import Way

pytestmark = pytest.mark.powershell

SLOWLY: Fault = {"kind": "delay", "nth": 0, "ms": 150}


# Each script once, the two ways of running one by turns: a process of its own for each takes seconds.
@pytest.mark.parametrize(
    ("script", "until", "way"),
    [
        ("30-create", "Get-AcceptedDomain", "call"),
        ("30-create", "New-OutboundConnector", "file"),
        ("50-enable", "Enable-TransportRule", "call"),
        ("60-stop", "Disable-TransportRule", "file"),
        ("70-rollback", "Remove-TransportRule", "call"),
    ],
)
def test_it_ends_with_the_last_lines_a_true_code_and_whole_notes(
    script: str, until: str, way: Way, shells: NewShell, valid_request: Request
) -> None:
    begun = empty_tenant()
    if script != "30-create":
        put(begun, valid_request, *NAMES, on=None if script == "50-enable" else True)
    begun["faults"] = [SLOWLY]
    shell = shells(begun)
    item = BACK_NOW if script == "70-rollback" else usual(script)
    ended = shell.interrupted(item, until, way)
    assert ended.exit_code == 1, ended.output
    assert "STOPPED  It was interrupted." in ended.output
    ends_truly(ended)
    assert f"rule Redirect '{REDIRECT}': " in ended.output or until == "Get-AcceptedDomain"
    if shell.state_file.exists():
        json.loads(shell.state_file.read_bytes())
    with shell.changed() as tenant:
        tenant["faults"] = []
    well(run(shell, BACK_NOW))
    assert comparable(shell.tenant) == comparable(empty_tenant())
