"""What a plan says of the tenant around the four objects, and of a snapshot that does not say enough."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, empty_tenant, outbound_connector, transport_rule
from mm365.exchange.kinds import Kind
from mm365.plan.against import plan_against
from mm365.plan.plan import Plan
from mm365.snapshot.completeness import EXPORTS, REPEATED
from mm365.snapshot.read import read_snapshot
from tests.exports import (
    INTEGRATION,
    LOOP_CHECK,
    OUTBOUND,
    REDIRECT,
    REQUEST,
    backup,
    codes,
    convert_to_json,
    levels,
    m365dsc,
    ours,
    plan,
    scubagear,
    tenant_with,
    written,
)

ENDING: list[Object] = [
    {"StopRuleProcessing": True},
    {"DeleteMessage": True},
    {"Quarantine": True},
    {"RejectMessageReasonText": "no"},
]
TWICE: list[Object] = [
    {"PrependSubject": "x"},
    {"BlindCopyTo": ["a@contoso.com"]},
    {"ApplyHtmlDisclaimerText": "x"},
    {"ModerateMessageByUser": ["a@contoso.com"]},
    {"GenerateIncidentReport": "a@contoso.com"},
]


def around(folder: Path, *, above: tuple[Object, ...] = (), below: tuple[Object, ...] = ()) -> Plan:
    return plan(folder, tenant_with(*ours().values(), above=above, below=below))


def only(made_plan: Plan, code: str) -> tuple[str, str]:
    [found] = [each for each in made_plan.findings if each.code == code]
    return found.level.value, found.subject


@pytest.mark.parametrize("settings", ENDING)
def test_a_rule_above_that_ends_processing_is_named(settings: Object, tmp_path: Path) -> None:
    rule = transport_rule("Block", **settings)
    assert only(around(tmp_path, above=(rule,)), "ends-processing-above") == ("warn", "Block")
    assert "ends-processing-above" not in codes(around(tmp_path, below=(rule,)))


@pytest.mark.parametrize("settings", TWICE)
def test_a_rule_above_that_acts_twice_is_named(settings: Object, tmp_path: Path) -> None:
    rule = transport_rule("Tag", **settings)
    assert only(around(tmp_path, above=(rule,)), "acts-twice") == ("warn", "Tag")
    assert "acts-twice" not in codes(around(tmp_path, below=(rule,)))


@pytest.mark.parametrize("idle", [{"enabled": False}, {"Mode": "Audit"}, {"Mode": "AuditAndNotify"}])
def test_a_rule_that_takes_no_action_is_not_named(idle: Object, tmp_path: Path) -> None:
    rule = transport_rule("Idle", DeleteMessage=True, PrependSubject="x", **idle)
    assert codes(around(tmp_path, above=(rule,))) == set()


def test_a_rule_in_mode_audit_that_stops_is_named_and_one_that_is_off_is_not(tmp_path: Path) -> None:
    """Whether the stop counts in mode Audit is not documented."""
    rule = transport_rule("Idle", StopRuleProcessing=True, Mode="Audit")
    assert only(around(tmp_path, above=(rule,)), "audit-stops-above") == ("warn", "Idle")
    off = transport_rule("Idle", enabled=False, StopRuleProcessing=True, Mode="Audit")
    assert codes(around(tmp_path, above=(off,))) == set()


def test_a_rule_between_ours_is_above_redirect_and_below_loop_check(tmp_path: Path) -> None:
    mine = ours()
    between = transport_rule("Between", StopRuleProcessing=True, PrependSubject="x")
    tenant = tenant_with(mine["Inbound"], mine["Outbound"], mine["LoopCheck"], between, mine["Redirect"])
    assert codes(plan(tmp_path, tenant)) == {"ends-processing-above"}


def test_rules_below_are_a_note_and_rules_above_are_none(tmp_path: Path) -> None:
    rule = transport_rule("r", SetSCL="0")
    assert only(around(tmp_path, below=(rule,)), "not-at-bottom") == ("note", REDIRECT)
    assert codes(around(tmp_path, above=(rule,))) == set()


@pytest.mark.parametrize(("route", "code"), [("Other", "routes-elsewhere"), ("Gone", "dangling-route")])
def test_routes_of_others_are_named(route: str, code: str, tmp_path: Path) -> None:
    tenant = tenant_with(
        *ours().values(), outbound_connector("Other", SmartHosts=["192.0.2.1"]),
        below=(transport_rule("r", RouteMessageOutboundConnector=route),),
    )  # fmt: skip
    assert only(plan(tmp_path, tenant), code) == ("warn", "r")


def test_a_redirect_that_leads_to_a_connector_outside_the_file_dangles(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    assert "dangling-route" not in codes(plan(tmp_path, tenant_with(*found.values())))
    del found["Outbound"]
    assert only(plan(tmp_path, tenant_with(*found.values())), "dangling-route") == ("warn", REDIRECT)


def test_a_disabled_rule_routes_nowhere_but_may_dangle(tmp_path: Path) -> None:
    rule = transport_rule("r", enabled=False, RouteMessageOutboundConnector="Gone")
    assert codes(around(tmp_path, above=(rule,))) == {"dangling-route"}


def test_the_shared_certificate_is_always_named(tmp_path: Path) -> None:
    assert levels(plan(tmp_path, empty_tenant(REQUEST.tenant))) == {"shared-certificate": "warn"}


@pytest.mark.parametrize(("others", "refused"), [(298, False), (299, True)])
def test_there_are_at_most_300_rules(others: int, refused: bool, tmp_path: Path) -> None:
    rules = tuple(transport_rule(f"r{number}", SetSCL="0") for number in range(others))
    made_plan = plan(tmp_path, tenant_with(above=rules))
    assert (made_plan.refused, "rule-limit" in codes(made_plan)) == (refused, refused)


def test_words_and_patterns_near_their_limit_are_named(tmp_path: Path) -> None:
    def with_words(size: int) -> set[str]:
        return codes(around(tmp_path, above=(transport_rule("r", SubjectContainsWords=["x" * 100] * (size // 100)),)))

    assert (with_words(17_000), with_words(19_000)) == (set(), {"pattern-budget"})


def test_connectors_of_others_that_matter_are_named(tmp_path: Path) -> None:
    tenant = tenant_with(
        *ours().values(),
        outbound_connector("Hybrid", SmartHosts=["192.0.2.1"], RouteAllMessagesViaOnPremises=True),
        outbound_connector("Test", SmartHosts=["192.0.2.2"], TestMode=True),
    )
    made_plan = plan(tmp_path, tenant)
    assert (only(made_plan, "hybrid"), only(made_plan, "hard-to-see")) == (("warn", "Hybrid"), ("warn", "Test"))


def test_what_stops_comes_first(tmp_path: Path) -> None:
    second = transport_rule("r", RouteMessageOutboundConnector=OUTBOUND)
    order = [each.level.value for each in around(tmp_path, below=(second,)).findings]
    assert order == sorted(order, key=["stop", "warn", "note"].index)
    assert order[0] == "stop"


def without(name: str) -> Callable[[Tenant], object]:
    def change(tenant: Tenant) -> object:
        for kind in Kind:
            for each in tenant[kind.plural]:
                each.pop(name, None)
        return backup(tenant)

    return change


def without_all(*names: str) -> Callable[[Tenant], object]:
    def change(tenant: Tenant) -> object:
        for rule in tenant[Kind.RULE.plural]:
            for name in names:
                del rule[name]
        return backup(tenant)

    return change


def rules_with(**values: object) -> Callable[[Tenant], object]:
    def change(tenant: Tenant) -> object:
        for rule in tenant[Kind.RULE.plural]:
            rule.update(values)
        return convert_to_json(tenant)

    return change


def connectors_with(**values: object) -> Callable[[Tenant], object]:
    def change(tenant: Tenant) -> object:
        tenant[Kind.OUTBOUND.plural][0].update(values)
        return convert_to_json(tenant)

    return change


def without_list(name: str) -> Callable[[Tenant], object]:
    return lambda tenant: {key: value for key, value in convert_to_json(tenant).items() if key != name}


def failed(tenant: Tenant) -> object:
    return {**scubagear(tenant), "exo_unsuccessful_commands": ["Get-OutboundConnector"]}


def filtered(tenant: Tenant) -> object:
    del tenant[Kind.RULE.plural][0]
    return backup(tenant)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without("StopRuleProcessing"), "has no StopRuleProcessing"),
        (without("TreatMessagesAsInternal"), "has no TreatMessagesAsInternal"),
        (without("State"), "has no Enabled"),
        (without("Conditions"), "has no Conditions"),
        (without("RouteMessageOutboundConnector"), "has no RouteMessageOutboundConnector"),
        (without_all("Actions", *REPEATED), f"has no {REPEATED[0]}"),
        (rules_with(State=1), "has a number in State"),
        (rules_with(Mode=2), "has a number in Mode"),
        (connectors_with(TlsSettings=2), "has a number in TlsSettings"),
        (rules_with(HeaderContainsWords="System.String[]"), "the depth was cut"),
        (connectors_with(SmartHosts="System.Collections.ArrayList"), "the depth was cut"),
        (connectors_with(RecipientDomains=""), "a text in RecipientDomains instead of its values: the depth was cut"),
        (rules_with(Actions="a.RemoveHeaderAction a.StopRuleProcessingAction"), "a text in Actions instead"),
        (rules_with(Conditions="System.Object[]"), "the name of a type in Conditions instead"),
        (rules_with(Conditions=None, Actions=None, Description=""), "neither conditions nor actions"),
        (without_list("OutboundConnectors"), "are in none of the files"),
        (filtered, "have gaps in their priorities"),
        (failed, "may not be all"),
        (lambda tenant: [each for each in m365dsc(tenant) if "Outbound" not in each["ResourceName"]], "are in none"),
    ],
)  # fmt: skip
def test_a_snapshot_that_lacks_something_is_refused_with_what_exports_it(
    change: Callable[[Tenant], object], says: str, tmp_path: Path
) -> None:
    read = read_snapshot(written(tmp_path, change(tenant_with(*ours().values()))))
    made_plan = plan_against(read, REQUEST, INTEGRATION, adopt=True)
    assert levels(made_plan) == {"incomplete-snapshot": "stop", "shared-certificate": "warn"}
    text = " ".join(each.text for each in made_plan.findings)
    assert says in text
    assert "20-backup" in text or any(command in text for command in EXPORTS.values())
    assert "refuse" in {each.action.value for each in made_plan.objects}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PrependSubject", "x"),
        ("ApplyHtmlDisclaimerText", "x"),
        ("AddToRecipients", ["a@b.c"]),
        ("DeleteMessage", True),
    ],
)
def test_a_rules_list_of_actions_stands_for_properties_that_were_not_exported(
    name: str, value: object, tmp_path: Path
) -> None:
    for settings in ({"SetSCL": "0"}, {name: value}):
        rule = transport_rule("r", **settings)
        del rule[name]
        expected = {"incomplete-snapshot"} if name in settings else set()
        assert codes(around(tmp_path, above=(rule,))) == expected


def test_many_rules_that_lack_the_same_are_one_finding(tmp_path: Path) -> None:
    rules = tuple(transport_rule(f"r{number}", SetSCL="0") for number in range(50))
    read = read_snapshot(written(tmp_path, without("Mode")(tenant_with(*ours().values(), above=rules))))
    found, _ = plan_against(read, REQUEST, INTEGRATION).findings
    assert "r0 has no Mode: not all properties were exported. The same holds for 51 more." in found.text


def test_a_plan_from_every_rule_of_ours_needs_no_guid(tmp_path: Path) -> None:
    read = read_snapshot(written(tmp_path, m365dsc(tenant_with(*ours().values()))))
    made_plan = plan_against(read, REQUEST, INTEGRATION)
    assert (made_plan.outcome, made_plan.order_now) == ("nothing", (LOOP_CHECK, REDIRECT))
