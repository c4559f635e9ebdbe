"""30-create."""

from typing import TYPE_CHECKING, Any, Literal

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put, rule_order
from tests.scripts.steps import CREATE, run, usual, well
from tests.shell import Case, Shell, drive, step

if TYPE_CHECKING:
    from mm365.emulator.contract import Behaviour, Fault, Target

pytestmark = pytest.mark.powershell


def test_it_creates_exactly_the_four_objects_of_the_article(shells: NewShell, valid_request: Request) -> None:
    shell = shells(busy_tenant())
    others = rule_order(shell.tenant)
    ended = shell.run("30-create")
    assert ended.exit_code == 0, ended.output
    made = ours(shell.tenant)
    assert (
        made[INBOUND]
        | {
            "ConnectorType": "OnPremises",
            "SenderDomains": ["smtp:*;1"],
            "RequireTls": True,
            "TlsSenderCertificateName": "*.eu.mailmarshal.cloud",
            "Enabled": True,
        }
        == made[INBOUND]
    )
    assert (
        made[OUTBOUND]
        | {
            "ConnectorType": "Partner",
            "IsTransportRuleScoped": True,
            "UseMXRecord": False,
            "SmartHosts": ["m365integrated-array-1.eu.mailmarshal.cloud"],
            "TlsSettings": "DomainValidation",
            "TlsDomain": "*.eu.mailmarshal.cloud",
            "Enabled": True,
        }
        == made[OUTBOUND]
    )
    assert (
        made[LOOP_CHECK]
        | {
            "HeaderContainsMessageHeader": "X-MMCloud-ID",
            "HeaderContainsWords": [valid_request.header_id],
            "RemoveHeader": "X-MMCloud-ID",
            "StopRuleProcessing": True,
            "Mode": "Enforce",
            "State": "Disabled",
        }
        == made[LOOP_CHECK]
    )
    assert (
        made[REDIRECT]
        | {
            "RouteMessageOutboundConnector": OUTBOUND,
            "StopRuleProcessing": False,
            "Conditions": None,
            "Exceptions": None,
            "State": "Disabled",
        }
        == made[REDIRECT]
    )
    assert rule_order(shell.tenant) == [*others, LOOP_CHECK, REDIRECT]


def test_a_second_run_changes_nothing_and_says_so(shells: NewShell) -> None:
    shell = shells()
    first, second = drive([Case(shell=shell, steps=[step("30-create"), step("30-create")])])[0]
    assert first.exit_code == second.exit_code == 0
    assert "Nothing to do: everything was there already." in second.output
    assert sum(call["changed"] for call in shell.calls) == 4


def test_enhanced_filtering_on_the_inbound_connector_is_the_tenants_to_decide(
    shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, INBOUND, EFSkipLastIP=True, EFSkipIPs=["192.0.2.1"]))
    well(run(shell, CREATE, usual("40-verify")))
    assert ours(shell.tenant)[INBOUND]["EFSkipLastIP"] is True


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        (INBOUND, {"TlsSenderCertificateName": "*.us.mailmarshal.cloud"}, "'*.us.mailmarshal.cloud', not '*.eu."),
        (INBOUND, {"EFTestMode": True}, "EFTestMode is set"),
        (INBOUND, {"Enabled": False}, "Enabled is 'False', not 'True'"),
        (OUTBOUND, {"SmartHosts": ["other.example", "m365integrated-array-1.eu.mailmarshal.cloud"]}, "SmartHosts is"),
        (OUTBOUND, {"IsTransportRuleScoped": False}, "IsTransportRuleScoped is 'False'"),
        (LOOP_CHECK, {"StopRuleProcessing": False}, "StopRuleProcessing is 'False'"),
        (LOOP_CHECK, {"ExceptIfFrom": ["a@contoso.com"]}, "ExceptIfFrom is set"),
        (LOOP_CHECK, {"HeaderContainsWords": ["11111111-2222-3333-4444-555555555555"]}, "is not the header ID"),
        (REDIRECT, {"FromScope": "NotInOrganization"}, "FromScope is set"),
        (REDIRECT, {"Mode": "Audit"}, "Mode is 'Audit', not 'Enforce'"),
    ],
)
def test_an_object_of_that_name_with_other_settings_stops_it_before_the_first_change(
    name: str, change: dict[str, Any], says: str, shells: NewShell, valid_request: Request
) -> None:
    tenant = put(empty_tenant(), valid_request, *NAMES)
    ours(tenant)[name].update(change)
    shell = shells(tenant)
    before = comparable(shell.tenant)
    ended = shell.run("30-create")
    assert ended.exit_code == 1
    assert says in ended.output
    assert "Nothing was changed." in ended.output
    assert valid_request.header_id not in ended.output
    assert comparable(shell.tenant) == before
    assert not any(call["changed"] for call in shell.calls)


def refusals(request: Request) -> dict[str, Tenant]:
    """Tenants that 30-create refuses, by what it says."""
    off = put(empty_tenant(), request, *NAMES)
    ours(off)[REDIRECT]["State"] = "Enabled"
    full = empty_tenant()
    full["transportRules"] = [{**busy_tenant()["transportRules"][0], "Priority": n, "Guid": f"{n}"} for n in range(299)]
    return {
        "rule Redirect is on while LoopCheck is missing or off": off,
        "rule Redirect is there, and no Loop Check stands above it": put(
            empty_tenant(), request, INBOUND, OUTBOUND, REDIRECT
        ),
        "300 is the limit": full,
    }


