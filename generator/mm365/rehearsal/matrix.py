"""Runs every case: the script with its fault, the same script again, the rollback, and a check after each."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mm365.exchange.kinds import Kind
from mm365.rehearsal.comparison import is_foreign
from mm365.rehearsal.faults import KILLS, Case
from mm365.rehearsal.outcomes import Outcome
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.promises import Breach, Promise, PromiseChecker
from mm365.rehearsal.replay import key_of
from mm365.rehearsal.run import Run, Runner, roll_back
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import WAYS, Way
from mm365.rehearsal.stages import STOPPED, Stage


@dataclass
class Replays:
    """The runs after a fault that are known already: the same state leads to the same results, so each is run once.

    ``back`` holds what a rollback from a state broke, ``again`` what running a stage again in a state broke, and the
    state after it. The keys of states are those of ``key_of``.
    """

    back: dict[tuple[bool, str], tuple[Breach, ...]] = field(default_factory=dict)
    again: dict[tuple[str, str, str], tuple[tuple[Breach, ...], State]] = field(default_factory=dict)
    runs: int = 0


@dataclass(frozen=True)
class Matrix:
    """Runs cases for one pack and one tenant, in shells of ``pool``, until all are run or the pool's ``stop`` is set.

    ``rollback`` is what takes everything back in each way. What the shells work on lies below ``folder``.
    """

    pack: Path
    rollback: Mapping[Way, Sequence[Stage]]
    pool: Pool
    checker: PromiseChecker
    folder: Path
    known: Replays = field(default_factory=Replays)

    def run(self, cases: Sequence[tuple[Case, Way]], tell: Callable[[Outcome], object] = lambda _: None) -> None:
        """Run all cases, several at a time. ``tell`` is called with each outcome, by one thread at a time."""
        # Cases of one way come one after the other, because a shell that has run a script before is faster.
        pending = sorted(cases, key=lambda case: WAYS.index(case[1]), reverse=True)
        lock = threading.Lock()

        def work(number: int) -> None:
            while not self.pool.stop.is_set():
                with lock:
                    if not pending:
                        return
                    case, way = pending.pop()
                with self.pool.shell(way) as shell:
                    sandbox = Sandbox(self.folder / f"worker-{number}")
                    outcome = self.one(case, Runner(self.pack, shell, sandbox, self.checker.comparison))
                with lock:
                    tell(outcome)

        _in_threads(work, min(len(cases), os.cpu_count() or 1), self.pool.stop)

    def one(self, case: Case, runner: Runner) -> Outcome:
        """Run one case: the script with its fault, the same script again and a rollback, and a rollback at once."""
        clean = case.run
        run = self._faulted(case, runner)
        self.known.runs += 1
        breaches = [*self.checker.check(run, clean, case.kind, case.number)]
        if not any(call["faults"] for call in run.calls):
            breaches.append(Breach(promise=Promise.TRUTH, text="the fault was ordered but did not happen"))
        after = run.after
        lasting = case.kind if case.kind in _UNSAFE and self.checker.sent_at_first else ""
        if case.kind == "other-takes-name":
            breaches += self._back(runner, after, refused=True)
            after = _without_foreign(after)
        breaches += self._again(runner, case, after, lasting)
        breaches += self._back(runner, after, kind=lasting)
        return Outcome(case=case, way=runner.shell.way, run=run, breaches=tuple(dict.fromkeys(breaches)))

    def _faulted(self, case: Case, runner: Runner) -> Run:
        """The run with its fault. A run that is killed gets a shell of its own, so the pool's shell stays in use."""
        stage = replace(case.run.stage, hours=0.0)
        if case.kind not in KILLS:
            return runner.perform(stage, case.run.before, [case.fault])
        doomed = runner.shell.another()
        try:
            return replace(runner, shell=doomed).perform(stage, case.run.before, [case.fault])
        finally:
            doomed.discard()

    def _again(self, runner: Runner, case: Case, state: State, unsafe: str) -> tuple[Breach, ...]:
        """The same script or form once more, and then the way back."""
        clean = case.run
        lasting = _LASTING | {"other-creates"} if clean.stage.planned else _LASTING
        kind = case.kind if case.kind in lasting else ""
        key = (clean.stage.path, f"{clean.stage.key} {kind}", key_of(self.checker.comparison, state))
        if key not in self.known.again:
            run = runner.perform(replace(clean.stage, hours=0.0), state)
            self.known.runs += 1
            self.known.again[key] = (
                _named("run again", self.checker.check(run, clean, kind)),
                run.after,
            )
        breaches, after = self.known.again[key]
        return breaches + self._back(runner, after, kind=unsafe)

    def _back(self, runner: Runner, state: State, *, refused: bool = False, kind: str = "") -> tuple[Breach, ...]:
        """Everything taken back; ``refused``: it has to refuse; ``kind``: a fault that left it unsafe."""
        # Scripts go by their notes and forms by the settings, so each has a way back of its own.
        key = (runner.shell.way == "paste", kind + key_of(self.checker.comparison, state))
        if key not in self.known.back:
            self.known.back[key] = tuple(self._go_back(runner, state, refused=refused, kind=kind))
        return self.known.back[key]

    def _go_back(self, runner: Runner, state: State, *, refused: bool = False, kind: str = "") -> Iterator[Breach]:
        runs = roll_back(runner, self.rollback[runner.shell.way], state)
        self.known.runs += len(runs)
        for run in runs:
            yield from _named("rolled back", self.checker.check(run, kind=kind))
        last = runs[-1]
        stopped = last.ended.exit_code == STOPPED
        if refused:
            if not stopped:
                text = "rollback did not stop at an object that somebody else made"
                yield Breach(promise=Promise.BYSTANDERS, text=text)
            return
        differing = self.checker.comparison.not_as_created(last.after.objects)
        if stopped and last.stage.pasted and differing:
            # The operator removes by hand what the forms refuse, and goes on with them.
            yield from _named("rolled back", self.checker.refused(last))
            objects = self.checker.comparison.find(last.after.objects)
            by_hand = {str(item["Guid"]) for key in differing if (item := objects[key])}
            yield from self._go_back(runner, _without(last.after, by_hand))
            return
        yield from self.checker.returned(last, kind)


