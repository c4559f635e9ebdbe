"""Runbooks as an operator hands them in, and what is found out about them."""

import json
from pathlib import Path
from typing import Any

from mm365.evidence.cells import CellStatus
from mm365.evidence.evidence import Evidence, check_evidence
from mm365.pack.contents import build_pack
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES, Result, run

Notebook = dict[str, Any]
CHANGE = build_change(build_request(VALUES, needs=()))
PACK = build_pack(CHANGE)
STEPS = CHANGE.procedure
STANDBY = [step for step in STEPS if step.standby]
NEEDED = [step for step in STEPS if step.needed]
HALF_AN_HOUR_LATER = {"09-enable-redirect", "10-verify-enabled", "11-trace"}
OUTPUT = "Output: (paste it below)\n"


def blank() -> Notebook:
    """The runbook before anything is filled in."""
    notebook: Notebook = json.loads(PACK.files["runbook.ipynb"])
    return notebook


def filled_in(**others: str) -> Notebook:
    """The runbook after a change in which all went well; stop and rollback were not needed. Others override answers."""
    notebook = blank()
    for cell in records(notebook):
        if not cell["metadata"]["mm365"]["standby"]:
            fill(notebook, cell["id"].removesuffix("-record"), **others)
    return notebook


def fill(notebook: Notebook, step: str, **others: str) -> None:
    """Write a record anew as that of a step that ended well, but for the answers given by prompt."""
    cell = cell_of(notebook, f"{step}-record")
    about = cell["metadata"]["mm365"]
    hour = 14 if step in HALF_AN_HOUR_LATER else 13
    number = int(step[:2]) if step[:2].isdigit() else 40
    answers = {
        "Fingerprint that was approved": f"{PACK.fingerprint.upper()} ",
        "Time (UTC)": f"2026-12-01 {hour}:{number:02} to {hour}:{number:02}",
        "Carried out by": "A. Operator",
        "Exit code": "0",
        "Test messages (in, out, internal)": "arrived, arrived, arrived",
        "Not done, because": "",
        "Output": f"Now in the tenant:\nExit code: this is output\n{about['ends_with']}",
    } | others
    lines = [f"{prompt}: {answers[prompt]}" for prompt in about["prompts"] if prompt != "Output"]
    lines += [f"{OUTPUT}{answers['Output']}"] if "Output" in about["prompts"] else []
    cell["source"] = "\n".join(["````text", f"RECORD - {about['title']}", *lines, "````"])


def records(notebook: Notebook) -> list[Notebook]:
    return [cell for cell in notebook["cells"] if cell["metadata"]["mm365"]["role"] == "record"]


def cell_of(notebook: Notebook, name: str) -> Notebook:
    found: Notebook = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def put(notebook: Notebook, name: str, old: str, new: str) -> None:
    cell = cell_of(notebook, name)
    assert old in "".join(cell["source"])
    cell["source"] = "".join(cell["source"]).replace(old, new)


def check(notebook: Notebook, place: Path) -> Evidence:
    """What a notebook proves against the pack in a place."""
    (place / "filled.ipynb").write_text(json.dumps(notebook))
    return check_evidence(place / "filled.ipynb", place / "pack")


def ask(notebook: Notebook, file: Path, pack: Path, *options: str | Path) -> Result:
    """The same by the command."""
    file.write_text(json.dumps(notebook))
    return run("evidence", file, "--pack", pack, *options)


def departures(evidence: Evidence) -> dict[str, CellStatus]:
    return {cell.name: cell.status for cell in evidence.departures}


def problems(evidence: Evidence) -> dict[str, list[str]]:
    """What there is to settle, by step."""
    return {step.step: [problem.text for problem in step.problems] for step in evidence.steps if step.problems}
