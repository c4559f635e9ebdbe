"""What a rehearsal has found so far: it can be stopped at any moment, and what was found until then is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mm365.rehearsal.faults import Case
from mm365.rehearsal.matrix import Matrix
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.progress import Progress, Tell
from mm365.rehearsal.run import Run, Runner, run_stages
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.shells import Abandoned, Way
from mm365.rehearsal.stages import Stage


@dataclass
class Findings:
    """Runs the ways through and the cases in the shells of ``matrix``, and holds what came of them.

    ``planned`` cases are to be run. ``tell`` is called after each run.
    """

    matrix: Matrix
    tell: Tell
    ways: tuple[RunThrough, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    planned: int = field(default=0, init=False)

    @property
    def runs(self) -> int:
        """How many runs there were in all."""
        return self.matrix.known.runs + sum(len(through.stages) for through in self.ways)

    def run_ways(self, stages: Mapping[Way, Sequence[Stage]], start: State) -> None:
        """Run the way through from ``start`` in each way of running scripts. What was run of one that is cut counts."""
        total = sum(map(len, stages.values()))
        for way in stages:
            before = sum(len(through.stages) for through in self.ways)
            run: list[Run] = []

            def heard(one: Run, before: int = before, run: list[Run] = run) -> None:
                run.append(one)
                self.tell(Progress(done=before + len(run), total=total, text=one.stage.command))

            cut = True
            try:
                with self.matrix.pool.shell(way) as shell:
                    sandbox = Sandbox(self.matrix.folder / way)
                    runner = Runner(self.matrix.pack, shell, sandbox, self.matrix.checker.comparison)
                    run_stages(runner, stages[way], self.matrix.rollback[way], start, heard)
                cut = False
            finally:
                if run:
                    self.ways += (self._run_through(way, run, cut=cut),)

    def run_cases(self, cases: Sequence[tuple[Case, Way]]) -> None:
        """Run all cases; their outcomes in the order of the cases. Raises Abandoned if not all were run."""
        outcomes: dict[tuple[int, Way], Outcome] = {}
        broken = 0
        self.planned = len(cases)

        def heard(outcome: Outcome) -> None:
            nonlocal broken
            outcomes[id(outcome.case), outcome.way] = outcome
            broken += not outcome.held
            self.tell(
                Progress(done=len(outcomes), total=len(cases), text=outcome.case.name, broken=broken, faults=True)
            )

        try:
            self.matrix.run(cases, heard)
        finally:
            run = (outcomes.get((id(case), way)) for case, way in cases)
            self.outcomes = tuple(outcome for outcome in run if outcome is not None)
        if len(outcomes) < len(cases):
            raise Abandoned

    def _run_through(self, way: Way, stages: Sequence[Run], *, cut: bool) -> RunThrough:
        checker = self.matrix.checker
        return RunThrough(
            way=way,
            stages=tuple(stages),
            breaches=tuple(tuple(checker.check(run)) for run in stages),
            returned=() if cut else tuple(checker.returned(stages[-1])),
            cut=cut,
        )
