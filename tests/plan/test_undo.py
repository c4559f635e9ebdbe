"""For any tenant and request: the steps reach the goal, and undo gives back the tenant that was there."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, transport_rule
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.integration.article import build_integration
from mm365.plan.against import plan_against
from mm365.plan.create import build_plan
from mm365.plan.step import Drain
from mm365.request.request import Request, build_request
from mm365.snapshot.normal import tenant_object
from mm365.snapshot.snapshot import Format, Snapshot, TenantIdentity
from tests.commands import VALUES
from tests.exports import made, tenant_with
from tests.plan.model import Model

OTHER_SETTINGS: Mapping[str, dict[str, list[Any]]] = {
    "Inbound": {
        "RequireTls": [False],
        "SenderDomains": [["contoso.com", "fabrikam.com"]],
        "TlsSenderCertificateName": ["*.us.mailmarshal.cloud", None],
        "CloudServicesMailEnabled": [True],
        "EFSkipLastIP": [True],
    },
    "Outbound": {
        "SmartHosts": [["192.0.2.1", "192.0.2.2"], []],
        "TlsSettings": ["EncryptionOnly", None],
        "TestMode": [True],
        "UseMXRecord": [True],
    },
    "LoopCheck": {
        "StopRuleProcessing": [False, True],
        "RemoveHeader": [None],
        "Mode": ["Audit"],
        "FromScope": ["InOrganization"],
    },
    "Redirect": {
        "Mode": ["AuditAndNotify"],
        "RuleErrorAction": ["Defer"],
        "ExceptIfFrom": [["a@contoso.com"]],
        "PrependSubject": ["x"],
    },
}


@st.composite
def an_object(draw: st.DrawFn, each: ExchangeObject) -> Object | None:
    """One of ours as a tenant may have it: not at all, on or off, with other settings, in another case."""
    if draw(st.integers(0, 3)) == 0:
        return None
    others = OTHER_SETTINGS[each.key]
    names = draw(st.sets(st.sampled_from(sorted(others)), max_size=2)) if draw(st.booleans()) else set()
    values = {name: draw(st.sampled_from(others[name])) for name in names}
    found = made(each, on=draw(st.booleans()), **values)
    return {**found, "Name": found["Name"].upper()} if draw(st.integers(0, 4)) == 0 else found


@st.composite
def a_tenant(draw: st.DrawFn, request: Request) -> Tenant:
    """A tenant that may have each of ours, and rules of others at any place."""
    ours = [each for one in build_integration(request).objects if (each := draw(an_object(one)))]
    count = draw(st.integers(0, 3))
    tenant = tenant_with(*ours, request=request)
    rules: list[Object] = tenant[Kind.RULE.plural]
    for number in range(count):
        on, stops = draw(st.booleans()), draw(st.booleans())
        other = transport_rule(f"other {number}", enabled=on, StopRuleProcessing=stops, SetSCL="0")
        rules.insert(draw(st.integers(0, len(rules))), other)
    for place, rule in enumerate(rules):
        rule["Priority"] = place
    return tenant


def snapshot_of(tenant: Tenant) -> Snapshot:
    found = {kind: tuple(tenant_object(kind, raw) for raw in tenant[kind.plural]) for kind in Kind}
    return Snapshot(
        formats=(Format.BACKUP,),
        taken_at=None,
        sha256="",
        files=(),
        tenant=TenantIdentity(),
        inbound_connectors=found[Kind.INBOUND],
        outbound_connectors=found[Kind.OUTBOUND],
        rules=found[Kind.RULE],
    )


REQUESTS = [
    build_request({**VALUES, "loop_guard": guard}, needs=()) for guard in ("stop", "stop-and-except", "kb-literal")
]


@st.composite
def a_case(draw: st.DrawFn) -> tuple[Request, Tenant]:
    request = draw(st.sampled_from(REQUESTS))
    return request, draw(a_tenant(request))


@given(case=a_case(), adopt=st.booleans())
@settings(max_examples=200)
def test_do_reaches_the_goal_and_undo_gives_the_snapshot(case: tuple[Request, Tenant], adopt: bool) -> None:
    request, tenant = case
    snapshot, integration = snapshot_of(tenant), build_integration(request)
    plan = plan_against(snapshot, request, integration, adopt=adopt)
    if plan.refused:
        assert plan.steps == ()
        return
    model = Model(snapshot)
    before = model.state()
    for step in plan.steps:
        model.take(step)
    again = plan_against(model.snapshot(), request, integration)
    assert again.outcome == "nothing", again.findings
    assert again.order_now == plan.order_after
    for step in plan.undo:
        model.take(step)
    assert model.state() == before


@given(case=a_case())
@settings(max_examples=40)
def test_a_tenant_without_ours_gets_the_plan_of_a_pack_without_a_snapshot(case: tuple[Request, Tenant]) -> None:
    request, tenant = case
    integration = build_integration(request)
    names = {each.name.casefold() for each in integration.objects}
    for kind in Kind:
        tenant[kind.plural] = [each for each in tenant[kind.plural] if each["Name"].casefold() not in names]
    for place, rule in enumerate(tenant[Kind.RULE.plural]):
        rule["Priority"] = place
    assert plan_against(snapshot_of(tenant), request, integration).steps == build_plan(integration).steps


def test_mail_under_way_is_waited_for_only_where_the_plan_turned_redirect_on() -> None:
    [request, *_] = REQUESTS
    integration = build_integration(request)

    def drains(key: str, **settings: Any) -> list[bool]:
        found = [made(each, **settings if each.key == key else {}) for each in integration.objects]
        undo = plan_against(snapshot_of(tenant_with(*found)), request, integration, adopt=True).undo
        return [isinstance(step, Drain) for step in undo]

    assert drains("LoopCheck", StopRuleProcessing=False) == [False]
    # It was on and took no action: by its mode, the plan turned it on.
    assert drains("Redirect", Mode="Audit") == [False, True]
    assert drains("Redirect", on=False, Mode="Audit") == [False, True, False]
    assert [isinstance(step, Drain) for step in build_plan(integration).undo] == [False, True, *[False] * 5]
