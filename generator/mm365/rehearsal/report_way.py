"""The way through as parts of a page: its stages, its calls, the tenant before and after, and what was written."""

from collections.abc import Iterator, Sequence

from mm365.rehearsal.calls import call_line, look_of, result_of
from mm365.rehearsal.comparison import Likeness
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
from mm365.rehearsal.rehearsal import Walked
from mm365.rehearsal.run import Passed
from mm365.rehearsal.summary import WAYS_IN_WORDS, counted_changes
from mm365.rehearsal.timeline import timeline

_WHOLE = (
    "The scripts ran in the order of the change. Then Redirect was stopped and turned on again, and in the end "
    "everything was taken back."
)
_IN_PART = "The scripts ran in the order of the change up to the first that did not end well; after it only rollback."
_CAME_BACK = "It ends with exactly what was there before."


def ways(walks: Sequence[Walked], likeness: Likeness) -> Iterator[Section]:
    """Each way that went otherwise than the first, and the first, in full; of the others how they went."""
    first = walks[0]
    alike = [walked for walked in walks[1:] if _trace(walked, likeness) == _trace(first, likeness)]
    for walked in walks:
        if walked not in alike:
            yield _in_full(walked, likeness)
    if alike:
        yield _others(first, alike)


def _in_full(walked: Walked, likeness: Likeness) -> Section:
    way = walked.way
    return section(
        f"way-{way}",
        f"The way through, {WAYS_IN_WORDS[way]}",
        el("h3", "The steps"),
        el("p", _IN_PART if walked.stopped else _WHOLE),
        _steps(walked),
        *_at_the_end(walked),
        el("p", *_about_times(walked)),
        el("h3", "The calls of each step"),
        el("p", "Each mark is a call of the service, in order. Hold the pointer over a mark to read which one it is."),
        timeline(walked.stages, f"calls-{way}"),
        el("h3", "What there was before and after each step"),
        _states(walked, likeness),
        el("h3", "What each script wrote, and its calls in full"),
        *(_full(number, passed) for number, passed in enumerate(walked.stages, start=1)),
    )


def _steps(walked: Walked) -> Html:
    rows = (
        (_script(number, passed), _exit_code(passed, breaches), figure(len(passed.calls)),
         counted_changes(passed) or quiet("none"), figure(passed.ended.seconds, ".2f"))
        for number, (passed, breaches) in enumerate(zip(walked.stages, walked.breaches, strict=True), start=1)
    )  # fmt: skip
    head = ("Step", "How it ended", "Calls", "Changes", "Seconds")
    return table(f"Steps, {WAYS_IN_WORDS[walked.way]}", head, rows)


def _script(number: int, passed: Passed) -> Html:
    return joined([_numbered(number, passed), el("span", passed.stage.title, class_="quiet below")])


def _numbered(number: int, passed: Passed) -> Html:
    return command(f"{number} {passed.stage.command}")


def _exit_code(passed: Passed, breaches: Sequence[Breach]) -> Html:
    expected = passed.stage.exit_code
    words = f"{exit_words(passed)}, {'as expected' if passed.as_expected else f'expected {expected}'}"
    wrong = [breach.text for breach in breaches]
    if not passed.as_expected:
        wrong.insert(0, last_words(passed))
    return joined([el("span", verdict(words, good=not wrong), class_="line"), listing(wrong) if wrong else ""])


def exit_words(passed: Passed) -> str:
    """How a run ended."""
    if passed.ended.hung:
        return "did not end by itself"
    return "killed" if passed.ended.exit_code is None else f"exit code {passed.ended.exit_code}"


def _at_the_end(walked: Walked) -> Iterator[Html]:
    if walked.stopped:
        stops = command(walked.stopped.stage.command)
        words = ("The change does not go through: ", stops, " stops.")
        yield el("p", verdict(joined(words), good=False))
    if not walked.returned:
        yield el("p", verdict(_CAME_BACK, good=True))
    for breach in walked.returned:
        yield el("p", verdict(f"At the end: {breach.text}.", good=False))


