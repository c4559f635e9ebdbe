"""What a step of a change is. Each kind of step is a class that knows its inverse and carries what that needs.

How a step is printed is not decided here: a script has one macro for each kind, by the name in ``macro``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from mm365.exchange.objects import ExchangeObject
from mm365.exchange.sources import Source
from mm365.snapshot.difference import Difference


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
    """Creates the object with all of its settings.

    ``priority`` is a rule's place, from 0, at which those from there on move down; None is below all others.
    """

    macro = "create"
    words = "create the"
    priority: int | None = None

    @property
    def inverse(self) -> "Remove":
        """Removes it again."""
        return Remove(object=self.object, there=self.back, back=self.there, priority=self.priority)

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return "every setting is read back and compared"


@dataclass(frozen=True, kw_only=True)
class Remove(Step):
    """Removes the object; ``object`` is the whole of what is removed, so that it can be created again."""

    macro = "remove"
    words = "remove the"
    priority: int | None = None

    @property
    def inverse(self) -> Create:
        """Creates it again as it was, where it was."""
        return Create(object=self.object, there=self.back, back=self.there, priority=self.priority)


@dataclass(frozen=True, kw_only=True)
class Update(Step):
    """Sets settings of an object that is there, and leaves all others; each difference is a value now and afterwards.

    Whether the object is on, its name and a rule's place are not among them.
    """

    macro = "update"
    words = "change the"
    differences: tuple[Difference, ...]

    @property
    def inverse(self) -> "Update":
        """Sets the values of before."""
        back = tuple(difference.inverse for difference in self.differences)
        return Update(object=self.object, there=self.back, back=self.there, differences=back)

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return "every setting is read back and compared"


@dataclass(frozen=True, kw_only=True)
class TurnOn(Step):
    """Turns a connector on that is there and off; a rule is turned on by ``Enable``."""

    macro = "turn_on"
    words = "turn on the"

    @property
    def inverse(self) -> "TurnOff":
        """Turns it off again."""
        return TurnOff(object=self.object, there=self.back, back=self.there)

    @property
    def check(self) -> str:
        """How one sees that it is done."""
        return "Enabled reads True"


@dataclass(frozen=True, kw_only=True)
class TurnOff(Step):
    """Turns a connector off."""

    macro = "turn_off"
    words = "turn off the"

    @property
    def inverse(self) -> TurnOn:
        """Turns it on again."""
        return TurnOn(object=self.object, there=self.back, back=self.there)


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
