"""What a user can mend, as exceptions; the command line turns each class into its exit code.

    Mm365Error              1  the root; not raised itself
    +-- PackError           1  a pack is not what was generated, or is no pack
    +-- EvidenceError       1  a filled-in runbook cannot be read as one
    +-- RehearsalError      2  a pack cannot be rehearsed as it was asked for
    +-- RequestError        2  what was asked for is wrong: one line a problem
    +-- NoPowerShellError   3  there is no PowerShell to rehearse in
    +-- OutputError         4  the result could not be written; nothing half-written stays behind
    +-- MissingExtraError   5  what was asked for needs an extra that is not installed

Every message is one line and ends with what would be right or what to do next.
"""

from collections.abc import Sequence


class Mm365Error(Exception):
    """An error that the user can mend."""

    exit_code = 1


class PackError(Mm365Error):
    """A folder is no pack, or cannot be read as one."""


class EvidenceError(Mm365Error):
    """A filled-in runbook cannot be read as one, or is of another pack."""


class RehearsalError(Mm365Error):
    """A pack cannot be rehearsed as it was asked for."""

    exit_code = 2


class NoPowerShellError(Mm365Error):
    """There is no PowerShell that could run the scripts."""

    exit_code = 3
    install = "Install PowerShell 7 (https://aka.ms/install-powershell), or say where it is with --shell or MM365_PWSH."

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} {self.install}")
        self.missing = missing


class RequestError(Mm365Error):
    """One or more values of a request are wrong; ``problems`` has a line for each."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class OutputError(Mm365Error):
    """A file or folder could not be written."""

    exit_code = 4


class MissingExtraError(Mm365Error):
    """A command needs what the ``notebook`` extra installs; ``install`` is the line that does it."""

    exit_code = 5
    install = 'pip install "mailmarshal-m365[notebook]"'

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} not installed; run: {self.install}")
