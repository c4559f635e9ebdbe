"""What a user can put right, as exceptions that carry data; the command line turns each class into its exit code.

    Mm365Error              1  the root; not raised itself
    +-- PackError           1  a folder is not a pack, or not what was generated
    +-- TenantError         1  a tenant does not have what was looked for, or has two of it
    +-- EvidenceError       1  a filled-in runbook cannot be read as one
    +-- RehearsalError      2  a pack cannot be rehearsed as it was asked for
    +-- SnapshotError       2  a file is not an export of a tenant, or cannot be read as one
    +-- RequestError        2  what was asked for is wrong; it holds every problem that was found
    +-- NoPowerShellError   3  there is no PowerShell to rehearse in
    +-- OutputError         4  the result could not be written; nothing half-written stays behind
    +-- MissingExtraError   5  what was asked for needs an extra that is not installed

An error says what is wrong, and with which field and value. Whoever shows it names the field: the command line as an
option, a notebook by its label. No text of an error is ever read back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm365.display import on_one_line, quoted


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    ``problem`` follows the field and the value, if there are any ("is not a region"); otherwise it is a sentence of
    its own. ``remedy`` says what would be right or what to do next. ``field`` is the name of a request's field or of
    an option, and ``value`` what was given for it; a path is shown whole. ``place`` is where it was written if that
    was a file. ``options`` are further options that would help.
    """

    problem: str
    remedy: str = ""
    field: str = ""
    value: str | Path | None = None
    place: str = ""
    options: tuple[str, ...] = ()

    def said(self, called: Callable[[str], str] = str) -> str:
        """All of it on one line. ``called`` gives a field's name in front of the user, or nothing to leave it out."""
        name = self.field if self.place else called(self.field)
        value = "" if self.value is None else quoted(str(self.value), whole=isinstance(self.value, Path))
        about = " ".join(word for word in (name, value) if word)
        place = f"{self.place}:" if self.place and about else self.place
        names = ", ".join(name for option in self.options if (name := called(option)))
        parts = (" ".join(word for word in (place, about, self.problem) if word), self.remedy, names and f"see {names}")
        return on_one_line("; ".join(part for part in parts if part).removesuffix(".") + ".")


class InvalidValueError(ValueError):
    """A text is not a value of its kind. ``problem`` follows the text ("is not a GUID"), ``remedy`` may be empty."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


class Mm365Error(Exception):
    """An error that the user can put right: one problem, with what ``Problem`` says of it."""

    exit_code = 1

    def __init__(  # noqa: PLR0913 - the fields of a problem
        self,
        problem: str,
        remedy: str = "",
        *,
        field: str = "",
        value: str | Path | None = None,
        place: str = "",
        options: tuple[str, ...] = (),
    ) -> None:
        self.problems: tuple[Problem, ...] = (
            Problem(problem=problem, remedy=remedy, field=field, value=value, place=place, options=options),
        )
        super().__init__(self.said())

    def said(self, called: Callable[[str], str] = str) -> str:
        """A line for each problem. See ``Problem.said``."""
        return "\n".join(problem.said(called) for problem in self.problems)


class PackError(Mm365Error):
    """A folder is not a pack, or cannot be read as one."""


class TenantError(Mm365Error):
    """A tenant does not have what was looked for, or has two of it."""


class EvidenceError(Mm365Error):
    """A filled-in runbook cannot be read as one, or is of another pack."""


class RehearsalError(Mm365Error):
    """A pack cannot be rehearsed as it was asked for."""

    exit_code = 2


class SnapshotError(Mm365Error):
    """A file is not an export of a tenant, or cannot be read as one."""

    exit_code = 2


class NoPowerShellError(Mm365Error):
    """There is no PowerShell that could run the scripts."""

    exit_code = 3

    def __init__(self, problem: str, *, field: str = "", value: str | None = None, place: str = "") -> None:
        remedy = "install PowerShell 7 (https://aka.ms/install-powershell), or set MM365_PWSH to where it is"
        super().__init__(problem, remedy, field=field, value=value, place=place, options=() if field else ("shell",))


class RequestError(Mm365Error):
    """One or more values of a request are wrong; ``problems`` has all of them."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        Exception.__init__(self, self.said())


class OutputError(Mm365Error):
    """A file or folder could not be written."""

    exit_code = 4


class MissingExtraError(Mm365Error):
    """A command needs what the ``notebook`` extra installs."""

    exit_code = 5
    install = "pip install -e '.[notebook]' in a checkout, or pip install './FILE.whl[notebook]',"

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} not installed", f"{self.install} installs what is missing")
