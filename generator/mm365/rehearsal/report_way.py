"""The way through as parts of a page: its stages, its calls, the tenant before and after, and what was written."""

from collections.abc import Iterator, Sequence

from mm365.rehearsal.calls import call_line, look_of, result_of
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.elements import (
    Html,
    Section,
    code,
    command,
    counted,
    el,
    figure,
    folded,
    joined,
    listing,
    quiet,
    section,
    table,
    unseen,
    verdict,
    written,
)  # fmt: skip
from mm365.rehearsal.promises import Breach, last_words
from mm365.rehearsal.rehearsal import RunThrough
from mm365.rehearsal.run import Run
from mm365.rehearsal.summary import WAYS_IN_WORDS, counted_changes
from mm365.rehearsal.timeline import timeline

_WHOLE = (
    "The scripts ran in the order of the change. Then Redirect was stopped and turned on again, and in the end "
    "everything was taken back."
)
_IN_PART = "The scripts ran in the order of the change up to the first that did not end well; after it only rollback."
_CAME_BACK = "It ends with exactly what was there before."


def ways(walks: Sequence[RunThrough], comparison: Comparison) -> Iterator[Section]:
    """Each way that went otherwise than the first, and the first, in full; of the others how they went."""
    first = walks[0]
    alike = [through for through in walks[1:] if _trace(through, comparison) == _trace(first, comparison)]
    for through in walks:
        if through not in alike:
            yield _in_full(through, comparison)
    if alike:
        yield _others(first, alike)


def _in_full(through: RunThrough, comparison: Comparison) -> Section:
    way = through.way
    return section(
        f"way-{way}",
        f"The way through, {WAYS_IN_WORDS[way]}",
        el("h3", "The steps"),
        el("p", _IN_PART if through.stopped else _WHOLE),
        _steps(through),
        *_at_the_end(through),
        el("p", *_about_times(through)),
        el("h3", "The calls of each step"),
        el("p", "Each mark is a call of the service, in order. Hold the pointer over a mark to read which one it is."),
        timeline(through.stages, f"calls-{way}"),
        el("h3", "What there was before and after each step"),
        _states(through, comparison),
        el("h3", "What each script wrote, and its calls in full"),
        *(_full(number, run) for number, run in enumerate(through.stages, start=1)),
    )


def _steps(through: RunThrough) -> Html:
    rows = (
        (_script(number, run), _exit_code(run, breaches), figure(len(run.calls)),
         counted_changes(run) or quiet("none"), figure(run.ended.seconds, ".2f"))
        for number, (run, breaches) in enumerate(zip(through.stages, through.breaches, strict=True), start=1)
    )  # fmt: skip
    head = ("Step", "How it ended", "Calls", "Changes", "Seconds")
    return table(f"Steps, {WAYS_IN_WORDS[through.way]}", head, rows)


def _script(number: int, run: Run) -> Html:
    return joined([_numbered(number, run), el("span", run.stage.title, class_="quiet below")])


def _numbered(number: int, run: Run) -> Html:
    return command(f"{number} {run.stage.command}")


def _exit_code(run: Run, breaches: Sequence[Breach]) -> Html:
    expected = run.stage.exit_code
    words = f"{exit_words(run)}, {'as expected' if run.as_expected else f'expected {expected}'}"
    wrong = [breach.text for breach in breaches]
    if not run.as_expected:
        wrong.insert(0, last_words(run))
    return joined([el("span", verdict(words, good=not wrong), class_="line"), listing(wrong) if wrong else ""])


def exit_words(run: Run) -> str:
    """How a run ended."""
    if run.ended.hung:
        return "did not end by itself"
    return "killed" if run.ended.exit_code is None else f"exit code {run.ended.exit_code}"


def _at_the_end(through: RunThrough) -> Iterator[Html]:
    if through.stopped:
        stops = command(through.stopped.stage.command)
        words = ("The change does not go through: ", stops, " stops.")
        yield el("p", verdict(joined(words), good=False))
    if not through.returned:
        yield el("p", verdict(_CAME_BACK, good=True))
    for breach in through.returned:
        yield el("p", verdict(f"At the end: {breach.text}.", good=False))


