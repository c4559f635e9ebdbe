"""What came of runs: of the way through, and of each case in which something went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mm365.rehearsal.faults import MEANINGS, Case
from mm365.rehearsal.promises import Breach
from mm365.rehearsal.run import Run
from mm365.rehearsal.shells import Way


@dataclass(frozen=True, kw_only=True)
class RunThrough:
    """The way through, run in one way of running scripts.

    ``breaches`` holds the promises that each stage broke, ``returned`` what the last rollback did not bring back.
    ``cut`` says that it was stopped before its end; then rollback did not run, and nothing is known of it.
    """

    way: Way
    stages: tuple[Run, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    returned: tuple[Breach, ...]
    cut: bool = False

    @property
    def stopped(self) -> Run | None:
        """The first stage that did not end as it should; None if all did."""
        return next((run for run in self.stages if not run.as_expected), None)

    @property
    def held(self) -> bool:
        """Whether every stage that ran ended as it should, nothing was broken, and all was brought back in the end."""
        return self.stopped is None and not self.returned and not any(self.breaches)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of a case: the run with the fault, and the promises that this run or those after it broke."""

    case: Case
    way: Way
    run: Run
    breaches: tuple[Breach, ...]

    @property
    def held(self) -> bool:
        """Whether every promise was kept."""
        return not self.breaches


@dataclass(frozen=True)
class Counts:
    """Counts outcomes: how many cases were run, and how many broke a promise."""

    outcomes: Sequence[Outcome]

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """The number of cases that were run and that broke, by the label of the stage and the kind of fault."""
        counts: dict[tuple[str, str], tuple[int, int]] = {}
        for outcome in self.outcomes:
            at = (outcome.case.run.stage.label, outcome.case.kind)
            run, broke = counts.get(at, (0, 0))
            counts[at] = (run + 1, broke + (not outcome.held))
        return counts

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fault that were run, in their order."""
        run = {kind for _, kind in self.cells}
        return tuple(kind for kind in MEANINGS if kind in run)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in which faults were run, in their order."""
        return tuple(dict.fromkeys(stage for stage, _ in self.cells))

    def of(self, *, stage: str = "", kind: str = "") -> tuple[int, int]:
        """The number of cases that were run and that broke, in one stage or all and of one kind or all."""
        chosen = [
            cell for at, cell in self.cells.items() if (not stage or at[0] == stage) and (not kind or at[1] == kind)
        ]
        return sum(run for run, _ in chosen), sum(broke for _, broke in chosen)
