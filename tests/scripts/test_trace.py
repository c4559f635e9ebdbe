"""80-trace: what became of the mail, read-only."""

from datetime import UTC, datetime, timedelta

import pytest

from mm365.emulator.tenants import Tenant, empty_tenant, message
from tests.scripts.conftest import NewShell
from tests.scripts.steps import ends_truly, run
from tests.shell import Shell, step

pytestmark = pytest.mark.powershell

TRACE = step("80-trace")


def at(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def mail() -> Tenant:
    tenant = empty_tenant()
    tenant["messages"] = [
        message(1, at(1)),
        message(2, at(2), "Pending"),
        message(3, at(3), "Failed", "LED=550 5.4.14 Hop count exceeded"),
        message(4, at(4), "Failed", "LED=550 15.4.14 nothing of ours"),
        message(5, at(30)),
    ]
    return tenant


def test_it_counts_and_names_what_is_pending_or_failed_and_looks_for_the_codes(shells: NewShell) -> None:
    shell = shells(mail())
    [ended] = run(shell, TRACE)
    assert ended.exit_code == 1, ended.output
    ends_truly(ended)
    assert "4 messages in 24 hours" in ended.output
    assert "STOP  messages that failed with 5.4.14, a mail loop: 1" in ended.output
    [path] = (shell.folder / "state").glob("trace-*.json")
    saved = Shell.read_json(path)
    assert saved["counts"] == {"Delivered": 1, "Failed": 2, "Pending": 1}
    assert [item["Codes"] for item in saved["messages"]] == [[], ["5.4.14"], []]
    assert shell.changes == []


def test_it_finds_messages_for_which_no_connector_matched(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["messages"] = [message(1, at(1), "Failed", "LED=550 5.7.64 TenantAttribution; Relay Access Denied")]
    [ended] = run(shells(tenant), TRACE)
    assert ended.exit_code == 1, ended.output
    assert "STOP  messages that failed with 5.7.64" in ended.output


def test_a_smaller_time_span_leaves_older_messages_out(shells: NewShell) -> None:
    [ended] = run(shells(mail()), step("80-trace", Hours=1))
    assert ended.exit_code == 0, ended.output


def test_a_quiet_tenant_is_no_failure(shells: NewShell) -> None:
    shell = shells()
    [ended] = run(shell, TRACE)
    assert ended.exit_code == 0, ended.output
    [path] = (shell.folder / "state").glob("trace-*.json")
    assert Shell.read_json(path)["messages"] == []


def test_it_says_when_there_was_more(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["messages"] = [message(number, at(0.1)) for number in range(5001)]
    [ended] = run(shells(tenant), TRACE)
    assert ended.exit_code == 0, ended.output
    assert "WARN  There are more" in ended.output


def test_it_asks_with_dates_in_utc_and_without_pages(shells: NewShell) -> None:
    shell = shells(mail())
    run(shell, TRACE)
    [asked] = [call for call in shell.calls if call["cmdlet"] == "Get-MessageTraceV2"]
    assert set(asked["parameters"]) - {"ErrorAction"} == {"StartDate", "EndDate", "ResultSize"}
    assert asked["parameters"]["ResultSize"] == 5000


@pytest.mark.parametrize("cmdlet", ["Get-MessageTraceV2", "Get-MessageTraceDetailV2"])
def test_what_could_not_be_read_is_no_success(cmdlet: str, shells: NewShell) -> None:
    tenant = mail()
    tenant["faults"] = [{"kind": "error", "nth": 0, "cmdlet": cmdlet}]
    [ended] = run(shells(tenant), TRACE)
    assert ended.exit_code == 1, ended.output
    ends_truly(ended)
    if cmdlet == "Get-MessageTraceDetailV2":
        assert "STOP  the details of 2 failed messages could not be read" in ended.output


def test_it_reads_the_details_of_no_more_messages_than_it_was_told(shells: NewShell) -> None:
    tenant = empty_tenant()
    tenant["messages"] = [message(number, at(1 + number / 100), "Failed", "LED=550 5.1.1") for number in range(5)]
    shell = shells(tenant)
    [ended] = run(shell, step("80-trace", Details=2))
    assert ended.exit_code == 0, ended.output
    assert "WARN  5 messages failed; the details of the newest 2 are read." in ended.output
    assert sum(call["cmdlet"] == "Get-MessageTraceDetailV2" for call in shell.calls) == 2


def test_it_works_in_another_language(shells: NewShell) -> None:
    tenant = mail()
    tenant["behaviour"] = {"language": "de"}
    [ended] = run(shells(tenant), TRACE)
    assert "STOP  messages that failed with 5.4.14, a mail loop: 1" in ended.output
