"""Pictures for the README, in docs/pictures: what real commands print, as SVG, and the report of a rehearsal, as PNG.

python -m tests.pictures           make them anew
python -m tests.pictures --check   name each one that differs; exit code 1 if there is one
python -m tests.pictures --report  make report.png anew; this needs PowerShell and chromium

No check compares report.png: its time, versions and letters differ between machines.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console  # type: ignore[attr-defined] # Rich's docs name it there
from rich.text import Text

from mm365.emulator.tenants import transport_rule
from mm365.request.file import request_as_yaml
from tests.browser.jupyterlab import CLOSED_NETWORK, find_chromium
from tests.commands import CHECKOUT, HEADER_ID, REQUEST, VALUES, mm365, plain_environment
from tests.exports import INTEGRATION, backup, made, ours, tenant_with

FOLDER = CHECKOUT / "docs" / "pictures"
WIDTH = 106
PACK = Path("output", "contoso.onmicrosoft.com-eu")
CHANGED = PACK / "scripts" / "50-enable.ps1"
PICTURES: Mapping[str, Sequence[str]] = {
    "help": ("--help",),
    "pack": ("pack", *REQUEST),
    "verify-pack": ("verify-pack", PACK.as_posix()),
    "plan": ("plan", "--snapshot", "tenant.json", "--request", "contoso.yaml", "--adopt"),
}
"""The commands whose pictures are made, by name, run one after the other in one folder."""

# No font comes from the network: where a picture stands, such as on GitHub, it may not be loaded.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code, monospace", "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
)


def pictures() -> dict[str, str]:
    """The pictures by name."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = {}
        for name, command in PICTURES.items():
            if prepare := _BEFORE.get(name):
                prepare(Path(folder))
            drawn[name] = _picture(command, _printed(command, Path(folder)))
    return drawn


def _shorten_the_wait(folder: Path) -> None:
    """Somebody makes a script wait for less time than was approved."""
    file = folder / CHANGED
    data = file.read_bytes()
    changed = data.replace(b"30", b"3", 1)
    if changed == data:
        raise ValueError(file)
    file.write_bytes(changed)


def _export_the_tenant(folder: Path) -> None:
    """A tenant in which somebody has begun: both connectors are there, the outbound one for another region and off."""
    found = ours()
    other = {"SmartHosts": ["m365integrated-array-1.us.mailmarshal.cloud"], "TlsDomain": "*.us.mailmarshal.cloud"}
    outbound = made(INTEGRATION.outbound, on=False, **other)
    rules = (transport_rule("Block executables", StopRuleProcessing=True), transport_rule("Mark external mail"))
    exported = backup(tenant_with(found["Inbound"], outbound, above=rules))
    (folder / "tenant.json").write_text(json.dumps(exported), encoding="utf-8")
    (folder / "contoso.yaml").write_text(request_as_yaml(VALUES), encoding="utf-8")


_BEFORE = {"verify-pack": _shorten_the_wait, "plan": _export_the_tenant}
"""What happens in the folder before a command is run."""


def _printed(command: Sequence[str], folder: Path) -> str:
    env = plain_environment(FORCE_COLOR="1", TERM="xterm-256color", COLUMNS=str(WIDTH))
    done = subprocess.run(
        [mm365(), *command],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stdout.rstrip("\n")


def _picture(command: Sequence[str], printed: str) -> str:
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="standard")
    typed = " ".join(("mm365", *command)).replace(f" {HEADER_ID} ", f" {HEADER_ID} \\\n             ")
    console.print(Text.assemble(("$ ", "green"), (typed, "bold")), soft_wrap=True)
    console.print(Text.from_ansi(printed), soft_wrap=True)
    return console.export_svg(title="", code_format=_FORMAT, unique_id="mm365")


def differing() -> list[str]:
    """The name of each picture that is missing or not what would be made."""
    kept = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.svg")}
    return [name for name, svg in pictures().items() if kept.get(name) != svg]


def photograph_report() -> None:
    """The top of the page that ``mm365 rehearse --report`` writes, as a browser shows it."""
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        for command in (("pack", *REQUEST), ("rehearse", PACK.as_posix(), "--report", "report.html")):
            subprocess.run([mm365(), *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        address = (Path(folder) / "report.html").as_uri()
        where = f"--screenshot={FOLDER / 'report.png'}"
        subprocess.run(
            [chromium, "--headless", *CLOSED_NETWORK, "--hide-scrollbars", "--window-size=1100,1250", where, address],
            check=True, stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Make or check, as ``arguments`` ask; the exit code."""
    if list(arguments) == ["--check"]:
        names = differing()
        sys.stdout.write("".join(f"{name}.svg: differs\n" for name in names))
        return 1 if names else 0
    if list(arguments) == ["--report"]:
        photograph_report()
        return 0
    if arguments:
        sys.stderr.write("usage: python -m tests.pictures [--check | --report]\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
