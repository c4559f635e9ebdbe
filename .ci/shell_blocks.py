"""Writes every shell block of Markdown files into a folder, for shellcheck: shell_blocks.py FOLDER FILE_OR_FOLDER..."""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```(?:sh|bash|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def main() -> int:
    """Write the blocks; finding none would mean that nothing is checked."""
    folder, *places = (Path(argument) for argument in sys.argv[1:])
    folder.mkdir(parents=True)
    documents = [path for place in places for path in (sorted(place.rglob("*.md")) if place.is_dir() else [place])]
    blocks = [block for path in documents for block in BLOCK.findall(path.read_text(encoding="utf-8"))]
    for number, block in enumerate(blocks):
        (folder / f"{number}.sh").write_text(f"#!/usr/bin/env bash\n{block}", encoding="utf-8")
    print(f"{len(blocks)} shell blocks in {len(documents)} documents")
    return 0 if blocks else 1


sys.exit(main())
