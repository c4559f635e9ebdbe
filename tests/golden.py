"""Golden packs: one for each region and loop guard, kept whole, so that a person can read the diff of the output.

python -m tests.golden           write them anew
python -m tests.golden --check   name each file that differs; exit code 1 if there is one
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from mm365.pack.contents import build_pack
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES, tree

FOLDER = Path(__file__).with_name("golden")
WITH_TENANT_ID = "us-stop-and-except"
TENANT_ID = "7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13"
NAMES = [f"{region}-{guard.value}" for region in REGIONS for guard in LoopGuard]


def golden_files(name: str) -> dict[str, bytes]:
    """The files of the pack of that name, as this checkout makes them."""
    region, guard = name.split("-", 1)
    values = {**VALUES, "region": region, "loop_guard": guard}
    if name == WITH_TENANT_ID:
        values["tenant_id"] = TENANT_ID
    return dict(build_pack(build_change(build_request(values, needs=()))).files)


def differing(name: str) -> list[str]:
    """Each file that is missing, too many or other than kept, with which of these it is."""
    kept, made = tree(FOLDER / name), golden_files(name)
    lines = []
    for path in sorted(kept.keys() | made.keys()):
        if kept.get(path) != made.get(path):
            what = "missing" if path not in kept else "no longer made" if path not in made else "differs"
            lines.append(f"{name}/{path}: {what}")
    return lines


def write() -> None:
    """Write all golden packs anew; what is there goes."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in NAMES:
        for path, data in golden_files(name).items():
            file = FOLDER / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


def main(arguments: Sequence[str]) -> int:
    """Write or check, as ``arguments`` ask; the exit code."""
    if list(arguments) == ["--check"]:
        lines = [line for name in NAMES for line in differing(name)]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    if arguments:
        sys.stderr.write("usage: python -m tests.golden [--check]\n")
        return 2
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
