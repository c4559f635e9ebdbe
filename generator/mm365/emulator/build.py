"""Writes the generated half of the emulator: parameter blocks come from the catalogue and are never typed by hand.

python -m mm365.emulator.build                write ExchangeOnlineManagement/Cmdlets.ps1
python -m mm365.emulator.build --check        exit 1 if the file on disk differs
python -m mm365.emulator.build --from FILE    first draw catalogue.json from a full cmdlet catalogue
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mm365.emulator.draw import catalogue_text, draw
from mm365.emulator.files import MODULES
from mm365.emulator.shapes import (
    INBOUND,
    OUTBOUND,
    RULE_ACTIONS,
    Object,
    rule_conditions,
    rule_shape,
)
from mm365.exchange.parameters import CATALOGUE_FILE, catalogue

GENERATED = MODULES / "ExchangeOnlineManagement" / "Cmdlets.ps1"

# This cmdlet is part of the module itself, so its parameters keep their types; those of the REST proxies do not.
BUILT_IN = "Get-ConnectionInformation"

_TYPES = {"Boolean": "bool", "String": "string", "Int32": "int", "SwitchParameter": "switch"}

HEADER = """\
# Generated from catalogue.json and shapes.py by `python -m mm365.emulator.build`. Do not edit.
#
# The parameter blocks are those of the REST proxies: Boolean, String, Int32 and SwitchParameter keep their
# type; every other type reaches the client as object or, for lists, as object[]. The service checks the
# values, and so does the emulator (Settings.ps1).
"""


def render(catalogue: Object) -> str:
    """The text of Cmdlets.ps1: one function for each cmdlet, then the tables of values, then the shapes."""
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
        # NOTES.md, "Prompts and -WhatIf": Remove-* and Disable-TransportRule prompt by default, the others do not.
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or compare it with what would be written; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m mm365.emulator.build", description="Write the generated half of the emulator."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file on disk differs")
    parser.add_argument("--from", dest="full", type=Path, help="a full cmdlet catalogue to draw catalogue.json from")
    options = parser.parse_args(arguments)
    if options.full:
        full = json.loads(options.full.read_text(encoding="utf-8"))
        CATALOGUE_FILE.write_bytes(catalogue_text(draw(full)).encode())
    text = render(catalogue()).encode()
    if not options.check:
        GENERATED.write_bytes(text)
    elif not GENERATED.is_file() or GENERATED.read_bytes() != text:
        sys.stderr.write(f"{GENERATED.name} is out of date; run: python -m mm365.emulator.build\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
