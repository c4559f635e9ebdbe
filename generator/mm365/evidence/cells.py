"""The cells of a filled-in runbook, compared with those that were approved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from mm365.display import quoted
from mm365.evidence.notebook_file import NotebookCell


class CellStatus(StrEnum):
    """How a cell of the runbook differs from what was approved."""

    OK = "ok"
    ALTERED = "altered"
    MISSING = "missing"
    MOVED = "moved"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True)
class CellReport:
    """A cell and its status.

    An altered cell has the first ``line`` that differs, as ``approved`` and as ``found``. An added cell has the name of
    the approved cell that it comes ``after``.
    """

    name: str
    status: CellStatus
    after: str = ""
    line: int = 0
    approved: str = ""
    found: str = ""

    @property
    def place(self) -> str:
        """The cell for a person, on one line: its name; for an added cell, whose name is not ours, its place too."""
        if self.status is not CellStatus.ADDED:
            return self.name
        return f"{quoted(self.name) if self.name else 'a cell without a name'} after {self.after or 'nothing'}"


def compare_cells(
    approved: Mapping[str, NotebookCell], cells: Sequence[NotebookCell]
) -> Iterator[tuple[NotebookCell, CellReport]]:
    """Each cell of the filled-in notebook with its report; empty cells that Jupyter adds by itself are left out."""
    places = {name: place for place, name in enumerate(approved)}
    first = {cell.name: position for position, cell in reversed(list(enumerate(cells))) if cell.name in approved}
    in_order = _longest_in_order([places[name] for name, _ in sorted(first.items(), key=lambda item: item[1])])
    after = ""
    for position, cell in enumerate(cells):
        if first.get(cell.name) != position:
            if cell.bare:
                continue
            yield cell, CellReport(name=cell.name, status=CellStatus.ADDED, after=after)
            continue
        after = cell.name
        if not _as_approved(approved[cell.name], cell):
            yield cell, _altered(approved[cell.name], cell)
        else:
            moved = places[cell.name] not in in_order
            yield cell, CellReport(name=cell.name, status=CellStatus.MOVED if moved else CellStatus.OK)


def _as_approved(approved: NotebookCell, found: NotebookCell) -> bool:
    """Whether a cell is what was approved. A record can hold any text, but must not be code."""
    if approved.is_record:
        return found.kind in {"raw", "markdown"}
    return (found.kind, found.source) == (approved.kind, approved.source)


def _altered(approved: NotebookCell, found: NotebookCell) -> CellReport:
    # Only line feeds end a line: any other line separator is a difference within a line.
    pairs = zip_longest(approved.source.split("\n"), found.source.split("\n"))
    lines = ((number, *pair) for number, pair in enumerate(pairs, start=1) if pair[0] != pair[1])
    kinds = (0, f"a {approved.kind} cell", f"a {found.kind} cell")
    line, before, after = kinds if approved.kind != found.kind else next(lines, kinds)
    return CellReport(name=found.name, status=CellStatus.ALTERED, line=line, approved=before or "", found=after or "")


def _longest_in_order(numbers: Sequence[int]) -> set[int]:
    """The longest rising subsequence of these numbers, which are all different. The others have been moved."""
    chains: list[list[int]] = [[]]
    for number in numbers:
        before = max((chain for chain in chains if not chain or chain[-1] < number), key=len)
        chains.append([*before, number])
    longest = max(chains, key=len)
    return set(longest)
