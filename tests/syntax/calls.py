"""Calls of commands: what each parameter is given, also splatted, held against the catalogues."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mm365.exchange.parameters import catalogue
from tests.syntax.draw import CATALOGUE
from tests.syntax.tree import File, Node, Unit
from tests.syntax.values import UNKNOWN, constant, function_around, simple, values_of

EXCHANGE: Mapping[str, Any] = catalogue()["cmdlets"]
POWERSHELL: Mapping[str, Any] = json.loads(CATALOGUE.read_text("ascii"))
_CMDLETS = {name.lower(): cmdlet for name, cmdlet in POWERSHELL["cmdlets"].items()}
_EXCHANGE = {name.lower(): cmdlet for name, cmdlet in EXCHANGE.items()}
_COMMON: Mapping[str, str] = {
    **dict.fromkeys(POWERSHELL["common_parameters"], "Object"),
    "Verbose": "switch",
    "Debug": "switch",
}
_ERROR_ACTIONS = ("Stop", "Continue", "SilentlyContinue", "Ignore", "Inquire")
_BY_POSITION = ("where-object", "foreach-object")
"""The two commands whose script block every admin knows without a name before it."""
_BY_POSITION_PASTED = ("write-host", "where-object", "foreach-object")
"""In a paste form also one text to show, and a block in a variable: there the lines are for the eye."""


@dataclass(eq=False, repr=False, kw_only=True)
class Call:
    """A command, and the nodes that its parameters are given; None for a switch that is only named."""

    node: Node
    file: File
    named: dict[str, Node | None] = field(default_factory=dict)
    positional: list[Node] = field(default_factory=list)
    splatted: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.node.value

    def given(self, parameter: str) -> list[Node]:
        """What that parameter may be given, named or splatted; case does not matter."""
        found = [value for name, value in self.named.items() if name.lower() == parameter.lower() and value is not None]
        for variable in self.splatted:
            found += values_of(self.file).entries(variable).get(parameter.lower(), [])
        return found

    @property
    def all_given(self) -> dict[str, list[Node]]:
        """Everything that it is given, by the name of the parameter in lower case."""
        names = {name.lower() for name in self.named}
        for variable in self.splatted:
            names |= values_of(self.file).entries(variable).keys()
        return {name: self.given(name) for name in names}


def own_parameters(function: Node) -> dict[str, str]:
    """The parameters of a function of the script's own, with their types."""
    found = {}
    for parameter in (node for node in function.all("Parameter") if function_around(node) is function):
        types = [child.value for child in parameter.children if child.kind == "TypeConstraint"]
        names = [child.value for child in parameter.children if child.kind == "VariableExpression"]
        found[names[0]] = types[0] if types else "object"
    return found


def parameters_of(name: str, file: File) -> Mapping[str, str] | None:
    """Every parameter that a command takes in 5.1, with its type; None if the command is not known."""
    name = name.lower()
    if name in file.functions:
        return own_parameters(file.functions[name])
    if name in _EXCHANGE:
        cmdlet = _EXCHANGE[name]
        switches = {switch: "switch" for switch in ("WhatIf", "Confirm") if cmdlet[switch.lower()]}
        return {**{key: value["type"] for key, value in cmdlet["parameters"].items()}, **switches, **_COMMON}
    return {**_CMDLETS[name]["parameters"], **_COMMON} if name in _CMDLETS else None


@cache
def calls(file: File) -> list[tuple[Unit, Call]]:
    """Every call of a command by its name. ``& $block`` and ``. $block`` are no such calls."""
    commands = [(unit, node) for unit in file.units for node in unit.tree.all("Command")]
    return [(unit, read_call(node, file)) for unit, node in commands if node.operator == "Unknown"]


def read_call(node: Node, file: File) -> Call:
    types = {key.lower(): value for key, value in (parameters_of(node.value, file) or {}).items()}
    call = Call(node=node, file=file)
    waiting = ""
    for element in node.children[1:]:
        if waiting and element.kind != "CommandParameter":
            call.named[waiting] = element
            waiting = ""
        elif element.kind == "CommandParameter":
            call.named[element.value] = element.children[0] if element.data["colon"] else None
            takes = types.get(element.value.lower(), "object") != "switch"
            waiting = element.value if takes and not element.data["colon"] else ""
        elif element.data.get("splatted"):
            call.splatted.append(element)
        elif "Redirection" not in element.kind:
            call.positional.append(element)
    return call


def by_position(call: Call) -> list[Node]:
    """What is given by position, but for what is given so everywhere."""
    name = call.name.lower()
    if len(call.positional) != 1:
        return call.positional
    if call.file.is_pasted and name in _BY_POSITION_PASTED:
        return []
    if name in _BY_POSITION:
        return [node for node in call.positional if node.kind != "ScriptBlockExpression"]
    return call.positional


