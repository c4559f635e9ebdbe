"""A filled-in runbook as evidence: whether its steps are what was approved, and whether each has a result."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path

from mm365.display import quoted
from mm365.errors import EvidenceError, PackError
from mm365.evidence.notebook_file import NotebookCell, parse_notebook, read_notebook
from mm365.evidence.record import Result, StepReport, record_values, report_step
from mm365.pack.contents import digest
from mm365.pack.runbook import PATH
from mm365.pack.verification import PackReport, verify_pack
from mm365.request.fields import UNUSABLE
from mm365.scripts.operator_step import FINGERPRINT


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


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a filled-in runbook proves: the reports on its cells and on its steps, and the cells themselves.

    ``fingerprint`` is the pack's, ``sha256`` that of the filled-in file. ``found`` holds the file's cells in their
    order, each with its report, and ``approved`` the cells of the pack's runbook by name. ``example`` says that
    the pack has the example's header ID, so that it cannot have been approved.
    """

    fingerprint: str
    sha256: str
    cells: tuple[CellReport, ...]
    steps: tuple[StepReport, ...]
    fingerprint_agrees: bool
    example: bool
    found: tuple[tuple[NotebookCell, CellReport], ...]
    approved: Mapping[str, NotebookCell]

    @property
    def as_approved(self) -> bool:
        """Whether the steps and their order are those of the pack, and the fingerprint in the record is the pack's."""
        return not self.example and self.fingerprint_agrees and all(cell.status is CellStatus.OK for cell in self.cells)

    @property
    def complete(self) -> bool:
        """Whether every step that had to be done is finished and has a result, or a reason why it was not done."""
        return all(step.result.finished for step in self.steps)

    @property
    def verdict(self) -> str:
        """The verdict on all of it in one sentence."""
        if self.example:
            return UNUSABLE
        if not self.fingerprint_agrees:
            return "NOT as approved: the fingerprint in the record is not that of this pack."
        if not self.as_approved:
            return "NOT as approved."
        open_ = sum(step.result is Result.INCOMPLETE for step in self.steps)
        waiting = sum(step.result is Result.WAITING for step in self.steps)
        said = [f"{open_} step{'s have' if open_ > 1 else ' has'} no result"] if open_ else []
        said += [f"{waiting} step{'s are' if waiting > 1 else ' is'} waiting and not finished"] if waiting else []
        if said:
            return f"The text is as approved, but {' and '.join(said)}."
        return "As approved, and every step has a result."


def check_evidence(filled: Path, pack: Path) -> Evidence:
    """Compare a filled-in runbook with the one in its pack. Raises EvidenceError, and PackError for an altered pack."""
    report, approved = _approved(pack)
    data, cells = read_notebook(filled)
    found = tuple((cell, report) for cell, report in _reports(approved, cells) if not _negligible(cell, report))
    by_name = {cell.name: cell for cell, report in found if report.status is not CellStatus.ADDED}
    if not by_name:
        raise EvidenceError(f"{quoted(str(filled))} has no cell of this pack's {PATH}; give the filled-in copy of it.")
    missing = [CellReport(name=name, status=CellStatus.MISSING) for name in approved if name not in by_name]
    records = [cell for cell in approved.values() if cell.is_record]
    said = {record.name: by_name[record.name].source if record.name in by_name else "" for record in records}
    signed = [
        value
        for record in records
        if (value := record_values(record.about["prompts"], said[record.name]).get(FINGERPRINT))
    ]
    return Evidence(
        fingerprint=report.fingerprint,
        sha256=digest(data),
        cells=(*(report for _, report in found), *missing),
        steps=tuple(report_step(record.about, record.source, said[record.name]) for record in records),
        fingerprint_agrees=all("".join(value.split()).lower() == report.fingerprint for value in signed),
        example=report.example,
        found=found,
        approved=approved,
    )


def _approved(pack: Path) -> tuple[PackReport, dict[str, NotebookCell]]:
    """The report on a pack and the cells of its runbook. Raises PackError unless the pack is as generated."""
    report = verify_pack(pack)
    where = quoted(str(pack))
    if not report.intact:
        departures = [entry for entry in report.files if entry.status not in {"ok", "signed"}]
        named = ", ".join(f"{quoted(entry.path)} {entry.status}" for entry in departures[:3])
        more = f" and {len(departures) - 3} more" if departures[3:] else ""
        raise PackError(f"{where} is not what was generated ({named}{more}); give the pack as it was approved.")
    if PATH not in {entry.path for entry in report.files}:
        raise PackError(f"{where} has no {PATH}; an earlier version made it. Make it again with this one.")
    cells = parse_notebook((pack / PATH).read_bytes(), PATH)
    return report, {cell.name: cell for cell in cells}


def _reports(
    approved: Mapping[str, NotebookCell], cells: Sequence[NotebookCell]
) -> Iterator[tuple[NotebookCell, CellReport]]:
    """Each cell of the filled-in notebook with its report."""
    places = {name: place for place, name in enumerate(approved)}
    first = {cell.name: position for position, cell in reversed(list(enumerate(cells))) if cell.name in approved}
    in_order = _longest_in_order([places[name] for name, _ in sorted(first.items(), key=lambda item: item[1])])
    after = ""
    for position, cell in enumerate(cells):
        if first.get(cell.name) != position:
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


def _negligible(cell: NotebookCell, report: CellReport) -> bool:
    """Whether a cell is one of the empty cells that Jupyter adds at the end by itself."""
    return cell.bare and report.status is CellStatus.ADDED


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
