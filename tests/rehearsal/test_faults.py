"""Which faults are tried at which calls, and what they are called."""

import pytest

from mm365.errors import RehearsalError
from mm365.integration.article import build_integration
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import MEANINGS, Case, cases_of, parse_fault, parse_kinds
from mm365.rehearsal.rehearsal import Result

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


def cases(done: Result, stage: str, *kinds: str) -> list[Case]:
    run = next(run for run in done.ways[0].stages if run.stage.key == stage)
    return list(cases_of(run, Comparison(build_integration(done.request)), kinds))


def test_every_call_of_every_script_fails_once(clean: Result) -> None:
    for run in clean.ways[0].stages:
        numbers = [case.number for case in cases(clean, run.stage.key, "error")]
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
    found = {case.kind for run in clean.ways[0].stages for case in cases(clean, run.stage.key, *MEANINGS)}
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
