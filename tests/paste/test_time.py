"""The waits of the forms count in UTC, whatever the machine's zone and language."""

from datetime import UTC, datetime, timedelta

import pytest

from mm365.emulator.busy import busy_tenant
from tests.paste.running import CREATE, Exchange, refused
from tests.scripts.objects import LOOP_CHECK

pytestmark = pytest.mark.powershell

GERMAN = """\
$culture = [cultureinfo]::InvariantCulture.Clone()
$culture.DateTimeFormat.ShortDatePattern = 'dd.MM.yyyy'; $culture.DateTimeFormat.TimeSeparator = '.'
$culture.DateTimeFormat.DateSeparator = '.'; $culture.NumberFormat.NumberDecimalSeparator = ','
[System.Threading.Thread]::CurrentThread.CurrentCulture = $culture
[cultureinfo]::DefaultThreadCurrentCulture = $culture

"""
"""The engine of the tests may have no cultures: one that writes dates as de-DE does stands in."""


def ago(**units: float) -> datetime:
    return datetime.now(UTC) - timedelta(**units)


@pytest.mark.parametrize("zone", ["", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_the_waits_count_in_utc(zone: str, exchange: Exchange) -> None:
    exchange.timezone = zone
    exchange.to_stage(*CREATE, "06")
    exchange.set_values(LOOP_CHECK, WhenChanged=ago(minutes=28).strftime("%Y-%m-%dT%H:%M:%SZ"))
    refused(exchange.run("07"), f"WAITING until {ago(minutes=-2):%Y-%m-%d}")
    exchange.set_values(LOOP_CHECK, WhenChanged=ago(minutes=31).strftime("%Y-%m-%dT%H:%M:%S.123Z"))
    ran = exchange.run("07")
    assert ran.ok, ran.output
    early = f"$RedirectOffSince = '{ago():%Y-%m-%d %H:}"
    ran = exchange.run("09")
    assert early in ran.output or f"$RedirectOffSince = '{ago():%Y-%m-%d %H:}" in ran.output, ran.output
    refused(exchange.run("10", RedirectOffSince=f"{ago(hours=24, minutes=58):%Y-%m-%d %H:%M}"), "WAITING until")
    assert exchange.run("10", RedirectOffSince=f"{ago(hours=25, minutes=1):%Y-%m-%d %H:%M}").ok


@pytest.mark.parametrize("changed", [f"{ago(days=3):%Y-%m-%dT%H:%M:%S}", None], ids=["no zone", "no time"])
def test_a_time_that_says_nothing_is_not_guessed(changed: str | None, exchange: Exchange) -> None:
    exchange.to_stage(*CREATE, "06")
    exchange.set_values(LOOP_CHECK, WhenChanged=changed)
    refused(exchange.run("07"), "no time zone")
    assert exchange.go("07").ok


def test_a_german_shell_counts_the_same(exchange: Exchange) -> None:
    exchange.typed = GERMAN
    exchange.tenant = busy_tenant(behaviour={"language": "de"})
    exchange.to_stage(*CREATE, "06")
    refused(exchange.run("07"), "WAITING until 20")
    exchange.to_stage("07")
    early = f"{ago():%Y-%m-%d %H:}"
    ran = exchange.run("08")
    assert f"$RedirectOffSince = '{early}" in ran.output or f"$RedirectOffSince = '{ago():%Y-%m-%d %H:}" in ran.output
    exchange.to_stage("09")
    refused(exchange.run("10", RedirectOffSince="2099-03-01 10:15"), "WAITING until 2099-03-02 11:15:00Z")
    exchange.to_stage("10")