def test_what_would_put_mail_at_risk_is_refused(shells: NewShell, valid_request: Request) -> None:
    tenants = refusals(valid_request)
    cases = [Case(shell=shells(tenant), steps=[step("30-create")]) for tenant in tenants.values()]
    for says, [ended], case in zip(tenants, drive(cases), cases, strict=True):
        assert ended.exit_code == 1
        assert says in ended.output
        assert not any(call["changed"] for call in case.shell.calls)


def test_documented_and_captured_behaviour_of_the_service_give_the_same(shells: NewShell) -> None:
    behaviours: list[Behaviour] = [
        {"outboundListing": "captured"},
        {"unknownIdentity": "all"},
        {"routeReadsBackAs": "guid"},
        {"language": "de"},
        {"lateCalls": 3},
        {"lateCalls": 9, "outboundListing": "captured", "unknownIdentity": "all", "language": "de"},
        {"removeReferencedConnector": "allow"},
    ]
    steps = [
        step("30-create"),
        step("40-verify", Expect="Created"),
        step("50-enable", Stage="LoopCheck"),
        step("50-enable", Stage="Redirect", WaitMinutes=0),
        step("40-verify", Expect="Enabled"),
        step("70-rollback", DrainHours=0),
    ]
    cases = [Case(shell=shells(busy_tenant(behaviour=behaviour)), steps=steps) for behaviour in behaviours]
    for behaviour, ended, case in zip(behaviours, drive(cases), cases, strict=True):
        assert [run.exit_code for run in ended] == [0] * len(steps), (behaviour, [run.output for run in ended])
        assert comparable(case.shell.tenant) == comparable(busy_tenant())


@pytest.mark.parametrize("creation", ["disabled", "refused"])
def test_an_inbound_connector_that_the_service_does_not_turn_on_stops_it(
    creation: Literal["disabled", "refused"], shells: NewShell
) -> None:
    shell = shells(empty_tenant(behaviour={"inboundCreation": creation}))
    create, again, enable, rollback = drive(
        [
            Case(
                shell=shell,
                steps=[
                    step("30-create"),
                    step("30-create"),
                    step("50-enable", Stage="Redirect", WaitMinutes=0),
                    step("70-rollback"),
                ],
            )
        ]
    )[0]
    assert create.exit_code == again.exit_code == enable.exit_code == 1
    if creation == "disabled":
        assert "ask Support" in create.output
    assert not any(call["cmdlet"] == "Enable-TransportRule" for call in shell.calls)
    assert rollback.exit_code == 0, rollback.output
    assert comparable(shell.tenant) == comparable(empty_tenant())


def test_whatif_changes_nothing_saves_nothing_and_succeeds_wherever_the_script_would(
    shells: NewShell, valid_request: Request
) -> None:
    tenants = [put(empty_tenant(), valid_request, *NAMES[:there]) for there in range(len(NAMES) + 1)]
    cases = [Case(shell=shells(tenant), steps=[step("30-create", WhatIf=True)]) for tenant in tenants]
    for [ended], tenant, case in zip(drive(cases), tenants, cases, strict=True):
        assert ended.exit_code == 0, ended.output
        assert comparable(case.shell.tenant) == comparable(tenant)
        assert not (case.shell.folder / "state").exists()


@pytest.mark.parametrize("kind", ["outbound", "rule"])
def test_what_somebody_else_creates_under_the_same_name_meanwhile_is_not_taken_for_its_own(
    kind: Literal["outbound", "rule"], shells: NewShell
) -> None:
    name, noun = (OUTBOUND, "OutboundConnector") if kind == "outbound" else (LOOP_CHECK, "TransportRule")
    theirs: Target = {"kind": kind, "name": name, "values": {"RecipientDomains": ["a.example"]}}
    if kind == "rule":
        theirs["values"] = {"PrependSubject": "theirs", "State": "Disabled"}
    fault: Fault = {"kind": "interfere", "nth": 1, "cmdlet": f"New-{noun}", "change": {"create": theirs}}
    shell = shells(busy_tenant(faults=[fault]))
    create, rollback = drive([Case(shell=shell, steps=[step("30-create"), step("70-rollback")])])[0]
    assert (create.exit_code, rollback.exit_code) == (1, 1)
    assert "somebody else has created one of that name in the meantime" in create.output
    assert "was not created by this pack" in rollback.output
    assert not any(call["changed"] and call["cmdlet"].startswith("Remove-") for call in shell.calls)


def test_it_saves_the_tenant_before_its_first_change(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    shell.run("30-create")
    [backup] = (shell.folder / "state").glob("backup-*.json")
    saved = Shell.read_json(backup)
    assert [rule["Name"] for rule in saved["transportRules"]] == rule_order(busy_tenant())
    assert {entry["before"] for entry in shell.state["objects"].values()} == {"absent"}
    assert all(entry["guid"] for entry in shell.state["objects"].values())
