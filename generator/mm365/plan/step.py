"""What a step of a change is. Each kind of step is a class that knows its inverse and carries what that needs.

How a step is printed is not decided here: a script has one macro for each kind, by the name in ``macro``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from mm365.exchange.objects import ExchangeObject
from mm365.exchange.sources import Source


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a step stands where it stands, and what the service demands of it.

    ``sources`` say so; INFERRED where the order is a decision of this project. ``needs`` is the object whose presence
    decides whether the service accepts the step: a rule needs its connector, and a connector cannot be removed
    while a rule uses it.
    """

    why: str
    sources: tuple[Source, ...]
    needs: ExchangeObject | None = None


@dataclass(frozen=True, kw_only=True)
class Step(ABC):
    """One change to one object. ``there`` is about the step itself, ``back`` about its inverse."""

    object: ExchangeObject
    there: Reason
    back: Reason
    macro: ClassVar[str]
    words: ClassVar[str]

    @property
    @abstractmethod
    def inverse(self) -> "Step":
        """The step that takes this one back."""

    @property
    def why(self) -> str:
        """Why it is done, and done here."""
        return self.there.why

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who says so."""
        return self.there.sources

    @property
    def needs(self) -> ExchangeObject | None:
        """The object whose presence decides whether the service accepts it."""
        return self.there.needs

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return ""

    @property
    def title(self) -> str:
        """What it does, in words."""
        return f"{self.words} {self.object.label} '{self.object.name}'"

    def announcement(self, number: int, total: int) -> str:
        """The line with which a script begins this step."""
        return f"{number} of {total}: {self.words} {self.object.label}"


@dataclass(frozen=True, kw_only=True)
class Create(Step):
    """Creates the object with all of its settings."""

    macro = "create"
    words = "create the"

    @property
    def inverse(self) -> "Remove":
        """Removes it again."""
        return Remove(object=self.object, there=self.back, back=self.there)

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return "every setting is read back and compared"


@dataclass(frozen=True, kw_only=True)
class Remove(Step):
    """Removes the object; ``object`` is the whole of what is removed, so that it can be created again."""

    macro = "remove"
    words = "remove the"

    @property
    def inverse(self) -> Create:
        """Creates it again as it was."""
        return Create(object=self.object, there=self.back, back=self.there)


@dataclass(frozen=True, kw_only=True)
class Enable(Step):
    """Turns a rule on. ``also`` is what is checked besides its state."""

    macro = "enable"
    words = "turn on the"
    also: str = ""

    @property
    def inverse(self) -> "Disable":
        """Turns it off again."""
        return Disable(object=self.object, there=self.back, back=self.there, also=self.also)

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return "its State reads Enabled" + self.also


@dataclass(frozen=True, kw_only=True)
class Disable(Step):
    """Turns a rule off."""

    macro = "disable"
    words = "turn off the"
    also: str = ""

    @property
    def inverse(self) -> Enable:
        """Turns it on again."""
        return Enable(object=self.object, there=self.back, back=self.there, also=self.also)


@dataclass(frozen=True, kw_only=True)
class Drain(Step):
    """Waits for mail that a rule has sent out. It changes nothing, so it is its own inverse."""

    macro = "drain"
    words = "wait for mail sent by the"

    @property
    def inverse(self) -> "Drain":
        """Nothing has to be taken back."""
        return self
