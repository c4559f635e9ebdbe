"""The way through a change, in each way in which people run scripts, for every region and loop guard."""

from pathlib import Path

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from tests.scripts.objects import modest_tenant
from tests.scripts.steps import ends_truly
from tests.shell import WAYS, Step, Way, new_shell, step

pytestmark = pytest.mark.powershell

HOSTILE = 'Zo\u00eb M\u00fcller\'s "CHG" $(Get-Date) \u2018x\u2019 `n # } #> {{ 1 }} \U0001f600'
"""A change reference with umlauts, quotes of every kind, and what would be code in a script or a template."""
REQUESTS: dict[str, dict[str, str]] = {
    "stop": {"loop_guard": "stop"},
    "stop-and-except": {"loop_guard": "stop-and-except"},
    "kb-literal": {"loop_guard": "kb-literal"},
    "tenant ID": {"tenant_id": str(empty_tenant()["connections"][0]["TenantID"])},
    "change reference": {"change": HOSTILE},
    "all at once": {
        "loop_guard": "stop-and-except",
        "tenant_id": str(empty_tenant()["connections"][0]["TenantID"]),
        "change": HOSTILE,
        "region": "us",
    },
}


def whole_change() -> list[tuple[Step, int]]:
    """Every script, in order, and the exit code that it is to end with."""
    return [
        (step("10-preflight"), 0),
        (step("20-backup"), 0),
        (step("30-create", WhatIf=True), 0),
        (step("30-create"), 0),
        (step("30-create"), 0),
        (step("40-verify", Expect="Created"), 0),
        (step("40-verify", Expect="Enabled"), 1),
        (step("50-enable", Stage="Redirect"), 1),
        (step("50-enable", Stage="LoopCheck", WhatIf=True), 0),
        (step("50-enable", Stage="LoopCheck"), 0),
        (step("50-enable", Stage="Audit", WhatIf=True), 0),
        (step("50-enable", Stage="Audit"), 0),
        (step("40-verify", Expect="Audit"), 0),
        (step("50-enable", Stage="Redirect"), 2),
        (step("50-enable", Stage="Redirect", WaitMinutes=0, WhatIf=True), 0),
        (step("50-enable", Stage="Redirect", WaitMinutes=0), 0),
        (step("40-verify", Expect="Enabled"), 0),
        (step("80-trace"), 0),
        (step("60-stop", WhatIf=True), 0),
        (step("60-stop"), 0),
        (step("60-stop"), 0),
        (step("70-rollback"), 2),
        (step("70-rollback", DrainHours=0, WhatIf=True), 0),
        (step("70-rollback", DrainHours=0), 0),
        (step("70-rollback"), 0),
    ]


def brief_change() -> list[tuple[Step, int]]:
    """Every script once, or twice where it has two stages."""
    return [
        (step("10-preflight"), 0),
        (step("20-backup"), 0),
        (step("30-create"), 0),
        (step("40-verify", Expect="Created"), 0),
        (step("50-enable", Stage="LoopCheck"), 0),
        (step("50-enable", Stage="Redirect", WaitMinutes=0), 0),
        (step("40-verify", Expect="Enabled"), 0),
        (step("60-stop"), 0),
        (step("70-rollback", DrainHours=0), 0),
    ]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", REQUESTS)
def test_a_whole_change_ends_where_it_began(
    name: str, way: Way, request_values: dict[str, str], tmp_path: Path
) -> None:
    values = {**request_values, **REQUESTS[name]}
    assert_ends_where_it_began(values, way, whole_change(), busy_tenant(), tmp_path)


@pytest.mark.parametrize(("region", "guard"), list(zip(REGIONS, LoopGuard, strict=True)))
def test_every_region_goes_in_and_comes_out(
    region: str, guard: LoopGuard, request_values: dict[str, str], tmp_path: Path
) -> None:
    """Every loop guard goes in and comes out in every way in tests.every_fault."""
    values = {**request_values, "region": region, "loop_guard": guard.value}
    assert_ends_where_it_began(values, "call", brief_change(), modest_tenant(), tmp_path)


def test_the_change_reference_is_shown_as_it_is(request_values: dict[str, str], tmp_path: Path) -> None:
    shell = new_shell(tmp_path, build_request({**request_values, "change": HOSTILE}, needs=()))
    assert f"Change {HOSTILE}\n" in shell.run("20-backup").output


def assert_ends_where_it_began(
    values: dict[str, str], way: Way, steps: list[tuple[Step, int]], tenant: Tenant, folder: Path
) -> None:
    shell = new_shell(folder, build_request(values, needs=()), tenant)
    before = comparable(shell.tenant)
    ended = shell.session([item for item, _ in steps], way)
    told = "\n".join(
        f"{item.script} {dict(item.arguments)}: {run.exit_code}\n{run.output}"
        for (item, _), run in zip(steps, ended, strict=False)
    )
    assert [run.exit_code for run in ended] == [code for _, code in steps], told
    for each in ended:
        ends_truly(each)
    assert comparable(shell.tenant) == before