def _in_threads(work: Callable[[int], object], workers: int, stop: threading.Event) -> None:
    """Call ``work`` with 0, 1, ... in as many threads, and wait for them all.

    The first error sets ``stop`` and is raised once all have ended, as is Ctrl-C. Not an executor: when Python ends,
    it waits for an executor's work before the main thread counts as ended, which is what tells a notebook's rehearsal
    to stop.
    """
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits
            errors.append(error)
            stop.set()

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        stop.set()
        for thread in threads:
            thread.join()
        raise
    if errors:
        raise errors[0]


_LASTING = frozenset({"differs", "other-disables", "other-removes"})
"""Kinds that leave the objects different: the same script stops at them until they are mended or rolled back."""


_UNSAFE = frozenset({"other-disables", "other-removes"})
"""Kinds that take away what a Redirect needs that was on before the change."""


def _named(when: str, breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    return tuple(replace(breach, text=f"{when}: {breach.text}") for breach in breaches)


def _without_foreign(state: State) -> State:
    """The state after the other administrator has removed their objects again."""
    objects = state.objects
    items = (item for kind in Kind for item in objects[kind.plural])
    return _without(state, {str(item["Guid"]) for item in items if is_foreign(item)})


def _without(state: State, guids: set[str]) -> State:
    """What there is once somebody has removed these objects by hand."""
    objects = state.objects
    for kind in Kind:
        objects[kind.plural] = [item for item in objects[kind.plural] if item["Guid"] not in guids]
    for place, rule in enumerate(sorted(objects[Kind.RULE.plural], key=lambda rule: int(rule["Priority"]))):
        rule["Priority"] = place
    return replace(state, tenant=json.dumps(objects).encode())
