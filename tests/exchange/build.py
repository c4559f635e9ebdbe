"""Writes the generated half of the emulator: parameter blocks are drawn from the catalogue, never typed.

python -m tests.exchange.build                write ExchangeOnlineManagement/Cmdlets.ps1
python -m tests.exchange.build --check        exit 1 if the file on disk differs
python -m tests.exchange.build --from FILE    draw catalogue.json from a full cmdlet catalogue first
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.emulator.files import MODULES
from generator.emulator.shapes import (
    CATALOGUE,
    INBOUND,
    OUTBOUND,
    RULE_ACTIONS,
    Object,
    load_catalogue,
    rule_conditions,
    rule_shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERATED = MODULES / "ExchangeOnlineManagement" / "Cmdlets.ps1"

CMDLETS = (
    *(f"{verb}-InboundConnector" for verb in ("New", "Set", "Get", "Remove")),
    *(f"{verb}-OutboundConnector" for verb in ("New", "Set", "Get", "Remove")),
    *(f"{verb}-TransportRule" for verb in ("New", "Set", "Get", "Remove", "Enable", "Disable")),
    "Get-AcceptedDomain",
    "Get-OrganizationConfig",
    "Get-ConnectionInformation",
    "Get-MessageTraceV2",
    "Get-MessageTraceDetailV2",
)

# Part of the module itself: its parameters keep their types, while those of the REST proxies are flattened.
BUILT_IN = "Get-ConnectionInformation"

_TYPES = {"Boolean": "bool", "String": "string", "Int32": "int", "SwitchParameter": "switch"}

HEADER = """\
# Generated from catalogue.json and shapes.py by `python -m tests.exchange.build`. Do not edit.
#
# The parameter blocks are those of the REST proxies: Boolean, String, Int32 and SwitchParameter keep their
# type, every other type reaches the client as object or, for lists, as object[]. The service checks the
# rest, and so does the emulator (Settings.ps1).
"""


def draw(full: Object) -> Object:
    """The project's own catalogue: these cmdlets only, without what does nothing in Exchange Online."""
    source = full["sources"][0]
    return {
        "source": {key: source[key] for key in ("name", "commit", "date")},
        "note": "confirm, whatif: the cmdlet takes that switch. required, position, values, max_length: "
        "absent where the documents give none. pipeline: the parameter takes pipeline input.",
        "cmdlets": {name: _draw_cmdlet(full["cmdlets"][name]) for name in CMDLETS},
    }


def _draw_cmdlet(cmdlet: Object) -> Object:
    return {
        "confirm": cmdlet["confirm"],
        "whatif": cmdlet["whatif"],
        "prompts_by_default": cmdlet["prompts_by_default"],
        "parameters": {
            name: _draw_parameter(parameter)
            for name, parameter in cmdlet["parameters"].items()
            # Some do nothing in Exchange Online and are accepted there all the same: a rule can have them.
            if (parameter.get("cloud") or not parameter["onprem_only"]) and name not in ("Confirm", "WhatIf")
        },
    }


def _draw_parameter(parameter: Object) -> Object:
    elsewhere = parameter.get("values_onprem_only", [])
    values = [value for value in parameter.get("values", []) if value not in ("$true", "$false", *elsewhere)]
    drawn: Object = {
        "type": parameter["type"],
        "required": parameter["required"],
        "position": parameter["position"],
        "pipeline": parameter["pipeline_input"],
        "values": values,
        "max_length": parameter.get("max_length"),
        "parameter_sets": parameter.get("parameter_sets"),
    }
    return {key: value for key, value in drawn.items() if value not in (None, False, [])}


def catalogue_text(catalogue: Object) -> str:
    """JSON with one parameter a line, so that a change reads as one line of a diff."""
    lines = [
        "{",
        f'  "source": {json.dumps(catalogue["source"])},',
        f'  "note": {json.dumps(catalogue["note"])},',
    ]
    lines.append('  "cmdlets": {')
    cmdlets = []
    for name, cmdlet in catalogue["cmdlets"].items():
        head = {key: value for key, value in cmdlet.items() if key != "parameters"}
        parameters = ",\n".join(
            f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in cmdlet["parameters"].items()
        )
        block = f"{{\n{parameters}\n    }}" if parameters else "{}"
        cmdlets.append(f'    {json.dumps(name)}: {json.dumps(head)[:-1]}, "parameters": {block}}}')
    return "\n".join([*lines, ",\n".join(cmdlets), "  }", "}", ""])


def render(catalogue: Object) -> str:
    """The text of Cmdlets.ps1: one function a cmdlet, then the service's value tables, then the shapes."""
    parts = [HEADER]
    parts += [_function(name, cmdlet) for name, cmdlet in catalogue["cmdlets"].items()]
    parts += _tables(catalogue)
    for noun, shape in (
        ("InboundConnector", INBOUND),
        ("OutboundConnector", OUTBOUND),
        ("TransportRule", rule_shape(catalogue)),
    ):
        parts.append(_shape_function(noun, shape))
    return "\n".join(parts)


