"""Every call that reaches Exchange: stops on errors, simulates when asked, gives only values that are taken."""

import pytest

from tests.syntax.calls import (
    UNKNOWN,
    calls,
    constant,
    error_action,
    exchange,
    hashtables,
    is_exchange,
    names_by_guid,
    value_problem,
)
from tests.syntax.tree import Description, File

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def without_stop(file: File) -> list[str]:
    return [unit.place(call.node) for unit, call in calls(file) if is_exchange(call) and error_action(call) != "Stop"]


def without_switches(file: File) -> list[str]:
    """The calls that could simulate or ask, and do not say whether to."""
    return [
        f"{unit.place(call.node)} -{switch}"
        for unit, call in calls(file)
        if is_exchange(call)
        for switch, values in (("WhatIf", ("WhatIf",)), ("Confirm", ("Confirm", "false")))
        if exchange(call)[switch.lower()] and getattr(call.get(switch), "value", None) not in values
    ]


def wrong_values(file: File) -> list[str]:
    tables = hashtables(file)
    problems = []
    for unit, call in calls(file):
        if not is_exchange(call):
            continue
        parameters = exchange(call)["parameters"]
        given = {name: node for name, node in call.named.items() if name in parameters and node is not None}
        for variable in call.splatted:
            if variable.lower() not in tables:
                problems.append(f"{unit.place(call.node)}: @{variable} is no literal")
            given |= tables.get(variable.lower(), {})
        for name, node in given.items():
            problem = value_problem(name, parameters[name], node) if name in parameters else f"{name} is unknown"
            problems += [f"{unit.place(call.node)}: {problem}"] if problem else []
        required = {name for name, details in parameters.items() if details.get("required")}
        # Get-ConnectionInformation: required in one parameter set each, and the scripts use neither.
        missing = {name for name in required - set(given) if "parameter_sets" not in parameters[name]}
        problems += [f"{unit.place(call.node)}: {name} is missing" for name in sorted(missing)]
    return problems


def named_otherwise(file: File) -> list[str]:
    """The objects that are acted on by anything but the Guid of what was just read."""
    return [
        unit.place(call.node)
        for unit, call in calls(file)
        if is_exchange(call) and (node := call.get("Identity")) is not None and not names_by_guid(node)
    ]


def test_every_call_stops_on_an_error(described: Description) -> None:
    assert [place for file in described.scripts for place in without_stop(file)] == []
    assert len(without_stop(described.snippet("no ErrorAction"))) == 1


def test_every_change_says_whether_to_simulate_and_whether_to_ask(described: Description) -> None:
    assert [place for file in described.scripts for place in without_switches(file)] == []
    assert len(without_switches(described.snippet("no WhatIf"))) == 1


def test_every_value_fits_its_parameter(described: Description) -> None:
    assert [text for file in described.scripts for text in wrong_values(file)] == []
    assert [text.split(": ")[-1] for text in wrong_values(described.snippet("wrong values"))] == [
        "Name is longer than 64",
        "TestMode is 'yes', not a Boolean",
        "TlsSettings is 'Perhaps', not one of ['EncryptionOnly', 'CertificateValidation', 'DomainValidation']",
        "Widget is unknown",
        "TlsDomain takes one value, not a list",
    ]


def test_an_object_is_named_by_its_guid(described: Description) -> None:
    assert [place for file in described.scripts for place in named_otherwise(file)] == []
    assert len(named_otherwise(described.snippet("by name"))) == 1


def test_no_value_is_left_to_a_run(described: Description) -> None:
    """What is handed over splatted stands in the script as it is: the approver reads it."""
    late = [
        f"{file.name}: ${variable} {name}"
        for file in described.scripts
        for variable in {name.lower() for _, call in calls(file) if is_exchange(call) for name in call.splatted}
        for name, node in hashtables(file)[variable].items()
        if constant(node) is UNKNOWN
    ]
    assert late == []


def test_what_a_script_says_it_needs_is_what_it_calls(described: Description) -> None:
    """10-preflight looks ahead for all others, so it needs more than it calls.

    60-stop has the function that lists every kind, and asks it for rules only: a missing right to read connectors
    must not keep the stop switch from working.
    """
    spare = {"get-inboundconnector", "get-outboundconnector"}
    wrong = []
    for file in described.scripts:
        needed = {name.lower() for name in hashtables(file)["needs"]}
        called = {call.name.lower() for _, call in calls(file) if is_exchange(call)} - {"get-connectioninformation"}
        called -= spare if "60-stop" in file.name else set()
        if needed != called and not ("10-preflight" in file.name and needed > called):
            wrong.append(f"{file.name}: {sorted(needed ^ called)}")
    assert wrong == []


def test_the_parameters_a_script_says_it_needs_are_those_it_uses(described: Description) -> None:
    wrong = []
    for file in described.scripts:
        tables = hashtables(file)
        used: dict[str, set[str]] = {}
        for _, call in calls(file):
            if not is_exchange(call):
                continue
            names = {name.lower() for name in call.named if name in exchange(call)["parameters"]}
            names |= {key.lower() for variable in call.splatted for key in tables[variable.lower()]}
            used[call.name.lower()] = used.get(call.name.lower(), set()) | names
        for cmdlet, node in tables["needs"].items():
            named = constant(node)
            assert isinstance(named, list)
            if cmdlet.lower() in used and {name.lower() for name in named} != used[cmdlet.lower()]:
                wrong.append(f"{file.name}: {cmdlet} {named} {sorted(used[cmdlet.lower()])}")
    assert wrong == []
