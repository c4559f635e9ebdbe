"""70-rollback."""

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put
from tests.scripts.steps import ENABLED, run
from tests.shell import Shell, step

pytestmark = pytest.mark.powershell


def forget(shell: Shell) -> None:
    """The notes are lost."""
    (shell.folder / "state" / "state.json").unlink()


def test_it_turns_redirect_off_at_once_and_removes_nothing_before_mail_has_drained(shells: NewShell) -> None:
    shell = shells()
    *_, first, second = run(shell, *ENABLED, step("70-rollback"), step("70-rollback"))
    assert first.exit_code == second.exit_code == 2
    assert "mail may be on its way for 25 hours" in second.output
    assert "Next: run 70-rollback again at that time" in second.output
    assert set(ours(shell.tenant)) == set(NAMES)
    assert ours(shell.tenant)[REDIRECT]["State"] == "Disabled"
    assert ours(shell.tenant)[LOOP_CHECK]["State"] == "Enabled"


def test_it_goes_on_when_the_hours_have_passed(shells: NewShell) -> None:
    shell = shells()
    run(shell, *ENABLED, step("70-rollback"))
    shell.note(redirectOff="2026-01-02 03:04:05Z")
    [ended] = run(shell, step("70-rollback"))
    assert ended.exit_code == 0, ended.output
    assert comparable(shell.tenant) == comparable(empty_tenant())


def test_a_redirect_that_was_turned_on_by_hand_is_waited_for_as_well(shells: NewShell) -> None:
    shell = shells()
    run(shell, step("30-create"))
    with shell.changed() as tenant:
        ours(tenant)[REDIRECT]["WhenChanged"] = "2026-01-02T03:04:05Z"
    [ended] = run(shell, step("70-rollback"))
    assert ended.exit_code == 2
    assert "mail may be on its way" in ended.output


def test_it_removes_rules_then_outbound_then_inbound(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    run(shell, *ENABLED)
    before = len(shell.changes)
    run(shell, step("70-rollback", DrainHours=0))
    assert shell.changes[before:] == [
        "Disable-TransportRule",
        "Disable-TransportRule",
        "Remove-TransportRule",
        "Remove-TransportRule",
        "Remove-OutboundConnector",
        "Remove-InboundConnector",
    ]


def test_what_was_there_before_stays_and_comes_back_to_its_state(shells: NewShell, valid_request: Request) -> None:
    tenant = put(busy_tenant(), valid_request, INBOUND, OUTBOUND, LOOP_CHECK)
    shell = shells(tenant)
    rollback = step("70-rollback", DrainHours=0)
    ended = run(shell, *ENABLED, rollback, rollback)
    assert [each.exit_code for each in ended] == [0, 0, 0, 0, 0], [each.output for each in ended]
    assert "It was there before and stays." in ended[-2].output
    assert comparable(shell.tenant) == comparable(tenant)


def test_objects_that_somebody_else_provisioned_are_not_removed_after_a_create_that_had_nothing_to_do(
    shells: NewShell, valid_request: Request
) -> None:
    tenant = put(busy_tenant(), valid_request, *NAMES, on=True)
    shell = shells(tenant)
    back = step("70-rollback", DrainHours=0)
    create, stop, rollback, again = run(shell, step("30-create"), step("60-stop"), back, back)
    assert [ended.exit_code for ended in (create, stop, rollback, again)] == [0, 0, 0, 0], rollback.output
    assert set(ours(shell.tenant)) == set(NAMES)
    assert "was on before and is off now. This script turns nothing on" in rollback.output


def test_a_redirect_that_was_turned_on_again_after_draining_is_waited_for_again(shells: NewShell) -> None:
    shell = shells(empty_tenant(faults=[{"cmdlet": "Remove-TransportRule", "nth": 1, "kind": "error"}]))
    *_, failed = run(shell, *ENABLED, step("70-rollback", DrainHours=0))
    assert failed.exit_code == 1
    with shell.changed() as tenant:
        ours(tenant)[REDIRECT]["State"] = "Enabled"
    [ended] = run(shell, step("70-rollback"))
    assert ended.exit_code == 2
    assert "mail may be on its way" in ended.output
    assert set(ours(shell.tenant)) == set(NAMES)


def test_without_notes_it_removes_what_is_in_every_setting_what_the_pack_creates(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    run(shell, step("30-create"))
    forget(shell)
    first, second = run(shell, step("70-rollback"), step("70-rollback", DrainHours=0))
    assert first.exit_code == 2
    assert second.exit_code == 0, second.output
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_it_refuses_what_it_did_not_create(shells: NewShell, valid_request: Request) -> None:
    """With notes an object of another identity; without them one with another setting."""
    foreign = shells()
    run(foreign, step("30-create"))
    tenant = foreign.tenant
    tenant["outboundConnectors"] = [item for item in tenant["outboundConnectors"] if item["Name"] != OUTBOUND]
    foreign.tenant = put(tenant, valid_request, OUTBOUND)
    other = put(empty_tenant(), valid_request, *NAMES)
    ours(other)[INBOUND]["RequireTls"] = False
    different = shells(other)
    for shell, says in (
        (foreign, "it is another object than the one that is noted"),
        (different, "RequireTls is 'False', not 'True'"),
    ):
        before = comparable(shell.tenant)
        [ended] = run(shell, step("70-rollback", DrainHours=0))
        assert ended.exit_code == 1
        assert says in ended.output
        assert "Nothing was changed." in ended.output
        assert comparable(shell.tenant) == before


def test_it_refuses_while_another_rule_uses_the_connector(shells: NewShell) -> None:
    shell = shells()
    run(shell, step("30-create"))
    with shell.changed() as tenant:
        add_rule(tenant, transport_rule("Somebody's own", RouteMessageOutboundConnector=OUTBOUND))
    [ended] = run(shell, step("70-rollback"))
    assert ended.exit_code == 1
    assert "rule 'Somebody's own' sends mail to the outbound connector" in ended.output
    assert set(ours(shell.tenant)) == set(NAMES)


def test_each_object_is_saved_before_it_is_removed(shells: NewShell) -> None:
    shell = shells()
    *_, ended = run(shell, step("30-create"), step("70-rollback"))
    saved = {Shell.read_json(path)["Name"] for path in (shell.folder / "state").glob("removed-*.json")}
    assert saved == set(NAMES)
    assert ended.exit_code == 0, ended.output


def test_a_change_can_go_in_again_after_a_rollback(shells: NewShell) -> None:
    shell = shells(busy_tenant())
    back = step("70-rollback", DrainHours=0)
    ended = run(shell, *ENABLED, back, *ENABLED, back, step("30-create"), step("70-rollback"))
    assert [each.exit_code for each in ended] == [0] * len(ended), [each.output for each in ended]
    assert comparable(shell.tenant) == comparable(busy_tenant())


def test_it_may_be_run_twice(shells: NewShell) -> None:
    shell = shells()
    *_, ended = run(shell, step("30-create"), step("70-rollback"), step("70-rollback"))
    assert ended.exit_code == 0
    assert "Nothing to do: nothing that this pack created, by these notes, is in the tenant." in ended.output


def test_whatif_tells_in_words_what_the_service_would_refuse_for_now(shells: NewShell) -> None:
    shell = shells()
    *_, ended = run(shell, step("30-create"), step("70-rollback", WhatIf=True))
    assert ended.exit_code == 0, ended.output
    assert "still used by the rule Redirect, which would be gone by then" in ended.output
    assert set(ours(shell.tenant)) == set(NAMES)
    assert not list((shell.folder / "state").glob("removed-*.json"))
