"""Every call that reaches Exchange: stops on errors, simulates when asked, gives only values that are taken."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from mm365.scripts.script import Script
from tests.syntax.calls import (
    Call,
    calls,
    changes,
    error_actions,
    exchange,
    is_exchange,
    names_by_guid,
    value_problems,
)
from tests.syntax.scopes import scopes_of
from tests.syntax.scripts import change_of
from tests.syntax.tree import Description, File, Node, Unit
from tests.syntax.values import UNKNOWN, constant, texts, values_of

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

NO_RIGHTS_NEEDED = {"get-connectioninformation"}
"""Cmdlets of the module itself, which no role takes away."""
AUTOMATIC = {"WhatIf": "whatifpreference", "Confirm": "confirmpreference"}
"""The variables in which PowerShell tells a script of its switches."""


def exchange_calls(file: File) -> Iterator[tuple[Unit, Call]]:
    return ((unit, call) for unit, call in calls(file) if is_exchange(call))


def without_stop(file: File) -> list[str]:
    return [unit.place(call.node) for unit, call in exchange_calls(file) if set(error_actions(call)) != {"Stop"}]


def switch_problems(file: File) -> list[str]:
    """The calls that could simulate or ask, and do not say whether to."""
    return [
        f"{unit.place(call.node)} -{switch}"
        for unit, call in exchange_calls(file)
        for switch in AUTOMATIC
        if exchange(call)[switch.lower()] and not says_so(switch, call)
    ]


def says_so(switch: str, call: Call) -> bool:
    """Whether a switch follows the script's own, or, if it is about a question, is told not to ask."""
    given = call.given(switch)
    return bool(given) and all(follows(switch, node, call.file) for node in given)


def follows(switch: str, node: Node, file: File) -> bool:
    leaves = values_of(file).possible(node)
    if switch == "Confirm" and all(constant(leaf) is False for leaf in leaves):
        return True
    return AUTOMATIC[switch] in values_of(file).mentions(node)


def wrong_values(file: File) -> list[str]:
    problems = []
    for unit, call in exchange_calls(file):
        place = unit.place(call.node)
        parameters = {name.lower(): (name, details) for name, details in exchange(call)["parameters"].items()}
        given = call.all_given
        for name in given.keys() & parameters.keys():
            written, details = parameters[name]
            found = [text for node in given[name] for text in value_problems(written, details, node, file)]
            problems += [f"{place}: {text}" for text in found]
        # Get-ConnectionInformation: required in one parameter set each, and the scripts use neither.
        problems += [
            f"{place}: {written} is missing"
            for name, (written, details) in parameters.items()
            if details.get("required") and "parameter_sets" not in details and name not in given
        ]
    return problems


def named_otherwise(file: File) -> list[str]:
    """The objects that are acted on by anything but the Guid of what was read."""
    return [
        unit.place(call.node)
        for unit, call in exchange_calls(file)
        if any(not names_by_guid(node, file) for node in call.given("Identity"))
    ]


def left_to_a_run(file: File) -> list[str]:
    """The settings of an object that is created which do not stand in the script as they are."""
    return [
        f"{unit.place(call.node)} -{name}"
        for unit, call in exchange_calls(file)
        if call.name.lower().startswith("new-")
        for name, nodes in call.all_given.items()
        if name in {parameter.lower() for parameter in exchange(call)["parameters"]}
        if any(constant(node) is UNKNOWN for node in nodes)
    ]


def test_every_call_stops_on_an_error(described: Description) -> None:
    assert [place for file in described.scripts for place in without_stop(file)] == []


def test_a_call_that_goes_on_is_seen(described: Description) -> None:
    assert len(without_stop(described.snippet("no ErrorAction"))) == 3
    assert without_stop(described.snippet("with ErrorAction")) == []


def test_every_change_says_whether_to_simulate_and_whether_to_ask(described: Description) -> None:
    assert [place for file in described.scripts for place in switch_problems(file)] == []


def test_a_change_that_does_not_say_so_is_seen(described: Description) -> None:
    found = [place.split()[-1] for place in switch_problems(described.snippet("no WhatIf"))]
    assert found == ["-WhatIf", "-WhatIf", "-Confirm", "-WhatIf", "-Confirm"]
    assert switch_problems(described.snippet("with WhatIf")) == []


def test_every_value_fits_its_parameter(described: Description) -> None:
    assert [text for file in described.scripts for text in wrong_values(file)] == []


def test_a_value_that_does_not_fit_is_seen(described: Description) -> None:
    found = [text.split(": ")[-1] for text in wrong_values(described.snippet("wrong values"))]
    assert sorted(found) == sorted(
        [
            "Name is longer than 64",
            "TestMode is 'yes', not a Boolean",
            "TlsSettings is 'Perhaps', not one of ['EncryptionOnly', 'CertificateValidation', 'DomainValidation']",
            "TlsDomain takes one value, not a list",
            "Mode is 'Nothing', not one of ['Audit', 'AuditAndNotify', 'Enforce']",
            "StartDate is given StringConstantExpression",
            "IsTransportRuleScoped is given VariableExpression",
            "IsTransportRuleScoped is given VariableExpression",
        ]
    )


def test_an_object_is_named_by_its_guid(described: Description) -> None:
    assert [place for file in described.scripts for place in named_otherwise(file)] == []


def test_an_object_that_is_named_otherwise_is_seen(described: Description) -> None:
    assert len(named_otherwise(described.snippet("by name"))) == 4
    assert named_otherwise(described.snippet("by Guid")) == []


