"""Scripts and paste forms, the two kinds of PowerShell in a pack, make the same of a tenant and know each other."""

from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.files import comparable
from mm365.emulator.tenants import Tenant
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.paste_form import PASTE_FORMS
from tests.commands import VALUES
from tests.paste.running import Exchange
from tests.scripts.objects import NAMES, modest_tenant, ours, rule_order
from tests.scripts.steps import BACK_NOW, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, STOP, run, well
from tests.shell import Shell, Step, new_shell, step

pytestmark = pytest.mark.powershell

OWN = {"Guid", "ExchangeObjectId", "ImmutableId", "Size"} | {
    f"{when}{zone}" for when in ("WhenCreated", "WhenChanged") for zone in ("", "UTC")
}
"""What is another one on every object, however it was made."""

SAME: list[tuple[tuple[Step, ...], tuple[str, ...]]] = [
    ((CREATE,), ("inbound-connector", "outbound-connector", "loop-check", "redirect")),
    ((LOOP_CHECK_ON,), ("enable-loop-check",)),
    ((REDIRECT_ON_NOW,), ("enable-redirect",)),
    ((STOP,), ("stop",)),
    ((BACK_NOW,), ("rollback-rules", "rollback-connectors")),
]
"""Steps of a change: the scripts, and the paste forms that do the same."""
VERIFIED = (step("40-verify", Expect="Created"), step("40-verify", Expect="Enabled"))


def made(folder: Path, region: str, guard: LoopGuard) -> tuple[Shell, Exchange]:
    """The same pack twice, once for its scripts and once for its paste forms, each with the same tenant."""
    values = {"region": region, "loop_guard": guard.value}
    shell = new_shell(folder / "scripts", build_request({**VALUES, **values}, needs=()), modest_tenant())
    (folder / "forms").mkdir()
    forms = Exchange(folder=folder / "forms", values=values)
    forms.tenant = modest_tenant()
    return shell, forms


def paste(forms: Exchange, *names: str) -> None:
    forms.to_stage(*(f"{PASTE_FORMS[name].number:02}" for name in names))


def lasting(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """The four objects without what is another one on each, and the order of all rules."""
    found = {name: {key: value for key, value in each.items() if key not in OWN} for name, each in ours(tenant).items()}
    return {**found, "order": {"of rules": rule_order(tenant)}}


@pytest.mark.parametrize(("region", "guard"), list(zip(REGIONS, LoopGuard, strict=True)))
def test_each_step_leaves_the_same_in_the_tenant(region: str, guard: LoopGuard, tmp_path: Path) -> None:
    shell, forms = made(tmp_path, region, guard)
    for steps, names in SAME:
        well(run(shell, *steps))
        paste(forms, *names)
        assert lasting(shell.tenant) == lasting(forms.tenant), names
    assert comparable(shell.tenant) == comparable(forms.tenant) == comparable(modest_tenant())


@pytest.mark.parametrize(("region", "guard"), list(zip(REGIONS, LoopGuard, strict=True)))
def test_scripts_take_what_paste_forms_created_for_approved_and_go_on_from_there(
    region: str, guard: LoopGuard, tmp_path: Path
) -> None:
    shell, forms = made(tmp_path, region, guard)
    paste(forms, *SAME[0][1])
    shell.tenant = forms.tenant
    created, enabled = VERIFIED
    # 30-create finds all of it there, as wanted; without notes rollback goes by the settings.
    well(run(shell, created, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, enabled))
    shell.state_file.unlink()
    well(run(shell, STOP, BACK_NOW))
    assert comparable(shell.tenant) == comparable(modest_tenant())


@pytest.mark.parametrize(("region", "guard"), list(zip(REGIONS, LoopGuard, strict=True)))
def test_paste_forms_take_what_scripts_created_for_approved_and_go_on_from_there(
    region: str, guard: LoopGuard, tmp_path: Path
) -> None:
    shell, forms = made(tmp_path, region, guard)
    well(run(shell, CREATE))
    forms.tenant = shell.tenant
    assert set(ours(forms.tenant)) == set(NAMES)
    paste(forms, "verify", "enable-loop-check", "enable-redirect", "verify", "stop")
    paste(forms, "rollback-rules", "rollback-connectors")
    assert comparable(forms.tenant) == comparable(modest_tenant())
