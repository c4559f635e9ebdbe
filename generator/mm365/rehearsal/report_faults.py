"""What was made to go wrong as parts of a page: the promises, the matrix of faults, and every broken case."""

from collections.abc import Iterator

from mm365.rehearsal.elements import (
    Html,
    Section,
    code,
    counted,
    el,
    folded,
    joined,
    quiet,
    section,
    table,
    unseen,
    verdict,
)  # fmt: skip
from mm365.rehearsal.faults import HARMLESS, KILLS, MEANINGS
from mm365.rehearsal.matrix import Outcome
from mm365.rehearsal.promises import Breach, Promise
from mm365.rehearsal.rehearsal import Result, RunThrough
from mm365.rehearsal.report_way import exit_words, in_detail
from mm365.rehearsal.result import describe
from mm365.rehearsal.summary import WAYS_IN_WORDS


def promises(done: Result) -> Section:
    """The four, and whether each was kept."""
    rows = []
    for promise in Promise:
        times = sum(promise in {breach.promise for breach in breaches} for breaches in _all_breaches(done))
        words = f"BROKEN in {counted(times, 'run')}" if times else "kept"
        rows.append((f"{promise.value[:1].upper()}{promise.value[1:]}.", verdict(words, good=not times)))
    return section(
        "promises",
        "The four promises",
        el("p", "Each script of the change has to keep these, whatever goes wrong. Every run was judged by them."),
        table("The four promises", ("Promise", "In this rehearsal"), rows),
    )


def _all_breaches(done: Result) -> Iterator[tuple[Breach, ...]]:
    for through in done.ways:
        yield from through.breaches
        yield through.returned
    yield from (outcome.breaches for outcome in done.outcomes)


def faults(done: Result) -> Section:
    """The matrix, if faults were run."""
    if not done.outcomes:
        text = "No faults were injected in this rehearsal: it shows only that the scripts work when nothing goes wrong."
        return section("faults", "Faults", el("p", text))
    head = ("What goes wrong", *done.counts.stages, "all")
    rows = [(_kind(kind), *_row(done, kind)) for kind in done.counts.kinds]
    rows.append((el("strong", "all"), *_row(done, "")))
    names = ", ".join(WAYS_IN_WORDS[through.way] for through in done.ways)
    return section(
        "faults",
        "Faults",
        el("p", f"Something was made to go wrong at the calls of the scripts, one call after the other: "
           f"{counted(len(done.outcomes), 'case')}. In each case the script was run with the fault, then run again "
           f"and rolled back, and rolled back at once. The ways of running: {names}."),
        table("Faults by kind and step: how many cases held", head, rows),
        el("ul", *(el("li", text) for text in _taken_together(done))),
    )  # fmt: skip


def _kind(kind: str) -> Html:
    return joined([code(kind), el("span", MEANINGS[kind], class_="quiet below")])


def _row(done: Result, kind: str) -> Iterator[Html]:
    for stage in (*done.counts.stages, ""):
        yield _cell(*done.counts.of(stage=stage, kind=kind))


def _cell(run: int, broken: int) -> Html:
    if not run:
        return joined([el("span", "\N{MIDDLE DOT}", class_="quiet", aria_hidden="true"), unseen("none")])
    if broken:
        return verdict(f"{broken} of {run} BROKEN", good=False)
    return el("span", verdict(f"held {run}", good=True), class_="line")


def _taken_together(done: Result) -> Iterator[str]:
    """What one case stands for."""
    if HARMLESS.intersection(done.counts.kinds):
        yield "A warning, a longer answer and a refusal for too many requests come at all calls of a script at once."
    yield (
        "Of calls between which a fault makes no difference, one was taken: what only reads has no change that could "
        "be lost, and what somebody else does is the same until a call looks at it. A dot says that there was no such "
        "call."
    )
    if KILLS.intersection(done.counts.kinds) and len(done.ways) > 1:
        yield (
            "What a killed process leaves is the same in all ways if their calls and files are the same: then each "
            "kill was made in one of the ways, in turn."
        )
    yield (
        "What follows from the same state of tenant and notes is the same, and was run once: "
        f"{counted(done.runs, 'script run')} in all."
    )


def broken(done: Result) -> Section:
    """Every run that broke a promise."""
    found = [*_broken_ways(done), *(_broken_case(outcome) for outcome in done.broken)]
    if not found:
        return section("broken", "What broke", el("p", verdict("Nothing broke.", good=True)))
    return section("broken", "What broke", *found)


def _broken_ways(done: Result) -> Iterator[Html]:
    for through in done.ways:
        if through.held:
            continue
        yield el("h3", f"With nothing going wrong, {WAYS_IN_WORDS[through.way]}")
        yield el("ul", *_of_way(through))


def _of_way(through: RunThrough) -> Iterator[Html]:
    for run in through.stages:
        if not run.as_expected:
            text = f"{run.stage.command}: {exit_words(run)}, expected {run.stage.exit_code}"
            yield el("li", verdict(text, good=False))
    for run, breaches in zip(through.stages, through.breaches, strict=True):
        yield from (_breach(breach, f"{run.stage.command}: ") for breach in breaches)
    yield from (_breach(breach, "At the end: ") for breach in through.returned)


def _broken_case(outcome: Outcome) -> Html:
    case = outcome.case
    name = f"the case {case.name}, {outcome.way}"
    chosen = f"--fault {case.name}" if case.number else f"--faults {case.kind}"
    fact = f"Run as: {WAYS_IN_WORDS[outcome.way]}. It ended with: {exit_words(outcome.run)}. To run it again: "
    return el(
        "article",
        el("h3", describe(case)),
        el("ul", *(_breach(breach) for breach in outcome.breaches)),
        el("p", quiet(f"{case.kind}: {MEANINGS[case.kind]}.")),
        el("p", fact, code(f"{chosen} --way {outcome.way}"), "."),
        folded("What the script wrote, and its calls", *in_detail(outcome.run, name)),
        class_="broken",
    )


def _breach(breach: Breach, where: str = "") -> Html:
    promised = el("span", f"Promised: {breach.promise.value}", class_="quiet below")
    return el("li", verdict(f"{where}{breach.text}", good=False), promised)
