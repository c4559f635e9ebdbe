"""The four promises, for scripts and for paste forms, and whether a run kept them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mm365.integration.facts import DRAIN_HOURS
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import OTHERS
from mm365.rehearsal.run import Run
from mm365.rehearsal.truth import Truth, exit_code_in_words, last_words, said_of_the_tenant


class Promise(StrEnum):
    """What must hold after every run, whatever went wrong in it."""

    TRUTH = "it ends by itself, with a true exit code, and says what exists now"
    BYSTANDERS = "what the pack did not create is neither changed nor removed"
    RETURN = "rollback brings back exactly what was there before"
    MAIL = "no mail loops or is lost on the way"


_ANY = {
    Promise.BYSTANDERS: "Connectors and rules that the pack did not create stay as they are, in their order.",
    Promise.MAIL: (
        "Redirect never sends mail while Loop Check or a connector is missing or off, or Loop Check stands below it. "
        "Loop Check and the connectors stay while mail may be under way."
    ),
}
_SCRIPTS = _ANY | {
    Promise.TRUTH: (
        "A script ends by itself. Exit code 0 means that it is done, and that is true. 1 means that it refused or "
        "failed, and it says why. 2 means that it waits as designed, and it says until when. Its last lines say what "
        "exists in the tenant, and that is true."
    ),
    Promise.RETURN: "The script knows from its notes what the pack created, by identity, and removes nothing else.",
}
_FORMS = _ANY | {
    Promise.TRUTH: (
        "A form ends by itself. It ends with an error if what it was to do is not done, as far as it looked, and only "
        "then. If it has to wait, it says until when. Its last line says what is known, and it says Done only if that "
        "is true."
    ),
    Promise.RETURN: (
        "The forms keep no notes. If an object differs in any setting from what the pack creates, they refuse it "
        "before any change and name the difference. Once it is removed by hand, they go through."
    ),
}


def promised(*, pasted: bool) -> Mapping[Promise, str]:
    """What each promise means for the paste forms, or for the scripts."""
    meant = _FORMS if pasted else _SCRIPTS
    return {promise: meant[promise] for promise in Promise}


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A promise that was not kept, and what shows it."""

    promise: Promise
    text: str


