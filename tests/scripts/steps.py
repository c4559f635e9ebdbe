"""Steps that many tests take, and how every script has to end."""

import re
from collections.abc import Sequence

from mm365.rehearsal.shells import Ended
from tests.scripts.objects import REDIRECT
from tests.shell import Case, Shell, Step, drive, step

SCRIPTS = ("10-preflight", "20-backup", "30-create", "40-verify", "50-enable", "60-stop", "70-rollback", "80-trace")
KEEP_NOTES = ("20-backup", "30-create", "50-enable", "60-stop", "70-rollback", "80-trace")
CHANGE = ("30-create", "50-enable", "60-stop", "70-rollback")

CREATE = step("30-create")
LOOP_CHECK_ON = step("50-enable", Stage="LoopCheck")
AUDIT_ON = step("50-enable", Stage="Audit")
REDIRECT_ON = step("50-enable", Stage="Redirect")
REDIRECT_ON_NOW = step("50-enable", Stage="Redirect", WaitMinutes=0)
STOP = step("60-stop")
BACK = step("70-rollback")
BACK_NOW = step("70-rollback", DrainHours=0)
ENABLED = (CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW)

_NEEDED: dict[str, dict[str, str]] = {"40-verify": {"Expect": "Created"}, "50-enable": {"Stage": "LoopCheck"}}


def usual(script: str, **arguments: str | int | bool) -> Step:
    """A run of a script with what it cannot be run without."""
    return Step(script=script, arguments={**_NEEDED.get(script, {}), **arguments})


def run(shell: Shell, *steps: Step) -> list[Ended]:
    return drive([Case(shell=shell, steps=steps)])[0]


def enable(shell: Shell) -> None:
    """The whole change, to its end: all mail goes to the filter."""
    well(run(shell, *ENABLED))


def well(ended: Sequence[Ended]) -> None:
    """All of them ended with 0."""
    assert [each.exit_code for each in ended] == [0] * len(ended), "\n".join(each.output for each in ended)


def ends_truly(ended: Ended) -> None:
    """It says what is in the tenant, then what to do next; and why, where it ended with 1."""
    assert "Now in the tenant:" in ended.output, ended.output
    lines = [line for line in ended.output.splitlines() if line.strip()]
    assert lines[-1].startswith("Next: "), ended.output
    assert ended.exit_code in (0, 1, 2)
    if ended.exit_code == 1:
        assert re.search("^(STOP|DIFF)", ended.output, flags=re.MULTILINE), ended.output


def rename(shell: Shell, to: str, name: str = REDIRECT) -> None:
    """Somebody gives a rule another name."""
    with shell.changed() as tenant:
        for rule in tenant["transportRules"]:
            if rule["Name"] == name:
                rule["Name"] = rule["Identity"] = to


def state_of(shell: Shell, name: str = REDIRECT) -> str:
    """Whether a rule is Enabled or Disabled."""
    return str(next(rule["State"] for rule in shell.tenant["transportRules"] if rule["Name"] == name))
