"""Reads the record of a step: prompts, each with what the operator wrote behind its colon."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mm365.display import quoted
from mm365.pack.runbook import HINT
from mm365.scripts.operator_step import EXIT_CODE, NOT_DONE, OUTPUT


class Result(StrEnum):
    """The result of a step, by its record."""

    FILLED = "filled in"
    NOT_DONE = "not done, with a reason"
    NOT_NEEDED = "not needed"
    WAITING = "WAITING, not finished"
    INCOMPLETE = "NO RESULT"

    @property
    def finished(self) -> bool:
        """Whether nothing is left to be done, or to be recorded."""
        return self not in {Result.WAITING, Result.INCOMPLETE}


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """A step and its result; ``missing`` holds the prompts without an answer, ``notes`` what needs attention."""

    step: str
    title: str
    result: Result
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything that needs attention, each on one line."""
        return (*([f"missing: {', '.join(self.missing)}"] if self.missing else []), *self.notes)


def record_values(prompts: Sequence[str], text: str) -> dict[str, str]:
    """The text behind each prompt, up to the next prompt. After the one for the output, there are no more prompts."""
    values: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        prompt = next((prompt for prompt in prompts if line.lstrip().startswith(f"{prompt}:")), "")
        if prompt and prompt not in values and current != OUTPUT:
            current = prompt
            values[current] = [line.lstrip().removeprefix(f"{prompt}:").replace(HINT, "")]
        elif current:
            values[current].append(line)
    return {prompt: "\n".join(lines).strip() for prompt, lines in values.items()}


def report_step(about: Mapping[str, Any], blank: str, text: str) -> StepReport:
    """The report on a step: ``about`` and ``blank`` are of the approved record, ``text`` is the filled-in one.

    A step whose script may wait and ended with 2 has not failed, but is not finished. Several exit codes are those of
    several runs; the last one counts.
    """
    values = record_values(about["prompts"], text)
    missing = tuple(prompt for prompt in about["prompts"] if prompt != NOT_DONE and not values.get(prompt))
    code = values.get(EXIT_CODE, "")
    last = re.findall(r"-?\d+", code)[-1:]
    waits = about["waiting"] and last == ["2"]
    notes: list[str] = []
    if reason := values.get(NOT_DONE):
        result = Result.NOT_DONE
        notes.append(f"not done, because: {_on_one_line(reason)}")
    elif waits:
        result = Result.WAITING
        notes.append(f"exit code {_on_one_line(code)}: it had to wait; run it again and record that run")
    elif not missing:
        result = Result.FILLED
    elif (about["standby"] or about["optional"]) and text.split() == blank.split():
        result = Result.NOT_NEEDED
    else:
        result = Result.INCOMPLETE
    if code and not waits and last != ["0"]:
        notes.append(f"exit code {_on_one_line(code)}; 0 was expected")
    open_ = missing if result is Result.INCOMPLETE else ()
    return StepReport(step=about["step"], title=about["title"], result=result, missing=open_, notes=tuple(notes))


def _on_one_line(text: str) -> str:
    return quoted(" ".join(text.split()))
