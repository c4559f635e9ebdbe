"""Reads a notebook file as plain data, without Jupyter. Others wrote it, so nothing in it is trusted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mm365.display import quoted
from mm365.errors import EvidenceError

MAX_BYTES = 16 * 1024 * 1024
"""A runbook has about 30 KiB, and only text is pasted into it; a larger file is another one."""
_FORMAT = 4
_FORMAT_WITH_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class NotebookCell:
    """A cell of a notebook.

    ``name`` is its id, or empty. A ``bare`` cell holds nothing: Jupyter adds such cells by itself. ``about`` is what
    the pack noted on the cell in its metadata.
    """

    name: str
    kind: str
    source: str
    bare: bool
    about: Mapping[str, Any]

    @property
    def is_record(self) -> bool:
        """Whether the operator fills this cell in."""
        return self.about.get("role") == "record"


def read_notebook(path: Path) -> tuple[bytes, tuple[NotebookCell, ...]]:
    """The bytes of a notebook of format 4.5 and its cells. Raises EvidenceError for anything else."""
    where = quoted(str(path))
    try:
        # Reading a pipe or a device might never end.
        if not path.is_file():
            raise EvidenceError(f"{where} is not a file; give the filled-in copy of a pack's runbook.ipynb.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is not the name of a file"
        raise EvidenceError(f"{where} cannot be read: {reason}; give another file.") from error
    if len(data) > MAX_BYTES:
        raise EvidenceError(f"{where} is larger than {MAX_BYTES // 1024**2} MiB; that is not a filled-in runbook.")
    return data, parse_notebook(data, where)


def parse_notebook(data: bytes, where: str) -> tuple[NotebookCell, ...]:
    """The cells of a notebook; ``where`` names it in an error. Raises EvidenceError."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{where} is not a notebook: it is not JSON in UTF-8; save it in Jupyter again.") from error
    problem = EvidenceError(f"{where} is not a notebook; give the filled-in copy of a pack's runbook.ipynb.")
    if not isinstance(notebook, dict) or type(notebook.get("nbformat")) is not int:
        raise problem
    version = notebook["nbformat"], notebook.get("nbformat_minor")
    if version[0] != _FORMAT or type(version[1]) is not int or version[1] < _FORMAT_WITH_NAMES:
        raise EvidenceError(f"{where} is a notebook of another format than 4.5; save it with a current Jupyter.")
    try:
        return tuple(_cell(cell) for cell in notebook["cells"])
    except (LookupError, TypeError, AttributeError) as error:
        raise problem from error


def _cell(cell: Mapping[str, Any]) -> NotebookCell:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source if isinstance(source, list) else [source])
    about = cell["metadata"].get("mm365", {})
    return NotebookCell(
        name=_text(cell.get("id", "")),
        kind=_text(cell["cell_type"]),
        source=text,
        bare=not text.strip() and not cell.get("outputs") and not cell.get("attachments"),
        about=about if isinstance(about, dict) else {},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
