"""A pack's scripts in a real PowerShell against the emulator, in shells that stay open for all tests of a process."""

import atexit
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mm365.emulator.contract import Call
from mm365.emulator.files import read_log, read_tenant, write_tenant
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.paste import Argument
from mm365.rehearsal.shells import Ended, Job, OpenShell, Way
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.exchange.engine import environment, find_pwsh


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

    @property
    def calls(self) -> list[Call]:
        return [call for call in read_log(self.folder / "calls.jsonl") if call["n"] is not None]

    @property
    def state(self) -> dict[str, Any]:
        return self.read_json(self.folder / "state" / "state.json")

    @staticmethod
    def read_json(path: Path) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        return loaded

    def run(self, script: str, way: Way = "file", **arguments: Argument) -> Ended:
        return self.session([step(script, **arguments)], way)[0]

    def session(self, steps: Sequence[Step], way: Way) -> list[Ended]:
        """Several scripts, one after the other."""
        return [_open(way).run(self._job(item)) for item in steps]

    def _job(self, item: Step) -> Job:
        script = self.pack / "scripts" / f"{item.script}.ps1"
        keeps_state = "[string]$StatePath" in script.read_text("ascii")
        state: dict[str, Argument] = {"StatePath": str(self.folder / "state")} if keeps_state else {}
        return Job(
            script=script,
            paste=self.pack / "paste" / f"{item.script}.txt",
            arguments={**state, **item.arguments},
            environment={
                "MM365_EXCHANGE_STATE": str(self.folder / "tenant.json"),
                "MM365_EXCHANGE_LOG": str(self.folder / "calls.jsonl"),
                "MM365_EXCHANGE_NO_SLEEP": "1",
            },
        )

    def pwsh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A process of its own."""
        pwsh = find_pwsh()
        assert pwsh is not None
        here = environment(self.folder / "tenant.json", self.folder / "calls.jsonl")
        return subprocess.run(
            [pwsh, "-NoProfile", "-NonInteractive", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", **here},
            timeout=300,
            check=False,
        )


def new_shell(folder: Path, request: Request, tenant: Tenant | None = None) -> Shell:
    """A shell in a new folder: a pack of the request, and an empty tenant unless one is given."""
    folder.mkdir(exist_ok=True)
    write_pack(build_pack(build_change(request)), folder / "pack")
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
    return [case.shell.session(case.steps, "call") for case in cases]


@cache
def _open(way: Way) -> OpenShell:
    pwsh = find_pwsh()
    assert pwsh is not None
    shell = OpenShell(pwsh, way)
    atexit.register(shell.discard)
    return shell
