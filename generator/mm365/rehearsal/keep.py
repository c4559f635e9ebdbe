"""The runs of a rehearsal as files: the tenant before and after each, its calls, and its output."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mm365.errors import OutputError
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.run import Run
from mm365.rehearsal.sandbox import State


def check_target(folder: Path) -> None:
    """Raise OutputError if a folder exists and is not empty."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise OutputError("is there and not empty", "name a new folder", field="keep", value=folder)


def keep_runs(done: Result, folder: Path) -> None:
    """Write ``rehearsal.json`` and a folder for each run, which only their owner can read.

    Raises OutputError if the folder exists and is not empty, or cannot be written. Then nothing is left behind.
    """
    check_target(folder)
    part = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        (part / "rehearsal.json").write_text(json.dumps(as_facts(done), indent=2) + "\n", encoding="utf-8")
        for name, run in _runs(done):
            _keep(run, part / name)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise OutputError(problem, "nothing was left behind", field="keep", value=folder) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def _runs(done: Result) -> Iterator[tuple[str, Run]]:
    for kind, through in (*(("refused", one) for one in done.refused), *(("way", one) for one in done.ways)):
        for number, run in enumerate(through.stages, start=1):
            yield f"{kind}-{through.way}/{number:02}-{run.stage.key}", run
    for outcome in done.outcomes:
        name = re.sub(r"[^A-Za-z0-9./-]+", "-", outcome.case.name.replace("*", "every-call"))
        yield f"faults-{outcome.way}/{name}", outcome.run


def _keep(run: Run, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, state in (("before", run.before), ("after", run.after)):
        _keep_state(state, folder, name)
    calls = "".join(json.dumps(call) + "\n" for call in run.calls)
    (folder / "calls.jsonl").write_text(calls, encoding="utf-8")
    (folder / "output.txt").write_text(run.ended.output, encoding="utf-8", errors="backslashreplace")


def _keep_state(state: State, folder: Path, name: str) -> None:
    (folder / f"tenant-{name}.json").write_bytes(state.tenant)
    if state.notes is not None:
        (folder / f"notes-{name}.json").write_bytes(state.notes)
