"""A filled-in runbook as evidence: whether it is what was approved, and whether the change succeeded by its records."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mm365.display import quoted
from mm365.documents.words import capitalised, counted
from mm365.errors import EvidenceError, PackError
from mm365.evidence.cells import CellReport, CellStatus, compare_cells
from mm365.evidence.notebook_file import NotebookCell, parse_notebook, read_notebook
from mm365.evidence.record import Record, read_record
from mm365.evidence.sequence import need_no_record, order_problems
from mm365.evidence.steps import Problem, Result, StepReport, own_problems, report_step
from mm365.pack.contents import digest
from mm365.pack.runbook import PATH
from mm365.pack.verification import PackReport, verify_pack
from mm365.request.fields import UNUSABLE
from mm365.scripts.operator_step import FINGERPRINT


class Verdict(StrEnum):
    """What a filled-in runbook proves of its change."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


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
    def departures(self) -> tuple[CellReport, ...]:
        """The cells that are not as approved."""
        return tuple(cell for cell in self.cells if cell.status is not CellStatus.OK)

    @property
    def as_approved(self) -> bool:
        """Whether the steps and their order are those of the pack, and the fingerprint in the record is the pack's."""
        return not self.example and self.fingerprint_agrees and not self.departures

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be done or to be recorded. What failed is complete, too."""
        return all(problem.failure for step in self.steps for problem in step.problems)

    @property
    def took_back(self) -> bool:
        """Whether the change, or the rule Redirect, was taken back in the end."""
        return bool(self._taken_back)

    @property
    def verdict(self) -> Verdict:
        """The verdict. A runbook that is not as approved proves nothing: with it, the change counts as failed."""
        if not self.as_approved or any(problem.failure for step in self.steps for problem in step.problems):
            return Verdict.FAILED
        return Verdict.SUCCEEDED if self.complete else Verdict.INCOMPLETE

    @property
    def reasons(self) -> str:
        """Why that is the verdict, in one sentence."""
        if self.example:
            return UNUSABLE
        if self.verdict is Verdict.SUCCEEDED:
            return "It is as approved, and every step that the change needs ended as it should."
        failed, waiting = self._number(Result.FAILED), self._number(Result.WAITING)
        said = [] if self.as_approved else ["it is NOT as approved"]
        said += [f"{counted(failed, 'step')} failed, or came out of turn"] if failed else []
        said += self._taken_back
        said += [f"{counted(waiting, 'step is', 'steps are')} waiting"] if waiting else []
        open_ = sum(bool(step.problems) and step.result in {Result.INCOMPLETE, Result.NOT_DONE} for step in self.steps)
        said += [f"{counted(open_, 'step is', 'steps are')} not complete"] if open_ else []
        return f"{capitalised('; '.join(said))}."

    @property
    def _taken_back(self) -> list[str]:
        return [problem.text for step in self.steps for problem in step.problems if problem.takes_back]

    def _number(self, result: Result) -> int:
        return sum(step.result is result for step in self.steps)


def check_evidence(filled: Path, pack: Path) -> Evidence:
    """Compare a filled-in runbook with the one in its pack. Raises EvidenceError, and PackError for an altered pack."""
    report, approved = _approved(pack)
    data, cells = read_notebook(filled)
    found = tuple(compare_cells(approved, cells))
    by_name = {cell.name: cell for cell, report in found if report.status is not CellStatus.ADDED}
    if not by_name:
        raise EvidenceError(f"{quoted(str(filled))} has no cell of this pack's {PATH}; give the filled-in copy of it.")
    missing = [CellReport(name=name, status=CellStatus.MISSING) for name in approved if name not in by_name]
    records = [
        read_record(cell.about, cell.source, by_name[cell.name].source if cell.name in by_name else "")
        for cell in approved.values()
        if cell.is_record
    ]
    signed = [value for record in records if (value := record.values.get(FINGERPRINT))]
    return Evidence(
        fingerprint=report.fingerprint,
        sha256=digest(data),
        cells=(*(report for _, report in found), *missing),
        steps=_judged(records, report.fingerprint),
        fingerprint_agrees=all("".join(value.split()).lower() == report.fingerprint for value in signed),
        example=report.example,
        found=found,
        approved=approved,
    )


def _judged(records: list[Record], fingerprint: str) -> tuple[StepReport, ...]:
    own: dict[str, tuple[Problem, ...]] = {record.step: own_problems(record, fingerprint) for record in records}
    failed = [step for step, problems in own.items() if any(problem.failure for problem in problems)]
    for step in need_no_record(records, failed):
        own[step] = ()
    order = order_problems(records, failed)
    return tuple(report_step(record, (*own[record.step], *order.get(record.step, ()))) for record in records)


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
    if any("ends_with" not in cell.about for cell in cells if cell.is_record):
        raise PackError(f"{where} was made by an earlier version, which asked less; use that version's mm365 evidence.")
    return report, {cell.name: cell for cell in cells}
