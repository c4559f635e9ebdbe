"""The notebook in a pack that leads the operator through the change and becomes its record.

It is written from plain data: importing nbformat takes longer than making a pack. nbformat 4.5; the names of its cells
are those of the steps, so the same request gives the same bytes. Cells with text are what is approved and are locked;
each step has a cell below it for the operator to fill in. That one holds a block of text, which shows as it is, line
by line, in JupyterLab, on GitHub and in HTML; a raw cell would become one line of unescaped HTML there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm365.documents.markdown import render_document
from mm365.integration.facts import DRAIN_HOURS, FACTS
from mm365.integration.risks import STANDING_RISKS
from mm365.scripts import library
from mm365.scripts.catalogue import NOT_UNDONE
from mm365.scripts.change import Change
from mm365.scripts.operator_step import EXIT_CODE, NOT_DONE, OUTPUT, TEST_MESSAGES, TIME_FORMS, OperatorStep
from mm365.scripts.rendering import Rendered

PATH = "runbook.ipynb"

HINT = "(paste it below)"
"""Stands behind the last prompt, below which there is room for many lines."""

FENCE = "````"
"""Begins and ends the block of a record. No script prints such a line."""

Cell = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class RunbookStep:
    """A step of the procedure as the runbook has it: ``cell`` names the cell with its text."""

    step: OperatorStep
    cell: str
    heading: str

    @property
    def prompts(self) -> tuple[str, ...]:
        """What the operator is asked for, in order; what the script said comes last, since it has many lines."""
        asks = self.step.asks
        before = tuple(ask for ask in asks if ask != OUTPUT)
        return (*before, NOT_DONE, *(ask for ask in asks if ask == OUTPUT))


def runbook_steps(steps: Sequence[OperatorStep]) -> tuple[RunbookStep, ...]:
    """The steps with their place in the runbook: those that stand by have no number."""
    last = sum(not step.standby for step in steps) - 1
    return tuple(
        RunbookStep(step=step, cell=step.key, heading=step.title)
        if step.standby
        else RunbookStep(step=step, cell=f"{number:02}-{step.key}", heading=f"Step {number} of {last}: {step.title}")
        for number, step in enumerate(steps)
    )


def render_runbook(change: Change, files: Sequence[Rendered]) -> Rendered:
    """The runbook of a pack with these scripts, as the text of ``runbook.ipynb``."""
    procedure = change.procedure
    standby = {step.key: step for step in procedure if step.standby}
    shared = {
        "undo": change.plan.undo,
        "planned": change.plan.snapshot is not None,
        "not_undone": NOT_UNDONE,
        "standing_risks": STANDING_RISKS,
        "facts": FACTS,
        "drain_hours": DRAIN_HOURS,
        **standby,
    }
    head = render_document(
        "runbook/head.md.j2",
        request=change.request,
        procedure=procedure,
        facts=FACTS,
        redirect=change.integration.redirect.name,
        affected=_affected(procedure),
        **standby,
    )
    sums = {file.path: file.sha256 for file in files}
    cells = [_approved("runbook", head), *_cells(runbook_steps(procedure), shared, sums)]
    notebook = {
        "cells": cells,
        "metadata": {
            # JupyterLab asks for a kernel where none is named; nothing here is run.
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "mm365": {"format": "mm365-runbook-1"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    # As Jupyter itself writes it, so that saving it changes nothing but what was filled in.
    return Rendered(path=PATH, text=json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _cells(steps: Sequence[RunbookStep], shared: Mapping[str, object], sums: Mapping[str, str]) -> Iterator[Cell]:
    names = {item.step.key: item.cell for item in steps}
    affected = _affected([item.step for item in steps])
    for number, item in enumerate(steps):
        emergency = number >= affected and not item.step.standby
        lines = "\n".join(f"{sums[path]}  {path}" for path in _files(item.step))
        text = render_document(
            "runbook/step.md.j2", step=item.step, heading=item.heading, emergency=emergency, sums=lines, **shared
        )
        yield _approved(item.cell, text)
        yield _to_fill_in(item, names)


def _affected(steps: Sequence[OperatorStep]) -> int:
    """The number of the step from which on mail can be affected: the one that the stop switch undoes."""
    undone = {step.undoes for step in steps if step.undoes}
    return next(number for number, step in enumerate(steps) if step.key in undone)


def _files(step: OperatorStep) -> tuple[str, ...]:
    """The paths of the files that a step can use."""
    scripts = (step.script.path, library.PATH) if step.script else ()
    return (*scripts, *(form.path for form in step.forms))


def _approved(name: str, text: str) -> Cell:
    metadata = {"deletable": False, "editable": False, "mm365": {"role": "approved"}}
    return {"cell_type": "markdown", "id": name, "metadata": metadata, "source": _lines(text.rstrip("\n"))}


def _to_fill_in(item: RunbookStep, names: Mapping[str, str]) -> Cell:
    # What evidence asks of this record goes with the pack: a later version may ask otherwise.
    about = {
        "role": "record",
        "step": item.cell,
        "title": item.heading,
        "prompts": item.prompts,
        "standby": item.step.standby,
        "optional": item.step.optional,
        "waiting": item.step.waiting,
        "needed": item.step.needed,
        "pasteable": bool(item.step.forms),
        "ends_with": item.step.last_lines[-1] if item.step.last_lines else "",
        "if_not": item.step.if_not,
        "hours": item.step.hours,
        "waits_since": [names[key] for key in item.step.since],
        "undoes": names.get(item.step.undoes, ""),
        "takes_back": item.step.takes_back,
    }
    metadata = {"deletable": False, "mm365": about, "tags": ["mm365-record"]}
    source = _lines(blank_record(item.heading, item.prompts))
    return {"cell_type": "markdown", "id": f"{item.cell}-record", "metadata": metadata, "source": source}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def blank_record(title: str, prompts: Sequence[str]) -> str:
    """A record before anything is filled in."""
    hints = [f"  Write times in UTC as {TIME_FORMS}."]
    if EXIT_CODE in prompts:
        hints += ["  Of several runs, write the exit code of each, in order, as 1, 0."]
    if TEST_MESSAGES in prompts:
        hints += ["  Of the three test messages, write what became of each, as arrived, arrived, arrived."]
    lines = [f"{prompt}: {HINT}\n" if prompt == OUTPUT else f"{prompt}: " for prompt in prompts]
    return "\n".join([f"{FENCE}text", f"RECORD - {title}", *hints, *lines, FENCE])
