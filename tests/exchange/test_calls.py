"""How a call is bound, and how its errors come back."""

from mm365.emulator.tenants import empty_tenant
from tests.exchange.running import BAD_VALUE, INVALID, NOT_BOUND, NOT_FOUND, Exchange


def test_calls_are_bound_as_in_production_and_values_are_checked_by_the_service(exchange: Exchange) -> None:
    """Wrong names and types fail in the engine, wrong values come back as errors of the service."""
    text = """
    $said.wrongName = Try-It { New-TransportRule x -Nope 1 }
    $said.wrongType = Try-It { New-TransportRule x -Enabled 'yes' }
    $said.noEnabledOnSet = Try-It { Set-TransportRule x -Enabled $true }
    $said.wrongValue = Try-It { New-TransportRule x -Mode 'Sometimes' }
    $said.longName = Try-It { New-TransportRule ('x' * 65) }
    $said.fullName = Try-It { New-TransportRule ('x' * 64) -Comments ('c' * 1024) }
    $said.longComment = Try-It { New-TransportRule y -Comments ('c' * 1025) }
    $said.longWord = Try-It { New-TransportRule y -SubjectContainsWords 'a', ('w' * 129) }
    $said.longInbound = Try-It { New-InboundConnector ('x' * 65) -SenderDomains * }
    $said.noPrompt = Try-It { New-TransportRule z -WhatIf }
    $said.prompt = Try-It { Remove-TransportRule ('x' * 64) }
    $said.disablePrompt = Try-It { Disable-TransportRule ('x' * 64) }
    $said.version = (Get-Module ExchangeOnlineManagement).Version.ToString()
    $said.types = foreach ($p in 'Name', 'Enabled', 'Priority', 'HeaderContainsWords', 'Mode') {
        (Get-Command New-TransportRule).Parameters[$p].ParameterType.Name
    }
    """
    run = exchange(text, empty_tenant())
    assert run.said == {
        "wrongName": NOT_BOUND,
        "wrongType": "ParameterBindingArgumentTransformationException",
        "noEnabledOnSet": NOT_BOUND,
        "wrongValue": BAD_VALUE,
        "longName": INVALID,
        "fullName": "ok",
        "longComment": INVALID,
        "longWord": INVALID,
        "longInbound": INVALID,
        "noPrompt": "ok",
        "prompt": "MethodInvocationException",
        "disablePrompt": "MethodInvocationException",
        "version": "3.9.0",
        "types": ["String", "Boolean", "Int32", "Object[]", "Object"],
    }
    assert run.rules == [("x" * 64, "Enabled")]


def test_an_error_of_the_service_does_not_end_a_script_whose_own_preference_is_stop(
    exchange: Exchange,
) -> None:
    """Only -ErrorAction on the call, or the global preference, makes it terminating."""
    text = """
    $ErrorActionPreference = 'Stop'
    Set-TransportRule nobody -Comments x
    'went on, last status {0}' -f $global:EXO_LastExecutionStatus
    try { Set-TransportRule nobody -Comments x -ErrorAction Stop }
    catch { 'caught', $_.Exception.Message, $_.CategoryInfo.Category, $_.FullyQualifiedErrorId }
    Set-TransportRule nobody -Comments x -ErrorAction SilentlyContinue -ErrorVariable kept
    'kept {0}' -f $kept.Count
    """
    run = exchange(text, empty_tenant(behaviour={"language": "de"}), plain=True)
    lines = run.output.splitlines()
    assert lines[:2] == ["went on, last status False", "caught"]
    code, kind, german = lines[2].split("|")
    assert (code, kind) == ("Ex6F9304", f"Microsoft.Exchange.Configuration.Tasks.{NOT_FOUND}")
    assert german == "Das Objekt 'nobody' wurde nicht gefunden."
    assert lines[3] == "NotSpecified"
    assert lines[4].startswith("[Server=")
    assert lines[4].endswith(",Write-ErrorMessage")
    assert lines[5].startswith("kept ")
    assert run.errors.count("Ex6F9304") == 1
    assert [call["result"] for call in run.log] == ["error"] * 3
    assert run.log[2]["parameters"]["ErrorAction"] == "SilentlyContinue"
