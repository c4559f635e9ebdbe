"""Scripts against the emulator in a real PowerShell, and what the tests of it share."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mm365.emulator.contract import Call
from mm365.emulator.files import read_log, read_tenant, write_tenant
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, add_rule, empty_tenant, outbound_connector, transport_rule
from mm365.rehearsal.shells import Job
from tests.exchange.engine import environment
from tests.shell import open_shell

# In a script file the preference is the global one, so here every error of the emulator can be caught.
# Try-It says 'ok' or the last part of the exception class.
PRELUDE = """\
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }
$ErrorActionPreference = 'Stop'
$said = [ordered]@{}
function Try-It([scriptblock] $Do) {
    try { $null = & $Do; 'ok' }
    catch {
        $parts = $_.Exception.Message -split '\\|'
        if ($parts.Count -eq 3) { $parts[1] -replace '^.*\\.' } else { $_.Exception.GetType().Name }
    }
}
"""
EPILOGUE = "\nConvertTo-Json -InputObject $said -Depth 6\n"

NOT_FOUND = "ManagementObjectNotFoundException"
DUPLICATE = "ADObjectAlreadyExistsException"
INVALID = "DataValidationException"
BAD_VALUE = "ParameterBindingArgumentTransformationException"
# A mistake in the call itself, found by the engine before the cmdlet runs.
NOT_BOUND = "ParameterBindingException"

SCOPED = "-ConnectorType Partner -IsTransportRuleScoped $true -UseMXRecord $false -SmartHosts 'a.example'"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one script did: its exit code, its output, the tenant afterwards and the calls it made.

    In an open shell errors are part of the output.
    """

    code: int | None
    output: str
    errors: str
    tenant: Tenant
    log: list[Call]

    @property
    def said(self) -> Object:
        said: Object = json.loads(self.output[self.output.index("{\n") :])
        return said

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(rule["Name"], rule["State"]) for rule in self.tenant["transportRules"]]


Exchange = Callable[..., Run]


@dataclass(frozen=True, kw_only=True)
class Runner:
    """A PowerShell, and the folder with the files of a tenant: state.json, state.faults.json and log.jsonl."""

    pwsh: str
    folder: Path

    def __call__(
        self, text: str, tenant: Tenant | None = None, *, plain: bool = False, alone: bool = False, **variables: str
    ) -> Run:
        """Run a script against a tenant, or without one against what the last run left.

        It runs in a new session of a PowerShell that stays open, as it does with -File in a process of its own, which
        starts much slower. plain: without the prelude, in a scope of its own. alone, and always if plain or with
        variables, which are added to the environment: in a process of its own, which also shows what -WhatIf says.
        """
        state, log, script = (self.folder / name for name in ("state.json", "log.jsonl", "script.ps1"))
        script.write_text(text if plain else PRELUDE + text + EPILOGUE, encoding="utf-8")
        if tenant is not None:
            write_tenant(tenant, state)
        if alone or plain or variables:
            how = ["-Command", f"& '{script}'; exit $LASTEXITCODE"] if plain else ["-File", str(script)]
            done = self._process(how, environment(state, log) | variables)
            code: int | None = done.returncode
            output, errors = done.stdout, done.stderr
        else:
            here = {name: value for name, value in environment(state, log).items() if name.startswith("MM365_EXCHANGE")}
            ended = open_shell("file").run(Job(path=script, environment=here))
            code, output, errors = ended.exit_code, ended.output, ""
        return Run(code=code, output=output, errors=errors, tenant=read_tenant(state), log=read_log(log))

    def _process(self, how: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.pwsh, "-NoProfile", "-NonInteractive", *how],
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


def scoped(name: str = "Filter out") -> Object:
    return outbound_connector(name, IsTransportRuleScoped=True, UseMXRecord=False, SmartHosts=["a.example"])


def rule_tenant(*names: str, **options: Any) -> Tenant:
    tenant = empty_tenant(**options)
    tenant["outboundConnectors"] = [scoped()]
    for name in names:
        add_rule(tenant, transport_rule(name, RemoveHeader="X-Old"))
    return tenant
