"""Whether a run told the truth: its exit code, its last words, and what it says of the tenant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import HARMLESS, KILLS, OTHERS
from mm365.rehearsal.run import Run
from mm365.rehearsal.stages import DONE, STOPPED, WAITING

_REASON = {False: re.compile(r"^(STOP|DIFF)", re.MULTILINE), True: re.compile(r"^STOPPED\.", re.MULTILINE)}
"""How a script, and how a form, begins the line that says why it ended with 1."""
_ENDS_WELL = re.compile(r"^(Done|Nothing to do|Verified|Simulated): ", re.MULTILINE)
"""How a form begins the line that says what is known, where no error ended it."""
_STATE = r"^{name}: (on|off)\b"
"""How a form says of an object what it is, which only those that change nothing do."""
_UNTIL = re.compile(r"WAITING until \d{4}-\d\d-\d\d \d\d:\d\d")
_NOTHING_CHANGED = re.compile(r"\bnothing was changed\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A run, the same run without the fault of that ``kind`` if there is one, and what it could not see any more."""

    comparison: Comparison
    run: Run
    clean: Run | None
    kind: str
    unseen: str

    def problems(self) -> Iterator[str]:
        """What is not true, one text each."""
        code = self.run.ended.exit_code
        if self.run.ended.hung:
            yield "it did not end by itself"
        elif code is None:
            if self.kind not in KILLS:
                yield f"the shell ended: {last_words(self.run)}"
        elif self.kind in KILLS:
            yield "the shell was to be killed and was not"
        else:
            yield from self._code(code)
            yield from self._words(code)

    def _code(self, code: int) -> Iterator[str]:
        run, clean = self.run, self.clean
        if code not in self._expected():
            yield f"it ended with {code}: {last_words(run)}"
        elif code == DONE and clean is not None and clean.ended.exit_code == DONE:
            yield from self._reached(clean)
        if code == STOPPED and not _REASON[run.stage.pasted].search(run.ended.output):
            yield f"it ended with 1 and does not say why: {last_words(run)}"
        if code == WAITING and not _UNTIL.search(" ".join(run.ended.output.split())):
            yield f"it ended with 2 and does not say until when: {last_words(run)}"

    def _words(self, code: int) -> Iterator[str]:
        run = self.run
        if run.changes and run.stage.simulated:
            yield "it was a simulation, and it changed the tenant"
        if run.changes and _NOTHING_CHANGED.search(run.ended.output):
            yield "it says that nothing was changed, and it changed the tenant"
        yield from self._said()
        if not run.stage.pasted:
            return
        if code == DONE and not _ENDS_WELL.search(run.ended.output):
            yield f"it ended without an error and does not say what is known: {last_words(run)}"
        if code != DONE and re.search(r"^Done", run.ended.output, re.MULTILINE):
            yield f"it says Done and ended with an error: {last_words(run)}"

    def _expected(self) -> set[int | None]:
        """The exit codes with which it may end: as without a fault, or with 1 if something stands against it."""
        clean = self.clean
        if clean is None:
            return {DONE, STOPPED, *([WAITING] if self.run.stage.may_wait else [])}
        if self.run.stage.pasted and self._is_made_already(clean):
            # A form that creates does not resume: it refuses what is there.
            return {STOPPED}
        usual = {clean.ended.exit_code}
        if self.run.stage.planned and self.kind == "other-creates":
            # A rule that was not there when it was planned.
            return usual | {STOPPED}
        return usual if not self.kind or self.kind in HARMLESS | {"other-creates"} else usual | {STOPPED}

    def _is_made_already(self, clean: Run) -> bool:
        before = self.comparison.conditions(self.run.before.objects)
        was, is_ = (self.comparison.conditions(state.objects) for state in (clean.before, clean.after))
        return any(was[key] == "not there" != is_[key] and before[key] != "not there" for key in was)

    def _reached(self, clean: Run) -> Iterator[str]:
        """Exit code 0 says that it is done. What others turned off or removed after the last look is not its doing."""
        chosen = self.comparison.conditions(clean.after.objects)
        now = self.comparison.conditions(self.run.after.objects)
        told = said_of_the_tenant(self.comparison, self.run)
        for key in self._answers_for(clean):
            says_so = self.kind in OTHERS and not self.run.stage.pasted and told.get(key) == now[key]
            excused = key == self.unseen or says_so
            if now[key] != chosen[key] and not excused:
                yield f"it ended with 0, and {key} is '{now[key]}', not '{chosen[key]}'"
        sends = self.comparison.sends(self.run.after.objects)
        if not self.run.stage.simulated and sends != self.comparison.sends(clean.after.objects):
            yield f"it ended with 0, and Redirect {'sends' if sends else 'does not send'} mail to the filter"

    def _answers_for(self, clean: Run) -> list[str]:
        """The objects that it is about: those whose state it tells; of a form also those that it changes."""
        told = said_of_the_tenant(self.comparison, self.run)
        was, is_ = (self.comparison.conditions(state.objects) for state in (clean.before, clean.after))
        if not self.run.stage.pasted:
            return list(told or is_)
        return [key for key in is_ if was[key] != is_[key] or key in told]

    def _said(self) -> Iterator[str]:
        """What it says of the tenant is so; and a script says something unless it never came to know the tenant."""
        told = said_of_the_tenant(self.comparison, self.run)
        now = self.comparison.conditions(self.run.after.objects)
        for key, says in told.items():
            if says != now[key] and key != self.unseen:
                yield f"it says '{says}' of {key}, which is '{now[key]}'"
        silent = not told and "It could not be read" not in self.run.ended.output
        if self.run.changes and silent and not self.run.stage.pasted:
            yield "it changed something and does not say what exists now"


def said_of_the_tenant(comparison: Comparison, run: Run) -> dict[str, str]:
    """What a run says of each of the four objects: a script in its last lines, and a form that only reads."""
    if run.stage.pasted:
        return {
            object_.key: f"there, {found[1]}"
            for object_ in comparison.integration.objects
            if (found := re.search(_STATE.format(name=re.escape(object_.name)), run.ended.output, flags=re.MULTILINE))
        }
    _, _, block = run.ended.output.partition("Now in the tenant:")
    return {
        key: found[1]
        for key, title in comparison.titles().items()
        if (found := re.search(rf"^  {re.escape(title)}: (.*?)\s*$", block, flags=re.MULTILINE))
    }


def last_words(run: Run) -> str:
    """The end of what a run wrote, on one line."""
    lines = [line.strip() for line in run.ended.output.splitlines() if line.strip()]
    stops = [line for line in lines if line.startswith("STOP")]
    return " / ".join(lines[-3:] if run.stage.pasted else stops or lines[-3:]) or "it wrote nothing"


def exit_code_in_words(run: Run) -> str:
    """The exit code, if it has one."""
    return "no exit code" if run.ended.exit_code is None else str(run.ended.exit_code)
