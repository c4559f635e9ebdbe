"""Where the PowerShell engine is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def find_pwsh() -> str | None:
    """MM365_PWSH if set, else ../shared/pwsh/pwsh seen from the checkout, else pwsh on PATH, else None."""
    if named := os.environ.get("MM365_PWSH"):
        return named
    beside = CHECKOUT.parent / "shared" / "pwsh" / "pwsh"
    return str(beside) if beside.is_file() else shutil.which("pwsh")
