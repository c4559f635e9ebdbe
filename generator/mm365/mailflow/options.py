"""The options of a mail-flow command, from texts."""

from collections.abc import Iterator, Sequence

from mm365.errors import InvalidValueError, Problem, RequestError
from mm365.mailflow.flow import Situation
from mm365.mailflow.tenant import PROPAGATING, Stage
from mm365.request.parsers import parse_domain


def read_situation(*, stage: str, propagating: str, domains: Sequence[str]) -> Situation:
    """Where mail is followed. Raises RequestError with a problem for each text that is wrong."""
    late = tuple(dict.fromkeys(part.strip().lower() for part in propagating.split(",") if part.strip()))
    problems = [*_problems(stage, late), *_domain_problems(domains)]
    if problems:
        raise RequestError(problems)
    return Situation(stage=Stage(stage.strip().lower()), domains=tuple(map(parse_domain, domains)), propagating=late)


def _problems(stage: str, late: Sequence[str]) -> Iterator[Problem]:
    if stage.strip().lower() not in {*Stage}:
        remedy = f"use one of {', '.join(Stage)}"
        yield Problem(problem="is not a stage of a change", remedy=remedy, field="stage", value=stage)
    for name in late:
        if name not in PROPAGATING:
            remedy = f"use {' or '.join(PROPAGATING)}, or both with a comma between"
            yield Problem(problem="is not a rule of ours", remedy=remedy, field="propagating", value=name)


def _domain_problems(domains: Sequence[str]) -> Iterator[Problem]:
    for text in domains:
        try:
            parse_domain(text)
        except InvalidValueError as error:
            yield Problem(problem=error.problem, remedy=error.remedy, field="domain", value=text)
