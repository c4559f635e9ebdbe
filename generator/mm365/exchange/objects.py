"""What a connector or a rule is to this project: typed values, each setting with its reason and its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.kinds import Kind
from mm365.exchange.sources import Source
from mm365.powershell import Value


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One parameter of a New- cmdlet: its value, why it has it, and who says so.

    ``note`` is the reason in a few words, for the end of its line in a script.
    """

    name: str
    value: Value
    note: str
    why: str
    sources: tuple[Source, ...]


def setting(name: str, value: Value, note: str, why: str, *sources: Source) -> Setting:
    """A row of an object's table of settings."""
    return Setting(name=name, value=value, note=note, why=why, sources=sources)


@dataclass(frozen=True, kw_only=True)
class ExchangeObject:
    """A connector or a rule: ``key`` is its name in scripts and state files.

    ``called`` is its name in sentences that say already what it is, and ``label`` that in all others.
    """

    key: str
    kind: Kind
    called: str
    purpose: str
    settings: tuple[Setting, ...]

    @property
    def label(self) -> str:
        """Its name in sentences."""
        return f"rule {self.called}" if self.kind is Kind.RULE else self.called

    @property
    def name(self) -> str:
        """Its name in the tenant."""
        return str(self.values["Name"])

    @property
    def values(self) -> Mapping[str, Value]:
        """What is passed to the New- cmdlet."""
        return {setting.name: setting.value for setting in self.settings}


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The four objects, in the order in which they are created."""

    inbound: ExchangeObject
    outbound: ExchangeObject
    loop_check: ExchangeObject
    redirect: ExchangeObject

    @property
    def objects(self) -> tuple[ExchangeObject, ...]:
        """All four, in the order in which they are created."""
        return (self.inbound, self.outbound, self.loop_check, self.redirect)
