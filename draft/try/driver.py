"""Lays an emulated tenant, runs a draft script in the real engine, and shows its output, exit code and tenant."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.emulator.files import read_log, read_tenant, write_tenant
from generator.emulator.tenants import Tenant, empty_tenant
from tests.exchange.engine import environment

DRAFT = Path(__file__).resolve().parents[1]
PWSH = os.environ.get("MM365_PWSH", "/work/shared/pwsh/pwsh")
# The module is there before, as in a shell that is connected.
CONSTRAINED = "Import-Module ExchangeOnlineManagement; $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; "


@dataclass(kw_only=True)
class Ran:
    """What a run of a script came to."""

    code: int
    output: str

    @property
    def lines(self) -> list[str]:
        """What it wrote, a line each."""
        return self.output.splitlines()


@dataclass(kw_only=True)
class Place:
    """A copy of the draft's scripts in a folder of its own, and a tenant."""

    folder: Path
    scripts: Path = field(init=False)

    def __post_init__(self) -> None:
        self.scripts = self.folder / "scripts"
        shutil.copytree(DRAFT / "scripts", self.scripts)

    @property
    def state_file(self) -> Path:
        return self.folder / "state" / "state.json"

    @property
    def tenant(self) -> Tenant:
        return read_tenant(self.folder / "tenant.json")

    @tenant.setter
    def tenant(self, tenant: Tenant) -> None:
        write_tenant(tenant, self.folder / "tenant.json")

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [dict(call) for call in read_log(self.folder / "calls.jsonl") if call["n"] is not None]

    @property
    def environment(self) -> dict[str, str]:
        return {**environment(self.folder / "tenant.json", self.folder / "calls.jsonl"), "NO_COLOR": "1"}

    def command(self, script: str, arguments: str = "", before: str = "") -> str:
        path = str(self.scripts / f"{script}.ps1").replace("'", "''")
        return f"{before}& '{path}' {arguments}; 'code:' + $LASTEXITCODE"

    def run(self, script: str, arguments: str = "", way: str = "call", before: str = "", answers: str | None = None) -> Ran:
        """Run a script: ``call`` in an open shell in which something stands before it, or ``file``."""
        interactive = [] if answers is not None else ["-NonInteractive"]
        if way == "file":
            how = ["-File", str(self.scripts / f"{script}.ps1"), *arguments.split()]
        else:
            how = ["-Command", self.command(script, arguments, before)]
        done = subprocess.run(
            [PWSH, "-NoProfile", *interactive, *how],
            input=answers,
            stdin=subprocess.DEVNULL if answers is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=self.environment,
            cwd=self.folder,
            timeout=120,
            check=False,
        )
        if way == "file":
            return Ran(code=done.returncode, output=done.stdout)
        head, _, code = done.stdout.rpartition("code:")
        return Ran(code=int(code.strip() or -1) if head or code else -1, output=head or done.stdout)

    def interrupt(self, script: str, arguments: str, until: str, way: str = "file") -> Ran:
        """Run a script and send Ctrl-C when its log of calls holds a text."""
        path = str(self.scripts / f"{script}.ps1")
        how = (
            ["-File", path, *arguments.split()]
            if way == "file"
            else ["-Command", f"& '{path}' {arguments}; exit $LASTEXITCODE"]
        )
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            process = subprocess.Popen(
                [PWSH, "-NoProfile", "-NonInteractive", *how],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=self.environment,
                cwd=self.folder,
            )
        finally:
            signal.signal(signal.SIGINT, before)
        log = self.folder / "calls.jsonl"
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            if log.exists() and until in log.read_text():
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        return Ran(code=process.returncode, output=output)


def place(folder: Path, tenant: Tenant | None = None) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    made = Place(folder=folder)
    made.tenant = tenant if tenant is not None else empty_tenant()
    return made