def _function(name: str, cmdlet: Object) -> str:
    binding = "PositionalBinding = $false"
    if cmdlet["confirm"]:
        # Section 5.2: Remove-* and Disable-TransportRule prompt by default, the others do not.
        impact = "High" if cmdlet["prompts_by_default"] else "Medium"
        binding = f"SupportsShouldProcess = $true, ConfirmImpact = '{impact}', {binding}"
    if any("parameter_sets" in parameter for parameter in cmdlet["parameters"].values()):
        binding = f"DefaultParameterSetName = 'Default', {binding}"
    parameters = ",\n".join(
        f"        [Parameter({attributes})] [{kind}] ${parameter}"
        for parameter, attributes, kind in _parameters(name, cmdlet)
    )
    block = f"param(\n{parameters}\n    )" if parameters else "param()"
    return (
        f"function {name} {{\n"
        f"    [CmdletBinding({binding})]\n"
        f"    {block}\n"
        f"    process {{ Invoke-ServiceCall -Cmdlet '{name}' -Bound $PSBoundParameters -Caller $PSCmdlet }}\n"
        "}\n"
    )


def _parameters(name: str, cmdlet: Object) -> Iterator[tuple[str, str, str]]:
    for parameter, facts in cmdlet["parameters"].items():
        attributes = []
        if "parameter_sets" in facts:
            attributes.append(f"ParameterSetName = '{facts['parameter_sets'][0]}'")
        if facts.get("required"):
            attributes.append("Mandatory = $true")
        if "position" in facts:
            attributes.append(f"Position = {facts['position']}")
        if facts.get("pipeline"):
            attributes.append("ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true")
        yield parameter, ", ".join(attributes), _binding_type(name, facts["type"])


def _binding_type(cmdlet: str, documented: str) -> str:
    if cmdlet == BUILT_IN:
        return documented.lower()
    return _TYPES.get(documented, "object[]" if documented.endswith("[]") else "object")


def _tables(catalogue: Object) -> list[str]:
    allowed: dict[str, list[str]] = {}
    longest: dict[str, int] = {}
    lists: set[str] = set()
    for cmdlet in catalogue["cmdlets"].values():
        for name, facts in cmdlet["parameters"].items():
            if "values" in facts and allowed.setdefault(name, facts["values"]) != facts["values"]:
                raise ValueError(f"{name} has different values in two cmdlets: key AllowedValues by cmdlet")
            if "max_length" in facts:
                longest[name] = facts["max_length"]
            if facts["type"].endswith("[]") or facts["type"] == "MultiValuedProperty":
                lists.add(name)
    return [
        _names("CmdletNames", list(catalogue["cmdlets"])),
        _table("AllowedValues", dict(sorted(allowed.items()))),
        _table("MaxLength", dict(sorted(longest.items()))),
        _table("ListParameters", dict.fromkeys(sorted(lists), True)),
        _names("RuleConditions", rule_conditions(catalogue)),
        _names("RuleActions", list(RULE_ACTIONS)),
    ]


def _table(name: str, values: Object) -> str:
    entries = "\n".join(f"    {key} = {_literal(value)}" for key, value in values.items())
    return f"$script:{name} = @{{\n{entries}\n}}\n"


def _names(name: str, names: list[str]) -> str:
    entries = "\n".join(f"    {_literal(item)}" for item in names)
    return f"$script:{name} = @(\n{entries}\n)\n"


def _shape_function(noun: str, shape: Object) -> str:
    entries = "\n".join(f"        {key} = {_literal(value)}" for key, value in shape.items())
    return f"function New-{noun}Shape {{\n    [pscustomobject][ordered]@{{\n{entries}\n    }}\n}}\n"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "$null"
        case bool():
            return "$true" if value else "$false"
        case int():
            return str(value)
        case list():
            return f"@({', '.join(_literal(item) for item in value)})"
        case dict():
            entries = "; ".join(f"{key} = {_literal(item)}" for key, item in value.items())
            return f"[pscustomobject][ordered]@{{ {entries} }}"
        case _:
            # Names and enumeration values of the catalogue: no quote of any kind is among them.
            return f"'{value}'"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.exchange.build", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if the file on disk differs")
    parser.add_argument("--from", dest="full", type=Path, help="a full cmdlet catalogue to draw catalogue.json from")
    options = parser.parse_args(arguments)
    if options.full:
        full = json.loads(options.full.read_text(encoding="utf-8"))
        CATALOGUE.write_bytes(catalogue_text(draw(full)).encode())
    text = render(load_catalogue()).encode()
    if options.check:
        same = GENERATED.is_file() and GENERATED.read_bytes() == text
        if not same:
            sys.stderr.write(f"{GENERATED.name} is out of date: run python -m tests.exchange.build\n")
        return 0 if same else 1
    GENERATED.write_bytes(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
