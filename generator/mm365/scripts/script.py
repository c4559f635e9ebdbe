"""What a script is: its words, its parameters in both forms, and the Exchange cmdlets that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.plan.step import Step
from mm365.powershell import Value


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a script; in the paste form, a variable in its first lines.

    Without a ``default`` the file form demands it, and the paste form starts with the first of ``values``.
    """

    name: str
    help: tuple[str, ...]
    default: str | int | None = None
    values: tuple[str, ...] = ()
    maximum: int = 0
    paste_start: str = ""

    @property
    def paste_default(self) -> Value:
        """Its value in the paste form as generated."""
        if self.paste_start:
            return self.paste_start
        return self.values[0] if self.default is None else self.default

    @property
    def paste_help(self) -> str:
        """What may be put there, for the end of its line."""
        return " or ".join(self.values) if self.values else self.help[0]

    @property
    def refusal(self) -> str:
        """What the paste form says of a value that the file form would refuse."""
        return f"{self.name} is to be {self.paste_help if self.values else f'a number from 0 to {self.maximum}'}."

    @property
    def type(self) -> str:
        """The name of its PowerShell type."""
        return "int" if isinstance(self.default, int) else "string"


@dataclass(frozen=True, kw_only=True)
class Script:
    """One script of a pack, or one that stands alone; ``name`` is its file name without ending.

    ``objects`` are those that it looks at, ``preconditions`` those of them that must be there already, ``steps`` what
    it does to the tenant. ``needs`` are the cmdlets that it calls, each with its parameters.
    """

    name: str
    synopsis: str
    description: tuple[str, ...]
    example: str
    parameters: tuple[Parameter, ...] = ()
    changes: bool = False
    objects: tuple[ExchangeObject, ...] = ()
    preconditions: tuple[ExchangeObject, ...] = ()
    steps: tuple[Step, ...] = ()
    needs: Mapping[str, tuple[str, ...]]
    next_when_done: str
    next_when_stopped: str
    alone: bool = False

    @property
    def keeps_state(self) -> bool:
        """Whether it notes something in files."""
        return self.takes("StatePath")

    @property
    def checks_order(self) -> bool:
        """Whether it looks at the rules, whose order decides the way of mail."""
        return any(object_.kind is Kind.RULE for object_ in self.objects)

    def takes(self, parameter: str) -> bool:
        """Whether it has a parameter of that name."""
        return any(known.name == parameter for known in self.parameters)
