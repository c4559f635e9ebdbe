"""Whether a tenant still is as approved, and what is said where it is not."""

from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import empty_tenant, transport_rule
from mm365.plan.drift import Check, Expect, as_facts, check_against
from mm365.plan.drift_summary import MOST_LINES, check_lines
from tests.commands import HEADER_ID
from tests.exports import INTEGRATION, REQUEST, made, ours, snapshot, tenant_with


def checked(folder: Path, *found: Object, expect: str = "enabled", above: tuple[Object, ...] = ()) -> Check:
    tenant = tenant_with(*found, above=above)
    return check_against(snapshot(folder, tenant), REQUEST, INTEGRATION, Expect(expect))


def said(check: Check) -> list[tuple[str, str, object, object]]:
    return [
        (each.object, each.difference.setting, each.difference.approved, each.difference.now) for each in check.drifts
    ]


@pytest.mark.parametrize(("expect", "on"), [("enabled", True), ("created", False)])
def test_what_is_as_approved_is_no_drift(expect: str, on: bool, tmp_path: Path) -> None:
    check = checked(tmp_path, *ours(rules_on=on).values(), expect=expect)
    assert (check.as_approved, said(check)) == (True, [])
    assert [each.code for each in check.findings] == ["shared-certificate"]


def test_rules_that_are_off_or_on_against_what_is_expected_are_drift(tmp_path: Path) -> None:
    off = checked(tmp_path, *ours(rules_on=False).values())
    assert said(off) == [("loop_check", "Enabled", True, False), ("redirect", "Enabled", True, False)]
    on = checked(tmp_path, *ours().values(), expect="created")
    assert said(on) == [("loop_check", "Enabled", False, True), ("redirect", "Enabled", False, True)]
    assert "60-stop" in on.drifts[1].remedy


