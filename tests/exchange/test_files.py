"""The files of a tenant, and the log."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mm365.emulator.busy import busy_tenant
from mm365.emulator.files import comparable, read_tenant, write_tenant
from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from tests.exchange.running import DUPLICATE, SCOPED, Exchange, rule_tenant

if TYPE_CHECKING:
    from mm365.emulator.contract import Fault


def test_a_round_trip_leaves_a_busy_tenant_exactly_as_it_was(exchange: Exchange) -> None:
    tenant = busy_tenant()
    text = f"""
    $null = New-InboundConnector in -ConnectorType OnPremises -SenderDomains * -RequireTls $true
    $null = New-OutboundConnector out {SCOPED}
    $null = New-TransportRule one -RemoveHeader X -Priority 2
    $null = New-TransportRule two -RouteMessageOutboundConnector out
    Start-Sleep -Seconds 1800
    Disable-TransportRule two -Confirm:$false
    Remove-TransportRule two -Confirm:$false
    Remove-TransportRule one -Confirm:$false
    Remove-OutboundConnector out -Confirm:$false
    Remove-InboundConnector in -Confirm:$false
    """
    run = exchange(text, tenant)
    assert run.code == 0, run.output
    assert comparable(run.tenant) == comparable(tenant)
    sleep = run.log[4]
    assert (sleep["cmdlet"], sleep["parameters"], sleep["n"]) == ("Start-Sleep", {"Seconds": 1800}, None)
    assert [call["n"] for call in run.log if call is not sleep] == list(range(1, 10))


def test_awkward_text_survives_the_state_file(exchange: Exchange) -> None:
    """Dates are the trap, as the engine makes one of every string that looks like it."""
    awkward = [
        "2025-01-01T00:00:00Z",
        "/Date(1777880642000)/",
        "O\u2019Neill \"q\" 'q' <&> \u20ac",
        "a\r\nb\tc\\",
    ]
    tenant = empty_tenant()
    for name in awkward:
        add_rule(tenant, transport_rule(name, Comments=name, SubjectContainsWords=[name, "x"]))
    text = """
    $said.names = @((Get-TransportRule).Name)
    $said.words = @(Get-TransportRule | ForEach-Object { $_.SubjectContainsWords[0] })
    $said.types = @(Get-TransportRule | ForEach-Object { $_.Comments.GetType().Name } | Select-Object -Unique)
    Set-TransportRule $said.names[0] -Comments "$([char]0x2018)neu$([char]0x2019)"
    """
    run = exchange(text, tenant)
    assert run.said == {"names": awkward, "words": awkward, "types": ["String"]}
    assert [rule["Name"] for rule in run.tenant["transportRules"]] == awkward
    assert run.tenant["transportRules"][0]["Comments"] == "\u2018neu\u2019"


def test_a_file_is_written_only_when_something_changes(exchange: Exchange, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    text = """
    $null = Get-TransportRule; $null = Get-OutboundConnector
    Remove-TransportRule 'Block executables' -WhatIf
    $said.failed = Try-It { New-TransportRule 'Block executables' }
    """
    tenant = busy_tenant()
    write_tenant(tenant, state)
    before = state.read_bytes()
    assert exchange(text, tenant).said == {"failed": DUPLICATE}
    assert state.read_bytes() == before


def test_what_another_process_writes_is_seen_at_the_next_call(exchange: Exchange, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    write_tenant(rule_tenant("theirs"), other)
    text = f"""
    $said.before = (Get-TransportRule).Name
    $null = New-TransportRule mine
    [IO.File]::Copy('{other}', $env:MM365_EXCHANGE_STATE, $true)
    $said.after = (Get-TransportRule).Name
    """
    assert exchange(text, rule_tenant("ours")).said == {"before": "ours", "after": "theirs"}


def test_what_a_get_returned_stays_as_it_was(exchange: Exchange) -> None:
    """Calls share what has been read: a change must not reach an object that a script already holds."""
    text = """
    $a, $b = Get-TransportRule
    Disable-TransportRule a -Confirm:$false
    $null = New-TransportRule top -Priority 0
    Set-OutboundConnector 'Filter out' -Name 'Renamed'
    $said.held = $a.State, $a.Priority, $b.Priority
    $said.now = @(Get-TransportRule | ForEach-Object { $_.Name, $_.State, $_.Priority })
    """
    assert exchange(text, rule_tenant("a", "b")).said == {
        "held": ["Enabled", 0, 1],
        "now": ["top", "Enabled", 0, "a", "Disabled", 1, "b", "Enabled", 2],
    }


def test_rules_are_listed_in_their_order_however_the_file_holds_them(exchange: Exchange) -> None:
    tenant = rule_tenant("a", "b", "c", "d")
    tenant["transportRules"].reverse()
    assert exchange("$said.names = @((Get-TransportRule).Name)", tenant).said == {"names": ["a", "b", "c", "d"]}


def test_dates_are_read_and_written_in_one_form(exchange: Exchange) -> None:
    """Windows PowerShell leaves them as text, PowerShell 7 makes dates of them."""
    text = """
    $emulator = Get-Module ExchangeOnlineManagement
    $read = & $emulator {
        $object = [pscustomobject]@{ WhenChanged = '2025-03-01T09:30:00.5+01:00'; Name = '2025-03-01T09:30:00Z' }
        Convert-Date $object
        $object
    }
    $said.kinds = $read.WhenChanged.Kind.ToString(), $read.Name.GetType().Name
    $said.texts = & $emulator { param($Object) ConvertTo-JsonText $Object } $read
    $null = New-InboundConnector i -SenderDomains *
    """
    run = exchange(text, busy_tenant())
    assert run.said["kinds"] == ["Utc", "String"]
    assert json.loads(run.said["texts"]) == {"WhenChanged": "2025-03-01T08:30:00.5Z", "Name": "2025-03-01T09:30:00Z"}
    old, *_, new = run.tenant["inboundConnectors"]
    assert old == busy_tenant()["inboundConnectors"][0]
    assert new["WhenCreated"].endswith("Z")


def test_faults_are_beside_the_tenant_and_go_with_it(tmp_path: Path) -> None:
    fault: Fault = {"kind": "error", "nth": 1}
    path, beside = tmp_path / "tenant.json", tmp_path / "tenant.faults.json"
    write_tenant(empty_tenant(faults=[fault]), path)
    assert json.loads(beside.read_text()) == [fault]
    assert "faults" not in json.loads(path.read_text())
    assert read_tenant(path) == empty_tenant(faults=[fault])
    write_tenant(empty_tenant(), path)
    assert not beside.exists()
    assert read_tenant(path) == empty_tenant()


def test_the_log_says_what_came_of_a_call(exchange: Exchange) -> None:
    text = """
    $null = Get-TransportRule
    $null = New-TransportRule c -WhatIf
    $said.unknown = Try-It { Get-TransportRule "n`no" }
    $null = Get-TransportRule -ResultSize 1 -WarningAction SilentlyContinue
    """
    run = exchange(text, rule_tenant("a", "b"))
    assert [(call["result"], call["returned"], call["warnings"]) for call in run.log] == [
        ("ok", 2, []),
        ("ok", 0, []),
        ("error", 0, []),
        ("ok", 1, ["There are more than 1 results. Use ResultSize to see more."]),
    ]
    assert run.log[2]["error"].endswith("|The object 'n\no' could not be found.")
    assert [number for number, call in enumerate(run.log) if "error" in call] == [2]
    assert not any("watched" in call for call in run.log)


def test_the_log_shows_that_a_watched_folder_has_changed(exchange: Exchange, tmp_path: Path) -> None:
    text = """
    $file = Join-Path $env:MM365_EXCHANGE_WATCH 'notes.json'
    $null = Get-TransportRule
    $null = New-Item -ItemType Directory -Path $env:MM365_EXCHANGE_WATCH
    [IO.File]::WriteAllText($file, 'a')
    $null = Get-TransportRule; $null = Get-TransportRule
    [IO.File]::WriteAllText($file, 'ab')
    $null = Get-TransportRule
    [IO.File]::Delete($file)
    $null = Get-TransportRule
    """
    run = exchange(text, empty_tenant(), MM365_EXCHANGE_WATCH=str(tmp_path / "notes"))
    none, made, same, longer, gone = [call["watched"] for call in run.log]
    assert none == gone == ""
    assert "" != made == same != longer != ""
