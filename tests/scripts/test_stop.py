"""60-stop, the stop switch."""

from typing import TYPE_CHECKING

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put
from tests.scripts.steps import BACK, CREATE, ENABLED, STOP, enable, ends_truly, rename, run, state_of, well
from tests.shell import step

if TYPE_CHECKING:
    from mm365.emulator.contract import Behaviour, Fault

pytestmark = pytest.mark.powershell


def test_it_turns_redirect_off_and_nothing_else_whatever_became_of_the_rest(
    shells: NewShell, valid_request: Request
) -> None:
    tenant = put(busy_tenant(), valid_request, OUTBOUND)
    put(tenant, valid_request, REDIRECT, on=True, FromScope="InOrganization")
    shell = shells(tenant)
    well(run(shell, STOP, STOP))
    assert shell.changes == ["Disable-TransportRule"]
    assert state_of(shell) == "Disabled"


def test_it_works_where_a_file_stands_in_place_of_the_folder_for_notes(
    shells: NewShell, valid_request: Request
) -> None:
    shell = shells(put(empty_tenant(), valid_request, *NAMES, on=True))
    (shell.folder / "state").write_text("a file where a folder should be")
    [ended] = run(shell, STOP)
    assert ended.exit_code == 0, ended.output
    assert "WARN  The time could not be noted" in ended.output
    assert state_of(shell) == "Disabled"


def test_it_finds_redirect_by_its_noted_identity(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    rename(shell, "Renamed")
    [ended] = run(shell, STOP)
    assert ended.exit_code == 0, ended.output
    assert state_of(shell, "Renamed") == "Disabled"
    assert "Its name is now 'Renamed'." in ended.output


def test_the_noted_identity_is_enough_where_somebody_has_also_narrowed_the_rule(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    rename(shell, "Renamed")
    with shell.changed() as tenant:
        [found] = [rule for rule in tenant["transportRules"] if rule["Name"] == "Renamed"]
        found |= {"FromScope": "InOrganization", "Conditions": ["a.FromScopePredicate"]}
    well(run(shell, STOP))
    assert state_of(shell, "Renamed") == "Disabled"


@pytest.mark.parametrize("route", ["name", "guid"])
def test_without_notes_it_finds_a_renamed_redirect_by_what_it_does(
    route: str, shells: NewShell, valid_request: Request
) -> None:
    behaviour: Behaviour = {"routeReadsBackAs": "guid" if route == "guid" else "name"}
    tenant = put(empty_tenant(behaviour=behaviour), valid_request, *NAMES, on=True)
    if route == "guid":
        ours(tenant)[REDIRECT]["RouteMessageOutboundConnector"] = ours(tenant)[OUTBOUND]["Guid"]
    shell = shells(tenant)
    rename(shell, "Renamed")
    well(run(shell, step("60-stop", WhatIf=True)))
    assert state_of(shell, "Renamed") == "Enabled"
    well(run(shell, STOP))
    assert state_of(shell, "Renamed") == "Disabled"


def test_it_ends_with_1_while_any_rule_that_is_on_sends_mail_there(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    with shell.changed() as tenant:
        add_rule(tenant, transport_rule("Theirs", FromScope="InOrganization", RouteMessageOutboundConnector=OUTBOUND))
    for ended in run(shell, STOP, STOP):
        assert ended.exit_code == 1, ended.output
        assert "STOP  rule 'Theirs' is on and sends mail to the outbound connector" in ended.output
        assert state_of(shell) == "Disabled"
    assert state_of(shell, "Theirs") == "Enabled"


def test_a_copy_of_redirect_is_named_and_left_alone(shells: NewShell, valid_request: Request) -> None:
    tenant = put(empty_tenant(), valid_request, *NAMES, on=True)
    add_rule(tenant, transport_rule("A copy", RouteMessageOutboundConnector=OUTBOUND))
    shell = shells(tenant)
    [ended] = run(shell, STOP)
    assert ended.exit_code == 1, ended.output
    assert "STOP  rule 'A copy' is on and sends mail to the outbound connector" in ended.output
    assert (state_of(shell), state_of(shell, "A copy")) == ("Disabled", "Enabled")


def test_it_works_where_connectors_cannot_be_read(shells: NewShell, valid_request: Request) -> None:
    behaviour: Behaviour = {"missing": ["Get-InboundConnector", "Get-OutboundConnector"]}
    shell = shells(put(empty_tenant(behaviour=behaviour), valid_request, *NAMES, on=True))
    ended = shell.run("60-stop", "file")
    assert ended.exit_code == 0, ended.output
    assert "It could not be read (InboundConnector)" in ended.output
    assert f"rule Redirect '{REDIRECT}': there, off" in ended.output


def test_it_ends_with_1_when_the_rule_stays_on(shells: NewShell, valid_request: Request) -> None:
    fault: Fault = {"kind": "error", "nth": 0, "cmdlet": "Disable-TransportRule"}
    shell = shells(put(empty_tenant(faults=[fault]), valid_request, *NAMES, on=True))
    [ended] = run(shell, STOP)
    assert ended.exit_code == 1, ended.output
    ends_truly(ended)


def test_a_lost_answer_is_seen_to_have_worked(shells: NewShell, valid_request: Request) -> None:
    fault: Fault = {"kind": "lost", "nth": 1, "cmdlet": "Disable-TransportRule"}
    shell = shells(put(empty_tenant(faults=[fault]), valid_request, *NAMES, on=True))
    well(run(shell, STOP))
    assert state_of(shell) == "Disabled"


def test_it_ends_with_0_where_there_is_no_redirect(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    [ended] = run(shell, STOP)
    assert ended.exit_code == 0, ended.output
    assert "Nothing to do: there is no rule Redirect." in ended.output
    assert shell.changes == []


def test_it_notes_the_time_from_which_rollback_counts(shells: NewShell) -> None:
    shell = shells()
    well(run(shell, *ENABLED, STOP))
    shell.note(redirectOff="2026-01-02 03:04:05Z")
    well(run(shell, BACK))


def test_a_second_run_does_not_begin_the_time_again(shells: NewShell) -> None:
    shell = shells()
    well(run(shell, *ENABLED, STOP))
    shell.note(redirectOff="2026-01-02 03:04:05Z")
    well(run(shell, STOP))
    assert shell.state["redirectOff"] == "2026-01-02 03:04:05Z"


def test_a_redirect_that_was_never_on_is_not_noted_as_turned_off(shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE, STOP, BACK))
    assert ours(shell.tenant) == {}


def test_it_leaves_loop_check_and_the_connectors_on(shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    well(run(shell, STOP))
    made = ours(shell.tenant)
    assert made[LOOP_CHECK]["State"] == "Enabled"
    assert all(item["Enabled"] for item in shell.tenant["inboundConnectors"] + shell.tenant["outboundConnectors"])