def test_no_setting_of_what_is_created_is_left_to_a_run(described: Description) -> None:
    """It stands in the script as it is: the approver reads it. Only Redirect's place is read where it runs."""
    left = {place for file in described.scripts for place in left_to_a_run(file)}
    above_redirect = {place for place in left if "redirect-first/scripts/30-create" in place and "-priority" in place}
    assert len(above_redirect) == 1
    assert left == above_redirect


def test_a_setting_that_is_left_to_a_run_is_seen(described: Description) -> None:
    assert [place.split()[-1] for place in left_to_a_run(described.snippet("late values"))] == ["-name"]


def test_the_shared_functions_change_nothing_by_themselves(described: Description) -> None:
    """Each call that changes something stands in the script of the customer, where the approver sees it."""
    file = next(file for file in described.scripts if file.shared)
    inside = {id(unit) for unit in file.shared}
    assert [unit.place(call.node) for unit, call in calls(file) if id(unit) in inside and changes(call)] == []
    assert [call for unit, call in calls(file) if id(unit) in inside and is_exchange(call)]


def scripts_by_name(described: Description) -> dict[str, File]:
    """The scripts of one pack, which stands for all."""
    pack = next(iter(described.scripts)).name.rsplit("/", 2)[0]
    return {
        file.name.rsplit("/", 1)[1].removesuffix(".ps1"): file
        for file in described.scripts
        if file.name.startswith(f"{pack}/scripts/")
    }


def announced(file: File) -> set[str]:
    """The cmdlets that a script names when it begins, in lower case."""
    [begin] = [call for _, call in calls(file) if call.name == "Invoke-Script"]
    found = [name for node in begin.given("Calls") for leaf in values_of(file).possible(node) for name in texts(leaf)]
    return {name.lower() for name in found}


def reads(file: File) -> set[str]:
    """The cmdlets that Invoke-Script adds for every script, or for every one but the stop switch."""
    body = file.functions["invoke-script"]
    [reads] = [node for node in body.all("AssignmentStatement") if node.children[0].value == "reads"]
    names = reads.children[1].all("StringConstantExpression")
    return {
        name.value.lower()
        for name in names
        if name.value.startswith("Get-")
        and not (is_stop(file) and any(up.kind == "IfStatement" for up in name.above()))
    }


def is_stop(file: File) -> bool:
    return "isstop" in values_of(file).table("Run")


def called(file: File) -> set[str]:
    """The Exchange cmdlets that a script calls, itself or in a shared function that it reaches."""
    scopes = scopes_of(file)
    inside = {id(node) for function in file.functions.values() for node in function.walk()}
    reached = {id(node) for name in scopes.used for node in file.functions[name].walk()}
    return {
        call.name.lower() for _, call in exchange_calls(file) if id(call.node) not in inside or id(call.node) in reached
    } - NO_RIGHTS_NEEDED


def the_script(name: str) -> Script:
    return next(script for script in change_of({}).scripts if script.name == name)


def test_what_a_script_says_it_needs_is_what_it_calls(described: Description) -> None:
    """60-stop reads connectors if it may: a missing right must not keep the stop switch from working."""
    for name, file in scripts_by_name(described).items():
        spare = {"get-inboundconnector", "get-outboundconnector"} if is_stop(file) else set()
        needed = announced(file) | reads(file)
        if the_script(name).name != "10-preflight":
            assert needed == called(file) - spare, name
        assert called(file) - spare <= needed, name


def test_the_catalogue_names_what_a_script_announces(described: Description) -> None:
    for name, file in scripts_by_name(described).items():
        assert announced(file) == {call.lower() for call in the_script(name).calls}, name


def test_preflight_looks_ahead_for_all_that_change_something(described: Description) -> None:
    scripts = scripts_by_name(described)
    others = set().union(*(announced(file) for name, file in scripts.items() if the_script(name).changes))
    assert announced(scripts["10-preflight"]) == others | {"get-organizationconfig"}


def looked_for(file: File) -> dict[str, set[str]]:
    """The parameters that Assert-Cmdlet looks for, in lower case, by the pattern of the cmdlet's name."""
    [switch] = file.functions["assert-cmdlet"].all("SwitchStatement")
    clauses = dict(zip(switch.children[1::2], switch.children[2::2], strict=True))
    # A new object's are those of the table that it is made of: see the test of the article.
    assert [pattern.value for pattern, block in clauses.items() if _is_of_objects(block)] == ["New-*"]
    return {
        pattern.value.lower(): {name.lower() for name in texts(block.children[0])}
        for pattern, block in clauses.items()
        if not _is_of_objects(block)
    }


def _is_of_objects(block: Node) -> bool:
    return {"Want", "Keys"} <= {node.value for node in block.all("MemberExpression")}


def test_a_parameter_that_a_role_takes_away_is_found_before_the_first_change(described: Description) -> None:
    """Of cmdlets that only read, all but Get-OutboundConnector are given no more than -ResultSize."""
    used: dict[str, set[str]] = {}
    for file in scripts_by_name(described).values():
        patterns = looked_for(file)
        for _, call in exchange_calls(file):
            own = {name.lower() for name in exchange(call)["parameters"]} & call.all_given.keys()
            if not call.name.startswith(("New-", "Get-MessageTrace")):
                used[call.name.lower()] = used.get(call.name.lower(), set()) | own
    expected = {
        name: next((names for pattern, names in patterns.items() if fnmatchcase(name, pattern)), {"resultsize"})
        for name in used
    }
    assert {name: names - expected[name] for name, names in used.items() if names - expected[name]} == {}
    assert {name: names for name, names in used.items() if not name.startswith("get-")} == {
        name: names for name, names in expected.items() if not name.startswith("get-")
    }
