"""A pack's scripts in a real PowerShell against the emulator: in shells that stay open or in their own process."""

import atexit
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mm365.emulator.contract import Call
from mm365.emulator.files import read_log, read_tenant, write_tenant
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.pack.contents import Pack, build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.paste import Argument
from mm365.rehearsal.shells import Ended, Job, OpenShell
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.exchange.engine import environment, find_pwsh

Way = Literal["file", "call"]
"""``pwsh -File``; ``& ./script.ps1`` in an open shell."""

WAYS: tuple[Way, ...] = ("file", "call")
CONSTRAINED = (
    # The module is there before, as in a shell that is connected.
    "Import-Module -Name ExchangeOnlineManagement; "
    "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; "
)
"""What brings a shell into constrained language mode."""

_PATIENCE = 180
_CODE = "exit code:"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One run of a script of a pack: its name, and its parameters."""

    script: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


def step(script: str, **arguments: Argument) -> Step:
    return Step(script=script, arguments=arguments)


@dataclass(kw_only=True)
class Shell:
    """A tenant in a file, a pack, and the folder in which the pack's scripts keep their notes."""

    pack: Path
    folder: Path

    @property
    def tenant(self) -> Tenant:
        return read_tenant(self.folder / "tenant.json")

    @tenant.setter
    def tenant(self, tenant: Tenant) -> None:
        write_tenant(tenant, self.folder / "tenant.json")

    @contextmanager
    def changed(self) -> Iterator[Tenant]:
        """The tenant, to be changed by hand."""
        tenant = self.tenant
        yield tenant
        self.tenant = tenant

    @property
    def log(self) -> list[Call]:
        """Every call, and every wait."""
        return read_log(self.folder / "calls.jsonl")

    @property
    def calls(self) -> list[Call]:
        return [call for call in self.log if call["n"] is not None]

    @property
    def changes(self) -> list[str]:
        """The cmdlets that changed the tenant, in their order."""
        return [call["cmdlet"] for call in self.calls if call["changed"]]

    @property
    def state_file(self) -> Path:
        return self.folder / "state" / "state.json"

    @property
    def state(self) -> dict[str, Any]:
        return self.read_json(self.state_file)

    def note(self, **values: str) -> None:
        """Let the notes say something else."""
        self.state_file.write_text(json.dumps({**self.state, **values}), "ascii")

    @staticmethod
    def read_json(path: Path) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        return loaded

    def script(self, name: str) -> Path:
        return self.pack / "scripts" / f"{name}.ps1"

    def run(self, script: str, way: Way = "call", **arguments: Argument) -> Ended:
        return self.session([step(script, **arguments)], way)[0]

    def session(self, steps: Sequence[Step], way: Way = "call") -> list[Ended]:
        """Several scripts, one after the other."""
        return [open_shell(way).run(self._job(item)) for item in steps]

    def alone(self, item: Step, way: Way = "call", *, before: str = "", answers: str = "") -> Ended:
        """A script in a process of its own, which with ``answers`` takes them from a person.

        ``before`` is what was typed into the open shell before it.
        """
        begun = time.monotonic()
        done = subprocess.run(
            [*_engine(interactive=bool(answers)), *self._words(item, way, before)],
            input=answers or None,
            stdin=None if answers else subprocess.DEVNULL,
            **self._process(),
            timeout=_PATIENCE,
            check=False,
        )
        return _ended(done.stdout, done.returncode, way, time.monotonic() - begun)

    def interrupted(self, item: Step, until: str, way: Way = "file") -> Ended:
        """A script in a process of its own that gets Ctrl-C when the log of its calls has a text in it."""
        begun = time.monotonic()
        with _listening():
            process = subprocess.Popen(
                [*_engine(interactive=False), *self._words(item, way, "", ends=True)],
                stdin=subprocess.DEVNULL,
                **self._process(),
            )
        log = self.folder / "calls.jsonl"
        while process.poll() is None and time.monotonic() - begun < _PATIENCE:
            if log.exists() and until in log.read_text("utf-8"):
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=_PATIENCE)
        return Ended(exit_code=process.returncode, output=output, seconds=time.monotonic() - begun)

    def pwsh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A process of its own."""
        return subprocess.run(
            [*_engine(interactive=False), *arguments],
            stdin=subprocess.DEVNULL,
            **self._process(),
            timeout=_PATIENCE,
            check=False,
        )

    def _process(self) -> dict[str, Any]:
        here = environment(self.folder / "tenant.json", self.folder / "calls.jsonl")
        return {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "encoding": "utf-8",
            "cwd": self.folder,
            "env": {**os.environ, "NO_COLOR": "1", **here},
        }

    def _words(self, item: Step, way: Way, before: str, *, ends: bool = False) -> list[str]:
        """What stands after the name of the engine. With ``ends`` the shell ends with the code of the script."""
        path = self.script(item.script)
        given = {**self._kept(item.script), **item.arguments}
        if way == "file":
            words = [[f"-{name}"] if value is True else [f"-{name}", str(value)] for name, value in given.items()]
            return ["-File", str(path), *(word for pair in words for word in pair)]
        typed = " ".join(f"-{name}" if value is True else f"-{name} {quoted(value)}" for name, value in given.items())
        end = "exit $LASTEXITCODE" if ends else f"'{_CODE}' + $LASTEXITCODE"
        return ["-Command", f"{before}& {quoted(path)} {typed}; {end}"]

    def _kept(self, script: str) -> dict[str, Argument]:
        keeps_state = "[string]$StatePath" in self.script(script).read_text("utf-8")
        return {"StatePath": str(self.folder / "state")} if keeps_state else {}

    def _job(self, item: Step) -> Job:
        return Job(
            path=self.script(item.script),
            arguments={**self._kept(item.script), **item.arguments},
            environment={
                "MM365_EXCHANGE_STATE": str(self.folder / "tenant.json"),
                "MM365_EXCHANGE_LOG": str(self.folder / "calls.jsonl"),
                "MM365_EXCHANGE_NO_SLEEP": "1",
            },
        )


def new_shell(folder: Path, request: Request, tenant: Tenant | None = None) -> Shell:
    """A shell in a new folder: a pack of the request, and an empty tenant unless one is given."""
    folder.mkdir(exist_ok=True)
    write_pack(_pack(request), folder / "pack")
    shell = Shell(pack=folder / "pack", folder=folder)
    shell.tenant = tenant if tenant is not None else empty_tenant()
    return shell


@dataclass(frozen=True, kw_only=True)
class Case:
    """Runs of scripts on one tenant, in the open shell that all cases share."""

    shell: Shell
    steps: Sequence[Step]


def drive(cases: Sequence[Case]) -> list[list[Ended]]:
    """Run many cases, each on its own tenant and with its own notes."""
    return [case.shell.session(case.steps) for case in cases]


def quoted(value: object) -> str:
    """Text as a person types it in single quotes."""
    return "'" + str(value).replace("'", "''") + "'"


@cache
def _pack(request: Request) -> Pack:
    return build_pack(build_change(request))


@cache
def open_shell(way: Way) -> OpenShell:
    """The shell of this process for this way, which stays open until the process ends."""
    shell = OpenShell(_program(), way)
    atexit.register(shell.discard)
    return shell


def _program() -> str:
    found = find_pwsh()
    assert found is not None
    return found


def _engine(*, interactive: bool) -> list[str]:
    return [_program(), "-NoProfile", *([] if interactive else ["-NonInteractive"])]


def _ended(output: str, exit_code: int, way: Way, seconds: float) -> Ended:
    if way == "file":
        return Ended(exit_code=exit_code, output=output, seconds=seconds)
    # Without a number the script left none. Without the line the shell did not come so far.
    written, _, code = output.rpartition(_CODE)
    return Ended(exit_code=int(code) if code.strip().isdigit() else None, output=written, seconds=seconds)


@contextmanager
def _listening() -> Iterator[None]:
    """Ctrl-C works as in a person's shell; pytest-xdist tells its workers, and so their children, to ignore it."""
    assert threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
