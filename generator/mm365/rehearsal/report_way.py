"""The way through as plain data for the report: its steps, its calls, the tenant before and after each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm365.documents.words import counted
from mm365.rehearsal.calls import call_line, look_of, result_of
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.outcomes import RunThrough
from mm365.rehearsal.run import Run
from mm365.rehearsal.stages import WAITING
from mm365.rehearsal.summary import WAYS_IN_WORDS, counted_changes
from mm365.rehearsal.timeline import CallPicture, call_picture
from mm365.rehearsal.truth import last_words


@dataclass(frozen=True, kw_only=True)
class CallRow:
    """A call: its number, if it is a call of the service, the call as one would type it, and what came of it."""

    number: int
    line: str
    look: str
    result: str


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What a run wrote, and its calls. ``name`` says which run it is."""

    name: str
    output: str
    calls: tuple[CallRow, ...]


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step of the way through.

    ``wrong`` is empty where it ended as expected and kept its promises. ``states`` are the pack's objects before and
    after it; ``others`` is what is known of all other objects.
    """

    number: int
    command: str
    title: str
    ended: str
    as_expected: bool
    expected: int
    wrong: tuple[str, ...]
    changes: str
    changed: int
    seconds: str
    states: tuple[tuple[str, str], ...]
    others: str
    others_changed: bool
    picture: CallPicture
    detail: Detail


@dataclass(frozen=True, kw_only=True)
class WaySection:
    """The way through in one way of running scripts. ``left`` is what the last rollback did not bring back."""

    key: str
    words: str
    steps: tuple[StepRow, ...]
    stopped: str
    left: tuple[str, ...]
    has_to_wait: bool
    waits: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """A way of running scripts in sums."""

    words: str
    steps: int
    calls: int
    changes: int
    seconds: str
    held: bool


def way_sections(
    walks: Sequence[RunThrough], comparison: Comparison
) -> tuple[tuple[WaySection, ...], tuple[WayRow, ...]]:
    """The ways to show in full, which are the first and each that went otherwise; then the sums of those alike."""
    first = walks[0]
    alike = [through for through in walks[1:] if _trace(through, comparison) == _trace(first, comparison)]
    in_full = tuple(_section(through, comparison) for through in walks if through not in alike)
    return in_full, tuple(_sums(through) for through in (first, *alike)) if alike else ()


def refused_sections(refused: Sequence[RunThrough], comparison: Comparison) -> tuple[WaySection, ...]:
    """What an example pack refuses, in each way of running scripts."""
    return tuple(_section(through, comparison) for through in refused)


def exit_words(run: Run) -> str:
    """How a run ended."""
    if run.ended.hung:
        return "did not end by itself"
    return "killed" if run.ended.exit_code is None else f"exit code {run.ended.exit_code}"


def detail_of(run: Run, name: str) -> Detail:
    """What a run wrote, and its calls."""
    calls = tuple(
        CallRow(number=call["n"] or 0, line=call_line(call), look=look_of(call), result="; ".join(result_of(call)))
        for call in run.calls
    )
    return Detail(name=name, output=run.ended.output.strip("\n") or "(nothing)", calls=calls)


def _section(through: RunThrough, comparison: Comparison) -> WaySection:
    return WaySection(
        key=through.way,
        words=WAYS_IN_WORDS[through.way],
        steps=tuple(_steps(through, comparison)),
        stopped=through.stopped.stage.command if through.stopped else "",
        left=tuple(breach.text for breach in through.returned),
        has_to_wait=any(run.stage.exit_code == WAITING for run in through.stages),
        waits=tuple(
            (number, _time(run.stage.hours)) for number, run in enumerate(through.stages, start=1) if run.stage.hours
        ),
    )


def _steps(through: RunThrough, comparison: Comparison) -> Iterator[StepRow]:
    for number, (run, breaches) in enumerate(zip(through.stages, through.breaches, strict=True), start=1):
        before = comparison.conditions(run.before.objects)
        after = comparison.conditions(run.after.objects)
        others = comparison.bystanders(run.after.objects)
        yield StepRow(
            number=number,
            command=run.stage.command,
            title=run.stage.title,
            ended=exit_words(run),
            as_expected=run.as_expected,
            expected=run.stage.exit_code,
            wrong=(*([] if run.as_expected else [last_words(run)]), *(breach.text for breach in breaches)),
            changes=counted_changes(run),
            changed=len(run.changes),
            seconds=f"{run.ended.seconds:.2f}",
            states=tuple((before[key], after[key]) for key in after),
            others=_counts(others),
            others_changed=others != comparison.bystanders(run.before.objects),
            picture=call_picture(run),
            detail=detail_of(run, f"step {number}, {run.stage.command}, {run.way}"),
        )


def _counts(found: dict[str, list[dict[str, object]]]) -> str:
    connectors, rules = (
        sum(len(items) for name, items in found.items() if name.endswith(ends)) for ends in ("Connectors", "Rules")
    )
    return f"{counted(connectors, 'connector')}, {counted(rules, 'rule')}"


def _time(hours: float) -> str:
    return f"{hours:g} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _trace(through: RunThrough, comparison: Comparison) -> list[object]:
    """What an approver sees of a way, apart from its times."""
    stages = [
        (run.stage.key, run.ended.exit_code, [(call["cmdlet"], look_of(call)) for call in run.calls],
         comparison.conditions(run.after.objects))
        for run in through.stages
    ]  # fmt: skip
    return [stages, through.breaches, through.returned]


def _sums(through: RunThrough) -> WayRow:
    return WayRow(
        words=WAYS_IN_WORDS[through.way],
        steps=len(through.stages),
        calls=sum(len(run.calls) for run in through.stages),
        changes=sum(len(run.changes) for run in through.stages),
        seconds=f"{sum(run.ended.seconds for run in through.stages):.2f}",
        held=through.held,
    )
