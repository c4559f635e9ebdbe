"""Which PowerShell a rehearsal runs in."""

import os
import shutil

from mm365.errors import NoPowerShellError


def find_shell(named: str = "") -> str:
    """The PowerShell to use: ``named``, else MM365_PWSH, else ``pwsh`` or ``powershell`` on the PATH.

    Raises NoPowerShellError where there is none.
    """
    for option, place, name in (("shell", "", named), ("", "MM365_PWSH", os.environ.get("MM365_PWSH", ""))):
        if name:
            if found := shutil.which(name):
                return found
            raise NoPowerShellError("is not a program that can be run here", field=option, value=name, place=place)
    for name in ("pwsh", "powershell"):
        if found := shutil.which(name):
            return found
    raise NoPowerShellError("There is no PowerShell: neither pwsh nor powershell is on the PATH")
