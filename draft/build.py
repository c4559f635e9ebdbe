"""Joins the parts of the library into one file, and puts its SHA-256 into the scripts that run it.

The sum is that of the text with LF line ends, as UTF-8, without a signature: what the scripts compare.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

RELEASE = "0.2.0"
HERE = Path(__file__).resolve().parent
NAME = "MailMarshal365.ps1"

_HEAD = f"""\
# The functions that the scripts of mailmarshal-m365 {RELEASE} share: the same file for every customer, region and loop guard.
# Each script compares its SHA-256 and runs the text that it compared. A script calls Invoke-Script with what it does.
"""


def joined(parts: list[str]) -> str:
    """The shared file: a heading, then the parts in their order."""
    return _HEAD + "".join(part.replace("\r\n", "\n") for part in parts)


def sum_of(text: str) -> str:
    """The SHA-256 that the scripts compare."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest().upper()


def pinned(script: str, sha256: str) -> str:
    """A script with the sum of the shared file in its place."""
    text, times = re.subn(r"'[0-9A-F]{64}'", f"'{sha256}'", script)
    if times != 1:
        raise ValueError(f"a script holds one sum, not {times}")
    return text


def build() -> str:
    """Write the shared file beside the scripts, and its sum into them."""
    parts = sorted((HERE / "library").glob("*.ps1"))
    text = joined([part.read_text("ascii") for part in parts])
    scripts = HERE / "scripts"
    (scripts / NAME).write_bytes(text.encode("ascii"))
    for path in sorted(scripts.glob("[0-9]*.ps1")):
        path.write_bytes(pinned(path.read_text("ascii"), sum_of(text)).encode("ascii"))
    return sum_of(text)


if __name__ == "__main__":
    sys.stdout.write(build() + "\n")
