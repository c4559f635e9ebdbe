"""One thing that the operator does, and what the record of it has to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mm365 import powershell
from mm365.scripts.paste_form import PasteForm
from mm365.scripts.script import Script

FINGERPRINT = "Fingerprint that was approved"
TIME = "Time (UTC)"
BY = "Carried out by"
EXIT_CODE = "Exit code"
TEST_MESSAGES = "Test messages (in, out, internal)"
NOT_DONE = "Not done, because"
OUTPUT = "Output"

BEFORE_WINDOW = "before the window"
"""When a step is done that needs no window."""
TIME_FORMS = "2026-12-01 14:30, or 2026-12-01 14:30 to 15:10"
"""How a time is written."""

_RECORD = (TIME, BY, EXIT_CODE, OUTPUT)


@dataclass(frozen=True, kw_only=True)
class OperatorStep:
    """One thing that the operator does, by running a script or without one.

    ``forms`` are the paste forms that do the same, in order. ``signs`` are what the script says when all is well,
    before its very last line. ``asks`` is what the step's record has to say, unless it says why the step was not done.
    A ``standby`` step is done only if something goes wrong, an ``optional`` one only if somebody wants it.
    ``hours`` must pass before its script, or the last of its forms, goes through; it waits until then, which is exit
    code 2 and not a failure. They count from the begin of the first of the steps ``since``. ``undoes`` is the key of
    the step that this one takes back; if that one was not done, there is nothing to wait for. ``pause`` is how many
    minutes the operator lets pass for it, on purpose. A step that
    ``takes_back`` brings back what was there before the change. ``text`` and ``advice`` stand where the script's own
    words would not do.
    """

    key: str
    title: str
    when: str
    who: str = "operator"
    script: Script | None = None
    arguments: Mapping[str, str | bool] = field(default_factory=dict)
    forms: tuple[PasteForm, ...] = ()
    text: str = ""
    ends_well: str = "exit code 0"
    signs: tuple[str, ...] = ()
    advice: str = ""
    asks: tuple[str, ...] = _RECORD
    standby: bool = False
    optional: bool = False
    hours: float = 0.0
    pause: int = 0
    since: tuple[str, ...] = ()
    undoes: str = ""
    takes_back: bool = False

    @property
    def in_window(self) -> bool:
        """Whether it is done in the window of a change that goes well."""
        return not self.standby and self.when != BEFORE_WINDOW

    @property
    def waiting(self) -> bool:
        """Whether it may end with exit code 2, which is not a failure."""
        return self.hours > 0

    @property
    def needed(self) -> bool:
        """Whether the change has not succeeded without it, whatever the reason. Other steps only read or simulate."""
        return not self.standby and not self.optional and (bool(self.forms) or FINGERPRINT in self.asks)

    @property
    def about(self) -> str:
        """What it is for."""
        return self.text or (self.script.synopsis if self.script else "")

    @property
    def last_lines(self) -> tuple[str, ...]:
        """What the script ends with when all is well."""
        if self.script is None:
            return self.signs
        return (*self.signs, self.script.next_line(self.arguments))

    @property
    def if_not(self) -> str:
        """What to do when it does not end well: what the script itself says then."""
        return self.advice or (self.script.next.stopped if self.script else "")

    @property
    def command(self) -> str:
        """The line that runs it, in the folder of the pack."""
        words = [f"-{name}" if value is True else f"-{name} {value}" for name, value in self.arguments.items()]
        return " ".join([f"./{self.script.path}", *words]) if self.script else ""

    @property
    def paste_lines(self) -> tuple[str, ...]:
        """What the first lines of its paste forms have to say; the others stay as they are."""
        known = {name for form in self.forms for name in form.variables}
        values = ((name, value) for name, value in self.arguments.items() if name in known)
        return tuple(f"${name} = {powershell.literal(value)}" for name, value in values)
