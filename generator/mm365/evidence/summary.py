"""What the command line says of a checked runbook, for people and for machines."""

from collections.abc import Iterator, Mapping

from mm365.documents.terminal import BAD, GOOD, PLAIN, WARN, Line
from mm365.documents.words import capitalised, counted
from mm365.evidence.cells import CellReport, CellStatus
from mm365.evidence.evidence import Evidence, Verdict
from mm365.evidence.steps import Result, StepReport

_LOOKS = {Verdict.SUCCEEDED: GOOD, Verdict.INCOMPLETE: WARN, Verdict.FAILED: BAD}


def lines(checked: Evidence, *, verbose: bool = False) -> Iterator[Line]:
    """Every problem with what to do, how much is fine, and the verdict last. ``verbose`` lists what is fine, too."""
    for cell in checked.departures:
        yield from _of_cell(cell)
    if checked.departures:
        yield "Find out who changed this and why; the steps that count are those of the pack.", PLAIN
        yield "", PLAIN
    told: set[str] = set()
    for step in checked.steps:
        if step.problems:
            yield from _of_step(step, told)
            yield "", PLAIN
    fine = [step for step in checked.steps if not step.problems]
    if verbose:
        yield from ((f"{step.title}: {'; '.join(step.notes or (step.result.words,))}", PLAIN) for step in fine)
        yield from ((f"{cell.status}  {cell.name}", PLAIN) for cell in checked.cells if cell.status is CellStatus.OK)
    else:
        not_done = (step for step in fine if step.result is Result.NOT_DONE)
        yield from ((f"{step.title}: {'; '.join(step.notes)}", PLAIN) for step in not_done)
    as_approved = len(checked.cells) - len(checked.departures)
    yield f"Steps        {_counts(fine)}", PLAIN
    yield f"Text         {counted(as_approved, 'cell is', 'cells are')} as approved", PLAIN
    yield f"Fingerprint  {checked.fingerprint}  (of the pack; compare it with the one that was signed)", PLAIN
    yield f"Filled in    {checked.sha256}  (SHA-256 of the file)", PLAIN
    yield f"Verdict      {checked.verdict}. {checked.reasons}", _LOOKS[checked.verdict]


def _of_cell(cell: CellReport) -> Iterator[Line]:
    yield f"{cell.status.value:<8} {cell.place}", BAD
    if cell.line or cell.status is CellStatus.ALTERED:
        place = f"line {cell.line}, " if cell.line else ""
        # As ASCII: letters of other alphabets can look the same.
        yield f"         {place}approved: {cell.approved!a}", PLAIN
        yield f"         {place}found:    {cell.found!a}", PLAIN


def _of_step(step: StepReport, told: set[str]) -> Iterator[Line]:
    """A step with problems. What to do is said at the first step that it is for, and noted in ``told``."""
    failed = any(problem.failure for problem in step.problems)
    yield f"{step.title}: {step.result.words.upper()}", BAD if failed else WARN
    yield from ((f"  - {text}", PLAIN) for text in (*(problem.text for problem in step.problems), *step.notes))
    yield from ((f"  To do: {text}", PLAIN) for text in to_do(step) if text not in told)
    told.update(to_do(step))


def to_do(step: StepReport) -> tuple[str, ...]:
    """What to do about the problems of a step, each once, as sentences."""
    return tuple(dict.fromkeys(f"{capitalised(problem.to_do).rstrip('.')}." for problem in step.problems))


def _counts(steps: list[StepReport]) -> str:
    numbers = {result: sum(step.result is result for step in steps) for result in Result}
    return ", ".join(f"{number} {result.words}" for result, number in numbers.items() if number) or "none succeeded"


def as_facts(checked: Evidence) -> Mapping[str, object]:
    """The same as plain values."""
    return {
        "verdict": checked.verdict.value,
        "reasons": checked.reasons,
        "as_approved": checked.as_approved,
        "complete": checked.complete,
        "took_back": checked.took_back,
        "fingerprint": checked.fingerprint,
        "fingerprint_agrees": checked.fingerprint_agrees,
        "example": checked.example,
        "sha256": checked.sha256,
        "cells": [
            {"name": cell.name, "status": cell.status.value, **({"after": cell.after} if cell.after else {})}
            for cell in checked.cells
        ],
        "steps": [
            {
                "step": step.step,
                "title": step.title,
                "result": step.result.value,
                "missing": step.missing,
                "notes": step.notes,
                "problems": [
                    {"text": problem.text, "to_do": problem.to_do, "failure": problem.failure}
                    for problem in step.problems
                ],
            }
            for step in checked.steps
        ],
    }
