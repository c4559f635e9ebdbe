"""What is printed for machines is what its JSON Schema says, and says everything that interfaces promise."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.plan.drift import Expect, check_against
from mm365.plan.drift import as_facts as check_facts
from mm365.plan.posture import forecast
from mm365.plan.result import as_facts
from mm365.plan.suggest import suggest
from mm365.shipped import SCHEMAS
from tests.exports import INTEGRATION, REQUEST, made, ours, plan, snapshot, tenant_with

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def errors(name: str, facts: object) -> list[str]:
    """What is wrong, of what a machine would read."""
    read = json.loads(json.dumps(facts))
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(name)).iter_errors(read)]


def drifted() -> Tenant:
    found = ours()
    found["LoopCheck"] = made(INTEGRATION.loop_check, StopRuleProcessing=False, FromScope="InOrganization")
    found["Outbound"] = made(INTEGRATION.outbound, on=False, TlsDomain=None)
    del found["Inbound"]
    return tenant_with(*found.values())


TENANTS = {
    "empty": lambda: empty_tenant(REQUEST.tenant),
    "busy": busy_tenant,
    "ours": lambda: tenant_with(*ours().values()),
    "drifted": drifted,
}


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["properties"]["format"]["const"] == f"mm365-{name}-1"


@pytest.mark.parametrize("tenant", TENANTS)
@pytest.mark.parametrize("adopt", [False, True])
def test_plans_are_what_their_schema_says(tenant: str, adopt: bool, tmp_path: Path) -> None:
    made_plan = plan(tmp_path, TENANTS[tenant](), adopt=adopt)
    assert made_plan.snapshot is not None
    facts = as_facts(made_plan, REQUEST, forecast(made_plan, made_plan.snapshot) if adopt else None)
    assert errors("plan", facts) == []
    # Every key is promised, so that a reader need not ask whether it is there.
    assert set(facts) == set(schema("plan")["required"])


@pytest.mark.parametrize("tenant", TENANTS)
def test_checks_are_what_their_schema_says(tenant: str, tmp_path: Path) -> None:
    check = check_against(snapshot(tmp_path, TENANTS[tenant]()), REQUEST, INTEGRATION, Expect.ENABLED)
    assert errors("check", check_facts(check, REQUEST)) == []


@pytest.mark.parametrize("tenant", ["ours", "drifted"])
def test_suggestions_are_what_their_schema_says(tenant: str, tmp_path: Path) -> None:
    assert errors("suggest", suggest(snapshot(tmp_path, TENANTS[tenant]())).facts) == []


def test_a_schema_finds_what_is_wrong() -> None:
    assert errors("plan", {"format": "mm365-plan-2"}) != []
