"""A real PowerShell that runs scripts and paste forms of a pack in the three ways in which people run them."""

import base64
import json
import os
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Literal

from mm365.emulator.files import MODULES
from mm365.errors import NoPowerShellError
from mm365.powershell import literal
from mm365.rehearsal.paste import Argument

Way = Literal["file", "call", "paste"]
"""Scripts with ``pwsh -File``; scripts with ``&`` in an open shell; paste forms pasted into an open shell."""

WAYS: tuple[Way, ...] = ("file", "call", "paste")
PATIENCE = 120.0
"""Seconds after which a script that has not ended counts as hanging."""

_DRIVER = Path(__file__).resolve().parent / "driver.ps1"
_MODULE = MODULES / "ExchangeOnlineManagement"
_MARK = "mm365:"
_OPTIONS = ["-NoProfile", "-NonInteractive", *(["-ExecutionPolicy", "Bypass"] if os.name == "nt" else [])]

_HUNG = "hung"


class Abandoned(Exception):  # noqa: N818 - it is not an error: somebody asked to stop
    """A run was given up because somebody asked to stop."""


def find_shell(named: str = "") -> str:
    """The PowerShell to use: ``named``, else MM365_PWSH, else ``pwsh`` or ``powershell`` on the PATH.

    Raises NoPowerShellError where there is none.
    """
    for option, place, name in (("shell", "", named), ("", "MM365_PWSH", os.environ.get("MM365_PWSH", ""))):
        if name:
            if found := shutil.which(name):
                return found
            raise NoPowerShellError("is not a program that can be run here", field=option, value=name, place=place)
    for name in ("pwsh", "powershell"):
        if found := shutil.which(name):
            return found
    raise NoPowerShellError("There is no PowerShell: neither pwsh nor powershell is on the PATH")


@cache
def shell_version(program: str) -> str:
    """The version of a PowerShell, such as 7.6.0; empty if it does not tell."""
    asked = [program, *_OPTIONS, "-Command", "$PSVersionTable.PSVersion.ToString()"]
    try:
        told = subprocess.run(asked, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.fullmatch(rb"\s*([0-9][0-9A-Za-z.+-]*)\s*", told.stdout)
    return found[1].decode("ascii") if found else ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run of the script at ``path``, or one paste of ``text``; ``environment`` says which tenant it meets."""

    path: Path
    text: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    environment: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended. ``exit_code`` is None if the process was killed or the run never ended.

    Pasted text has no exit code of its own: an error that ended it stands for 1, or for 2 if the first word of the
    error is WAITING, as the paste forms have it.
    """

    exit_code: int | None
    output: str
    seconds: float
    hung: bool = False


class OpenShell:
    """A PowerShell process, which is started for the first job, and again for the next job after it was killed."""

    def __init__(self, program: str, way: Way, stop: threading.Event | None = None) -> None:
        self.way = way
        self._stop = stop or threading.Event()
        self._program = program
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._folder = tempfile.TemporaryDirectory(prefix="mm365-")

    def run(self, job: Job) -> Ended:
        """Run a script until it or the process ends. Raises Abandoned when ``stop`` is set meanwhile."""
        process = self._started(job)
        begun = time.monotonic()
        if self.way == "paste":
            self._paste(process, job)
        else:
            self._ask(job)
        lines: list[str] = []
        while True:
            line = self._next_line(begun)
            if line is None or line is _HUNG:
                self.close()
                return Ended(
                    exit_code=None, output="".join(lines), seconds=time.monotonic() - begun, hung=line is _HUNG
                )
            if line.startswith(_MARK):
                return self._ended(line, lines, time.monotonic() - begun)
            lines.append(line)

    def _next_line(self, begun: float) -> str | None:
        """The next line of output, None at the end of it, or _HUNG when PATIENCE has passed."""
        while time.monotonic() - begun < PATIENCE:
            if self._stop.is_set():
                self.close()
                raise Abandoned
            try:
                return self._lines.get(timeout=0.2)
            except queue.Empty:
                continue
        return _HUNG

    def another(self) -> "OpenShell":
        """Another process of the same program, for the same way of running scripts."""
        return OpenShell(self._program, self.way, self._stop)

    def close(self) -> None:
        """End the process, and no other."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    _close(stream)
            self._process = None

    def discard(self) -> None:
        """End the process and remove its folder."""
        self.close()
        self._folder.cleanup()

    def _started(self, job: Job) -> "subprocess.Popen[str]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        request = Path(self._folder.name) / "request.json"
        request.unlink(missing_ok=True)
        how = (
            ["-Command", "-"]
            if self.way == "paste"
            else ["-File", str(_DRIVER), "-Module", str(_MODULE), "-Request", str(request), "-Parent", str(os.getpid())]
        )
        self._process = subprocess.Popen(  # noqa: S603 - the PowerShell that the user has, with arguments made here
            [self._program, *_OPTIONS, *how],
            stdin=subprocess.PIPE if self.way == "paste" else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd=self._folder.name,
            env={**os.environ, "NO_COLOR": "1", **job.environment},
            # Ctrl-C in a terminal is to reach this program only, which then ends the shell.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._lines = queue.SimpleQueue()
        threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()
        if self.way == "paste":
            self._write(f"Import-Module {literal(str(_MODULE))}\n\n{_CHECK}\n\n")
        return self._process

    def _ask(self, job: Job) -> None:
        request = Path(self._folder.name) / "request.json"
        written = request.with_suffix(".new")
        asked = {
            "way": self.way,
            # The shell has a folder of its own, so the pack's path may not depend on that of this program.
            "path": str(job.path.absolute()),
            "arguments": dict(job.arguments),
            "environment": dict(job.environment),
        }
        written.write_text(json.dumps(asked), encoding="ascii")
        written.replace(request)

    def _paste(self, process: "subprocess.Popen[str]", job: Job) -> None:
        assert process.stdin is not None  # noqa: S101 - it was started with a pipe
        setting = "".join(f"$env:{name} = {literal(value)}\n" for name, value in job.environment.items())
        self._write(f"{setting}{job.text.rstrip()}\n\n{_CODE}\n\n")

    def _write(self, text: str) -> None:
        assert self._process is not None  # noqa: S101 - called after it was started
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        try:
            self._process.stdin.write(text)
            self._process.stdin.flush()
        except OSError:
            # The process has ended: its output says why.
            return

    def _ended(self, line: str, lines: list[str], seconds: float) -> Ended:
        answer = line.removeprefix(_MARK).strip()
        if self.way == "paste":
            return Ended(exit_code=int(answer), output="".join(lines), seconds=seconds)
        told = json.loads(base64.b64decode(answer))
        code = told["exitCode"]
        # A script that ends without "exit" has no exit code. It ran to its end, so the code is 0.
        return Ended(exit_code=0 if code is None else int(code), output=told["output"], seconds=float(told["seconds"]))


# Before anything else runs: the error with which the pasted text ended, if it did, is the first in $Error.
_WAITS = "\"$($Error[0].Exception.Message)\" -clike 'WAITING *'"
_CODE = f"'{_MARK}' + $(if ($?) {{ 0 }} elseif ({_WAITS}) {{ 2 }} else {{ 1 }})"
_CHECK = (
    "if (-not (Get-Module -Name ExchangeOnlineManagement).PrivateData.Emulator) "
    "{ 'This is not the emulated Exchange Online: nothing is run.'; exit 1 }"
)


def _read(stream: IO[str], lines: "queue.SimpleQueue[str | None]") -> None:
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        # This program has closed the pipe, because it ended the process.
        pass
    lines.put(None)


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except OSError:
        # The process ended before it had read all that was written to it.
        return
