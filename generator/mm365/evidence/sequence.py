"""Judges the steps together: their order, the waits between them, and what was taken back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from mm365.evidence.record import Record
from mm365.evidence.steps import Problem, failure, gap
from mm365.evidence.times import in_words, span_in_words
from mm365.scripts.operator_step import EXIT_CODE


def order_problems(records: Sequence[Record], failed: Sequence[str]) -> Mapping[str, tuple[Problem, ...]]:
    """By step, what is wrong in its place among the others. ``failed`` names the steps that failed by themselves."""
    by_step = {record.step: record for record in records}
    numbered = [record for record in records if not record.about["standby"]]
    found: dict[str, tuple[Problem, ...]] = {}
    for place, record in enumerate(numbered):
        if record.done:
            earlier = numbered[:place]
            found[record.step] = (*_after_failure(earlier, failed), *_out_of_order(record, earlier))
    for record in records:
        if record.done:
            found[record.step] = (*found.get(record.step, ()), *_too_early(record, by_step))
            found[record.step] += tuple(_taken_back(record, by_step))
    return found


def need_no_record(records: Sequence[Record], failed: Sequence[str]) -> set[str]:
    """The steps that nobody did, and nobody had to do any more: a step before them failed, or all was rolled back."""
    over = any(rolled_back(record) for record in records)
    names = set()
    for record in records:
        if over and record.blank:
            names.add(record.step)
        over = over or record.step in failed
    return names


def rolled_back(record: Record) -> bool:
    """Whether this is the record of a rollback that went through."""
    return bool(record.about["takes_back"]) and record.done and record.exit_codes[-1:] == (0,)


def _after_failure(earlier: Sequence[Record], failed: Sequence[str]) -> Iterator[Problem]:
    before = [other for other in earlier if other.step in failed]
    if before:
        yield failure(
            f"was done although this had failed: {before[0].about['title']}",
            "settle the failed step first; then do this one again, or roll back",
        )


def _out_of_order(record: Record, earlier: Sequence[Record]) -> Iterator[Problem]:
    for other in reversed(earlier):
        # A step that runs nothing is time that passes. Optional steps are done meanwhile.
        meanwhile = other.about["optional"] and EXIT_CODE not in record.about["prompts"]
        if meanwhile or not (other.done and other.period and record.period):
            continue
        if record.period.begin < other.period.end:
            yield failure(
                f"began at {in_words(record.period.begin)}, before the end of: {other.about['title']} "
                f"({in_words(other.period.end)})",
                "correct the time if it is wrong; if it is right, verify with 40-verify what is in the tenant",
            )
            return


def _too_early(record: Record, by_step: Mapping[str, Record]) -> Iterator[Problem]:
    """What the times contradict of a wait, taken from the earliest begin to the latest end that they allow."""
    undone = by_step.get(record.about["undoes"])
    since = [by_step[name].period for name in record.about["waits_since"] if by_step[name].done]
    begins = [period.begin for period in since if period]
    if record.exit_codes[-1:] != (0,) or not record.period or not begins or (undone and not undone.done):
        return
    needed, passed = timedelta(hours=record.about["hours"]), record.period.end - min(begins)
    if passed >= needed or passed < timedelta(0):
        return
    if record.period.single and min(begins) == record.period.begin:
        yield gap("the time does not say when its first run began", "write from when to when, over all of its runs")
        return
    yield failure(
        f"had to wait {span_in_words(needed)}; by the times in the records it was {span_in_words(passed)}",
        "correct the times if they are wrong; if they are right, look for lost mail and loops with 80-trace",
    )


def _taken_back(record: Record, by_step: Mapping[str, Record]) -> Iterator[Problem]:
    undone = by_step.get(record.about["undoes"])
    if record.exit_codes[-1:] != (0,) or (not record.about["takes_back"] and not (undone and undone.done)):
        return
    if record.about["takes_back"]:
        yield _took_back("the change was rolled back", "keep the state folder with the change record")
    elif undone and not (record.period and undone.period and undone.period.end >= record.period.end):
        yield _took_back(
            f"mail was stopped from going to the filter, and nothing later is recorded of: {undone.about['title']}",
            "roll back; or do that step again, and write its times and exit codes over all of its runs",
        )


def _took_back(text: str, to_do: str) -> Problem:
    return Problem(text=text, to_do=to_do, failure=True, takes_back=True)
