"""Results of rehearsals that never ran, in the shape of what ``mm365 rehearse --json`` prints."""

from typing import Any

from mm365.pack.rehearsed import Rehearsed, rehearsal_of
from mm365.rehearsal.promises import Promise
from mm365.scripts.change import Change
from mm365.scripts.rendering import render_paste_forms, render_scripts


def facts_of(change: Change, *, held: bool = True) -> dict[str, Any]:
    """What a rehearsal of the change prints, as far as a pack reads it, with some of what it does not read."""
    request = change.request
    breach = {"promise": Promise.RETURN.value, "text": "a rule 'of others' is missing"}
    broken = {"case": "create/New-TransportRule#1:lost", "way": "file", "exit_code": 1, "breaches": [breach] * 2}
    failed = 0 if held else 3
    return {
        "format": "mm365-rehearsal-1",
        "held": held,
        "fingerprint": "0" * 64,
        "scripts": {file.path: file.sha256 for file in (*render_scripts(change), *render_paste_forms(change))},
        "tenant": request.tenant,
        "region": request.region.code,
        "loop_guard": request.loop_guard.value,
        "start": "busy",
        "behaviour": {},
        "shell": "/home/jdoe/bin/pwsh",
        "powershell": "7.6.0",
        "seconds": 12.3,
        "runs": 40,
        "faults": ["error", "lost"],
        "walks": [{"way": "file", "held": held, "came_back": True, "stages": []}],
        "cases": {"run": 12, "held": 12 - failed, "broken": failed},
        "matrix": [],
        "broken": [] if held else [broken],
    }


def rehearsed(change: Change, *, held: bool = True) -> Rehearsed:
    """The same, read."""
    return rehearsal_of(facts_of(change, held=held))
