"""For any tenant: a pack is created, enabled and rolled back by its own scripts, and the tenant is what it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings

from mm365.emulator.files import comparable
from mm365.emulator.tenants import Tenant
from mm365.integration.article import build_integration
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.plan.against import plan_against
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.plan.test_undo import a_case, snapshot_of
from tests.scripts.steps import BACK_NOW, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW, run, usual, well
from tests.shell import Shell

pytestmark = pytest.mark.powershell


def possible(tenant: Tenant) -> Tenant:
    """The tenant with settings of connectors that the service takes together: see the emulator's Connectors.ps1.

    A rule can only name a connector that is not there where the service lets connectors go that a rule names.
    """
    for connector in tenant["outboundConnectors"]:
        connector["UseMXRecord"] = connector["UseMXRecord"] or not connector["SmartHosts"]
        if connector["TlsSettings"] != "DomainValidation":
            connector["TlsDomain"] = None
    if not tenant["outboundConnectors"]:
        tenant["behaviour"]["removeReferencedConnector"] = "allow"
    return tenant


@given(case=a_case())
@settings(max_examples=10, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@pytest.mark.usefixtures("pwsh")
def test_a_pack_brings_about_its_plan_and_takes_it_back(case: tuple[Request, Tenant]) -> None:
    request, drawn = case
    tenant = possible(drawn)
    plan = plan_against(snapshot_of(tenant), request, build_integration(request), adopt=True)
    # What only creates is run elsewhere.
    assume(plan.steps and any(each.before for each in plan.objects))
    with TemporaryDirectory() as folder:
        shell = Shell(pack=Path(folder) / "pack", folder=Path(folder))
        write_pack(build_pack(build_change(request, plan)), shell.pack)
        shell.tenant = tenant
        well(run(shell, usual("10-preflight"), CREATE))
        if plan.enablings:
            well(run(shell, LOOP_CHECK_ON, REDIRECT_ON_NOW))
        well(run(shell, usual("40-verify", Expect="Enabled"), BACK_NOW if plan.enablings else usual("70-rollback")))
        assert comparable(shell.tenant) == comparable(tenant), [step.title for step in plan.steps]
