"""What assessment tools will say before and after a plan, of this tenant where it can be counted."""

from pathlib import Path

from mm365.emulator.busy import busy_tenant
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant, empty_tenant, inbound_connector, transport_rule
from mm365.plan.posture import Forecast, forecast
from mm365.plan.summary import summary
from tests.exports import INBOUND, REQUEST, ours, plan, tenant_with

FILTERING = ("CIPP tests", "ORCA233_1")


def said(folder: Path, tenant: Tenant) -> dict[tuple[str, str], Forecast]:
    made = plan(folder, tenant)
    assert made.snapshot is not None
    return {(each.tool, each.id): each for each in forecast(made, made.snapshot)}


def before_and_after(folder: Path, tool: str, check: str, *above: Object) -> tuple[str, str]:
    each = said(folder, tenant_with(above=above))[tool, check]
    return each.before, each.after


def test_the_check_that_fails_in_every_tenant_names_our_connector(tmp_path: Path) -> None:
    each = said(tmp_path, empty_tenant(REQUEST.tenant))[FILTERING]
    assert (each.before, each.after, each.moves) == ("Passed", f"Failed: '{INBOUND}'", True)
    assert each.advice


def test_a_connector_that_fails_it_already_is_named_before(tmp_path: Path) -> None:
    tenant = empty_tenant(REQUEST.tenant)
    tenant["inboundConnectors"].append(inbound_connector("Theirs"))
    each = said(tmp_path, tenant)[FILTERING]
    assert (each.before, each.after) == ("Failed: 'Theirs'", f"Failed: 'Theirs', '{INBOUND}'")


def test_where_nothing_is_to_do_nothing_moves(tmp_path: Path) -> None:
    assert [each.id for each in said(tmp_path, tenant_with(*ours().values())).values() if each.moves] == []


def test_findings_a_rule_are_counted(tmp_path: Path) -> None:
    rules = (transport_rule("a", RedirectMessageTo=["x@y.z"]), transport_rule("b", SetSCL="0"))
    check = "exchange_transport_rules_mail_forwarding_disabled"
    assert before_and_after(tmp_path, "Prowler", check, *rules) == (
        "2 findings, 1 of them FAIL",
        "4 findings, 1 of them FAIL",
    )


def test_checks_of_rules_are_skipped_where_there_is_none(tmp_path: Path) -> None:
    check = "ORCA118_2, ORCA118_4, ORCA189, ORCA189_2, CIS_6_2_2"
    assert before_and_after(tmp_path, "CIPP tests", check) == ("Skipped: there are no rules", "Passed")
    before, after = before_and_after(tmp_path, "CIPP tests", check, transport_rule("a", SetSCL="0"))
    assert before == after


def test_detections_fire_for_each_rule_that_is_created(tmp_path: Path) -> None:
    check = ("Elastic Security", "ff4dd44a-0ac6-44c4-8609-3f81bc820f02")
    assert said(tmp_path, busy_tenant())[check].after == "Fires 2 times, for each New-TransportRule"


def test_what_holds_in_a_tenant_that_has_it_all_is_said_of_before_as_well(tmp_path: Path) -> None:
    found = said(tmp_path, tenant_with(*ours().values()))
    row = found["Maester / ORCA", "ORCA-233_1"]
    assert (row.before, row.before.startswith("All MX at Microsoft")) == (row.after, True)


def test_a_plan_that_only_turns_rules_on_moves_only_what_looks_at_mail(tmp_path: Path) -> None:
    found = said(tmp_path, tenant_with(*ours(rules_on=False).values()))
    moved = {key for key, each in found.items() if each.moves}
    assert ("Maester / ORCA", "ORCA-233_1") not in moved
    assert ("365Inspect", "Inspect-MailFlowRules; Inspect-TransportRulesAllowlist{IPs,Domains}") not in moved
    assert ("Microsoft Defender XDR (alert policy)", "Messages have been delayed") in moved
    assert ("Maester", "MT.1060") in moved


def test_the_text_names_the_source_of_each_check_that_changes(tmp_path: Path) -> None:
    made = plan(tmp_path, empty_tenant(REQUEST.tenant))
    assert made.snapshot is not None
    found = forecast(made, made.snapshot)
    lines = [text.strip() for text, _ in summary(made, REQUEST, found)]
    assert all(f"source:  {each.source}" in lines for each in found if each.moves)


def test_every_row_has_a_source_and_a_version(tmp_path: Path) -> None:
    found = said(tmp_path, busy_tenant())
    assert len(found) > 40
    assert all(each.version and each.tool and each.source for each in found.values())
