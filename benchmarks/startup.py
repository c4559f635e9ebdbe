"""How long mm365 takes, as a multiple of a minimal Typer program: ``python -m benchmarks.startup``.

The programs run in turn, so that a machine that slows down slows all of them. Prints the median of each ratio, and
ends with exit code 1 if one is above its bar.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mm365.emulator.tenants import add_rule, empty_tenant, transport_rule
from mm365.exchange.kinds import Kind
from mm365.request.fields import HEADER_ID

RUNS = 15
MINIMAL = "import typer\napp = typer.Typer()\n@app.command()\ndef hello() -> None:\n    print('hello')\napp()\n"
REQUEST = (
    "--region", "eu", "--header-id", HEADER_ID.example, "--tenant", "contoso.onmicrosoft.com",
)  # fmt: skip
BARS = {"mm365 --version": 1.5, "mm365 pack": 3.2, "mm365 plan": 3.0}
RULES, RULE_BYTES = 300, 8 * 1024
"""The largest tenant that there can be: as many rules, each as large, as the service takes."""


def seconds(command: list[str], folder: Path) -> float:
    """The wall time of one run, in seconds, with compiled modules at hand as after any installation."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def write_snapshot(path: Path) -> None:
    """What 20-backup would save of the largest tenant, in which the last two rules are ours to create."""
    tenant = empty_tenant("contoso.onmicrosoft.com")
    for number in range(RULES - 2):
        words = [f"word-{number:03}-{word:03}-" + "x" * 51 for word in range(4)]
        add_rule(tenant, transport_rule(f"Rule {number}", ApplyHtmlDisclaimerText="x" * RULE_BYTES, SentTo=words))
    lists = {kind.plural: tenant[kind.plural] for kind in Kind}
    backup = {"format": "mm365-backup-1", "tenant": "contoso.onmicrosoft.com", "tenantId": "", **lists}
    path.write_text(json.dumps(backup, indent=2), encoding="ascii")


def ratios(mm365: str, folder: Path) -> dict[str, float]:
    """The median ratio of each command to the minimal program."""
    minimal = folder / "minimal.py"
    minimal.write_text(MINIMAL)
    write_snapshot(folder / "snapshot.json")
    found: dict[str, list[float]] = {name: [] for name in BARS}
    # The first round fills the file system's cache and Python's, and does not count.
    for run in range(RUNS + 1):
        base = seconds([sys.executable, str(minimal)], folder)
        version = seconds([mm365, "--version"], folder)
        pack = seconds([mm365, "pack", *REQUEST, "--output", f"pack-{run}"], folder)
        plan = seconds([mm365, "plan", *REQUEST, "--snapshot", "snapshot.json"], folder)
        if run:
            found["mm365 --version"].append(version / base)
            found["mm365 pack"].append(pack / base)
            found["mm365 plan"].append(plan / base)
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> int:
    """Measure, print, and compare with the bars."""
    mm365 = shutil.which("mm365", path=str(Path(sys.executable).parent)) or shutil.which("mm365")
    if mm365 is None:
        print("mm365 is not installed beside this Python; run: pip install -e .")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        measured = ratios(mm365, Path(folder))
    for name, ratio in measured.items():
        print(f"{name:<16} {ratio:.2f} times a minimal Typer program (at most {BARS[name]})")
    return int(any(ratio > BARS[name] for name, ratio in measured.items()))


if __name__ == "__main__":
    sys.exit(main())
