"""Draws the project's own catalogue of PowerShell's cmdlets from a larger one.

    python -m tests.syntax.draw --from powershell-cmdlets.json

The larger one is made from the public documentation that its ``source`` names. Of each cmdlet in ``USED`` the
parameters that Windows PowerShell 5.1 has are kept, with their types and closed sets of values. A script that
is to use another cmdlet needs it in ``USED`` first: that is the moment to look at what 5.1 does with it. What
only the package's own modules use is in ``USED_BY_MODULES``, and no script may use it.
"""

import argparse
import json
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "powershell_5_1.json"
USED = (
    "ConvertFrom-Json",
    "ForEach-Object",
    "Get-Command",
    "Get-Date",
    "Get-FileHash",
    "Group-Object",
    "Join-Path",
    "New-Object",
    "New-TimeSpan",
    "Select-Object",
    "Set-StrictMode",
    "Sort-Object",
    "Split-Path",
    "Start-Sleep",
    "Test-Path",
    "Where-Object",
    "Write-Host",
    "Write-Information",
)  # fmt: skip
USED_BY_MODULES = (
    "ConvertTo-Json",
    "Export-ModuleMember",
    "Get-Module",
    "Import-Module",
    "Invoke-Expression",
    "Out-String",
    "Write-Error",
    "Write-Warning",
)  # fmt: skip


def draw(larger: dict[str, Any]) -> dict[str, Any]:
    """The smaller catalogue. KeyError names a cmdlet that the larger one does not describe."""
    source = larger["source"]
    return {
        "source": {key: source[key] for key in ("repository", "commit", "date")} | {"folder": "reference/5.1"},
        "note": "parameters: what Windows PowerShell 5.1 takes, with its type. values: a closed set, without case.",
        "common_parameters": larger["common_parameters"]["5.1"],
        "cmdlets": {name: _cmdlet(larger["cmdlets"][name]) for name in sorted((*USED, *USED_BY_MODULES))},
    }


def _cmdlet(cmdlet: dict[str, Any]) -> dict[str, Any]:
    drawn = {"parameters": cmdlet["params"]}
    return {**drawn, "values": cmdlet["values"]} if "values" in cmdlet else drawn


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the catalogue of PowerShell's cmdlets that the scripts use.")
    parser.add_argument("--from", dest="larger", type=Path, required=True, metavar="FILE")
    drawn = draw(json.loads(parser.parse_args().larger.read_text("utf-8")))
    CATALOGUE.write_bytes((json.dumps(drawn, indent=1) + "\n").encode("ascii"))
