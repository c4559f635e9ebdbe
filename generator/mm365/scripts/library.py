"""The functions that all scripts of a release share: one file, the same bytes for every customer, region and guard.

Its parts are plain PowerShell in ``templates/library/``, so that an editor, a linter and Pester can read them. Two of
them are made: what must not be set, from the table of parameters, and the four objects, from the integration.

python -m mm365.scripts.library           write them again
python -m mm365.scripts.library --check   say which are out of date
"""

import hashlib
import sys
import textwrap
from collections.abc import Sequence
from functools import cache

from mm365 import __version__
from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import must_not_be_set
from mm365.scripts.article_part import article_part
from mm365.shipped import shipped_folder

NAME = "MailMarshal365.ps1"
PATH = f"scripts/{NAME}"
"""Where it is in a pack."""


@cache
def shared_functions() -> str:
    """The text of the file: a line that names the release, then the parts in the order of their names."""
    head = (
        f"# The functions that the scripts of mailmarshal-m365 release {__version__} share. "
        "The same bytes for every customer, region and loop guard.\n"
    )
    parts = sorted(shipped_folder("templates").joinpath("library").glob("*.ps1"))
    return head + "".join(part.read_text(encoding="ascii") for part in parts)


@cache
def shared_sha256() -> str:
    """The SHA-256 of that file, which each script compares before it runs a line of it: 64 capital hexadecimals."""
    return hashlib.sha256(shared_functions().encode("ascii")).hexdigest().upper()


SNAPSHOT_PATH = "scripts/MailMarshal365.Snapshot.ps1"
"""Where the functions for packs from snapshots are in such a pack, and in no other."""


@cache
def snapshot_functions() -> str:
    """The text of that file: the same bytes in every pack of a release that was planned against a snapshot."""
    head = (
        f"# What the scripts of mailmarshal-m365 release {__version__} share in packs that were planned "
        "against a snapshot. The same bytes in each.\n"
    )
    return head + (shipped_folder("templates") / "library" / "snapshot" / "snapshot.ps1").read_text(encoding="ascii")


@cache
def snapshot_functions_sha256() -> str:
    """The SHA-256 of that file: 64 capital hexadecimals."""
    return hashlib.sha256(snapshot_functions().encode("ascii")).hexdigest().upper()


ARTICLE = "25-article.ps1"
"""The part of the file that has the four objects; it is made from the integration."""
SETTINGS = "20-settings.ps1"
"""The part of the file that says what must not be set; it is made from the table of parameters."""


def settings_part() -> str:
    """The text of ``SETTINGS``: for each kind of object the settings that must not be there unless a pack sets them."""
    lines = [f"{_ABOUT_SETTINGS}$MustNotBeSet = @{{"]
    for kind in Kind:
        rows = textwrap.wrap(" ".join(must_not_be_set(kind)), _WIDTH)
        quoted = [f"        '{row} ' +" for row in rows[:-1]] + [f"        '{rows[-1]}')"]
        lines += [f"    {kind} = -split (", *quoted]
    return "\n".join([*lines, "}", ""])


_WIDTH = 137
_ABOUT_SETTINGS = """\
# ---------- What else could be set ----------
# An object counts as this pack's only if none of these is set, nor anything that begins with ExceptIf, apart from what
# the pack sets: from Microsoft's cmdlet reference, all conditions and actions of rules and all settings of connectors,
# without those that only name or describe an object, give a detail of another setting, or have a value on every object.
"""


def main(arguments: Sequence[str]) -> int:
    """Write both parts again, or with ``--check`` say which are out of date; the exit code."""
    made = {SETTINGS: settings_part().encode("ascii"), ARTICLE: article_part().encode("ascii")}
    folder = shipped_folder("templates") / "library"
    stale = [name for name, text in made.items() if (folder / name).read_bytes() != text]
    if list(arguments) == ["--check"]:
        for name in stale:
            sys.stdout.write(f"{name} is out of date; run: python -m mm365.scripts.library\n")
        return 1 if stale else 0
    for name in stale:
        (folder / name).write_bytes(made[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
