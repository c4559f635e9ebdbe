"""Draws ``catalogue.json``, the cmdlets that the emulator offers, from a catalogue of many more cmdlets.

The full catalogue is made from Microsoft's reference pages and is not part of this repository.
"""

import json

from mm365.emulator.shapes import Object

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


def draw(full: Object) -> Object:
    """The emulator's catalogue: its cmdlets only, without the parameters that Exchange Online ignores."""
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
    """The catalogue as JSON with one parameter a line, so that a changed parameter is one line of a diff."""
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
