"""What is in the operator's session does not reach the scripts, and nothing of theirs is left in it."""

import hashlib
from pathlib import Path

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.request.request import Request
from mm365.scripts.library import shared_sha256
from tests.scripts.conftest import NewShell
from tests.scripts.objects import LOOP_CHECK, REDIRECT, rule_order
from tests.scripts.steps import BACK_NOW, CREATE, STOP, run, well
from tests.shell import new_shell, step

pytestmark = pytest.mark.powershell

DEFAULTS = (
    "$PSDefaultParameterValues = @{ 'New-TransportRule:Priority' = 0; 'New-*:Comments' = 'x'; "
    "'Get-FileHash:Algorithm' = 'MD5'; 'Get-*:ErrorAction' = 'Ignore'; '*-TransportRule:WhatIf' = $true }; "
)
HOSTILE = (
    "Set-StrictMode -Off; $OFS = '|'; $ErrorActionPreference = 'SilentlyContinue'; $Session = 1; $Objects = 2; "
    "$Each = 3; $Run = 4; $Kinds = 5; $Next = 6; $InformationPreference = 'SilentlyContinue'; "
    "function Show-Line { throw 'a function of the session' }; "
)


def test_defaults_of_the_session_do_not_reach_the_calls(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    ended = shell.alone(step("30-create"), before=DEFAULTS)
    assert ended.exit_code == 0, ended.output
    assert rule_order(shell.tenant)[-2:] == [LOOP_CHECK, REDIRECT]
    assert not any("Priority" in call["parameters"] or "Comments" in call["parameters"] for call in shell.calls)


def test_variables_functions_and_preferences_of_the_session_do_not_reach_the_scripts(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    for script in ("30-create", "60-stop", "70-rollback"):
        ended = shell.alone(step(script), before=HOSTILE)
        assert ended.exit_code == 0, ended.output
        assert "Now in the tenant:" in ended.output
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_what_if_as_the_preference_of_the_session_counts(shells: NewShell) -> None:
    shell = shells()
    ended = shell.alone(step("30-create"), before="$WhatIfPreference = $true; ")
    assert ended.exit_code == 0, ended.output
    assert "Simulated: nothing was changed and nothing was saved." in ended.output
    assert shell.changes == []


def test_nothing_is_left_in_the_session(shells: NewShell) -> None:
    shell = shells()
    look = "(Get-Command -CommandType Function).Name; (Get-Variable).Name | ForEach-Object { '$' + $_ }"
    scripts = " ".join(
        f"& '{shell.script(name)}' {words} *>$null;"
        for name, words in (("30-create", ""), ("40-verify", "-Expect Created"), ("60-stop", ""), ("70-rollback", ""))
    )
    done = shell.pwsh(
        "-Command",
        "Import-Module ExchangeOnlineManagement; $before = $null; $new = $null; "
        f"$before = @({look}); {scripts} $new = @({look}) | Where-Object {{ $_ -notin $before }}; "
        "'left:' + ($new -join ',')",
    )
    left = done.stdout.rpartition("left:")[2].strip()
    assert "left:" in done.stdout
    assert set(left.split(",")) <= {"$LASTEXITCODE", "$EXO_LastExecutionStatus", ""}, left


def test_two_releases_in_one_session_do_not_mix(shells: NewShell, valid_request: Request, tmp_path: Path) -> None:
    """Each script runs the functions beside it, also after those of another release ran in the same shell."""
    other = new_shell(tmp_path / "other", valid_request)
    said, theirs = "Created, and every setting read back.", "Created by the other release."
    release(other.pack / "scripts", said, theirs)
    shell = shells()
    for pack, says, silent in ((other, theirs, said), (shell, said, theirs), (other, theirs, said)):
        pack.tenant = shells().tenant
        pack.state_file.unlink(missing_ok=True)
        [ended] = run(pack, CREATE)
        assert ended.exit_code == 0, ended.output
        assert says in ended.output
        assert silent not in ended.output
    well(run(shell, STOP, BACK_NOW))


def release(scripts: Path, said: str, says: str) -> None:
    """Make another release of the shared functions, to which the scripts beside it are pinned."""
    shared = scripts / "MailMarshal365.ps1"
    text = shared.read_text("ascii")
    assert said in text
    data = text.replace(said, says).encode("ascii")
    shared.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest().upper()
    for path in scripts.glob("[0-9]*.ps1"):
        script = path.read_text("ascii")
        assert script.count(shared_sha256()) == 1
        path.write_bytes(script.replace(shared_sha256(), sha256).encode("ascii"))
