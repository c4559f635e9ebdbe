"""What a script of a pack is: its words, its parameters, the cmdlets that it calls, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.objects import ExchangeObject
from mm365.plan.step import Step


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a script. Without a ``default`` it has to be given; ``minimum`` and ``maximum`` bound a
    number."""

    name: str
    help: tuple[str, ...]
    default: str | int | None = None
    values: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0

    @property
    def type(self) -> str:
        """The name of its PowerShell type."""
        return "int" if isinstance(self.default, int) else "string"


@dataclass(frozen=True, kw_only=True)
class Next:
    """What a script tells the operator to do next, by how it ended.

    ``done`` has one text, under "", or one for each value of the parameter ``by``. ``waiting`` is for a script that
    ends with exit code 2 when it has to wait.
    """

    stopped: str
    done: Mapping[str, str]
    by: str = ""
    waiting: str = ""


@dataclass(frozen=True, kw_only=True)
class Script:
    """One script of a pack; ``name`` is its file name without ending.

    ``calls`` are the cmdlets that it calls besides those that every script reads with. ``keeps_notes`` says that it
    has a folder for notes, ``compares`` that it compares the four objects with what was approved. ``objects`` are those
    whose settings stand in it with their reasons, ``steps`` what it does to the tenant. ``after`` is for a script that
    the procedure does not name: the key of the step behind which the operator runs it. ``refuses_example`` says that
    with the example's header ID it ends with 1, for it brings the change nearer: what only reads, or takes back, runs.
    ``planned`` says that it compares the tenant with the snapshot that the pack was planned against.
    """

    name: str
    synopsis: str
    example: str
    next: Next
    parameters: tuple[Parameter, ...] = ()
    changes: bool = False
    keeps_notes: bool = False
    calls: tuple[str, ...] = ()
    objects: tuple[ExchangeObject, ...] = ()
    steps: tuple[Step, ...] = ()
    compares: bool = True
    after: str = ""
    refuses_example: bool = False
    planned: bool = False

    @property
    def path(self) -> str:
        """Where it is in a pack."""
        return f"scripts/{self.name}.ps1"

    @property
    def next_lines(self) -> Mapping[str, str]:
        """The last line of a run that ended well, by the value of the parameter that decides it."""
        return {value: f"Next: {text}" for value, text in self.next.done.items()}

    def next_line(self, arguments: Mapping[str, object]) -> str:
        """The last line of a run with these arguments that ended well."""
        if arguments.get("WhatIf"):
            return NEXT_AFTER_WHATIF
        return self.next_lines[str(arguments.get(self.next.by, ""))]


NEXT_AFTER_WHATIF = "Next: the same without -WhatIf."
"""What every script that changes something ends with after a simulation."""
