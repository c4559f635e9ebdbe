"""The PowerShell that runs the scripts: found, started, killed, stopped; never one that could reach a tenant."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mm365.errors import NoPowerShellError
from mm365.rehearsal.program import find_shell
from mm365.rehearsal.shells import Job, OpenShell, Way
from tests.commands import mm365

posix = pytest.mark.skipif(os.name == "nt", reason="signals and /proc are of POSIX")


def program(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n", encoding="ascii")
    file.chmod(0o755)
    return file


@posix
def test_it_is_the_one_that_is_named_then_that_of_the_environment_then_that_of_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, other = program(tmp_path, "mine"), program(tmp_path, "other")
    (tmp_path / "bin").mkdir()
    windows = program(tmp_path / "bin", "powershell")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MM365_PWSH", str(other))
    assert find_shell(str(named)) == str(named)
    assert find_shell() == str(other)
    monkeypatch.delenv("MM365_PWSH")
    assert find_shell() == str(windows)
    seven = program(tmp_path / "bin", "pwsh")
    assert find_shell() == str(seven)


def test_where_there_is_none_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MM365_PWSH", raising=False)
    with pytest.raises(NoPowerShellError, match="install PowerShell 7"):
        find_shell()
    monkeypatch.setenv("MM365_PWSH", "nowhere")
    with pytest.raises(NoPowerShellError, match="MM365_PWSH: 'nowhere' is not a program"):
        find_shell()
    with pytest.raises(NoPowerShellError, match="shell 'here' is not a program"):
        find_shell("here")


def job(folder: Path, text: str) -> Job:
    script = folder / "script.ps1"
    script.write_text(text, encoding="ascii")
    return Job(path=script, text=text, environment={})


@pytest.mark.powershell
@pytest.mark.parametrize("way", ["file", "call", "paste"])
def test_a_killed_shell_is_seen_and_the_next_script_gets_a_new_one(way: Way, pwsh: str, tmp_path: Path) -> None:
    shell = OpenShell(pwsh, way)
    try:
        killed = shell.run(job(tmp_path, "'before'\n[Diagnostics.Process]::GetCurrentProcess().Kill()\n'after'\n"))
        assert (killed.exit_code, killed.hung) == (None, False)
        assert "after" not in killed.output
        again = shell.run(job(tmp_path, "'still here'\n"))
        assert (again.exit_code, again.output.strip()) == (0, "still here")
    finally:
        shell.discard()


@pytest.mark.powershell
@pytest.mark.parametrize("way", ["file", "call", "paste"])
def test_what_a_script_writes_and_how_it_ends_comes_back(way: Way, pwsh: str, tmp_path: Path) -> None:
    shell = OpenShell(pwsh, way)
    try:
        failed = shell.run(job(tmp_path, "Write-Host 'aa'; Write-Warning 'bb'; 'cc'; throw 'dd'\n"))
        assert failed.exit_code == 1
        assert all(text in failed.output for text in ("aa", "bb", "cc", "dd"))
    finally:
        shell.discard()


@pytest.mark.powershell
@posix
def test_ctrl_c_ends_the_shell_that_it_started_and_no_other_and_shows_what_was_found(
    finished_pack: Path, pwsh: str, tmp_path: Path
) -> None:
    page = tmp_path / "r.html"
    others = subprocess.Popen([pwsh, "-NoProfile", "-Command", "Start-Sleep -Seconds 60"])
    try:
        # Where the tests run in the background, Ctrl-C may be ignored, and what they start would ignore it too.
        program = (
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
            "from mm365.cli.main import main; main()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, "rehearse", str(finished_pack), "--faults", "error", "--shell", pwsh,
             "--report", str(page)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        wait_for(lambda: bool(children(process.pid)))
        time.sleep(1)
        shells = children(process.pid)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in errors
        assert "Interrupted before the way through had ended." in out
        assert out.splitlines()[-1] == "No tenant was touched."
        assert errors.splitlines()[-1] == f"Not written: {page}. The rehearsal did not end."
        assert not page.exists()
        wait_for(lambda: not any(alive(pid) for pid in shells))
        assert others.poll() is None
    finally:
        others.kill()
        others.wait()


@pytest.mark.powershell
@posix
def test_a_shell_ends_when_the_one_who_asks_is_killed(finished_pack: Path, pwsh: str) -> None:
    process = subprocess.Popen(
        [mm365(), "rehearse", str(finished_pack), "--faults", "error", "--shell", pwsh],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: bool(children(process.pid)))
    time.sleep(1)
    shells = children(process.pid)
    process.kill()
    process.wait()
    wait_for(lambda: not any(alive(pid) for pid in shells))


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task")
    if sys.platform != "linux" or not listed.exists():
        pytest.skip("the children of a process are looked up in /proc")
    return [int(child) for task in listed.iterdir() for child in (task / "children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within half a minute")
