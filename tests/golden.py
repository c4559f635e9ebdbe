"""Golden packs: what a person reads to see what a change does to the output.

The shared functions once; for each loop guard one whole pack, of region eu; and for each other region and loop guard the
lines in which its pack differs from that.

python -m tests.golden           write them anew
python -m tests.golden --check   name each file that differs; exit code 1 if there is one
"""

import difflib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mm365.pack.contents import MANIFEST, SUMS, build_pack
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts import library
from mm365.scripts.change import build_change
from tests.commands import VALUES, tree

FOLDER = Path(__file__).with_name("golden")
REGION = VALUES["region"]
WITH_TENANT_ID = LoopGuard.STOP_AND_EXCEPT
TENANT_ID = "7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13"

Pack = Mapping[str, bytes]


def name_of(region: str, guard: LoopGuard) -> str:
    """What the pack of a region and a loop guard is called here."""
    return f"{region}-{guard.value}"


def pack_of(region: str, guard: LoopGuard) -> Pack:
    """The files of a pack, as this checkout makes them."""
    values = {**VALUES, "region": region, "loop_guard": guard.value}
    if guard is WITH_TENANT_ID:
        values["tenant_id"] = TENANT_ID
    return build_pack(build_change(build_request(values, needs=()))).files


def golden_files() -> dict[str, bytes]:
    """All golden files by path."""
    files: dict[str, bytes] = {library.NAME: library.shared_functions().encode("ascii")}
    for guard in LoopGuard:
        whole = pack_of(REGION, guard)
        name = name_of(REGION, guard)
        files |= {f"{name}/{path}": data for path, data in whole.items() if path != library.PATH}
        for region in REGIONS:
            if region != REGION:
                other = name_of(region, guard)
                files[f"{other}.diff"] = differences(name, whole, other, pack_of(region, guard)).encode("utf-8")
    return files


def differences(name: str, pack: Pack, other_name: str, other: Pack) -> str:
    """The lines in which another pack differs, file by file and without those around them.

    Sums of files are named instead, as they follow from the files; SHA256SUMS has nothing else.
    """
    lines: list[str] = []
    for path in dict.fromkeys([*pack, *other]):
        if path == SUMS:
            continue
        texts = [_with_named_sums(files.get(path, b""), files).splitlines() for files in (pack, other)]
        lines += difflib.unified_diff(*texts, f"{name}/{path}", f"{other_name}/{path}", n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _with_named_sums(data: bytes, pack: Pack) -> str:
    text = data.decode("utf-8")
    for entry in json.loads(pack[MANIFEST])["files"]:
        text = text.replace(str(entry["sha256"]), f"SHA-256 of {entry['path']}")
    return text


def differing() -> list[str]:
    """Each file that is missing, too many or other than kept, with which of these it is."""
    kept, made = tree(FOLDER), golden_files()
    lines = []
    for path in sorted(kept.keys() | made.keys()):
        if kept.get(path) != made.get(path):
            what = "missing" if path not in kept else "no longer made" if path not in made else "differs"
            lines.append(f"{path}: {what}")
    return lines


def write() -> None:
    """Write all golden files anew; what is there goes."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, data in golden_files().items():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def main(arguments: Sequence[str]) -> int:
    """Write or check, as ``arguments`` ask; the exit code."""
    if list(arguments) == ["--check"]:
        lines = differing()
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    if arguments:
        sys.stderr.write("usage: python -m tests.golden [--check]\n")
        return 2
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
