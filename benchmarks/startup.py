"""How long mm365 takes to start, as a multiple of a minimal Typer program: ``python -m benchmarks.startup``.

The programs run in turn, so that a machine that slows down slows all of them. Prints the median of each ratio, and
ends with exit code 1 if one is above its bar.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mm365.request.fields import HEADER_ID

RUNS = 15
MINIMAL = "import typer\napp = typer.Typer()\n@app.command()\ndef hello() -> None:\n    print('hello')\napp()\n"
REQUEST = (
    "--region", "eu", "--header-id", HEADER_ID.example, "--tenant", "contoso.onmicrosoft.com",
)  # fmt: skip
BARS = {"mm365 --version": 1.5, "mm365 pack": 3.0}


def seconds(command: list[str], folder: Path) -> float:
    """The wall time of one run, in seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def ratios(mm365: str, folder: Path) -> dict[str, float]:
    """The median ratio of each command to the minimal program."""
    minimal = folder / "minimal.py"
    minimal.write_text(MINIMAL)
    found: dict[str, list[float]] = {name: [] for name in BARS}
    # The first round fills the file system's cache and Python's, and does not count.
    for run in range(RUNS + 1):
        base = seconds([sys.executable, str(minimal)], folder)
        version = seconds([mm365, "--version"], folder)
        pack = seconds([mm365, "pack", *REQUEST, "--output", f"pack-{run}"], folder)
        if run:
            found["mm365 --version"].append(version / base)
            found["mm365 pack"].append(pack / base)
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
