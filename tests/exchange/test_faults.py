"""What goes wrong when a test orders it."""

from typing import Literal

import pytest

from mm365.emulator.contract import Change, Fault, Target
from mm365.emulator.tenants import empty_tenant
from tests.exchange.running import DUPLICATE, NOT_FOUND, Exchange, rule_tenant


def test_faults_come_at_the_call_that_was_ordered(exchange: Exchange) -> None:
    tenant = rule_tenant(
        "a",
        faults=[
            {"kind": "error", "nth": 1, "cmdlet": "New-TransportRule"},
            {"kind": "lost", "nth": 2, "cmdlet": "New-TransportRule"},
            {"kind": "differs", "nth": 3, "cmdlet": "New-TransportRule"},
            {"kind": "warning", "nth": 5, "text": "Slow today."},
            {"kind": "throttle", "nth": 1, "cmdlet": "Get-InboundConnector"},
            {"kind": "delay", "nth": 2, "cmdlet": "Get-InboundConnector", "ms": 1},
        ],
    )
    text = """
    $said.error = Try-It { New-TransportRule e }
    $said.lost = Try-It { New-TransportRule l }
    $said.differs = (New-TransportRule d -RemoveHeader X).StopRuleProcessing
    $said.calm = (New-TransportRule c).StopRuleProcessing
    Enable-TransportRule a -WarningVariable warned -WarningAction SilentlyContinue
    $said.warning = "$warned"
    $said.throttle = Try-It { Get-InboundConnector }
    $said.again = Try-It { Get-InboundConnector }
    """
    run = exchange(text, tenant)
    assert run.said == {
        "error": "ADTransientException",
        "lost": "HttpRequestException",
        "differs": True,
        "calm": False,
        "warning": "Slow today.",
        "throttle": "ok",
        "again": "ok",
    }
    assert [name for name, _ in run.rules] == ["a", "l", "d", "c"]
    assert [(call["result"], call["changed"], call["faults"]) for call in run.log] == [
        ("error", False, ["error"]),
        ("error", True, ["lost"]),
        ("ok", True, ["differs"]),
        ("ok", True, []),
        ("ok", True, ["warning"]),
        ("ok", False, ["throttle"]),
        ("ok", False, ["delay"]),
    ]
    assert all(each["fired"] for each in run.tenant["faults"])
    assert [call["n"] for call in run.log] == list(range(1, 8))


@pytest.mark.parametrize(("kind", "rules"), [("kill", []), ("kill-after", [("x", "Enabled")])])
def test_the_process_can_end_before_or_after_a_change(
    exchange: Exchange, kind: Literal["kill", "kill-after"], rules: list[tuple[str, str]]
) -> None:
    text = "try { $null = New-TransportRule x } finally { New-TransportRule y }"
    run = exchange(text, empty_tenant(faults=[{"kind": kind, "nth": 1, "cmdlet": "New-TransportRule"}]), alone=True)
    # By its signal, or on Windows by TerminateProcess.
    assert run.code in {-9, -1, 0xFFFFFFFF}
    assert run.rules == rules
    assert [(call["result"], call["changed"]) for call in run.log] == [("killed", bool(rules))]


def test_another_administrator_can_come_in_between(exchange: Exchange) -> None:
    def interfere(nth: int, change: Change) -> Fault:
        return {"kind": "interfere", "nth": nth, "change": change}

    other: Target = {"kind": "outbound", "name": "Filter 2", "values": {"Comment": "not ours", "TestMode": False}}
    tenant = rule_tenant(
        "a",
        "b",
        "c",
        faults=[
            interfere(1, {"remove": {"kind": "rule", "name": "a"}}),
            interfere(2, {"set": {"kind": "rule", "name": "b", "values": {"State": "Disabled", "Priority": 1}}}),
            interfere(3, {"create": {"kind": "rule", "name": "new", "values": {"StopRuleProcessing": True}}}),
            interfere(4, {"create": other}),
            interfere(5, {"remove": {"kind": "outbound", "name": "Filter out"}}),
        ],
    )
    text = """
    $said.removed = Try-It { Enable-TransportRule a }
    $said.seen = 2..3 | ForEach-Object { @((Get-TransportRule).Name) -join ' ' }
    $said.created = Try-It { New-OutboundConnector 'filter 2' }
    $said.gone = Try-It { New-TransportRule r -RouteMessageOutboundConnector 'Filter out' }
    """
    run = exchange(text, tenant)
    assert run.said == {
        "removed": NOT_FOUND,
        "seen": ["c b", "new c b"],
        "created": DUPLICATE,
        "gone": NOT_FOUND,
    }
    assert run.rules == [("new", "Enabled"), ("c", "Enabled"), ("b", "Disabled")]
    assert run.tenant["outboundConnectors"][0]["Comment"] == "not ours"


def test_a_fault_of_every_call_never_ends(exchange: Exchange) -> None:
    fault: Fault = {"kind": "error", "nth": 0, "cmdlet": "Get-TransportRule"}
    text = """
    $said.rules = 1..3 | ForEach-Object { Try-It { Get-TransportRule } }
    $said.other = Try-It { Get-InboundConnector }
    """
    run = exchange(text, empty_tenant(faults=[fault]))
    assert run.said == {"rules": ["ADTransientException"] * 3, "other": "ok"}
    assert run.tenant["faults"] == [fault]


def test_a_fault_does_not_come_back_in_the_next_process(exchange: Exchange) -> None:
    text = "$said.new = Try-It { New-TransportRule x }"
    first = exchange(text, empty_tenant(faults=[{"kind": "error", "nth": 1}]))
    assert first.said == {"new": "ADTransientException"}
    assert exchange(text).said == {"new": "ok"}


def test_calls_are_counted_anew_for_other_faults(exchange: Exchange) -> None:
    """Many cases share one process, and each counts from its own beginning."""
    text = """
    $path = [IO.Path]::ChangeExtension($env:MM365_EXCHANGE_STATE, 'faults.json')
    $said.first = 1..3 | ForEach-Object { Try-It { Get-TransportRule } }
    [IO.File]::WriteAllText($path, '[{"kind": "error", "nth": 2, "cmdlet": "Get-TransportRule"}]')
    $said.second = 1..3 | ForEach-Object { Try-It { Get-TransportRule } }
    """
    run = exchange(text, empty_tenant(faults=[{"kind": "error", "nth": 3}]))
    assert run.said == {"first": ["ok", "ok", "ADTransientException"], "second": ["ok", "ADTransientException", "ok"]}
    assert [call["n"] for call in run.log] == [1, 2, 3, 1, 2, 3]


def test_a_service_can_stay_busy_for_longer_than_the_module_asks_again(exchange: Exchange) -> None:
    text = """
    $said.local = Try-It { Get-ConnectionInformation }
    $said.calls = 1..2 | ForEach-Object { Try-It { Get-TransportRule } }
    """
    run = exchange(text, empty_tenant(behaviour={"throttled": 2}))
    assert run.said == {"local": "ok", "calls": ["ThrottlingRejectedOperationException", "ok"]}
