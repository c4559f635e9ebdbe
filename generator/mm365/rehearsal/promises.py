"""The promises that a rehearsal checks after every run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import HARMLESS, KILLS, OTHERS
from mm365.rehearsal.run import Run


class Promise(StrEnum):
    """What must hold after every run, whatever went wrong in it."""

    TRUTH = "it ends by itself, with a true exit code, and says what exists now"
    BYSTANDERS = "what the pack did not create is neither changed nor removed"
    RETURN = "rollback brings back exactly what was there before"
    MAIL = "no mail loops or is lost on the way"


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A promise that was not kept, and what shows it."""

    promise: Promise
    text: str


@dataclass(frozen=True)
class PromiseChecker:
    """Checks runs of a rehearsal. ``start`` is what the tenant had at first, as ``Comparison.everything`` gives it."""

    comparison: Comparison
    start: dict[str, list[dict[str, object]]]

    def check(self, run: Run, clean: Run | None = None, kind: str = "", number: int = 0) -> Iterator[Breach]:
        """The promises that a run broke.

        A run with a fault comes with the ``kind`` of the fault and with the ``clean`` run of the same stage. If the
        fault is what another administrator does, it happens just before call ``number``.
        """
        unseen = _unseen(run, kind, number)
        yield from self._truth(run, clean, kind, unseen)
        yield from self._left_alone(run)
        yield from self._mail(run, kind, unseen)

    def returned(self, run: Run) -> Iterator[Breach]:
        """What the last rollback did not bring back."""
        if run.ended.exit_code != 0:
            yield Breach(promise=Promise.RETURN, text=f"rollback ended with {_code(run)}: {last_words(run)}")
        now = self.comparison.everything(run.after.objects)
        for name, before in self.start.items():
            yield from _differences(name, before, now[name], Promise.RETURN)

    def _truth(self, run: Run, clean: Run | None, kind: str, unseen: str) -> Iterator[Breach]:
        code = run.ended.exit_code
        if run.ended.hung:
            yield Breach(promise=Promise.TRUTH, text="it did not end by itself")
            return
        if code is None:
            if kind not in KILLS:
                yield Breach(promise=Promise.TRUTH, text=f"the shell ended: {last_words(run)}")
            return
        if kind in KILLS:
            yield Breach(promise=Promise.TRUTH, text="the shell was to be killed and was not")
        elif code not in _expected(clean, kind):
            yield Breach(promise=Promise.TRUTH, text=f"it ended with {code}: {last_words(run)}")
        elif code == 0 and clean is not None and clean.ended.exit_code == 0:
            yield from self._reached(run, clean, kind, unseen)
        if code == 1 and not _REASON.search(run.ended.output):
            yield Breach(promise=Promise.TRUTH, text=f"it ended with 1 and does not say why: {last_words(run)}")
        yield from self._said(run, unseen)

    def _reached(self, run: Run, clean: Run, kind: str, unseen: str) -> Iterator[Breach]:
        """Exit code 0 must mean that the objects are as after the clean run, unless somebody else changed them."""
        chosen = self.comparison.conditions(clean.after.objects)
        told = self._lines(run)
        now = self.comparison.conditions(run.after.objects)
        # A script answers for the objects that it names at its end: the stop switch names only Redirect.
        for key, is_ in now.items() if not told else ((key, now[key]) for key in told):
            excused = key == unseen or (kind in OTHERS and told.get(key) == is_)
            if is_ != chosen[key] and not excused:
                yield Breach(promise=Promise.TRUTH, text=f"it ended with 0, and {key} is '{is_}', not '{chosen[key]}'")

    def _said(self, run: Run, unseen: str) -> Iterator[Breach]:
        """What a script says of the tenant at its end must be true, and after a change it must say something."""
        told = self._lines(run)
        now = self.comparison.conditions(run.after.objects)
        for key, says in told.items():
            if says != now[key] and key != unseen:
                yield Breach(promise=Promise.TRUTH, text=f"it says '{says}' of {key}, which is '{now[key]}'")
        changed = any(call["changed"] for call in run.calls)
        if changed and not told and "It could not be read" not in run.ended.output:
            yield Breach(promise=Promise.TRUTH, text="it changed something and does not say what exists now")

    def _lines(self, run: Run) -> dict[str, str]:
        _, _, block = run.ended.output.partition("Now in the tenant:")
        return {
            key: found[1]
            for key, title in self.comparison.titles().items()
            if (found := re.search(rf"^  {re.escape(title)}: (.*?)\s*$", block, flags=re.MULTILINE))
        }

    def _left_alone(self, run: Run) -> Iterator[Breach]:
        before, now = run.before.objects, run.after.objects
        theirs = self.comparison.bystanders(before)
        for name, items in self.comparison.bystanders(now).items():
            yield from _differences(name, theirs[name], items, Promise.BYSTANDERS)
        kept = [item["Guid"] for item in self.comparison.foreign(now)]
        for item in self.comparison.foreign(before):
            if item["Guid"] not in kept:
                yield Breach(promise=Promise.BYSTANDERS, text=f"'{item['Name']}', which somebody else made, is gone")

    def _mail(self, run: Run, kind: str, unseen: str) -> Iterator[Breach]:
        told = self._lines(run)
        is_ = self.comparison.conditions(run.after.objects)
        # The script is not to blame for what somebody else did if it says so, or had made its last check before.
        excused = kind in OTHERS and bool(told) and all(says == is_[key] or key == unseen for key, says in told.items())
        if not excused:
            yield from (
                Breach(promise=Promise.MAIL, text=text) for text in self.comparison.mail_problems(run.after.objects)
            )
        if not self.comparison.is_on("Redirect", run.before.objects):
            return
        for call in run.calls:
            if call["changed"] and call["cmdlet"].startswith("Remove-"):
                yield Breach(promise=Promise.MAIL, text=f"{call['cmdlet']} was called while mail was under way")