def test_a_missing_object_is_its_name(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    name = found.pop("Outbound")["Name"]
    assert said(checked(tmp_path, *found.values(), expect="created")) == [("outbound_connector", "Name", name, None)]


def test_a_wrong_order_is_the_priority_of_redirect(tmp_path: Path) -> None:
    found = ours()
    check = checked(tmp_path, found["Inbound"], found["Outbound"], found["Redirect"], found["LoopCheck"])
    assert said(check) == [("redirect", "Priority", 1, 0)]
    assert "wrong-order" in {each.code for each in check.findings}


def test_each_difference_says_why_it_matters_and_what_puts_it_right(tmp_path: Path) -> None:
    found = ours()
    found["LoopCheck"] = made(INTEGRATION.loop_check, StopRuleProcessing=False, FromScope="InOrganization")
    check = checked(tmp_path, *found.values())
    assert [each.difference.setting for each in check.drifts] == ["StopRuleProcessing", "FromScope"]
    assert all(each.matters and each.remedy for each in check.drifts)


def test_dates_comments_and_sizes_are_not_compared(tmp_path: Path) -> None:
    found = ours()
    found["Redirect"].update(WhenChanged="2027-01-01T00:00:00Z", Comments="x", Size=9, LastModifiedBy="x")
    assert checked(tmp_path, *found.values()).as_approved


def test_warnings_are_no_drift_and_stops_are(tmp_path: Path) -> None:
    rule = transport_rule("Block", StopRuleProcessing=True)
    assert checked(tmp_path, *ours().values(), above=(rule,)).as_approved
    second = transport_rule("Second", RouteMessageOutboundConnector="To MailMarshal Cloud Integrated")
    assert not checked(tmp_path, *ours().values(), above=(second,)).as_approved


def test_text_has_at_most_twenty_lines_and_ends_with_a_command(tmp_path: Path) -> None:
    others = tuple(transport_rule(f"r{number}", StopRuleProcessing=True) for number in range(30))
    found = {
        each.key: made(each, on=False, Comment="x") if "onnector" in each.label else made(each, on=False, SetSCL="1")
        for each in INTEGRATION.objects
    }
    found["Inbound"].update(RequireTls=False, EFUsers=["a@b.c"], TreatMessagesAsInternal=True)
    found["Outbound"].update(TestMode=True, UseMXRecord=True, TlsDomain="x", TlsSettings=None)
    lines = [text for text, _ in check_lines(checked(tmp_path, *found.values(), above=others), REQUEST, "mm365 plan x")]
    assert len(lines) <= MOST_LINES
    assert lines[-1] == "To put it right: mm365 plan x"
    assert all(len(line) <= 400 for line in lines)


def test_where_something_stops_it_is_settled_first(tmp_path: Path) -> None:
    found = ours()
    found["Outbound"] = made(INTEGRATION.outbound, on=True, TlsDomain=None)
    lines = [text for text, _ in check_lines(checked(tmp_path, *found.values()), REQUEST, "mm365 pack x")]
    assert any(line.startswith("STOP  unsafe-now") and "Run 60-stop" in line for line in lines)
    assert lines[-1].startswith("To put it right: do what each STOP says")


@pytest.mark.parametrize(
    ("key", "setting", "value", "says"),
    [
        ("LoopCheck", "FromScope", "InOrganization", "only for messages that meet it"),
        ("Redirect", "ExceptIfFromScope", "InOrganization", "leaves out messages that meet it"),
        ("Redirect", "PrependSubject", "x", "happens to every message that the rule applies to"),
        ("Redirect", "ExpiryDate", "2027-01-01T00:00:00Z", "only from or until that date"),
        ("Inbound", "SenderIPAddresses", ["192.0.2.1"], "which mail the connector takes"),
        ("Outbound", "RecipientDomains", ["contoso.com"], "which mail the connector sends"),
    ],
)
def test_what_a_setting_that_nobody_approved_does_is_said(
    key: str, setting: str, value: Any, says: str, tmp_path: Path
) -> None:
    found = ours()
    [each] = [each for each in INTEGRATION.objects if each.key == key]
    found[key] = made(each, **{setting: value})
    [drift] = checked(tmp_path, *found.values()).drifts
    assert drift.difference.setting == setting
    assert says in drift.matters


def test_what_is_missing_or_off_comes_before_settings_in_the_text(tmp_path: Path) -> None:
    found = {each.key: made(each) for each in INTEGRATION.objects}
    found["Inbound"].update(RequireTls=False, EFUsers=["a@b.c"], TreatMessagesAsInternal=True)
    found["Outbound"].update(TestMode=True, UseMXRecord=True, TlsDomain="x", TlsSettings=None, SmartHosts=["x"])
    found["Redirect"] = made(INTEGRATION.redirect, on=False)
    lines = [text for text, _ in check_lines(checked(tmp_path, *found.values()), REQUEST, "x")]
    assert "Mail is not filtered." in lines[2]
    assert "more difference" in lines[2 + 8]


def remedies(check: Check) -> list[str]:
    lines = [text for text, _ in check_lines(check, REQUEST, "mm365 pack x")]
    return [lines[-1], *(each.remedy for each in check.drifts)]


def test_a_connector_that_is_off_takes_a_new_pack_for_50_enable_turns_rules_on_alone(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["Inbound"] = made(INTEGRATION.inbound, on=False)
    check = checked(tmp_path, *found.values(), expect="created")
    last, remedy = remedies(check)
    assert (last, "50-enable" in remedy, check.adopts) == ("To put it right: mm365 pack x", False, False)


def test_a_setting_that_is_unset_takes_adopt_as_well(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["LoopCheck"] = made(INTEGRATION.loop_check, on=False, RemoveHeader=None)
    assert checked(tmp_path, *found.values(), expect="created").adopts


def test_loop_check_is_not_turned_off_by_60_stop(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["LoopCheck"] = made(INTEGRATION.loop_check)
    last, remedy = remedies(checked(tmp_path, *found.values(), expect="created"))
    assert ("60-stop" in last, "Disable-TransportRule" in remedy) == (False, True)


def test_what_no_command_can_set_is_not_put_right_by_a_pack(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["Redirect"]["Conditions"] = ["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.NewIn2027Predicate"]
    check = checked(tmp_path, *found.values(), expect="created")
    last, remedy = remedies(check)
    assert ("mm365 pack" in last, "by hand" in last, "by hand" in remedy) == (False, True, True)


def test_header_ids_are_whole_in_json_and_short_in_text(tmp_path: Path) -> None:
    found, other = ours(), "11111111-2222-4333-8444-555555555555"
    found["LoopCheck"] = made(INTEGRATION.loop_check, HeaderContainsWords=[other])
    found["LoopCheck"]["Name"] = found["LoopCheck"]["Name"].upper()
    check = checked(tmp_path, *found.values(), above=(transport_rule(f"r {HEADER_ID}", StopRuleProcessing=True),))
    text = "\n".join(text for text, _ in check_lines(check, REQUEST, ""))
    assert (HEADER_ID in text, other in text, "11111111-..." in text) == (False, False, True)
    facts: Any = as_facts(check, REQUEST)
    assert [(each["now"], each["approved"]) for each in facts["differences"]] == [([other], [HEADER_ID])]


def test_an_empty_tenant_has_drifted(tmp_path: Path) -> None:
    check = check_against(snapshot(tmp_path, empty_tenant(REQUEST.tenant)), REQUEST, INTEGRATION, Expect.CREATED)
    assert [each.difference.setting for each in check.drifts] == ["Name"] * 4
