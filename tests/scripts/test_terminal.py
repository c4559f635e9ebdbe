"""What a person sees in a terminal: lines that fit the window."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from mm365.emulator.busy import busy_tenant
from tests.exchange.engine import environment
from tests.scripts.conftest import NewShell
from tests.shell import Shell

pytestmark = pytest.mark.powershell

COLUMNS = 120


def on_a_terminal(pwsh: str, shell: Shell, script: str) -> str:
    """What a script writes on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    inherited = environment(shell.folder / "tenant.json", shell.folder / "calls.jsonl")
    process = subprocess.Popen(
        [pwsh, "-NoProfile", "-File", str(shell.script(script))],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=shell.folder,
        env={**{key: value for key, value in inherited.items() if key != "NO_COLOR"}, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:
            # The other end is closed: all is read.
            break
        if not read:
            break
        written += read
    os.close(ours)
    process.wait(60)
    return written.decode("utf-8", "replace")


def test_the_findings_of_preflight_fit_the_window(pwsh: str, shells: NewShell) -> None:
    written = on_a_terminal(pwsh, shells(busy_tenant()), "10-preflight")
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written).replace("\r", "")
    lines = plain.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("OK "))
    end = next(number for number, line in enumerate(lines) if line.startswith("Nothing was changed."))
    assert [line for line in lines[start:end] if len(line) >= COLUMNS] == []
    warned = next(number for number, line in enumerate(lines) if line.startswith("WARN "))
    assert any(line.startswith("      ") for line in lines[warned:end])
    words = re.sub(r"\s+", " ", plain)
    assert "'Block executables'. Mail that such a rule matches does not reach Redirect and is not filtered." in words
