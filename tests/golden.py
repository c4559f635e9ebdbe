"""Golden packs, kept so that a person can read the diff of the output.

Kept are the shared functions once, one whole pack for each loop guard (region eu), for each other region the lines
in which its packs differ from those, and of a pack that was planned against a snapshot the files that differ.

python -m tests.golden           write them anew
python -m tests.golden --check   name each file that differs; exit code 1 if there is one
"""

import difflib
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from mm365.emulator.tenants import transport_rule
from mm365.pack.contents import MANIFEST, SUMS, build_pack
from mm365.request.fields import TENANT_ID
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts import library
from mm365.scripts.change import build_change
from tests.commands import VALUES, tree
from tests.exports import INTEGRATION, REQUEST, made, plan, tenant_with

FOLDER = Path(__file__).with_name("golden")
REGION = "eu"
OTHERS = [region for region in REGIONS if region != REGION]
WITH_TENANT_ID = LoopGuard.STOP_AND_EXCEPT
SHARED = PurePosixPath(library.PATH).name
FOLLOWING = {MANIFEST, SUMS}
"""Files of sums, which follow from all others."""


def pack_files(region: str, guard: LoopGuard) -> Mapping[str, bytes]:
    """The files of a pack, as this checkout makes them, without the shared functions."""
    values = {**VALUES, "region": region, "loop_guard": guard.value}
    if guard is WITH_TENANT_ID:
        values[TENANT_ID.name] = TENANT_ID.example
    files = build_pack(build_change(build_request(values, needs=()))).files
    return {path: data for path, data in files.items() if path != library.PATH}


PLANNED = f"{REGION}-planned"
FOLLOWING_TOO = {*FOLLOWING, "runbook.ipynb", "request.json"}
"""Of a planned pack, what follows from its other files or is as in any pack."""


def planned_files() -> Mapping[str, bytes]:
    """The files of a pack by a plan that creates, changes and turns on, as far as they differ from the plain one."""
    plain = pack_files(REGION, LoopGuard.STOP)
    mine = made(INTEGRATION.outbound, on=False, TlsDomain="*.us.mailmarshal.cloud")
    with TemporaryDirectory() as folder:
        change = build_change(REQUEST, plan(Path(folder), tenant_with(mine, above=ABOVE), adopt=True))
    files = build_pack(change).files
    kept = {path: data for path, data in files.items() if path not in {library.PATH, *FOLLOWING_TOO}}
    return {path: data for path, data in kept.items() if plain.get(path) != data}


ABOVE = (transport_rule("Block executable attachments", StopRuleProcessing=True, DeleteMessage=True),)
"""A rule of others in that tenant."""


def golden_files() -> dict[str, bytes]:
    """All that is kept, by path."""
    files = {SHARED: library.shared_functions().encode()}
    files |= {f"{PLANNED}/{path}": data for path, data in planned_files().items()}
    for guard in LoopGuard:
        files |= {f"{REGION}-{guard.value}/{path}": data for path, data in pack_files(REGION, guard).items()}
        for region in OTHERS:
            lines = differing_lines(pack_files(REGION, guard), pack_files(region, guard))
            files[f"{region}-{guard.value}.diff"] = "".join(lines).encode()
    return files


def differing_lines(base: Mapping[str, bytes], other: Mapping[str, bytes]) -> Iterator[str]:
    """The lines in which a pack differs from another, file by file, without those of the sums."""
    for path in sorted((base.keys() | other.keys()) - FOLLOWING):
        before, after = (files.get(path, b"").decode().splitlines(keepends=True) for files in (base, other))
        for line in difflib.unified_diff(before, after, path, path, n=0):
            # A number of a line says nothing of the region, and the runbook's sums follow from the scripts.
            if not line.startswith("@@") and not _is_sum(line):
                yield line


def _is_sum(line: str) -> bool:
    words = line.lstrip("+-").strip().strip('",\\n').split()
    return bool(words) and len(words[0]) == 64 and set(words[0]) <= set("0123456789abcdef")


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
    """Write all golden packs anew; what is there goes, once all of them could be rendered."""
    made = golden_files()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, data in made.items():
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
