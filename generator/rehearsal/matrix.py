"""Every fault at every call: run, try again, roll back, compare with what was there before."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.emulator.tenants import KINDS
from generator.rehearsal.course import ROLLBACK, ROLLBACK_AGAIN
from generator.rehearsal.faults import KILLS, Case
from generator.rehearsal.ground import Ground, Standing
from generator.rehearsal.judge import Breach, Judge, Promise
from generator.rehearsal.likeness import is_foreign
from generator.rehearsal.shells import WAYS, OpenShell, Way
from generator.rehearsal.walk import Actor, Passed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a case: how it ended, and what it broke."""

    case: Case
    way: Way
    passed: Passed
    breaches: tuple[Breach, ...]

    @property
    def held(self) -> bool:
        """Whether every promise was kept."""
        return not self.breaches


@dataclass
class Known:
    """Ways back that have been gone: what follows from the same moment is the same, and is run once."""

    back: dict[str, tuple[Breach, ...]] = field(default_factory=dict)
    again: dict[tuple[str, str], tuple[tuple[Breach, ...], Standing]] = field(default_factory=dict)
    runs: int = 0


@dataclass(frozen=True)
class Matrix:
    """Runs cases for one pack and one tenant, until all are run or ``stop`` is set."""

    pack: Path
    program: str
    judge: Judge
    stop: threading.Event = field(default_factory=threading.Event)
    known: Known = field(default_factory=Known)

    def run(
        self, cases: Sequence[tuple[Case, Way]], folder: Path, tell: Callable[[Outcome], object] = lambda _: None
    ) -> list[Outcome]:
        """Run all cases, several at a time, each way of running scripts in shells of its own."""
        if not cases:
            return []
        workers = min(len(cases), os.cpu_count() or 1)
        pending = list(reversed(_by_way(cases)))
        outcomes: list[Outcome] = []
        lock = threading.Lock()

        def work(number: int) -> None:
            shell: OpenShell | None = None
            try:
                while not self.stop.is_set():
                    with lock:
                        if not pending:
                            return
                        case, way = pending.pop()
                    if shell is None or shell.way != way:
                        if shell is not None:
                            shell.discard()
                        shell = OpenShell(self.program, way, self.stop)
                    actor = Actor(pack=self.pack, shell=shell, ground=Ground(folder / f"worker-{number}"))
                    outcome = self.one(case, actor)
                    with lock:
                        outcomes.append(outcome)
                        tell(outcome)
            finally:
                if shell is not None:
                    shell.discard()

        with ThreadPoolExecutor(workers) as pool:
            try:
                for done in [pool.submit(work, number) for number in range(workers)]:
                    done.result()
            except BaseException:
                self.stop.set()
                raise
        return outcomes

    def one(self, case: Case, actor: Actor) -> Outcome:
        """One case: the run with its fault, then both ways back."""
        clean = case.passed
        passed = self._faulted(case, actor)
        self.known.runs += 1
        breaches = [*self.judge.run(passed, clean, case.kind, case.number)]
        if not any(call["faults"] for call in passed.calls):
            breaches.append(Breach(promise=Promise.TRUTH, text="the fault was ordered and did not happen"))
        after = passed.after
        if case.kind == "other-takes-name":
            breaches += self._back(actor, after, refused=True)
            after = _without_foreign(after)
        breaches += self._again(actor, case, after)
        breaches += self._back(actor, after)
        return Outcome(case=case, way=actor.shell.way, passed=passed, breaches=tuple(dict.fromkeys(breaches)))

    def _faulted(self, case: Case, actor: Actor) -> Passed:
        """The run with its fault; one that is killed has a shell of its own, so that the ways back need no new one."""
        stage = replace(case.passed.stage, hours=0.0)
        if case.kind not in KILLS:
            return actor.perform(stage, case.passed.before, [case.fault])
        doomed = actor.shell.another()
        try:
            return replace(actor, shell=doomed).perform(stage, case.passed.before, [case.fault])
        finally:
            doomed.discard()

    def _again(self, actor: Actor, case: Case, standing: Standing) -> tuple[Breach, ...]:
        """The same script once more, as its last line says, and then the way back."""
        clean = case.passed
        kind = case.kind if case.kind in _LASTING else ""
        key = (f"{clean.stage.key} {kind}", self.judge.likeness.key(standing))
        if key not in self.known.again:
            passed = actor.perform(replace(clean.stage, hours=0.0), standing)
            self.known.runs += 1
            self.known.again[key] = (
                _named("run again", self.judge.run(passed, clean, kind)),
                passed.after,
            )
        breaches, after = self.known.again[key]
        return breaches + self._back(actor, after)

    def _back(self, actor: Actor, standing: Standing, *, refused: bool = False) -> tuple[Breach, ...]:
        """Rollback, and a day later once more if mail had to arrive first; ``refused``: it has to refuse."""
        key = self.judge.likeness.key(standing)
        if key not in self.known.back:
            self.known.back[key] = tuple(self._go_back(actor, standing, refused=refused))
        return self.known.back[key]

    def _go_back(self, actor: Actor, standing: Standing, *, refused: bool) -> Iterator[Breach]:
        passed = actor.perform(ROLLBACK, standing)
        self.known.runs += 1
        yield from _named("rolled back", self.judge.run(passed))
        if refused:
            if passed.ended.exit_code != 1:
                text = "rollback did not stop at an object that somebody else made"
                yield Breach(promise=Promise.BYSTANDERS, text=text)
            return
        if passed.ended.exit_code == 1:
            passed = actor.perform(ROLLBACK_AGAIN, passed.after)
            self.known.runs += 1
            yield from _named("rolled back a day later", self.judge.run(passed))
        yield from self.judge.returned(passed)


_LASTING = frozenset({"differs", "other-disables", "other-removes"})
"""Kinds whose mark stays on the objects: the same script does not get through until it is mended or rolled back."""


def _named(when: str, breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    return tuple(replace(breach, text=f"{when}: {breach.text}") for breach in breaches)


def _without_foreign(standing: Standing) -> Standing:
    """What there is once the other administrator has taken theirs away again."""
    objects = standing.objects
    for name in KINDS:
        objects[name] = [item for item in objects[name] if not is_foreign(item)]
    for place, rule in enumerate(sorted(objects["transportRules"], key=lambda rule: int(rule["Priority"]))):
        rule["Priority"] = place
    return replace(standing, tenant=json.dumps(objects).encode())


def _by_way(cases: Sequence[tuple[Case, Way]]) -> list[tuple[Case, Way]]:
    """A shell that is at work is warm: ways one after the other."""
    return sorted(cases, key=lambda case: WAYS.index(case[1]))
