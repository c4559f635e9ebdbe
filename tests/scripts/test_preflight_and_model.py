"""10-preflight and a plan find the same rules by which mail is not filtered, or loops."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mm365.emulator.tenants import Tenant, add_rule, empty_tenant, transport_rule
from mm365.integration.rules import LOOP_CHECK_NAME
from mm365.request.request import Request
from tests.mailflow.test_properties import ENDING, HARMLESS, ROUTING, TOUCHING, around_ours, rules, warned
from tests.scripts.conftest import NewShell
from tests.scripts.objects import NAMES, put
from tests.scripts.steps import run
from tests.shell import step

pytestmark = pytest.mark.powershell

SAYS = ("that end processing", "in mode Audit that stop", "that change X-MMCloud-ID", "that route elsewhere")


def named(output: str) -> set[str]:
    """The rules that it says mail may not be filtered because of, or loop."""
    lines = [line for line in output.splitlines() if line.startswith("WARN ") and any(one in line for one in SAYS)]
    return {name for line in lines for name in re.findall(r"'(rule \d)'", line)}


def tenant_with(theirs: list[dict[str, Any]], loop_check_at: int | None, request: Request) -> Tenant:
    tenant = empty_tenant()
    for one in theirs:
        values: dict[str, Any] = {name: list(it) if isinstance(it, tuple) else it for name, it in one.items()}
        name, on = values.pop("Name"), values.pop("Enabled")
        add_rule(tenant, transport_rule(name, enabled=on, **values))
    if loop_check_at is not None:
        put(tenant, request, *NAMES)
        [loop_check] = [one for one in tenant["transportRules"] if one["Name"] == LOOP_CHECK_NAME]
        tenant["transportRules"].remove(loop_check)
        add_rule(tenant, loop_check, min(loop_check_at, len(theirs)))
    return tenant


@settings(max_examples=6, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules([*ENDING, *HARMLESS, *ROUTING, *TOUCHING], at_least=5, at_most=9), st.none() | st.integers(0, 5))
def test_preflight_warns_about_the_rules_that_a_plan_warns_about(
    shells: NewShell, valid_request: Request, theirs: list[dict[str, Any]], loop_check_at: int | None
) -> None:
    """That these are the rules by which the model finds mail not filtered is held in ``tests.mailflow``."""
    [ended] = run(shells(tenant_with(theirs, loop_check_at, valid_request)), step("10-preflight"))
    assert named(ended.output) == warned(around_ours(theirs, loop_check_at, valid_request), valid_request), ended.output