def value_problems(parameter: str, details: Mapping[str, Any], node: Node, file: File) -> list[str]:
    """What is wrong with a value of an Exchange parameter, for everything that it may be."""
    if parameter.lower() == "identity":
        return [] if names_by_guid(node, file) else [f"{parameter} is given {node.kind}"]
    if all_of_service(parameter, node) or (details["type"] == "Boolean" and _loops_over_booleans(node)):
        return []
    problems = [_value_problem(parameter, details, leaf, file) for leaf in values_of(file).possible(node)]
    return sorted({problem for problem in problems if problem})


def _value_problem(parameter: str, details: Mapping[str, Any], node: Node, file: File) -> str | None:  # noqa: PLR0911
    kind, value = details["type"], constant(node)
    if value is UNKNOWN or kind == "DateTime":
        return None if _fitting(kind, node, file) else f"{parameter} is given {node.kind}"
    texts: list[Any] = value if isinstance(value, list) else [value]
    if kind == "Boolean":
        return None if isinstance(value, bool) else f"{parameter} is {value!r}, not a Boolean"
    if kind == "Int32" or (kind == "Unlimited" and isinstance(value, int)):
        return None if isinstance(value, int) and not isinstance(value, bool) else f"{parameter} is {value!r}"
    if not all(isinstance(text, str) and text for text in texts):
        return f"{parameter} is {value!r}, not text"
    if isinstance(value, list) and not (kind.endswith("[]") or kind == "MultiValuedProperty"):
        return f"{parameter} takes one value, not a list"
    if "values" in details and any(text.lower() not in map(str.lower, details["values"]) for text in texts):
        return f"{parameter} is {value!r}, not one of {details['values']}"
    if any(len(text) > details.get("max_length", 10**6) for text in texts):
        return f"{parameter} is longer than {details['max_length']}"
    return None


def _fitting(kind: str, node: Node, file: File) -> bool:
    if kind == "DateTime":
        # A time of .NET, or one so many hours from it: text would be read in the format of the machine.
        is_moved = node.kind == "InvokeMemberExpression" and node.value in {"AddHours", "AddMinutes"}
        times = values_of(file).possible(node.children[0]) if is_moved else [node]
        return all(time.data.get("static") and time.value == "UtcNow" for time in times)
    return False


def all_of_service(parameter: str, node: Node) -> bool:
    """Whether a parameter is given the property of its own name: what the service gave is handed back to it."""
    return node.kind == "MemberExpression" and node.value.lower() == parameter.lower()


_WHOLE_GUID = re.compile(r'"\$\(\$[\w.\[\]]+\.Guid\)"')


def names_by_guid(node: Node, file: File) -> bool:
    """Whether a node can be nothing but the Guid of an object that was read."""
    leaves = values_of(file).possible(node)
    return bool(leaves) and all(_is_guid(leaf) for leaf in leaves)


def _is_guid(node: Node) -> bool:
    if node.kind == "ExpandableStringExpression":
        return _WHOLE_GUID.fullmatch(node.text) is not None
    if node.kind != "ConvertExpression" or node.children[0].value.lower() != "string":
        return False
    read = simple(node.children[1])
    if read.kind == "MemberExpression":
        return read.value == "Guid"
    names = [element.value for element in read.children]
    return read.kind == "Command" and names[0] == "Get-Property" and names[-2:] == ["Name", "Guid"]


_BOOLEANS = {"true", "false"}


def _loops_over_booleans(node: Node) -> bool:
    """Whether a variable runs over $true and $false, by ``foreach`` or down a pipeline.

    The lists of outbound connectors are asked for in every way.
    """
    if node.kind != "VariableExpression":
        return False
    if node.value == "_":
        block = next((up for up in node.above() if up.kind == "ScriptBlockExpression"), None)
        if block is None or block.up is None or block.up.value != "ForEach-Object" or block.up.up is None:
            return False
        fed = block.up.up.children
        return fed.index(block.up) == 1 and {below.value for below in fed[0].all("VariableExpression")} == _BOOLEANS
    for loop in (up for up in node.above() if up.kind == "ForEachStatement"):
        if loop.children[0].value.lower() == node.value.lower():
            return {below.value.lower() for below in loop.children[1].all("VariableExpression")} == _BOOLEANS
    return False


def error_actions(call: Call) -> list[object]:
    """What ``-ErrorAction`` may be given; empty if it is absent."""
    return [constant(node) for node in call.given("ErrorAction")]


def is_exchange(call: Call) -> bool:
    return call.name.lower() in _EXCHANGE


def exchange(call: Call) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = _EXCHANGE[call.name.lower()]
    return entry


def changes(call: Call) -> bool:
    """Whether a call can change something in the tenant."""
    return is_exchange(call) and bool(exchange(call)["whatif"] or exchange(call)["confirm"])


