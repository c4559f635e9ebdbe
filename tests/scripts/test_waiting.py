"""Waiting as designed is exit code 2 and says until when; a refusal is exit code 1."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.scripts.conftest import NewShell
from tests.scripts.objects import LOOP_CHECK, NAMES, REDIRECT, ours
from tests.scripts.steps import (
    BACK,
    CREATE,
    LOOP_CHECK_ON,
    REDIRECT_ON,
    REDIRECT_ON_NOW,
    STOP,
    enable,
    ends_truly,
    run,
    state_of,
    well,
)
from tests.shell import WAYS, Way, step

pytestmark = pytest.mark.powershell

FORM = "%Y-%m-%d %H:%M:%SZ"


def ago(**units: float) -> str:
    """A time as the notes have it."""
    return (datetime.now(UTC) - timedelta(**units)).strftime(FORM)


def until(output: str) -> datetime:
    """The time until which a script waits, by its own words."""
    found = re.search(r"^WAITING until (\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ): ", output, flags=re.MULTILINE)
    assert found, output
    return datetime.strptime(found[1], FORM).replace(tzinfo=UTC)


@pytest.mark.parametrize("way", WAYS)
def test_waiting_for_loop_check_ends_with_2_and_says_until_when(way: Way, shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON))
    shell.note(loopCheckOn=ago(minutes=10))
    early = shell.run("50-enable", way, Stage="Redirect")
    assert early.exit_code == 2, early.output
    ends_truly(early)
    assert timedelta(minutes=19) < until(early.output) - datetime.now(UTC) < timedelta(minutes=21)
    assert state_of(shell) == "Disabled"


@pytest.mark.parametrize(("minutes", "code"), [(29, 2), (31, 0)])
def test_redirect_waits_until_loop_check_has_been_on_for_thirty_minutes(
    minutes: int, code: int, shells: NewShell
) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON))
    shell.note(loopCheckOn=ago(minutes=minutes))
    [ended] = run(shell, REDIRECT_ON)
    assert ended.exit_code == code, ended.output
    assert state_of(shell) == ("Enabled" if code == 0 else "Disabled")


def test_the_wait_begins_anew_when_loop_check_was_changed_in_between(shells: NewShell) -> None:
    shell = shells()
    well(run(shell, CREATE, LOOP_CHECK_ON))
    shell.note(loopCheckOn=ago(minutes=60))
    with shell.changed() as tenant:
        ours(tenant)[LOOP_CHECK]["WhenChanged"] = datetime.now(UTC).isoformat()
    late, noted, early = run(shell, REDIRECT_ON, LOOP_CHECK_ON, REDIRECT_ON)
    assert (late.exit_code, noted.exit_code, early.exit_code) == (1, 0, 2)
    assert "it is not known since when Loop Check is on as it is now" in late.output
    assert until(early.output) - datetime.now(UTC) > timedelta(minutes=28)


@pytest.mark.parametrize("way", WAYS)
def test_waiting_for_mail_under_way_takes_25_hours_from_the_time_that_is_noted(way: Way, shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    back = shell.run("70-rollback", way)
    assert back.exit_code == 2, back.output
    ends_truly(back)
    off = datetime.strptime(shell.state["redirectOff"], FORM).replace(tzinfo=UTC)
    assert until(back.output) - off == timedelta(hours=25)
    assert set(ours(shell.tenant)) == set(NAMES)


@pytest.mark.parametrize(("hours", "code"), [(24.9, 2), (25.1, 0)])
def test_draining_takes_25_hours(hours: float, code: int, shells: NewShell) -> None:
    shell = shells()
    enable(shell)
    well(run(shell, STOP))
    shell.note(redirectOff=ago(hours=hours))
    [ended] = run(shell, BACK)
    assert ended.exit_code == code, ended.output


def test_a_refusal_and_a_failure_are_not_taken_for_waiting(shells: NewShell) -> None:
    shell = shells()
    [refused] = run(shell, REDIRECT_ON)
    assert refused.exit_code == 1
    enable(shell)
    with shell.changed() as tenant:
        tenant["faults"] = [{"kind": "error", "nth": 0, "cmdlet": "Disable-TransportRule"}]
    [failed] = run(shell, BACK)
    assert failed.exit_code == 1, failed.output


def test_a_wait_that_is_turned_off_is_said_to_be_so(shells: NewShell) -> None:
    shell = shells()
    *_, enabled = run(shell, CREATE, LOOP_CHECK_ON, REDIRECT_ON_NOW)
    assert "WARN  -WaitMinutes 0: not waiting for Loop Check" in enabled.output
    [back] = run(shell, step("70-rollback", DrainHours=0))
    assert "WARN  -DrainHours 0: not waiting for mail under way" in back.output


def test_a_time_without_a_zone_does_not_begin_the_wait_again_in_another_zone(
    shells: NewShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service gives WhenChanged without one; the machine, or its clock, is in another zone the next day."""
    shell = shells()
    well(run(shell, CREATE))
    monkeypatch.setenv("TZ", "America/New_York")
    assert shell.alone(step("50-enable", Stage="LoopCheck")).exit_code == 0
    with shell.changed() as tenant:
        found = ours(tenant)[LOOP_CHECK]
        found["WhenChanged"] = found["WhenChanged"].removesuffix("Z")
    assert shell.alone(step("50-enable", Stage="LoopCheck")).exit_code == 0
    shell.note(loopCheckOn="2026-01-02 03:04:05Z")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    ended = shell.alone(step("50-enable", Stage="Redirect"))
    assert ended.exit_code == 0, ended.output
    assert state_of(shell, REDIRECT) == "Enabled"


def test_a_time_without_a_zone_does_not_begin_the_draining_again_in_another_zone(
    shells: NewShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = shells()
    enable(shell)
    monkeypatch.setenv("TZ", "America/New_York")
    with shell.changed() as tenant:
        found = ours(tenant)[REDIRECT]
        found["State"], found["WhenChanged"] = "Disabled", found["WhenChanged"].removesuffix("Z")
    assert shell.alone(step("70-rollback")).exit_code == 2
    shell.note(redirectOff="2026-01-02 03:04:05Z")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    ended = shell.alone(step("70-rollback"))
    assert ended.exit_code == 0, ended.output
    assert ours(shell.tenant) == {}
