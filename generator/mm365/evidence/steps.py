"""Judges one step by its own record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mm365.display import quoted
from mm365.evidence.record import Record
from mm365.evidence.times import ACCEPTED
from mm365.scripts.operator_step import EXIT_CODE, FINGERPRINT, NOT_DONE, OUTPUT, TEST_MESSAGES, TIME

_CONTRADICTION = re.compile(r"\b(?:STOPPED|WAITING)\b")
_FORM_ENDED = re.compile(r"\b(?:Done|Verified|Nothing to do): ")
_ALL_ARRIVED = re.compile(r"(?:all (?:three )?)?arrived\.?", re.IGNORECASE)
_DIRECTIONS = 3


class Result(StrEnum):
    """The result of a step, by its record."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    TOOK_BACK = "took_back"
    NOT_DONE = "not_done"
    NOT_FILLED_IN = "not_filled_in"

    @property
    def words(self) -> str:
        """The result for a person."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something to settle, each text on one line.

    A ``failure`` has happened; anything else can still be completed. ``takes_back`` says that the step itself went
    well, and that the change failed because of it.
    """

    text: str
    to_do: str
    failure: bool
    takes_back: bool = False


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """A step and its result; ``missing`` holds the prompts without an answer, ``notes`` what is worth knowing."""

    step: str
    title: str
    result: Result
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def failure(text: str, to_do: str) -> Problem:
    """A problem that has happened."""
    return Problem(text=text, to_do=to_do, failure=True)


def gap(text: str, to_do: str) -> Problem:
    """A problem of the record, or of a step that is not finished."""
    return Problem(text=text, to_do=to_do, failure=False)


def own_problems(record: Record, fingerprint: str) -> tuple[Problem, ...]:
    """What a record alone says that is not as it should be, in a pack of this fingerprint."""
    if record.blank and (record.about["standby"] or record.about["optional"]):
        return ()
    if record.reason:
        text = "was not done, and the change needs it"
        return (gap(text, "do it, or roll back"),) if record.about["needed"] else ()
    return (
        *_of_missing(record),
        *_of_fingerprint(record, fingerprint),
        *_of_time(record),
        *_of_exit_code(record),
        *_of_test_messages(record),
        *_of_output(record),
    )


def report_step(record: Record, problems: tuple[Problem, ...]) -> StepReport:
    """The report on a step with all of its problems."""
    notes = [f"not done, because: {_on_one_line(reason)}"] if (reason := record.values.get(NOT_DONE)) else []
    notes += [f"exit codes of its runs: {_on_one_line(record.values[EXIT_CODE])}"] if record.exit_codes[1:] else []
    return StepReport(
        step=record.step,
        title=str(record.about["title"]),
        result=_result(record, problems),
        missing=record.missing if problems and not record.reason else (),
        notes=tuple(notes),
        problems=problems,
    )


def _result(record: Record, problems: tuple[Problem, ...]) -> Result:
    of_itself = [problem for problem in problems if not problem.takes_back]
    if any(problem.failure for problem in of_itself):
        return Result.FAILED
    if record.waits:
        return Result.WAITING
    if record.reason:
        return Result.NOT_DONE
    if of_itself:
        return Result.INCOMPLETE
    if problems:
        return Result.TOOK_BACK
    return Result.NOT_FILLED_IN if record.blank else Result.SUCCEEDED


def _of_missing(record: Record) -> Iterator[Problem]:
    if record.blank:
        yield gap("is not filled in", "do it and fill in its record, or write why it was not done")
    elif record.missing:
        yield gap(f"missing: {', '.join(record.missing)}", "fill it in")


def _of_fingerprint(record: Record, fingerprint: str) -> Iterator[Problem]:
    signed = record.values.get(FINGERPRINT, "")
    if signed and "".join(signed.split()).lower() != fingerprint:
        yield failure("the fingerprint in the record is not that of this pack", "find out which pack was approved")


def _of_time(record: Record) -> Iterator[Problem]:
    text = record.values.get(TIME, "")
    if text and record.period is None:
        yield gap(f"time {_on_one_line(text)} cannot be read", f"write it as {ACCEPTED}")
    elif record.period and record.period.end < record.period.begin:
        yield gap(f"time {_on_one_line(text)} ends before it begins", "mend it; give the second time its date too")


def _of_exit_code(record: Record) -> Iterator[Problem]:
    text = record.values.get(EXIT_CODE, "")
    if text and not record.exit_codes:
        yield gap(f"exit code {_on_one_line(text)} cannot be read", "write the number; of several runs, as 1, 0")
    elif record.waits:
        yield gap(f"exit code {_on_one_line(text)}: it had to wait", "run it again, and record that run too")
    elif text and record.exit_codes[-1] != 0:
        yield failure(f"exit code {_on_one_line(text)}; 0 was expected", str(record.about["if_not"]))


def _of_test_messages(record: Record) -> Iterator[Problem]:
    text = record.values.get(TEST_MESSAGES, "")
    if not text or _ALL_ARRIVED.fullmatch(text):
        return
    answers = [answer.strip().lower() for answer in text.split(",")]
    if len(answers) != _DIRECTIONS:
        yield gap(f"test messages {_on_one_line(text)} cannot be read", "write it as arrived, arrived, arrived")
    elif set(answers) != {"arrived"}:
        to_do = "if all arrived, write arrived, arrived, arrived; if not, look with 80-trace and consider 60-stop"
        yield failure(f"test messages: {_on_one_line(text)}", to_do)


def _of_output(record: Record) -> Iterator[Problem]:
    """A run that failed or waits says so by itself: only its output's own contradiction is told then."""
    output, expected = record.values.get(OUTPUT, ""), str(record.about["ends_with"])
    if not output or record.waits or not expected:
        return
    ended = _end(output, expected, pasteable=bool(record.about["pasteable"]))
    contradictions = [found for found in _CONTRADICTION.finditer(output) if found.start() >= ended]
    if contradictions:
        line = output[output.rfind("\n", 0, contradictions[-1].start()) + 1 :].split("\n")[0]
        yield failure(f"the output says {_on_one_line(line)}", str(record.about["if_not"]))
    elif ended < 0 and record.exit_codes[-1:] == (0,):
        ending = f"{quoted(expected, whole=True)}{', or a form with Done' if record.about['pasteable'] else ''}"
        yield gap(
            "the output does not have the last line of a run that ended well", f"paste all of it; it ends with {ending}"
        )


def _end(output: str, expected: str, *, pasteable: bool) -> int:
    """Where a run ended well for the last time, or -1. A window breaks long lines anywhere, so only letters count."""
    ends = [match.start() for match in re.finditer(r"\s*".join(map(re.escape, expected.replace(" ", ""))), output)]
    ends += [match.start() for match in _FORM_ENDED.finditer(output)] if pasteable else []
    return max(ends, default=-1)


def _on_one_line(text: str) -> str:
    return quoted(" ".join(text.split()))