def unknown_parameters(call: Call, file: File) -> list[str]:
    """What is wrong with the names of a call's parameters and its closed sets, one text each."""
    known = parameters_of(call.name, file)
    if known is None:
        return [f"{call.name} is not a command of the script, of 5.1 or of Exchange"]
    names = {name.lower() for name in known}
    written = {name.lower(): name for name in call.named}
    given = call.all_given
    problems = [f"{call.name} has no -{written.get(name, name)} in 5.1" for name in given if name not in names]
    problems += [
        f"{call.name}: @{variable.value} is not a table that stands in the script"
        for variable in call.splatted
        if not values_of(file).assigned(variable)
    ]
    sets = {**_CMDLETS.get(call.name.lower(), {}).get("values", {}), "ErrorAction": _ERROR_ACTIONS}
    for name, allowed in sets.items():
        for value in map(constant, call.given(name)):
            if isinstance(value, str) and value.lower() not in map(str.lower, allowed):
                problems.append(f"{call.name} -{name} does not take {value}")
    return problems


_CREATED = "-WhatIf:$WhatIfPreference -Confirm:$false -ErrorAction Stop"
SNIPPETS = {
    "an alias": "gci -Path 'a'",
    "by position": "function Get-A { param([string]$B) $B }\nGet-A 'x'\n"
    "Join-Path 'a' -ChildPath 'b'\n1 | Where-Object Length 1",
    "known by position": "1 | Where-Object { $_ }",
    "not in 5.1": "Get-Uptime\n1 | Sort-Object -Top 1\nGet-A -B 1\n$A = @{ Top = 1 }\n1 | Sort-Object @A\n"
    "1 | Sort-Object @Nobody",
    "a name put together": "& 'Get-Date'\n& ('Get-' + $x)\n. ([scriptblock]::Create($Text))\n& \"$x\"\n"
    "$T = @{ A = { }; B = 'Get-Date' }\n& $T.A 1\n& $T.B\n& $Block\n& { }",
    "no such value": "Get-Command -Name 'a' -CommandType 'Widget' -ErrorAction Perhaps\n"
    "$A = @{ ErrorAction = 'Perhaps' }\nGet-Command -Name 'a' @A",
    "no ErrorAction": "Get-TransportRule -ResultSize Unlimited\n$A = @{ ResultSize = 1 }\nGet-TransportRule @A\n"
    "$B = @{ ErrorAction = 'Stop' }\n$B.ErrorAction = 'Continue'\nGet-TransportRule @B",
    "with ErrorAction": "$A = @{ ErrorAction = 'Stop' }\nGet-TransportRule @A\nInvoke-A -Do { Get-TransportRule @A }",
    "no WhatIf": "$Run = @{ WhatIf = [bool]$WhatIfPreference; Confirm = $ConfirmPreference -eq 'Low' }\n"
    "$A = @{ Confirm = $false }\nInvoke-A -Do { Remove-TransportRule @A -ErrorAction Stop }\n"
    "$B = @{ WhatIf = $Run.Confirm; Confirm = $true }\nRemove-TransportRule @B -ErrorAction Stop\n"
    "Remove-TransportRule -WhatIf:$false -Confirm:$Run.WhatIf -ErrorAction Stop",
    "with WhatIf": "$Run = @{ WhatIf = [bool]$WhatIfPreference; Confirm = $ConfirmPreference -eq 'Low' }\n"
    "$A = @{ WhatIf = $Run.WhatIf; Confirm = $false }\n$A.Confirm = $Run.Confirm -and $true\n"
    "Invoke-A -Do { Remove-TransportRule @A -ErrorAction Stop }",
    "by name": "Remove-TransportRule -Identity 'Redirect'\n$A = @{ Identity = $Rule.Name }\n"
    "Invoke-A -Do { Remove-TransportRule @A }\n$Id = @{}\n$Id[$key] = [string]$Rule.Guid\n$Id.Other = 'Redirect'\n"
    "Remove-TransportRule -Identity $Id.Other\nRemove-TransportRule -Identity \"x$($_.Guid)\"",
    "by Guid": "$Id = @{}\n$Id[$key] = [string](Get-Property -Object $Have.A -Name 'Guid')\n"
    "Remove-TransportRule -Identity $Id.A\nRemove-TransportRule -Identity \"$($_.Guid)\"\n"
    "$One = [string]$Rule.Guid\nRemove-TransportRule -Identity $One",
    "wrong values": "$A = @{ Name = '" + "n" * 65 + "'; TestMode = 'yes'; TlsSettings = 'Perhaps'; "
    f"Widget = 1; TlsDomain = @('a') }}\nInvoke-A -Do {{ New-OutboundConnector @A {_CREATED} }}\n"
    "$Mode = @{ A = 'Audit'; B = 'Nothing' }[$Stage]\n"
    "Set-TransportRule -Identity \"$($_.Guid)\" -Mode $Mode\n"
    "Get-MessageTraceV2 -StartDate '1.2.2026'\n"
    "1, $true | ForEach-Object { Get-OutboundConnector -IsTransportRuleScoped $_ }\n$true, $x | "
    "ForEach-Object { Get-OutboundConnector -IsTransportRuleScoped $_ }",
    "late values": f"$A = @{{ Name = $Given }}\nInvoke-A -Do {{ New-OutboundConnector @A {_CREATED} }}",
}  # fmt: skip
"""What the tests of calls must find, and what they must understand."""
