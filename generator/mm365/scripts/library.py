"""The functions that all scripts of a release share: one file, the same bytes for every customer, region and guard.

Its parts are plain PowerShell in ``templates/library/``, so that an editor, a linter and Pester can read them.
"""

import hashlib
from functools import cache

from mm365 import __version__
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
