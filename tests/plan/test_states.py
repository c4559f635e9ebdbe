"""What is planned for the four objects in every state that a tenant can have them in."""

from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import empty_tenant, transport_rule
from mm365.plan.plan import Plan
from mm365.plan.step import Create, Enable, TurnOn, Update
from mm365.request.request import build_request
from mm365.snapshot.compare import unset
from mm365.snapshot.difference import Difference
from tests.commands import VALUES
from tests.exports import (
    INTEGRATION,
    LOOP_CHECK,
    OUTBOUND,
    REDIRECT,
    actions,
    codes,
    levels,
    made,
    ours,
    plan,
    tenant_with,
)

KEPT = {"inbound_connector": "keep", "outbound_connector": "keep", "loop_check": "keep", "redirect": "keep"}
OTHER_ID = "11111111-2222-4333-8444-555555555555"


def with_changes(key: str, *, rules_on: bool = False, **settings: Any) -> dict[str, Object]:
    """All four, one of them with other settings."""
    found = ours(rules_on=rules_on)
    [each] = [each for each in INTEGRATION.objects if each.key == key]
    on = rules_on if key in {"LoopCheck", "Redirect"} else True
    found[key] = made(each, on=on, **settings)
    return found


def against(folder: Path, found: dict[str, Object], **options: Any) -> Plan:
    return plan(folder, tenant_with(*found.values()), **options)


def steps(made_plan: Plan) -> list[str]:
    return [f"{type(step).__name__} {step.object.key}" for step in made_plan.steps]


def test_into_an_empty_tenant_all_is_created_and_the_rules_are_turned_on(tmp_path: Path) -> None:
    made_plan = plan(tmp_path, empty_tenant(VALUES["tenant"]))
    assert made_plan.outcome == "change"
    assert steps(made_plan) == [
        "Create Inbound", "Create Outbound", "Create LoopCheck", "Create Redirect", "Enable LoopCheck",
        "Enable Redirect",
    ]  # fmt: skip
    assert actions(made_plan) == {
        "inbound_connector": "create", "outbound_connector": "create", "loop_check": "create, on",
        "redirect": "create, on",
    }  # fmt: skip


def test_what_is_equal_and_on_is_kept_and_there_is_nothing_to_do(tmp_path: Path) -> None:
    made_plan = against(tmp_path, ours())
    assert (made_plan.outcome, made_plan.steps, actions(made_plan)) == ("nothing", (), KEPT)


@pytest.mark.parametrize("guard", ["stop", "stop-and-except", "kb-literal"])
def test_each_loop_guard_is_equal_to_itself(guard: str, tmp_path: Path) -> None:
    request = build_request({**VALUES, "loop_guard": guard}, needs=())
    assert plan(tmp_path, tenant_with(*ours(request=request).values()), request=request).outcome == "nothing"


def test_what_is_equal_and_off_is_turned_on_without_adopting_it(tmp_path: Path) -> None:
    made_plan = against(tmp_path, ours(on=False))
    assert actions(made_plan) == dict.fromkeys(KEPT, "keep, on")
    assert steps(made_plan) == ["TurnOn Inbound", "TurnOn Outbound", "Enable LoopCheck", "Enable Redirect"]


def test_the_case_of_a_name_makes_no_difference(tmp_path: Path) -> None:
    found = {key: {**each, "Name": str(each["Name"]).upper()} for key, each in ours().items()}
    assert against(tmp_path, found).outcome == "nothing"


def test_a_route_may_be_the_connectors_guid(tmp_path: Path) -> None:
    found = ours()
    found["Redirect"]["RouteMessageOutboundConnector"] = found["Outbound"]["Guid"].upper()
    assert against(tmp_path, found).outcome == "nothing"


ONE_SETTING = [
    ("Inbound", "ConnectorType", "Partner"),
    ("Inbound", "SenderDomains", ["contoso.com"]),
    ("Inbound", "RequireTls", False),
    ("Inbound", "TlsSenderCertificateName", "*.us.mailmarshal.cloud"),
    ("Inbound", "TreatMessagesAsInternal", True),
    ("Inbound", "SenderIPAddresses", ["192.0.2.1"]),
    ("Inbound", "EFUsers", ["a@contoso.com"]),
    ("Outbound", "SmartHosts", ["m365integrated-array-1.us.mailmarshal.cloud"]),
    ("Outbound", "UseMXRecord", True),
    ("Outbound", "TlsSettings", "EncryptionOnly"),
    ("Outbound", "TestMode", True),
    ("Outbound", "RecipientDomains", ["contoso.com"]),
    ("LoopCheck", "RemoveHeader", None),
    ("LoopCheck", "StopRuleProcessing", False),
    ("LoopCheck", "HeaderContainsMessageHeader", "X-Other"),
    ("LoopCheck", "FromScope", "NotInOrganization"),
    ("LoopCheck", "Mode", "Audit"),
    ("LoopCheck", "SetSCL", 0),
    ("Redirect", "RouteMessageOutboundConnector", "Another"),
    ("Redirect", "ExceptIfSentToScope", "InOrganization"),
    ("Redirect", "RuleErrorAction", "Defer"),
    ("Redirect", "ExpiryDate", "2027-01-01T00:00:00Z"),
]


