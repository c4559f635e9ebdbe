"""The runs of a rehearsal as files: what there was before and after each, its calls, what it wrote."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mm365.errors import OutputError
from mm365.rehearsal.rehearsal import Rehearsed
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.run import Passed
from mm365.rehearsal.sandbox import Standing


def check_target(folder: Path) -> None:
    """Raises OutputError if a folder is there and holds something."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise OutputError(f"--keep: {folder} is there and not empty; name a new folder.")


def keep_runs(done: Rehearsed, folder: Path) -> None:
    """Write ``rehearsal.json`` and a folder for each run, readable by their owner only.

    Raises OutputError if the folder is there and not empty, or cannot be written; nothing half-written is left.
    """
    check_target(folder)
    part = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        (part / "rehearsal.json").write_text(json.dumps(as_facts(done), indent=2) + "\n", encoding="utf-8")
        for name, passed in _runs(done):
            _keep(passed, part / name)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise OutputError(f"--keep: {error.filename or folder} cannot be written: {error.strerror}.") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def _runs(done: Rehearsed) -> Iterator[tuple[str, Passed]]:
    for walked in done.walks:
        for number, passed in enumerate(walked.stages, start=1):
            yield f"way-{walked.way}/{number:02}-{passed.stage.key}", passed
    for outcome in done.outcomes:
        name = re.sub(r"[^A-Za-z0-9./-]+", "-", outcome.case.name.replace("*", "every-call"))
        yield f"faults-{outcome.way}/{name}", outcome.passed


def _keep(passed: Passed, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, standing in (("before", passed.before), ("after", passed.after)):
        _keep_standing(standing, folder, name)
    calls = "".join(json.dumps(call) + "\n" for call in passed.calls)
    (folder / "calls.jsonl").write_text(calls, encoding="utf-8")
    (folder / "output.txt").write_text(passed.ended.output, encoding="utf-8", errors="backslashreplace")


def _keep_standing(standing: Standing, folder: Path, name: str) -> None:
    (folder / f"tenant-{name}.json").write_bytes(standing.tenant)
    if standing.notes is not None:
        (folder / f"notes-{name}.json").write_bytes(standing.notes)
