"""A pack in a real PowerShell against the stand-in, in the three ways in which people run its scripts."""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from generator.emulator.contract import Call
from generator.emulator.files import environment, read_log, read_tenant, write_tenant
from generator.emulator.tenants import Tenant, empty_tenant
from generator.pack import build_pack, write_pack
from generator.request import Request
from tests.exchange.engine import find_pwsh

Way = Literal["file", "call", "paste"]
"""``pwsh -File``; ``& ./script.ps1`` in an open shell; pasted into an open shell."""

WAYS: tuple[Way, ...] = ("file", "call", "paste")
DRIVER = Path(__file__).parent / "exchange" / "drive.ps1"
_OPTIONS = ("-NoProfile", "-NonInteractive")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One run of a script of a pack: its name, and its parameters."""

    script: str
    arguments: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended. Pasted text has no exit code of its own: 1 stands for an error that ended it."""

    exit_code: int
    output: str


def step(script: str, **arguments: str | int | bool) -> Step:
    return Step(script=script, arguments=arguments)


@dataclass(kw_only=True)
class Shell:
    """A tenant in a file, a pack, and the folder in which the pack's scripts keep their notes."""

    pack: Path
    folder: Path
    no_sleep: bool = True

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

    def run(self, script: str, way: Way = "file", **arguments: str | int | bool) -> Ended:
        """One script, in a shell of its own."""
        return self.session([Step(script=script, arguments=arguments)], way)[0]

    def session(self, steps: Sequence[Step], way: Way) -> list[Ended]:
        """Several scripts: by file each in a process of its own, otherwise one after the other in one open shell."""
        if way == "file":
            return [self._file(item) for item in steps]
        if way == "call":
            lines = [f"{_call(self.path(item), self.arguments(item))}\n'<<{_END} ' + $LASTEXITCODE" for item in steps]
            return _split(self.pwsh("-Command", "\n".join(lines)).stdout)
        pasted = [self._pasted(item) + f"\n\n'<<{_END} ' + [int](-not $?)\n\n" for item in steps]
        return _split(self.pwsh("-Command", "-", text="".join(pasted)).stdout)

    def _file(self, item: Step) -> Ended:
        arguments: list[str] = []
        for name, value in self.arguments(item).items():
            arguments += [f"-{name}"] if value is True else [f"-{name}", str(value)]
        done = self.pwsh("-File", str(self.path(item)), *arguments)
        return Ended(exit_code=done.returncode, output=done.stdout)

    def path(self, item: Step) -> Path:
        return self.pack / "scripts" / f"{item.script}.ps1"

    def arguments(self, item: Step) -> dict[str, str | int | bool]:
        path = self.path(item)
        keeps_state = "[string]$StatePath" in path.read_text("ascii")
        state: dict[str, str | int | bool] = {"StatePath": str(self.folder / "state")} if keeps_state else {}
        return {**state, **item.arguments}

    def _pasted(self, item: Step) -> str:
        """The paste form as an operator pastes it, with the variables in its first lines set."""
        text = (self.pack / "paste" / f"{item.script}.txt").read_text("ascii")
        for name, value in self.arguments(item).items():
            line = f"    ${name} = {_literal(value)}".replace("\\", r"\\")
            text, times = re.subn(rf"^    \${name} = .*$", line, text, count=1, flags=re.M)
            assert times == 1, f"{item.script} has no variable ${name} in its paste form"
        return text.rstrip("\n")

    def pwsh(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        pwsh = find_pwsh()
        assert pwsh is not None
        return subprocess.run(
            [pwsh, *_OPTIONS, *arguments],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment,
            timeout=300,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        here = environment(self.folder / "tenant.json", self.folder / "calls.jsonl", sleep=not self.no_sleep)
        return {**os.environ, "NO_COLOR": "1", **here}


def new_shell(folder: Path, request: Request, tenant: Tenant | None = None) -> Shell:
    """A shell in a new folder: a pack of the request, and an empty tenant unless one is given."""
    folder.mkdir(exist_ok=True)
    write_pack(build_pack(request), folder / "pack")
    shell = Shell(pack=folder / "pack", folder=folder)
    shell.tenant = tenant if tenant is not None else empty_tenant()
    return shell


@dataclass(frozen=True, kw_only=True)
class Case:
    """Runs of scripts on one tenant, each in the open shell that all cases share."""

    shell: Shell
    steps: Sequence[Step]


def drive(cases: Sequence[Case]) -> list[list[Ended]]:
    """Run many cases in one PowerShell process, each on its own tenant and with its own notes."""
    plan = [
        {
            "state": str(case.shell.folder / "tenant.json"),
            "log": str(case.shell.folder / "calls.jsonl"),
            "steps": [
                {"path": str(case.shell.path(item)), "arguments": case.shell.arguments(item)} for item in case.steps
            ],
        }
        for case in cases
    ]
    first = cases[0].shell
    plan_file, answer_file = first.folder / "plan.json", first.folder / "answer.json"
    plan_file.write_text(json.dumps(plan))
    done = first.pwsh("-File", str(DRIVER), "-Plan", str(plan_file), "-Answer", str(answer_file))
    assert done.returncode == 0, done.stdout
    answers = json.loads(answer_file.read_text("utf-8-sig"))
    return [[Ended(exit_code=run["exitCode"], output=run["output"]) for run in answer] for answer in answers]


def killed(code: int) -> bool:
    """Whether a process that ended with this code was killed: by its signal, or on Windows by TerminateProcess."""
    return code in {-9, -1, 0xFFFFFFFF}


_END = "end of step"


def _call(path: Path, arguments: Mapping[str, str | int | bool]) -> str:
    words = [f"-{name}" if value is True else f"-{name} {_literal(value)}" for name, value in arguments.items()]
    return f"& {_literal(str(path))} {' '.join(words)}"


def _literal(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return f"${str(value).lower()}"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _split(output: str) -> list[Ended]:
    parts = re.split(rf"^<<{_END} (\d+)\n", output, flags=re.M)
    return [Ended(exit_code=int(code), output=text) for text, code in zip(parts[::2], parts[1::2], strict=False)]