def _about_times(through: RunThrough) -> Iterator[str]:
    if any(run.stage.exit_code for run in through.stages):
        yield (
            "Rollback ends with 1 in its first run, and that is right: it turns Redirect off, and then mail on its way "
            "needs a day to arrive before anything else may go. "
        )
    for number, run in enumerate(through.stages, start=1):
        if run.stage.hours:
            yield f"Before step {number}, {_time(run.stage.hours)} are taken as passed; nobody waited. "


def _time(hours: float) -> str:
    return f"{hours:g} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _states(through: RunThrough, comparison: Comparison) -> Html:
    objects = comparison.integration.objects
    head = ("Step", *(f"{item.label[:1].upper()}{item.label[1:]}" for item in objects), "All others")
    rows = (
        (_numbered(number, run), *_four(run, comparison), _bystanders(run, comparison))
        for number, run in enumerate(through.stages, start=1)
    )
    return joined(
        [
            el("p", "Where something changed, both stand there with an arrow, before and after; where one thing "
               "stands, it is the same before and after. All others are the connectors and rules that the pack does "
               "not create."),
            table(f"What there was before and after, {WAYS_IN_WORDS[through.way]}", head, rows),
        ]
    )  # fmt: skip


def _four(run: Run, comparison: Comparison) -> Iterator[Html]:
    before = comparison.conditions(run.before.objects)
    after = comparison.conditions(run.after.objects)
    for key, is_ in after.items():
        if before[key] == is_:
            yield quiet(is_)
        else:
            arrow = el("span", " \N{RIGHTWARDS ARROW} ", aria_hidden="true")
            yield el("span", before[key], arrow, unseen(" becomes "), el("strong", is_), class_="change")


def _bystanders(run: Run, comparison: Comparison) -> Html:
    before, after = comparison.bystanders(run.before.objects), comparison.bystanders(run.after.objects)
    connectors, rules = (
        sum(len(items) for name, items in after.items() if name.endswith(ends)) for ends in ("Connectors", "Rules")
    )
    counts = f"{counted(connectors, 'connector')}, {counted(rules, 'rule')}"
    return quiet(f"unchanged: {counts}") if before == after else verdict(f"CHANGED: {counts}", good=False)


def _full(number: int, run: Run) -> Html:
    sums = f"{counted(len(run.calls), 'call')}, {counted(len(run.changes), 'change')}"
    title = joined([_numbered(number, run), f": {exit_words(run)}, {sums}"])
    return folded(title, *in_detail(run, f"step {number}, {run.stage.command}, {run.way}"))


def in_detail(run: Run, name: str) -> Iterator[Html]:
    """What a run wrote, and its calls."""
    yield written(run.ended.output.strip("\n") or "(nothing)", f"What {name} wrote")
    if not run.calls:
        return
    rows = (
        (figure(call["n"] or 0), code(call_line(call)), el("span", "; ".join(result_of(call)), class_=look_of(call)))
        for call in run.calls
    )
    yield table(f"Calls of {name}", ("Call", "Cmdlet and parameters", "What came of it"), rows)


def _trace(through: RunThrough, comparison: Comparison) -> list[object]:
    """What an approver sees of a way, but for its times."""
    stages = [
        (run.stage.key, run.ended.exit_code, [(call["cmdlet"], look_of(call)) for call in run.calls],
         comparison.conditions(run.after.objects))
        for run in through.stages
    ]  # fmt: skip
    return [stages, through.breaches, through.returned]


def _others(first: RunThrough, alike: Sequence[RunThrough]) -> Section:
    rows = (
        (
            WAYS_IN_WORDS[through.way],
            figure(len(through.stages)),
            figure(sum(len(run.calls) for run in through.stages)),
            figure(sum(len(run.changes) for run in through.stages)),
            figure(sum(run.ended.seconds for run in through.stages), ".2f"),
            verdict("held" if through.held else "did NOT hold", good=through.held),
        )
        for through in (first, *alike)
    )
    return section(
        "other-ways",
        "The other ways of running the scripts",
        el("p", "People run scripts in more than one way. In these, each step ended as in the first way, with the same "
           "calls and the same objects after it."),
        table("Ways of running the scripts", ("Way", "Steps", "Calls", "Changes", "Seconds", "Result"), rows),
    )  # fmt: skip
