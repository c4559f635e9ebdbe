"""Calls of commands: what each parameter is given, held against the catalogues."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mm365.emulator.shapes import load_catalogue
from tests.syntax.draw import CATALOGUE
from tests.syntax.tree import File, Node, Unit

EXCHANGE: Mapping[str, Any] = load_catalogue()["cmdlets"]
POWERSHELL: Mapping[str, Any] = json.loads(CATALOGUE.read_text("ascii"))
_CMDLETS = {name.lower(): cmdlet for name, cmdlet in POWERSHELL["cmdlets"].items()}
_EXCHANGE = {name.lower(): cmdlet for name, cmdlet in EXCHANGE.items()}
_COMMON: Mapping[str, str] = {
    **dict.fromkeys(POWERSHELL["common_parameters"], "Object"),
    "Verbose": "switch",
    "Debug": "switch",
}
_ERROR_ACTIONS = ("Stop", "Continue", "SilentlyContinue", "Ignore", "Inquire")
_BY_POSITION = {"where-object": "FilterScript", "foreach-object": "Process"}
"""The two commands whose script block every admin knows without a name before it."""


class _Unknown:
    """What only a run can tell."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN = _Unknown()


@dataclass(eq=False, repr=False, kw_only=True)
class Call:
    """A command, and the nodes that its parameters are given; None for a switch that is only named."""

    node: Node
    named: dict[str, Node | None] = field(default_factory=dict)
    positional: list[Node] = field(default_factory=list)
    splatted: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.node.value

    def get(self, parameter: str) -> Node | None:
        """What that parameter is given, if it is there; case does not matter."""
        return {name.lower(): value for name, value in self.named.items()}.get(parameter.lower())


def own_parameters(function: Node) -> dict[str, str]:
    """The parameters of a function of the script's own, with their types."""
    blocks = [node for node in function.all("ParamBlock") if _function_of(node) is function]
    found = {}
    for parameter in (child for block in blocks for child in block.children if child.kind == "Parameter"):
        types = [child.value for child in parameter.children if child.kind == "TypeConstraint"]
        names = [child.value for child in parameter.children if child.kind == "VariableExpression"]
        found[names[0]] = types[0] if types else "object"
    return found


def _function_of(node: Node) -> Node | None:
    return next((up for up in node.above() if up.kind == "FunctionDefinition"), None)


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
    call = Call(node=node)
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
            call.splatted.append(element.value)
        elif "Redirection" not in element.kind:
            call.positional.append(element)
    return call


def by_position(call: Call) -> list[Node]:
    """What is given by position, but for the one script block that is given so everywhere."""
    if call.name.lower() in _BY_POSITION and len(call.positional) == 1:
        return [node for node in call.positional if node.kind != "ScriptBlockExpression"]
    return call.positional


def constant(node: Node | None) -> object:  # noqa: PLR0911 - one for each kind of node
    """The value that a node stands for in every run: str, int, bool, None or a list of str; else ``UNKNOWN``."""
    match node:
        case Node(kind="StringConstantExpression"):
            return str(node.data["value"])
        case Node(kind="ConstantExpression") if node.data["type"] == "Int32":
            return int(node.text)
        case Node(kind="VariableExpression") if node.value.lower() in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[node.value.lower()]
        case Node(kind="ArrayExpression"):
            items = [constant(child) for child in _items(node)]
            return items if all(isinstance(item, str) for item in items) else UNKNOWN
        case Node(kind="InvokeMemberExpression", value="Unescape") if node.children[0].value == "regex":
            return unescape(str(node.children[-1].data["value"]))
        case Node(kind="ParenExpression" | "Pipeline" | "CommandExpression", children=[only]):
            return constant(only)
    return UNKNOWN


def _items(node: Node) -> list[Node]:
    literals = [found for found in node.walk() if found.kind == "ArrayLiteral"]
    if literals:
        return literals[0].children
    return [found.children[0] for found in node.walk() if found.kind == "CommandExpression"]


def unescape(text: str) -> str:
    r"""What ``[regex]::Unescape`` makes of text that knows no escape but ``\\`` and ``\uXXXX``."""
    units = re.findall(r"\\u([0-9a-f]{4})|\\(\\)|([^\\])", text)
    codes = [int(code, 16) if code else ord(slash or other) for code, slash, other in units]
    assert "".join(f"\\u{c}" if c else f"\\{s}" if s else o for c, s, o in units) == text, f"no such escape: {text}"
    return b"".join(code.to_bytes(2) for code in codes).decode("utf-16-be")


