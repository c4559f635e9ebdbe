"""What the command line says of a checked runbook, for people and for machines."""

from collections.abc import Mapping

from mm365.evidence.evidence import CellStatus, Evidence


def lines(checked: Evidence) -> list[str]:
    """Every step's result and every cell that is not as approved, the verdict last."""
    said = []
    steps = {step.step: step for step in checked.steps}
    for cell in checked.cells:
        step = steps.get(cell.name) if cell.status is not CellStatus.ADDED else None
        result = f"{step.result}{'' if not step.remarks else ': ' + '; '.join(step.remarks)}" if step else ""
        if result or cell.status is not CellStatus.OK or not checked.approved[cell.name].is_record:
            said.append(f"{cell.status.value:<8} {cell.place:<20} {result}".rstrip())
        if cell.line or cell.status is CellStatus.ALTERED:
            place = f"line {cell.line}, " if cell.line else ""
            # As ASCII: letters of other alphabets can look the same.
            said += [f"         {place}approved: {cell.approved!a}", f"         {place}found:    {cell.found!a}"]
    said.append(f"Fingerprint  {checked.fingerprint}  (of the pack; compare it with the one that was signed)")
    said.append(f"Filled in    {checked.sha256}  (SHA-256 of the file)")
    return [*said, checked.verdict]


def as_facts(checked: Evidence) -> Mapping[str, object]:
    """The same as plain values."""
    return {
        "as_approved": checked.as_approved,
        "complete": checked.complete,
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
                "result": step.result.value.lower(),
                "missing": step.missing,
                "notes": step.notes,
            }
            for step in checked.steps
        ],
    }
