"""Runs paste forms of a pack: pasted, saved as a file, called, and in constrained language mode."""

import atexit
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mm365.emulator.contract import Call
from mm365.emulator.files import MODULES, read_log, read_tenant, write_tenant
from mm365.emulator.tenants import Tenant
from mm365.pack.contents import build_pack
from mm365.powershell import literal
from mm365.rehearsal.paste import Argument, blocks, variables, with_values
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES
from tests.exchange.engine import environment, find_pwsh

Way = Literal["paste", "file", "call", "constrained", "constrained-file"]
WAYS: tuple[Way, ...] = ("paste", "file", "call", "constrained", "constrained-file")
"""Pasted into an open shell; saved as a file and run with ``-File`` or with ``&``; and two of these in a shell that is
in constrained language mode."""

ALL = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10")
CREATE = ("01", "02", "03", "04")
LONG_AGO = "2020-01-01 00:00"
READY: Mapping[str, Mapping[str, Argument]] = {"07": {"WaitMinutes": 0}, "10": {"RedirectOffSince": LONG_AGO}}
"""What an operator sets so that nothing has to be waited for."""

STAGES: Mapping[str, tuple[str, ...]] = {
    "01": (),
    "02": ("01",),
    "03": ("01", "02"),
    "04": ("01", "02", "03"),
    "05": CREATE,
    "06": CREATE,
    "07": (*CREATE, "06"),
    "08": (*CREATE, "06", "07"),
    "09": (*CREATE, "06", "07"),
    "10": (*CREATE, "06", "09"),
}
"""What was run before each form."""

_IMPORT = f"Import-Module '{MODULES / 'ExchangeOnlineManagement'}'\n\n"
_CONSTRAIN = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n\n"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a form ended: ``ok`` unless an error ended it, or one of its blocks."""

    ok: bool
    output: str
    calls: list[Call]

    @property
    def changed(self) -> list[str]:
        return [call["cmdlet"] for call in self.calls if call["changed"]]

    @property
    def words(self) -> str:
        """What it wrote, with an error as it was thrown: the shell breaks its lines."""
        return self.output.replace("\n     | ", " ")