@dataclass(frozen=True)
class PromiseChecker:
    """Checks runs of a rehearsal. ``start`` is what the tenant had at first, as ``Comparison.everything`` gives it.

    ``changes`` are the settings that the plan changes on objects that were there, by the objects' keys; None
    for a pack that was not planned against a snapshot.
    """

    comparison: Comparison
    start: dict[str, list[dict[str, object]]]
    changes: Mapping[str, Collection[str]] | None = None

    def check(self, run: Run, clean: Run | None = None, kind: str = "", number: int = 0) -> Iterator[Breach]:
        """The promises that a run broke.

        A run with a fault comes with the ``kind`` of the fault and with the ``clean`` run of the same stage. If the
        fault is what another administrator does, it happens just before call ``number``.
        """
        unseen = _unseen(run, kind, number)
        for text in Truth(comparison=self.comparison, run=run, clean=clean, kind=kind, unseen=unseen).problems():
            yield Breach(promise=Promise.TRUTH, text=text)
        yield from self._left_alone(run)
        if self.changes is not None and kind not in OTHERS | {"differs"}:
            yield from self._left_as_planned(run, self.changes)
        yield from self._mail(run, kind, unseen)

    @property
    def sent_at_first(self) -> bool:
        """Whether Redirect sent mail before anything was run."""
        return self.comparison.sends(self.start)

    def returned(self, run: Run, kind: str = "") -> Iterator[Breach]:
        """What is not as it was before, after the last run of rollback.

        Where Redirect sent mail before the change and somebody else has taken away what it needs, rollback does what it
        can, says that mail is at risk, and ends with 1; ``kind`` is that fault.
        """
        says_so = bool(kind) and self.sent_at_first and "Mail is at risk now" in run.ended.output
        if run.ended.exit_code != 0 and not says_so:
            yield Breach(
                promise=Promise.RETURN, text=f"rollback ended with {exit_code_in_words(run)}: {last_words(run)}"
            )
        now = self.comparison.everything(run.after.objects)
        for name, before in self.start.items():
            expected = [after for each in before if (after := self._but_for_named(each, now[name], run))]
            yield from _differences(name, expected, now[name], Promise.RETURN)

    def _but_for_named(
        self, before: dict[str, object], now: list[dict[str, object]], run: Run
    ) -> dict[str, object] | None:
        """An object of ours that was there before, without what rollback names as changed by others or by 60-stop."""
        title = self._were_there.get(str(before["Guid"]))
        named = [line for line in run.ended.output.splitlines() if line.startswith("WARN") and title and title in line]
        after = next((each for each in now if each["Guid"] == before["Guid"]), None)
        if after is None:
            return None if any("is not there any more" in line for line in named) else before
        says = {key: f"{title} is o" if key in {"State", "Enabled"} else f"{title}: {key} is" for key in before}
        left = {key: after[key] for key in before if key in after and any(says[key] in line for line in named)}
        derived = {key: after[key] for key in _DERIVED if left and key in after}
        return {**before, **derived, **left}

    @property
    def _were_there(self) -> Mapping[str, str]:
        """What the scripts call those of the four that were there at first, by their Guids."""
        titles = self.comparison.titles()
        found = self.comparison.find(self.start)
        return {str(each["Guid"]): titles[key] for key, each in found.items() if each}

    def _left_as_planned(self, run: Run, changes: Mapping[str, Collection[str]]) -> Iterator[Breach]:
        """Of those of the four that were there at first, nothing is changed that the plan does not change."""
        were_there = self._were_there
        before, now = (
            self.comparison.find(self.comparison.everything(state.objects)) for state in (run.before, run.after)
        )
        for key, was in before.items():
            if was is None or str(was["Guid"]) not in were_there:
                continue
            is_ = now[key] or {}
            # Turning it on and off is the work of 50-enable and 60-stop.
            allowed = {"State", *_DERIVED, *changes.get(key, ())}
            changed = [name for name in was if name not in allowed and is_.get(name) != was[name]]
            if changed:
                text = f"'{was['Name']}' was there before, and {', '.join(changed)} changed, which is not planned"
                yield Breach(promise=Promise.BYSTANDERS, text=text)

    def refused(self, run: Run) -> Iterator[Breach]:
        """What is wrong with a rollback form that refuses what is not in every setting what the pack creates."""
        if run.changes:
            yield Breach(promise=Promise.RETURN, text=f"it changed something before it refused: {last_words(run)}")
        differing = self.comparison.not_as_created(run.after.objects)
        names = {name for settings in differing.values() for name in settings}
        names |= {object_.called for object_ in self.comparison.integration.objects if object_.key in differing}
        if not any(name in run.ended.output for name in names):
            yield Breach(promise=Promise.RETURN, text=f"it refused and does not name the difference: {last_words(run)}")

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
        if not self._excused(run, kind, unseen):
            yield from (Breach(promise=Promise.MAIL, text=text) for text in self.comparison.at_risk(run.after.objects))
        before, quiet = run.before.objects, run.before.quiet_hours
        if not self.comparison.sends(before) and (quiet is None or quiet >= DRAIN_HOURS):
            return
        found = {key: item for key, item in self.comparison.find(before).items() if item and key != "Redirect"}
        needed = {str(item[name]).lower(): key for key, item in found.items() for name in ("Guid", "Name")}
        for call in run.changes:
            key = needed.get(str(call["parameters"].get("Identity", "")).lower())
            if key and call["cmdlet"].startswith(("Remove-", "Disable-")):
                text = f"{call['cmdlet']} was called for {key} while mail was under way"
                yield Breach(promise=Promise.MAIL, text=text)

    def _excused(self, run: Run, kind: str, unseen: str) -> bool:
        """Whether what somebody else did is not to be laid at this run's door.

        A script has to say what it finds, unless it had looked for the last time before. A form answers for mail only
        if it turns Redirect on; what it does not find then is found by verify, which has to say so.
        """
        if kind not in OTHERS:
            return False
        if run.stage.pasted:
            turned_on = not self.comparison.sends(run.before.objects)
            return bool(unseen) or not turned_on
        told = said_of_the_tenant(self.comparison, run)
        is_ = self.comparison.conditions(run.after.objects)
        return bool(told) and all(says == is_[key] or key == unseen for key, says in told.items())


_DERIVED = ("Conditions", "Exceptions", "Actions")
"""What the service writes of a rule's settings."""
_LISTING = {"other-removes": ("Inbound", "Get-InboundConnector"), "other-disables": ("LoopCheck", "Get-TransportRule")}


def _unseen(run: Run, kind: str, number: int) -> str:
    """The object with which somebody else did something after the run had looked at it for the last time."""
    key, cmdlet = _LISTING.get(kind, ("", ""))
    seen = any(call["cmdlet"] == cmdlet for call in run.calls[max(number - 1, 0) :])
    return "" if seen or not number else key


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
