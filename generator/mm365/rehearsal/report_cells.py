"""The cells of the matrix of faults, opened: what the operator would see in each case, and should do then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm365.documents.words import capitalised
from mm365.rehearsal.faults import MEANINGS
from mm365.rehearsal.outcomes import Outcome
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report_way import exit_words
from mm365.rehearsal.run import Run
from mm365.rehearsal.stages import DONE, WAITING

_LAST_LINES = 12
"""Of a script: the four objects, what comes before them, and what to do next. Of a form: why it stopped."""
_NOT_TO_BE_RUN = "Do not run this pack: what it says or does here cannot be relied on."
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """One way in which cases of a cell ended: the last lines, what to do, and what that breaks.

    ``places`` are the calls with the fault: their numbers in words, and the cmdlet.
    """

    ended: str
    places: tuple[tuple[str, str], ...]
    lines: str
    advice: str
    broken: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The cases of one step and one kind of fault. ``key`` is its place on the page."""

    key: str
    command: str
    kind: str
    meaning: str
    run: int
    broken: int
    endings: tuple[Ending, ...]


def cell_key(stage: str, kind: str) -> str:
    """The place of a cell on the page, by the label of its stage and the kind of fault."""
    return f"{stage.replace(', ', '-')}-{kind}"


def cells(done: Result) -> tuple[Cell, ...]:
    """All cells with cases in them, in the order of the matrix."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in done.outcomes:
        found.setdefault((outcome.case.run.stage.label, outcome.case.kind), []).append(outcome)
    order = [(stage, kind) for stage in done.counts.stages for kind in done.counts.kinds]
    return tuple(_cell(*at, found[at]) for at in order if at in found)


def _cell(stage: str, kind: str, outcomes: Sequence[Outcome]) -> Cell:
    return Cell(
        key=cell_key(stage, kind),
        command=outcomes[0].case.run.stage.command,
        kind=kind,
        meaning=MEANINGS[kind],
        run=len(outcomes),
        broken=sum(not outcome.held for outcome in outcomes),
        endings=tuple(_endings(outcomes)),
    )


def _endings(outcomes: Sequence[Outcome]) -> Iterator[Ending]:
    """The ways in which cases ended, apart from the times that their lines name. What broke something comes first."""
    alike: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in outcomes:
        texts = tuple(breach.text for breach in outcome.breaches)
        key = (not texts, exit_words(outcome.run), _TIME.sub("", _last_lines(outcome.run)), texts)
        alike.setdefault(key, []).append(outcome)
    for group in sorted(alike.values(), key=lambda group: group[0].held):
        first = group[0]
        yield Ending(
            ended=exit_words(first.run),
            places=tuple(_places(group)),
            lines=_last_lines(first.run),
            advice=advice(first.run) if first.held else _NOT_TO_BE_RUN,
            broken=tuple(breach.text for breach in first.breaches),
        )


def _places(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """The calls, such as 1, 2 and 3, and their cmdlet; the second is empty if it is every call."""
    calls: dict[str, dict[int, None]] = {}
    for outcome in outcomes:
        calls.setdefault(outcome.case.cmdlet, {})[outcome.case.nth] = None
    for cmdlet, found in calls.items():
        yield (f"{_numbers(sorted(found))} of", cmdlet) if cmdlet else ("every call", "")


def _numbers(calls: Sequence[int]) -> str:
    first, last = calls[0], calls[-1]
    if len(calls) == 1:
        return f"call {first}"
    if last - first > 1 and list(calls) == list(range(first, last + 1)):
        return f"calls {first} to {last}"
    return f"calls {', '.join(map(str, calls[:-1]))} and {last}"


def _last_lines(run: Run) -> str:
    lines = [line.rstrip() for line in run.ended.output.splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:]) or "(nothing)"


def advice(run: Run) -> str:
    """What the operator does after a run that ended so."""
    pasted = run.stage.pasted
    code = run.ended.exit_code
    if run.ended.hung:
        return "Close the window, open a new one, connect, and see with 40-verify what there is."
    if code is None:
        again = "paste the same form again" if pasted else "run the same script again"
        return f"The window is gone. Open a new one, connect, and {again}: it looks first at what is there."
    if code == DONE:
        return "It is done. Go on with the next step."
    if code == WAITING:
        return "Wait. Do the same again at the time that it names."
    if pasted:
        return (
            "Do what the line that begins with STOPPED says, settle the error below it, and paste the form again. "
            "Paste the next one only when this one has said Done."
        )
    return capitalised(run.stage.if_not)
