"""What is in the operator's shell does not reach the forms, and nothing of theirs is left in it."""

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable
from tests.paste.running import ALL, CREATE, Exchange
from tests.scripts.objects import INBOUND, LOOP_CHECK, REDIRECT, rule_order

pytestmark = pytest.mark.powershell

HOSTILE = """\
Set-StrictMode -Version Latest; $OFS = '|'; $ErrorActionPreference = 'SilentlyContinue'
$ConfirmPreference = 'Low'; $Known = 'x'; $Made = 1; $Problems = 'y'
$PSDefaultParameterValues = @{ 'New-TransportRule:Priority' = 0; 'New-*Connector:Comment' = 'x'
'*-TransportRule:WhatIf' = $true; 'Get-*:ResultSize' = 1; 'Write-Host:Object' = 'x'; 'Sort-Object:Descending' = $true }

"""


def test_defaults_preferences_and_variables_of_the_session_do_not_reach_the_calls(exchange: Exchange) -> None:
    exchange.typed = HOSTILE
    exchange.tenant = busy_tenant()
    before = comparable(exchange.tenant)
    for number in (*CREATE, "05", "06", "07", "05", "08", "09", "10"):
        exchange.to_stage(number)
        if number == "04":
            assert rule_order(exchange.tenant)[-2:] == [LOOP_CHECK, REDIRECT]
            assert exchange.find(INBOUND)["Comment"] is None
    assert comparable(exchange.tenant) == before


def test_what_if_as_the_preference_of_the_session_counts(exchange: Exchange) -> None:
    exchange.typed = "$WhatIfPreference = $true\n\n"
    ran = exchange.run("01")
    assert ran.ok
    assert ran.changed == []
    assert "Simulated" in ran.output


def test_nothing_is_left_in_the_session(exchange: Exchange) -> None:
    exchange.typed = " \n"
    look = "\"names:$(@(Get-Variable -Scope Global | ForEach-Object { $_.Name }) -join ',')\"; $ErrorActionPreference"
    ran = exchange.run_text("\n\n".join([look, *(exchange.form(number).rstrip("\n") for number in ALL), look]))
    first, last = (set(line.split(",")) for line in ran.output.splitlines() if line.startswith("names:"))
    # The engine notes where the last error was, the Exchange module how the last call ended.
    assert last - first <= {"StackTrace", "EXO_LastExecutionStatus"}
    assert ran.output.splitlines().count("Continue") == 2
