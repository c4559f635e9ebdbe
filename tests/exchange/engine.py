"""Where the PowerShell engine is, and what it needs to find the emulator."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from mm365.emulator.files import MODULES

CHECKOUT = Path(__file__).resolve().parents[2]


def find_pwsh() -> str | None:
    """MM365_PWSH if set, else ../shared/pwsh/pwsh seen from the checkout, else pwsh on PATH; None if none is there."""
    if named := os.environ.get("MM365_PWSH"):
        return shutil.which(named)
    beside = CHECKOUT.parent / "shared" / "pwsh" / "pwsh"
    return str(beside) if beside.is_file() else shutil.which("pwsh")


# Windows PowerShell takes the path as it is given, and does not work without its own modules. Others stay away,
# as the real ExchangeOnlineManagement may be among them.
_WINDOWS = os.environ.get("SYSTEMROOT")
_SYSTEM_MODULES = [str(Path(_WINDOWS) / "System32" / "WindowsPowerShell" / "v1.0" / "Modules")] if _WINDOWS else []


def environment(state: Path, log: Path, *, sleep: bool = False) -> dict[str, str]:
    """The environment for an engine that runs scripts against the emulator: this process's, with the
    module on PSModulePath. Unless sleep, Start-Sleep returns at once."""
    made = {key: value for key, value in os.environ.items() if key != "MM365_EXCHANGE_NO_SLEEP"}
    made["PSModulePath"] = os.pathsep.join([str(MODULES), *_SYSTEM_MODULES])
    made["MM365_EXCHANGE_STATE"] = str(state)
    made["MM365_EXCHANGE_LOG"] = str(log)
    if not sleep:
        made["MM365_EXCHANGE_NO_SLEEP"] = "1"
    return made