@pytest.mark.parametrize(("key", "name", "value"), ONE_SETTING, ids=str)
def test_one_other_setting_is_refused_and_with_adopt_changed_and_nothing_else(
    key: str, name: str, value: object, tmp_path: Path
) -> None:
    found = with_changes(key, **{name: value})  # type: ignore[arg-type]
    refused = against(tmp_path, found)
    [each] = [each for each in refused.objects if each.object.key == key]
    assert (refused.outcome, refused.steps, each.action, each.turned_on) == ("refused", (), "refuse", False)
    assert levels(refused)["different-settings"] == "stop"

    adopted = against(tmp_path, found, adopt=True)
    [change] = [step for step in adopted.steps if isinstance(step, Update)]
    approved = change.object.values.get(name, unset(change.object.kind, name))
    now = tuple(value) if isinstance(value, list) else value
    assert change.differences == (Difference(setting=name, now=now, approved=approved),)
    assert levels(adopted)["different-settings"] == "warn"
    assert change.inverse.inverse == change


def test_enhanced_filtering_is_the_tenants_to_decide(tmp_path: Path) -> None:
    made_plan = against(tmp_path, with_changes("Inbound", rules_on=True, EFSkipLastIP=True, EFSkipIPs=["192.0.2.1"]))
    assert (made_plan.outcome, codes(made_plan)) == ("nothing", {"enhanced-filtering"})


def test_what_the_vendors_portal_leaves_is_set_in_place_while_it_is_on(tmp_path: Path) -> None:
    found = with_changes("LoopCheck", rules_on=True, StopRuleProcessing=False)
    assert codes(against(tmp_path, found)) == {"different-settings"}
    assert steps(against(tmp_path, found, adopt=True)) == ["Update LoopCheck"]


def test_the_stop_is_not_taken_away_under_running_mail(tmp_path: Path) -> None:
    request = build_request({**VALUES, "loop_guard": "kb-literal"}, needs=())
    made_plan = plan(tmp_path, tenant_with(*ours().values()), adopt=True, request=request)
    assert (made_plan.outcome, "unsafe-now" in codes(made_plan)) == ("refused", True)


@pytest.mark.parametrize("adopt", [False, True])
@pytest.mark.parametrize("key", ["Inbound", "Outbound", "LoopCheck"])
@pytest.mark.parametrize("state", ["missing", "off", "different"])
def test_redirect_on_without_what_it_needs_is_refused(state: str, key: str, adopt: bool, tmp_path: Path) -> None:
    other = {"LoopCheck": {"RemoveHeader": "X-Other"}}.get(key, {"CloudServicesMailEnabled": True})
    found = with_changes(key, rules_on=True, **other) if state == "different" else ours()
    if state == "missing":
        del found[key]
    if state == "off":
        found[key]["State" if key == "LoopCheck" else "Enabled"] = "Disabled" if key == "LoopCheck" else False
    made_plan = against(tmp_path, found, adopt=adopt)
    assert (made_plan.outcome, made_plan.steps) == ("refused", ())
    assert levels(made_plan)["unsafe-now"] == "stop"
    assert actions(made_plan)["redirect"] == "refuse"


def test_redirect_on_in_audit_is_set_to_work_only_where_all_it_needs_is_on(tmp_path: Path) -> None:
    found = with_changes("Redirect", rules_on=True, Mode="Audit")
    ready = against(tmp_path, found, adopt=True)
    assert (steps(ready), codes(ready)) == (["Update Redirect"], {"different-settings", "hard-to-see"})
    assert any("from the change of its mode on mail goes to the filter" in each.text for each in ready.findings)
    found["LoopCheck"]["State"] = "Disabled"
    assert codes(against(tmp_path, found, adopt=True)) >= {"unsafe-now"}


def test_what_changes_of_a_redirect_that_is_on_is_said_to_act_at_once(tmp_path: Path) -> None:
    found = with_changes("Redirect", rules_on=True, FromScope="NotInOrganization")
    [text] = [one.text for one in against(tmp_path, found, adopt=True).findings if one.code == "different-settings"]
    assert "It is on, so the change acts on mail at once" in text


@pytest.mark.parametrize("key", ["Inbound", "Outbound", "LoopCheck", "Redirect"])
def test_two_of_one_name_are_refused(key: str, tmp_path: Path) -> None:
    found = ours(rules_on=False)
    twin = {**found[key], "Name": str(found[key]["Name"]).upper(), "Guid": "22222222-2222-4333-8444-555555555555"}
    made_plan = plan(tmp_path, tenant_with(*found.values(), twin), adopt=True)
    assert (made_plan.outcome, codes(made_plan) >= {"duplicate"}) == ("refused", True)