_REASON = re.compile(r"^(STOP|DIFF)", flags=re.MULTILINE)
_LISTING = {"other-removes": ("Inbound", "Get-InboundConnector"), "other-disables": ("LoopCheck", "Get-TransportRule")}


def _unseen(run: Run, kind: str, number: int) -> str:
    """The key of the object that somebody else changed after the script's last look at it; empty if there is none."""
    key, cmdlet = _LISTING.get(kind, ("", ""))
    seen = any(call["cmdlet"] == cmdlet for call in run.calls[max(number - 1, 0) :])
    return "" if seen or not number else key


def _expected(clean: Run | None, kind: str) -> set[int | None]:
    """The exit codes that a script may end with: that of the clean run and, after most faults, 0 or 1."""
    if clean is None:
        return {0, 1}
    usual = {clean.ended.exit_code}
    return usual if not kind or kind in HARMLESS | {"other-creates"} else usual | {0, 1}


def last_words(run: Run) -> str:
    """The lines with STOP that a run wrote, or else its last three, on one line."""
    lines = [line.strip() for line in run.ended.output.splitlines() if line.strip()]
    stops = [line for line in lines if line.startswith("STOP")]
    return " / ".join(stops or lines[-3:]) or "it wrote nothing"


def _code(run: Run) -> str:
    return "no exit code" if run.ended.exit_code is None else str(run.ended.exit_code)


def _differences(
    name: str, before: list[dict[str, object]], now: list[dict[str, object]], promise: Promise
) -> Iterator[Breach]:
    if before == now:
        return
    was = {str(item["Guid"]): item for item in before}
    is_ = {str(item["Guid"]): item for item in now}
    for guid, item in was.items():
        if guid not in is_:
            yield Breach(promise=promise, text=f"'{item['Name']}' is gone from {name}")
        elif is_[guid] != item:
            changed = [key for key in item if is_[guid].get(key) != item[key]]
            yield Breach(promise=promise, text=f"'{item['Name']}' in {name} differs in {', '.join(changed)}")
    for guid in is_.keys() - was.keys():
        yield Breach(promise=promise, text=f"'{is_[guid]['Name']}' is left in {name}")
    if was.keys() == is_.keys() and [*was] != [*is_]:
        yield Breach(promise=promise, text=f"the order of {name} has changed")