def _about_times(walked: Walked) -> Iterator[str]:
    if any(passed.stage.exit_code for passed in walked.stages):
        yield (
            "Rollback ends with 1 in its first run, and that is right: it turns Redirect off, and then mail on its way "
            "needs a day to arrive before anything else may go. "
        )
    for number, passed in enumerate(walked.stages, start=1):
        if passed.stage.hours:
            yield f"Before step {number}, {_time(passed.stage.hours)} are taken as passed; nobody waited. "


def _time(hours: float) -> str:
    return f"{hours:g} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"


def _states(walked: Walked, likeness: Likeness) -> Html:
    objects = likeness.integration.objects
    head = ("Step", *(f"{item.label[:1].upper()}{item.label[1:]}" for item in objects), "All others")
    rows = (
        (_numbered(number, passed), *_four(passed, likeness), _bystanders(passed, likeness))
        for number, passed in enumerate(walked.stages, start=1)
    )
    return joined(
        [
            el("p", "Where something changed, both stand there with an arrow, before and after; where one thing "
               "stands, it is the same before and after. All others are the connectors and rules that the pack does "
               "not create."),
            table(f"What there was before and after, {WAYS_IN_WORDS[walked.way]}", head, rows),
        ]
    )  # fmt: skip


def _four(passed: Passed, likeness: Likeness) -> Iterator[Html]:
    before = likeness.conditions(passed.before.objects)
    after = likeness.conditions(passed.after.objects)
    for key, is_ in after.items():
        if before[key] == is_:
            yield quiet(is_)
        else:
            arrow = el("span", " \N{RIGHTWARDS ARROW} ", aria_hidden="true")
            yield el("span", before[key], arrow, unseen(" becomes "), el("strong", is_), class_="change")


def _bystanders(passed: Passed, likeness: Likeness) -> Html:
    before, after = likeness.bystanders(passed.before.objects), likeness.bystanders(passed.after.objects)
    connectors, rules = (
        sum(len(items) for name, items in after.items() if name.endswith(ends)) for ends in ("Connectors", "Rules")
    )
    counts = f"{counted(connectors, 'connector')}, {counted(rules, 'rule')}"
    return quiet(f"unchanged: {counts}") if before == after else verdict(f"CHANGED: {counts}", good=False)


def _full(number: int, passed: Passed) -> Html:
    sums = f"{counted(len(passed.calls), 'call')}, {counted(len(passed.changes), 'change')}"
    title = joined([_numbered(number, passed), f": {exit_words(passed)}, {sums}"])
    return folded(title, *in_detail(passed, f"step {number}, {passed.stage.command}, {passed.way}"))


def in_detail(passed: Passed, name: str) -> Iterator[Html]:
    """What a run wrote, and its calls."""
    yield written(passed.ended.output.strip("\n") or "(nothing)", f"What {name} wrote")
    if not passed.calls:
        return
    rows = (
        (figure(call["n"] or 0), code(call_line(call)), el("span", "; ".join(result_of(call)), class_=look_of(call)))
        for call in passed.calls
    )
    yield table(f"Calls of {name}", ("Call", "Cmdlet and parameters", "What came of it"), rows)


def _trace(walked: Walked, likeness: Likeness) -> list[object]:
    """What an approver sees of a way, but for its times."""
    stages = [
        (passed.stage.key, passed.ended.exit_code, [(call["cmdlet"], look_of(call)) for call in passed.calls],
         likeness.conditions(passed.after.objects))
        for passed in walked.stages
    ]  # fmt: skip
    return [stages, walked.breaches, walked.returned]


def _others(first: Walked, alike: Sequence[Walked]) -> Section:
    rows = (
        (
            WAYS_IN_WORDS[walked.way],
            figure(len(walked.stages)),
            figure(sum(len(passed.calls) for passed in walked.stages)),
            figure(sum(len(passed.changes) for passed in walked.stages)),
            figure(sum(passed.ended.seconds for passed in walked.stages), ".2f"),
            verdict("held" if walked.held else "did NOT hold", good=walked.held),
        )
        for walked in (first, *alike)
    )
    return section(
        "other-ways",
        "The other ways of running the scripts",
        el("p", "People run scripts in more than one way. In these, each step ended as in the first way, with the same "
           "calls and the same objects after it."),
        table("Ways of running the scripts", ("Way", "Steps", "Calls", "Changes", "Seconds", "Result"), rows),
    )  # fmt: skip
