"""Rules that Python and PowerShell both hold: one table of cases, ``cases.json``, run in both languages."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mm365.exchange.kinds import Kind
from mm365.integration.article import build_integration
from mm365.integration.rules import REDIRECT_NAME
from mm365.mailflow.rule import compiled
from mm365.rehearsal.comparison import Comparison
from mm365.request.request import Request
from mm365.scripts import library
from mm365.snapshot.compare import same
from mm365.snapshot.snapshot import TenantObject

FILE = Path(__file__).with_name("cases.json")
CASES: dict[str, list[list[Any]]] = json.loads(FILE.read_text("utf-8"))
SCRIPT = r"""
. ([scriptblock]::Create([IO.File]::ReadAllText($env:MM365_SHARED)))
$cases = [IO.File]::ReadAllText($env:MM365_CASES) | ConvertFrom-Json
$names = $env:MM365_NAMES | ConvertFrom-Json
$Objects = [ordered]@{}
foreach ($key in 'Inbound', 'Outbound', 'LoopCheck', 'Redirect') {
    $kind = if ($key -in 'LoopCheck', 'Redirect') { 'TransportRule' } else { "${key}Connector" }
    $Objects[$key] = @{ Kind = $kind; Title = $key; Want = @{ Name = $names.$key } }
}
$equal = foreach ($case in $cases.equal) {
    Test-Same -Left (ConvertTo-Plain -Value $case[0]) -Right (ConvertTo-Plain -Value $case[1])
}
$acting = foreach ($case in $cases.acting) {
    $Session.Have['Redirect'] = [pscustomobject]@{ State = $case[0]; Mode = $case[1] }
    Test-Acting -Key 'Redirect'
}
$risk = foreach ($case in $cases.at_risk) {
    foreach ($kind in $Kinds) { $Session.Lists[$kind] = @() }
    $at = 0
    foreach ($key in @($Objects.Keys)) {
        $state = $case[$at]; $at++
        $Session.Have[$key] = $null
        if ($state -eq 'missing') { continue }
        $place = if (($key -eq 'LoopCheck') -eq ($case[4] -eq 'above')) { 0 } else { 1 }
        $Session.Have[$key] = [pscustomobject]@{
            Name = $names.$key; Guid = $key; Enabled = ($state -eq 'on'); Priority = $place
            State = $(if ($state -eq 'off') { 'Disabled' } else { 'Enabled' })
            Mode = $(if ($state -eq 'Audit') { 'Audit' } else { 'Enforce' })
        }
        $Session.Lists[$Objects[$key].Kind] += $Session.Have[$key]
    }
    # Get-MailRisk also tells of what would be unsafe once Redirect is turned on.
    (Test-Acting -Key 'Redirect') -and @(Get-MailRisk).Count -gt 0
}
@{ at_risk = @($risk); equal = @($equal); acting = @($acting) } | ConvertTo-Json
"""


@pytest.mark.parametrize(("one", "other", "expected"), CASES["equal"])
def test_python_finds_equal_what_is_equal(one: object, other: object, expected: bool) -> None:
    assert same(one, other) is expected


@pytest.mark.parametrize(("state", "mode", "expected"), CASES["acting"])
def test_python_finds_acting_what_acts(state: str, mode: str, expected: bool, valid_request: Request) -> None:
    enabled = state == "Enabled"
    settings = {"Name": REDIRECT_NAME, "State": state, "Enabled": enabled, "Mode": mode}
    assert TenantObject(kind=Kind.RULE, settings=settings, leaves_out_unset=True).acting is expected
    assert bool(compiled([settings], propagating=(), watched=())) is expected
    tenant = {kind.plural: [settings] if kind is Kind.RULE else [] for kind in Kind}
    assert Comparison(build_integration(valid_request)).sends(tenant) is expected


@pytest.mark.parametrize("case", CASES["at_risk"], ids=lambda case: " ".join(map(str, case)))
def test_python_finds_mail_at_risk_where_it_is(case: list[Any], valid_request: Request) -> None:
    *states, where, expected = case
    integration = build_integration(valid_request)
    tenant: dict[str, list[dict[str, Any]]] = {kind.plural: [] for kind in Kind}
    for each, state in zip(integration.objects, states, strict=True):
        if state != "missing":
            place = 0 if (each.key == "LoopCheck") == (where == "above") else 1
            rule = {"State": "Disabled" if state == "off" else "Enabled", "Priority": place}
            rule |= {"Mode": "Audit" if state == "Audit" else "Enforce"}
            found = {"Name": each.name, "Enabled": state == "on", **(rule if each.kind is Kind.RULE else {})}
            tenant[each.kind.plural].append(found)
    assert bool(Comparison(integration).at_risk(tenant)) is expected


@pytest.mark.powershell
def test_powershell_finds_the_same(pwsh: str, valid_request: Request, tmp_path: Path) -> None:
    shared = tmp_path / "shared.ps1"
    shared.write_text(library.shared_functions(), "ascii")
    environment = {"MM365_SHARED": str(shared), "MM365_CASES": str(FILE), "NO_COLOR": "1"}
    environment["MM365_NAMES"] = json.dumps({each.key: each.name for each in build_integration(valid_request).objects})
    done = subprocess.run(
        [pwsh, "-NoProfile", "-NonInteractive", "-Command", SCRIPT],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for name, cases in CASES.items():
        assert found[name] == [case[-1] for case in cases], name