@cache
def hashtables(file: File) -> dict[str, dict[str, Node]]:
    """The hashtable literals that are assigned to variables: their entries by key, in their order."""
    found: dict[str, dict[str, Node]] = {}
    for unit in file.units:
        for node in unit.tree.all("AssignmentStatement"):
            left, right = node.children
            table = next((below for below in right.walk() if below.kind == "Hashtable"), None)
            if table is None or left.kind != "VariableExpression" or right.kind != "CommandExpression":
                continue
            pairs = zip(table.children[::2], table.children[1::2], strict=True)
            found[left.value.lower()] = {str(constant(key)): _expression(value) for key, value in pairs}
    return found


def _expression(node: Node) -> Node:
    while node.kind in {"Pipeline", "CommandExpression"} and len(node.children) == 1:
        node = node.children[0]
    return node


def value_problem(parameter: str, details: Mapping[str, Any], node: Node) -> str | None:  # noqa: PLR0911 - rule by rule
    """What is wrong with the value of an Exchange parameter; None if nothing is."""
    kind, value = details["type"], constant(node)
    if value is UNKNOWN:
        return None if _fitting(parameter, kind, node) else f"{parameter} is given {node.kind}"
    texts: list[Any] = value if isinstance(value, list) else [value]
    if kind == "Boolean":
        return None if isinstance(value, bool) else f"{parameter} is {value!r}, not a Boolean"
    if kind == "Int32":
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


def _fitting(parameter: str, kind: str, node: Node) -> bool:
    if parameter.lower() == "identity":
        return names_by_guid(node)
    # The lists of outbound connectors are asked for in every way: $scoped and $test run over $false, $true.
    return kind == "Boolean" and node.kind == "VariableExpression" and _loops_over_booleans(node)


def names_by_guid(node: Node) -> bool:
    """Whether a node is ``([string]$Have[...].Guid)``."""
    shape = [below.kind for below in node.walk()]
    return shape == [
        "ParenExpression", "Pipeline", "CommandExpression", "ConvertExpression", "TypeConstraint", "MemberExpression",
        "IndexExpression", "VariableExpression", "StringConstantExpression", "StringConstantExpression",
    ] and [below.value.lower() for below in node.all("TypeConstraint", "MemberExpression", "VariableExpression")] == [
        "string", "guid", "have",
    ]  # fmt: skip


def _loops_over_booleans(node: Node) -> bool:
    for loop in (up for up in node.above() if up.kind == "ForEachStatement"):
        if loop.children[0].value.lower() == node.value.lower():
            values = {below.value.lower() for below in loop.children[1].all("VariableExpression")}
            return values == {"true", "false"}
    return False


def error_action(call: Call) -> object:
    """What ``-ErrorAction`` is given, None if it is absent."""
    node = call.get("ErrorAction")
    return constant(node) if node is not None else None


def is_exchange(call: Call) -> bool:
    return call.name.lower() in _EXCHANGE


def exchange(call: Call) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = _EXCHANGE[call.name.lower()]
    return entry


def unknown_parameters(call: Call, file: File) -> list[str]:
    """What is wrong with the names of a call's parameters and its closed sets, one text each."""
    known = parameters_of(call.name, file)
    if known is None:
        return [f"{call.name} is no command of the script, of 5.1 or of Exchange"]
    names = {name.lower() for name in known}
    problems = [f"{call.name} has no -{name} in 5.1" for name in call.named if name.lower() not in names]
    sets = {**_CMDLETS.get(call.name.lower(), {}).get("values", {}), "ErrorAction": _ERROR_ACTIONS}
    for name, allowed in sets.items():
        value = constant(call.get(name))
        if isinstance(value, str) and value.lower() not in map(str.lower, allowed):
            problems.append(f"{call.name} -{name} does not take {value}")
    return problems


SNIPPETS = {
    "an alias": "gci -Path 'a'",
    "by position": "function Get-A { param([string]$B) $B }\nGet-A 'x'\n"
    "Join-Path 'a' -ChildPath 'b'\n1 | Where-Object Length 1",
    "known by position": "1 | Where-Object { $_ }",
    "not in 5.1": "Get-Uptime\n1 | Sort-Object -Top 1\nGet-A -B 1",
    "no such value": "Get-Command -Name 'a' -CommandType 'Widget' -ErrorAction Perhaps",
    "no ErrorAction": "Get-TransportRule -ResultSize Unlimited",
    "no WhatIf": "Remove-TransportRule -Identity ([string]$Have['Redirect'].Guid) -Confirm:$false -ErrorAction Stop",
    "by name": "Remove-TransportRule -Identity 'Redirect' -WhatIf:$WhatIf -Confirm:$false -ErrorAction Stop",
    "wrong values": "$A = @{ Name = '" + "n" * 65 + "'; TestMode = 'yes'; TlsSettings = 'Perhaps'; "
    "Widget = 1; TlsDomain = @('a') }\n"
    "New-OutboundConnector @A -WhatIf:$false -Confirm:$false -ErrorAction Stop",
}  # fmt: skip
"""What the tests of calls must find."""
