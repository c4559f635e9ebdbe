"""What a pack keeps of a snapshot is enough to plan again, and nothing else comes of it."""

import json
from pathlib import Path

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, add_rule
from mm365.exchange.kinds import Kind
from mm365.integration.article import build_integration
from mm365.plan.again import excerpt_of, plan_again
from mm365.plan.against import plan_against
from mm365.plan.plan import Plan
from mm365.plan.posture import forecast
from mm365.plan.result import as_facts
from mm365.snapshot.read import read_snapshot
from tests import exports
from tests.exports import EXPORTS, INTEGRATION, REQUEST, made, tenant_with, written

LOOP_CHECK, REDIRECT = INTEGRATION.loop_check, INTEGRATION.redirect


def with_others(*ours: Object) -> Tenant:
    """A tenant with objects of others of every kind, and with these below."""
    tenant, mine = busy_tenant(), tenant_with(*ours)
    for kind in (Kind.INBOUND, Kind.OUTBOUND):
        tenant[kind.plural] += mine[kind.plural]
    for rule in mine[Kind.RULE.plural]:
        add_rule(tenant, rule)
    return tenant


OUTBOUND, LOOP_CHECK, REDIRECT = INTEGRATION.outbound, INTEGRATION.loop_check, INTEGRATION.redirect
TENANTS = {
    "none of ours": (),
    "all as the vendor's portal leaves it": (
        *{**exports.ours(), LOOP_CHECK.key: made(LOOP_CHECK, StopRuleProcessing=False)}.values(),
    ),
    "outbound of another region, off": (made(OUTBOUND, on=False, TlsDomain="*.us.mailmarshal.cloud"),),
    "Redirect alone": (made(OUTBOUND), made(REDIRECT, on=False)),
}


def facts(plan: Plan) -> object:
    """All that is said of a plan, the forecast too."""
    assert plan.snapshot
    return as_facts(plan, REQUEST, forecast(plan, plan.snapshot)), [step.title for step in (*plan.steps, *plan.undo)]


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("name", TENANTS)
def test_an_excerpt_gives_the_same_plan_and_the_same_excerpt(name: str, kind: str, tmp_path: Path) -> None:
    snapshot = read_snapshot(written(tmp_path, *EXPORTS[kind](with_others(*TENANTS[name]))))
    plan = plan_against(snapshot, REQUEST, build_integration(REQUEST), adopt=True)
    assert not plan.refused
    text = excerpt_of(plan)
    again = plan_again(text, REQUEST)
    assert facts(again) == facts(plan)
    assert excerpt_of(again) == text
    assert text.isascii()
    assert json.loads(text)["format"] == "mm365-snapshot-1"


def test_an_excerpt_has_one_object_a_line_and_nothing_that_no_plan_reads(tmp_path: Path) -> None:
    tenant = busy_tenant()
    plan = exports.plan(tmp_path, tenant)
    lines = excerpt_of(plan).splitlines()
    for rule in tenant["transportRules"]:
        assert len([line for line in lines if f'"Name": {json.dumps(rule["Name"])}' in line]) == 1
    assert not any(word in excerpt_of(plan) for word in ("CreatedBy", "WhenChanged", "Description", str(tmp_path)))
