"""What a script is: its words, its parameters in both forms, and the Exchange cmdlets that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.powershell import Code, Value, literal
from generator.powershell import name as identifier


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
    def declaration(self) -> Code:
        """Its line or lines in the file form's ``param`` block."""
        lines = []
        if self.default is None:
            lines.append("[Parameter(Mandatory = $true)]")
        if self.values:
            lines.append(f"[ValidateSet({', '.join(literal(value) for value in self.values)})]")
        if self.maximum:
            lines.append(f"[ValidateRange(0, {self.maximum})]")
        start = "" if self.default is None else f" = {literal(self.default)}"
        lines.append(f"[{self._type}]${identifier(self.name)}{start}")
        return Code("\n    ".join(lines))

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
    def paste_check(self) -> Code | None:
        """A statement that refuses a value which the file form would refuse."""
        if self.values:
            choice = ", ".join(literal(value) for value in self.values)
            text = literal(f"{self.name} is to be {self.paste_help}.")
            return Code(f"if (${identifier(self.name)} -notin {choice}) {{ throw {text} }}")
        if self.maximum:
            variable = f"${identifier(self.name)}"
            text = literal(f"{self.name} is to be a number from 0 to {self.maximum}.")
            return Code(
                f"if ({variable} -isnot [int] -or {variable} -lt 0 -or {variable} -gt {self.maximum}) "
                f"{{ throw {text} }}"
            )
        return None

    @property
    def _type(self) -> str:
        return "int" if isinstance(self.default, int) else "string"


@dataclass(frozen=True, kw_only=True)
class Script:
    """One script of a pack, or one that stands alone; ``name`` is its file name without ending."""

    name: str
    synopsis: str
    description: tuple[str, ...]
    example: str
    parameters: tuple[Parameter, ...] = ()
    changes: bool = False
    needs: Mapping[str, tuple[str, ...]]
    next_when_done: str
    next_when_stopped: str
    alone: bool = False

    @property
    def keeps_state(self) -> bool:
        """Whether it notes something in files."""
        return any(parameter.name == "StatePath" for parameter in self.parameters)

    @property
    def state_root(self) -> Code:
        """The folder in which the file form keeps ``state`` unless told otherwise."""
        return Code("'.'") if self.alone else Code("(Split-Path -Path $PSScriptRoot -Parent)")
