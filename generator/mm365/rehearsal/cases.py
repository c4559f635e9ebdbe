"""Which cases are run, and in which way of running scripts or forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import KILLS, Case, ChosenFault, case_of, cases_of, no_such_call
from mm365.rehearsal.outcomes import RunThrough
from mm365.rehearsal.run import Run
from mm365.rehearsal.shells import Way


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Which share of all cases is run.

    Every case is run in all ways. If ``first`` is a number, each case is run in only one way, and the ways take turns,
    beginning with that number. Cases are numbered from it on, and only those are run whose number leaves the rest
    ``part[0]`` when it is divided by ``part[1]``.
    """

    first: int | None = None
    part: tuple[int, int] = (0, 1)

    def mine(self, number: int, place: int, ways: int, *, shared: bool) -> bool:
        """Whether a case of this number is run in the way at this place; ``shared``: in one of the ways only."""
        rest, parts = self.part
        in_turn = shared or self.first is not None
        return number % parts == rest and (not in_turn or number // parts % ways == place)


def cases_to_run(
    ways_through: Sequence[RunThrough], comparison: Comparison, kinds: Sequence[str], turns: Turns
) -> Iterator[tuple[Case, Way]]:
    """Every case, in every way or in turn. Scripts and paste forms take turns among themselves only.

    What a killed process leaves is the same in all ways if their calls and files are: then each kill is made in one of
    them, in turn.
    """
    for group in _groups(ways_through):
        alike = len(set(map(trace, group))) == 1
        for place, through in enumerate(group):
            cases = [case for run in _tried(through) for case in cases_of(run, comparison, kinds)]
            for number, case in enumerate(cases, start=turns.first or 0):
                if turns.mine(number, place, len(group), shared=alike and case.kind in KILLS):
                    yield case, through.way


def chosen_cases(
    ways_through: Sequence[RunThrough], comparison: Comparison, faults: Sequence[ChosenFault]
) -> Iterator[tuple[Case, Way]]:
    """The cases that a user asked for by name. Raises RehearsalError for one that no way has."""
    for chosen in faults:
        cases = [
            (case, through.way) for through in ways_through for case in case_of(chosen, _tried(through), comparison)
        ]
        if not cases:
            raise no_such_call(chosen)
        yield from cases


def _groups(ways_through: Sequence[RunThrough]) -> list[list[RunThrough]]:
    """The ways that run the scripts, and the way that pastes the forms."""
    groups = [[through for through in ways_through if (through.way == "paste") is pasted] for pasted in (False, True)]
    return [group for group in groups if group]


def _tried(through: RunThrough) -> list[Run]:
    """The stages to try with faults: each in the state in which it meets the tenant on the way, once for each state."""
    return [run for run in through.stages if not run.stage.again]


def trace(through: RunThrough) -> tuple[tuple[str, bool, bool], ...]:
    """The calls of a way through, and whether the tenant or a file changed at or before each of them."""
    calls = [call for run in through.stages for call in run.calls]
    return tuple(
        (call["cmdlet"], call["changed"], before.get("watched") != call.get("watched"))
        for before, call in zip(calls[:1] + calls, calls, strict=False)
    )