@pytest.mark.parametrize(
    ("settings", "is_one"),
    [
        ({"HeaderContainsMessageHeader": "x-mmcloud-id", "HeaderContainsWords": [VALUES["header_id"]]}, True),
        ({"HeaderMatchesMessageHeader": "X-MMCloud-ID", "HeaderMatchesPatterns": [VALUES["header_id"]]}, True),
        ({"RouteMessageOutboundConnector": OUTBOUND.lower()}, True),
        ({"ExceptIfHeaderContainsMessageHeader": "X-MMCloud-ID", "SetSCL": "0"}, False),
        ({"HeaderContainsMessageHeader": "X-Other", "HeaderContainsWords": ["a"]}, False),
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_a_second_rule_like_ours_is_a_duplicate_and_an_exception_is_none(
    settings: dict[str, object], is_one: bool, enabled: bool, tmp_path: Path
) -> None:
    other = transport_rule("Another", enabled=enabled, **settings)
    made_plan = plan(tmp_path, tenant_with(*ours().values(), below=(other,)))
    assert ("duplicate" in codes(made_plan), made_plan.refused) == (is_one, is_one)


@pytest.mark.parametrize("there", [True, False])
def test_a_second_rule_is_to_be_renamed_only_where_ours_is_missing(there: bool, tmp_path: Path) -> None:
    found = ours(rules_on=False)
    other = transport_rule("Another", RouteMessageOutboundConnector=OUTBOUND)
    if not there:
        del found["Redirect"]
    made_plan = plan(tmp_path, tenant_with(*found.values(), below=(other,)))
    [text] = [each.text for each in made_plan.findings if each.code == "duplicate"]
    assert (f"rename it to '{REDIRECT}'" in text) is not there


@pytest.mark.parametrize("adopt", [False, True])
def test_another_customers_id_is_refused(adopt: bool, tmp_path: Path) -> None:
    made_plan = against(tmp_path, with_changes("LoopCheck", HeaderContainsWords=[OTHER_ID]), adopt=adopt)
    assert levels(made_plan)["another-id"] == "stop"
    assert actions(made_plan)["loop_check"] == "refuse"
    [text] = [each.text for each in made_plan.findings if each.code == "another-id"]
    assert (OTHER_ID in text, "11111111-..." in text) == (False, True)


@pytest.mark.parametrize("word", [VALUES["header_id"].upper(), "{" + VALUES["header_id"] + "}"])
def test_the_same_id_in_another_form_is_not_another_one(word: str, tmp_path: Path) -> None:
    made_plan = against(tmp_path, with_changes("LoopCheck", HeaderContainsWords=[word]), adopt=True)
    assert "another-id" not in codes(made_plan)


def test_redirect_above_loop_check_is_refused(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    made_plan = plan(tmp_path, tenant_with(found["Redirect"], found["LoopCheck"], *list(found.values())[:2]))
    assert codes(made_plan) == {"wrong-order"}
    assert made_plan.order_after == made_plan.order_now == (REDIRECT, LOOP_CHECK)


def test_loop_check_is_created_above_a_redirect_that_is_there_and_off(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    del found["LoopCheck"]
    other = (transport_rule("a"), transport_rule("b"))
    made_plan = plan(tmp_path, tenant_with(*found.values(), above=other, below=(transport_rule("c"),)))
    assert made_plan.order_after == ("a", "b", LOOP_CHECK, REDIRECT, "c")
    assert [step.priority for step in made_plan.steps if isinstance(step, Create)] == [2]
    assert codes(made_plan) == {"not-at-bottom"}


def test_what_is_missing_is_created_and_the_rest_is_left(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    del found["Inbound"]
    made_plan = against(tmp_path, found)
    assert steps(made_plan) == ["Create Inbound", "Enable LoopCheck", "Enable Redirect"]
    assert isinstance(made_plan.undo[0], type(made_plan.steps[-1].inverse))


def test_another_region_is_a_difference_in_the_connectors(tmp_path: Path) -> None:
    us = build_request({**VALUES, "region": "us"}, needs=())
    made_plan = plan(tmp_path, tenant_with(*ours(rules_on=False, request=us).values()), adopt=True)
    assert {each.setting: each.approved for each in made_plan.objects[1].differences} == {
        "SmartHosts": ("m365integrated-array-1.eu.mailmarshal.cloud",),
        "TlsDomain": "*.eu.mailmarshal.cloud",
    }


def test_what_no_command_can_set_is_left_to_somebody_also_with_adopt(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["Redirect"]["Conditions"] = ["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.NewIn2027Predicate"]
    made_plan = against(tmp_path, found, adopt=True)
    assert (made_plan.outcome, levels(made_plan)["different-settings"]) == ("refused", "stop")


@pytest.mark.parametrize(
    ("tenant", "refused"), [("contoso.com", True), ("fabrikam.onmicrosoft.com", True), (VALUES["tenant"], False)]
)
def test_a_snapshot_of_another_tenant_is_refused(tenant: str, refused: bool, tmp_path: Path) -> None:
    request = build_request({**VALUES, "tenant": tenant}, needs=())
    made_plan = plan(tmp_path, tenant_with(*ours().values()), request=request)
    assert ("another-tenant" in codes(made_plan)) is refused


def test_connectors_are_turned_on_before_the_rules(tmp_path: Path) -> None:
    found = ours(on=False)
    kinds = [type(step) for step in against(tmp_path, found).steps]
    assert kinds == [TurnOn, TurnOn, Enable, Enable]
