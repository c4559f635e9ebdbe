"""Which faults are tried at which calls, and what they are called."""

import pytest

from mm365.errors import RehearsalError
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import MEANINGS, Case, cases_of, parse_fault, parse_kinds
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.shells import WAYS, Way

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


def cases(done: Result, stage: str, *kinds: str, way: Way = "file") -> list[Case]:
    run = next(run for through in done.ways if through.way == way for run in through.stages if run.stage.key == stage)
    return list(cases_of(run, Comparison(done.change.integration), kinds))


@pytest.mark.parametrize("way", WAYS)
def test_every_call_of_every_script_and_form_fails_once(clean: Result, way: Way) -> None:
    [through] = [through for through in clean.ways if through.way == way]
    for run in through.stages:
        numbers = [case.number for case in cases(clean, run.stage.key, "error", way=way)]
        assert numbers == list(range(1, len(run.calls) + 1))


def test_only_a_change_can_be_lost(clean: Result) -> None:
    found = [case.name for case in cases(clean, "create", "lost")]
    assert found == [
        "create/New-InboundConnector#1:lost",
        "create/New-OutboundConnector#1:lost",
        "create/New-TransportRule#1:lost",
        "create/New-TransportRule#2:lost",
    ]
    assert cases(clean, "simulate", "lost", "kill-after", "differs", "other-takes-name") == []


def test_a_process_is_killed_wherever_it_would_leave_something_else_behind(clean: Result) -> None:
    """Before the first call, and after each file that was written; after each change besides."""
    assert [case.name for case in cases(clean, "create", "kill")] == [
        "create/Get-ConnectionInformation#1:kill",
        "create/New-InboundConnector#1:kill",
        "create/New-OutboundConnector#1:kill",
        "create/New-TransportRule#1:kill",
        "create/New-TransportRule#2:kill",
        "create/Get-InboundConnector#3:kill",
    ]
    assert len(cases(clean, "create", "kill-after")) == 4


def test_a_form_that_keeps_no_notes_is_killed_before_its_first_call_and_after_each_change(clean: Result) -> None:
    found = cases(clean, "rollback-rules", "kill", "kill-after", way="paste")
    assert [case.name for case in found] == [
        "rollback-rules/Get-ConnectionInformation#1:kill",
        "rollback-rules/Disable-TransportRule#1:kill-after",
        "rollback-rules/Remove-TransportRule#1:kill-after",
    ]


def test_settings_can_be_stored_otherwise_when_they_are_set_as_well(clean: Result) -> None:
    assert [case.name for case in cases(clean, "audit", "differs")] == ["audit/Set-TransportRule#1:differs"]


def test_what_others_do_comes_before_each_call_that_could_see_it_and_before_the_last(clean: Result) -> None:
    found = [case.cmdlet for case in cases(clean, "verify-enabled", "other-removes")]
    assert found == ["Get-InboundConnector", "Get-InboundConnector", "Get-TransportRule"]
    assert cases(clean, "preflight", "other-removes", "other-disables") == []


def test_what_does_no_harm_comes_at_every_call_at_once(clean: Result) -> None:
    assert [case.name for case in cases(clean, "stop", "warning", "delay", "throttle")] == [
        "stop/*:warning",
        "stop/*:delay",
        "stop/*:throttle",
    ]


def test_every_kind_is_tried_somewhere(clean: Result) -> None:
    for through in clean.ways:
        stages = [run.stage.key for run in through.stages]
        found = {case.kind for key in stages for case in cases(clean, key, *MEANINGS, way=through.way)}
        assert found == set(MEANINGS)


@pytest.mark.parametrize(
    "text", ["", "New-TransportRule", "New-TransportRule#0:error", "New-TransportRule#1", "#1:error"]
)
def test_a_fault_in_another_form_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RehearsalError, match="write it as in New-TransportRule#2:error"):
        parse_fault(text)


def test_a_kind_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(RehearsalError, match="error, lost, kill"):
        parse_fault("New-TransportRule#1:boom")
    with pytest.raises(RehearsalError, match="use all"):
        parse_kinds("error,boom")


def test_all_means_every_kind() -> None:
    assert parse_kinds("all") == tuple(MEANINGS)
    assert parse_kinds("lost, error,lost") == ("lost", "error")
