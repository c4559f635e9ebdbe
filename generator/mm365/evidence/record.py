"""Reads the record of a step: prompts, each with what the operator wrote behind its colon."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mm365.evidence.times import Period, read_period
from mm365.pack.runbook import FENCE, HINT
from mm365.scripts.operator_step import EXIT_CODE, NOT_DONE, OUTPUT, TIME

_EXIT_CODES = re.compile(r"-?\d+(?:(?:\s*[,;]\s*|\s+)(?:then\s+)?-?\d+)*", re.ASCII)


@dataclass(frozen=True)
class Record:
    """What was filled in for one step.

    ``about`` is what the approved runbook says of the step, ``values`` what was written behind each prompt. ``blank``
    says that nothing was filled in.
    """

    about: Mapping[str, Any]
    values: Mapping[str, str]
    blank: bool

    @property
    def step(self) -> str:
        """The name of the step's cell."""
        return str(self.about["step"])

    @property
    def reason(self) -> str:
        """Why it was not done; empty if it was, or if nothing is said of it."""
        return "" if self.values.get(EXIT_CODE) else self.values.get(NOT_DONE, "")

    @property
    def done(self) -> bool:
        """Whether it says that something was done."""
        return not self.blank and not self.reason

    @property
    def missing(self) -> tuple[str, ...]:
        """The prompts without an answer."""
        return tuple(prompt for prompt in self.about["prompts"] if prompt != NOT_DONE and not self.values.get(prompt))

    @cached_property
    def period(self) -> Period | None:
        """From when to when it was done; None if that was not written, or cannot be read."""
        return read_period(self.values.get(TIME, ""))

    @cached_property
    def exit_codes(self) -> tuple[int, ...]:
        """The exit codes of its runs, in order; empty if none was written, or they cannot be read."""
        text = self.values.get(EXIT_CODE, "")
        if not _EXIT_CODES.fullmatch(text):
            return ()
        # Nine digits are more than any exit code has, and Python refuses to read a number of thousands.
        return tuple(int(code[:9]) for code in re.findall(r"-?\d+", text, re.ASCII))

    @property
    def waits(self) -> bool:
        """Whether its last run ended with 2 because it had to wait."""
        return bool(self.about["waiting"]) and self.exit_codes[-1:] == (2,)


def read_record(about: Mapping[str, Any], blank: str, text: str) -> Record:
    """The record of a step: ``about`` and ``blank`` are of the approved runbook, ``text`` is what was handed in."""
    return Record(about, _values(about["prompts"], text), text.split() == blank.split() or not text.strip())


def without_fence(text: str) -> str:
    """A record without the lines that make it a block in Markdown."""
    lines = text.strip().split("\n")
    if lines[0].startswith(FENCE):
        lines = lines[1:]
    if lines and lines[-1].strip() == FENCE:
        lines = lines[:-1]
    return "\n".join(lines)


def _values(prompts: Sequence[str], text: str) -> dict[str, str]:
    """The text behind each prompt, up to the next prompt. After the one for the output, there are no more prompts."""
    values: dict[str, list[str]] = {}
    current = ""
    for line in without_fence(text).splitlines():
        prompt = next((prompt for prompt in prompts if line.lstrip().startswith(f"{prompt}:")), "")
        if prompt and prompt not in values and current != OUTPUT:
            current = prompt
            values[current] = [line.lstrip().removeprefix(f"{prompt}:").replace(HINT, "")]
        elif current:
            values[current].append(line)
    return {prompt: "\n".join(lines).strip() for prompt, lines in values.items()}
