"""Where the results of a rehearsal go: what could not be written at the end is known before the work begins."""

import tempfile
from pathlib import Path

from mm365.errors import OutputError
from mm365.pack.writing import check_new
from mm365.rehearsal.keep import check_target


def check_targets(report: Path | None, keep: Path | None) -> None:
    """Raise OutputError if the file for the report or the folder for the runs is in use or cannot be made."""
    if report is not None:
        check_new(report, field="report")
        _check_folder(report.parent, report, "report")
    if keep is not None:
        check_target(keep)
        # Folders above it are made when it is written.
        there = next(folder for folder in keep.absolute().parents if folder.exists())
        _check_folder(there, keep, "keep")


def _check_folder(folder: Path, target: Path, field: str) -> None:
    """Whether something can be written in a folder is known only when it has been."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        problem = f"cannot be written: {folder}: {error.strerror}"
        raise OutputError(problem, "name another place", field=field, value=target) from error