@dataclass(kw_only=True)
class Exchange:
    """A tenant, and the paste forms of a pack for it.

    ``typed`` is what was typed into the shell before, which is then a shell of its own; so it is with a ``timezone``.
    """

    folder: Path
    values: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    timezone: str = ""

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

    def form(self, number: str) -> str:
        """The text of a form by its number."""
        return forms(tuple(sorted(self.values.items())))[number]

    def run(self, number: str, way: Way = "paste", **values: Argument) -> Ran:
        texts = [
            with_values(block, {name: value for name, value in values.items() if name in variables(block)})
            for block in blocks(self.form(number))
        ]
        return self.run_text("\n\n".join(texts), way)

    def go(self, number: str, way: Way = "paste", **values: Argument) -> Ran:
        """A form that does not have to wait."""
        return self.run(number, way, **{**READY.get(number, {}), **values})

    def to_stage(self, *numbers: str, way: Way = "paste") -> None:
        """Forms that have to end well."""
        for number in numbers:
            ran = self.go(number, way)
            assert ran.ok, ran.output

    def find(self, name: str) -> dict[str, Any]:
        """An object of the tenant."""
        tenant = self.tenant
        everything = tenant["inboundConnectors"] + tenant["outboundConnectors"] + tenant["transportRules"]
        [found] = [each for each in everything if each["Name"] == name]
        return dict(found)

    def set_values(self, name: str, **values: Any) -> None:
        """Somebody changes an object."""
        with self.changed() as tenant:
            everything = tenant["inboundConnectors"] + tenant["outboundConnectors"] + tenant["transportRules"]
            [found] = [each for each in everything if each["Name"] == name]
            found.update(values)

    def fault(self, **fault: Any) -> None:
        """Order something that goes wrong."""
        self.tenant = {**self.tenant, "faults": [fault]}

    def run_text(self, text: str, way: Way = "paste") -> Ran:
        log = self.folder / "calls.jsonl"
        log.unlink(missing_ok=True)
        script = self.folder / "saved [1] 'as'.ps1"
        script.write_text(text + "\n", "ascii")
        if way == "file":
            ok, output = self._saved(script, log)
        else:
            # Each block of a form is a paste of its own, with its own end.
            typed = blocks(text) if way in {"paste", "constrained"} else [f"& {literal(str(script))}"]
            shell = self._shell(constrained=way.startswith("constrained"))
            ended = [shell.run(block, self._environment(log)) for block in typed]
            ok, output = all(each for each, _ in ended), "".join(each for _, each in ended)
            shell.wrote_nothing()
        return Ran(ok=ok, output=output, calls=[call for call in read_log(log) if call["n"] is not None])

    def _saved(self, script: Path, log: Path) -> tuple[bool, str]:
        with tempfile.TemporaryDirectory(prefix="System32-") as current:
            done = subprocess.run(
                [_program(), "-NoProfile", "-NonInteractive", "-File", str(script)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                cwd=current,
                env={**environment(self.folder / "tenant.json", log), "NO_COLOR": "1"},
                timeout=180,
                check=False,
            )
            assert list(Path(current).iterdir()) == []
        return done.returncode == 0, done.stdout

    def _shell(self, *, constrained: bool) -> "OpenShell":
        if not self.typed and not self.timezone:
            return _open(constrained)
        shell = OpenShell(constrained=constrained, timezone=self.timezone)
        shell.type(self.typed)
        return shell

    def _environment(self, log: Path) -> Mapping[str, str]:
        return {
            "MM365_EXCHANGE_STATE": str(self.folder / "tenant.json"),
            "MM365_EXCHANGE_LOG": str(log),
            "MM365_EXCHANGE_NO_SLEEP": "1",
        }


class OpenShell:
    """A shell that stays open, in a folder of its own."""

    def __init__(self, *, constrained: bool, timezone: str = "") -> None:
        self._current = tempfile.TemporaryDirectory(prefix="System32-")
        self._constrained = constrained
        self._begun = False
        zone = {"TZ": timezone} if timezone else {}
        self._process = subprocess.Popen(
            [_program(), "-NoProfile", "-NonInteractive", "-Command", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            cwd=self._current.name,
            env={**os.environ, "NO_COLOR": "1", "PSModulePath": str(MODULES), **zone},
        )
        atexit.register(self._end)

    def type(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def run(self, text: str, environment: Mapping[str, str]) -> tuple[bool, str]:
        """Whether pasted text came to its end without an error, and what it wrote."""
        self.type("".join(f"$env:{name} = {literal(value)}\n" for name, value in environment.items()))
        if not self._begun:
            # The module reads which tenant it is in when it is imported.
            self.type(_IMPORT + (_CONSTRAIN if self._constrained else ""))
            self._begun = True
        # Pasted text has no exit code: the last line says whether an error ended it.
        self.type(f'{text}\n\n"ended:$?"\n\n')
        assert self._process.stdout
        lines: list[str] = []
        for line in self._process.stdout:
            if line.startswith("ended:"):
                return line.strip() == "ended:True", "".join(lines)
            lines.append(line)
        raise AssertionError("the shell ended: " + "".join(lines))

    def wrote_nothing(self) -> None:
        """The current folder of the shell is as empty as it was."""
        assert list(Path(self._current.name).iterdir()) == []

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._current.cleanup()


@cache
def forms(values: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The paste forms of a pack by their number, as the pack has them."""
    files = build_pack(build_change(build_request({**VALUES, **dict(values)}, needs=()))).files
    return {path[6:8]: data.decode("ascii") for path, data in files.items() if path.startswith("paste/")}


def refused(ran: Ran, *texts: str) -> None:
    """Nothing was changed, it is said so, and it does not look as if all were well."""
    assert not ran.ok, ran.output
    assert ran.changed == []
    assert "Done" not in ran.output
    assert "Verified: both rules" not in ran.output
    assert "STOPPED. Nothing was changed." in ran.output
    for text in texts:
        assert text in ran.words, ran.output


@cache
def _open(constrained: bool) -> OpenShell:
    return OpenShell(constrained=constrained)


def _program() -> str:
    found = find_pwsh()
    assert found is not None
    return found
