"""Every field of a record is read: exit codes, times, test messages and output."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.evidence.evidence import Verdict
from mm365.evidence.record import read_record
from mm365.evidence.steps import Result
from mm365.evidence.times import read_period
from tests.evidence.filled import cell_of, check, fill, filled_in, problems, put

AT = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 14:30",
        "2026-12-01T14:30:00Z",
        "2026-12-01T16:30+02:00",
        " 2026-12-01 14:30 UTC",
        "2026-12-01T14:30:00.0000000Z",
    ],
)
def test_time_is_read_with_and_without_an_offset(text: str) -> None:
    period = read_period(text)
    assert period
    assert (period.begin, period.end, period.single) == (AT, AT, True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 14:30 to 15:10",
        "2026-12-01 14:30 - 2026-12-01 15:10",
        "2026-12-01T16:30+02:00 to 17:10",
        "2026-12-01T14:30Z to 2026-12-01T17:10+02:00",
    ],
)
def test_second_time_takes_what_it_leaves_out_from_the_first(text: str) -> None:
    period = read_period(text)
    assert period
    assert (period.begin, period.end, period.single) == (AT, AT.replace(hour=15, minute=10), False)


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "", "14:30", "2026-13-01 14:30", "2026-12-01 25:00", "2026-12-01", "01.12.2026 14:30"),
        *("2026-12-01 14:30 to late", "2026-12-01 14:30 to 15:00 to 16:00", "0001-01-01 00:00+10:00"),
    ],
)
def test_other_texts_are_no_time(text: str) -> None:
    assert read_period(text) is None


@given(st.text(alphabet="0123456789-: TtoZz+\n\u0661", max_size=40))
def test_no_text_breaks_the_reading_of_a_time(text: str) -> None:
    read_period(text)


@pytest.mark.parametrize(
    ("time", "problem"),
    [
        ("yesterday", "time 'yesterday' cannot be read"),
        ("2026-12-01 13:04 to 13:02", "time '2026-12-01 13:04 to 13:02' ends before it begins"),
    ],
)
def test_time_that_cannot_be_so_is_named_with_what_is_accepted(time: str, problem: str, place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "04-create", **{"Time (UTC)": time})
    evidence = check(notebook, place)
    assert evidence.verdict is Verdict.INCOMPLETE
    assert problems(evidence)["04-create"] == [problem]
    assert "2026-12-01" in evidence.steps[4].problems[0].to_do or "date" in evidence.steps[4].problems[0].to_do


@pytest.mark.parametrize(
    ("code", "result"),
    [
        *(("0", Result.SUCCEEDED), ("1, then 0", Result.SUCCEEDED), ("1; 0", Result.SUCCEEDED)),
        *(("1", Result.FAILED), ("2", Result.FAILED), ("-1", Result.FAILED), ("10", Result.FAILED)),
        *(("0, 1", Result.FAILED), ("9" * 5000, Result.FAILED)),
        *(("none", Result.INCOMPLETE), ("0 I think", Result.INCOMPLETE), ("0x0", Result.INCOMPLETE)),
    ],
)
def test_exit_code_of_the_last_run_decides(code: str, result: Result, place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "11-trace", **{"Exit code": code})
    assert check(notebook, place).steps[11].result is result


def test_step_that_waited_and_was_run_again_has_succeeded(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "09-enable-redirect", **{"Exit code": "2, then 0"})
    assert check(notebook, place).verdict is Verdict.SUCCEEDED


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("all three arrived", Result.SUCCEEDED),
        ("Arrived, arrived, arrived", Result.SUCCEEDED),
        ("arrived, bounced with 5.4.14, arrived", Result.FAILED),
        ("some of them", Result.INCOMPLETE),
    ],
)
def test_test_messages_are_read(answer: str, result: Result, place: Path) -> None:
    notebook = filled_in(**{"Test messages (in, out, internal)": answer})
    assert check(notebook, place).steps[10].result is result


LAST = "Next: 40-verify -Expect Created. To take it back: 70-rollback."


@pytest.mark.parametrize(
    ("output", "result"),
    [
        (f"STOPPED  x\nNext: fix it.\nPS> ./30-create.ps1\n{LAST}\nPS>", Result.SUCCEEDED),
        (f"{LAST[:20]}\n{LAST[20:31]}\n{LAST[31:]}", Result.SUCCEEDED),
        ("Done: the rule is there.", Result.SUCCEEDED),
        ("STOPPED  The service refused it.\nNext: fix it.", Result.FAILED),
        (f"{LAST}\nSTOPPED. Nothing was changed.", Result.FAILED),
        ("it went well", Result.INCOMPLETE),
    ],
)
def test_output_is_held_against_the_last_line_of_a_run_that_ended_well(
    output: str, result: Result, place: Path
) -> None:
    notebook = filled_in()
    fill(notebook, "04-create", Output=output)
    assert check(notebook, place).steps[4].result is result


def test_form_is_no_ending_where_no_form_does_the_step(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "02-backup", Output="Done: saved.")
    assert check(notebook, place).steps[2].result is Result.INCOMPLETE


def test_output_that_looks_like_a_prompt_is_output(place: Path) -> None:
    notebook = filled_in()
    put(notebook, "02-backup-record", "Next: 30-create.", "Not done, because: no\nExit code: 1\nNext: 30-create.")
    step = check(notebook, place).steps[2]
    assert (step.result, step.notes) == (Result.SUCCEEDED, ())


def test_record_without_its_fence_is_read_all_the_same() -> None:
    about = {"prompts": ["Exit code", "Output"], "waiting": False}
    record = read_record(about, "", "RECORD\nExit code: 0\nOutput: (paste it below)\nx")
    assert record.values == {"Exit code": "0", "Output": "x"}


def test_fence_alone_is_not_an_output(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "04-create", Output="")
    assert check(notebook, place).steps[4].missing == ("Output",)


def test_steps_without_a_result_are_named_with_what_is_missing(place: Path) -> None:
    notebook = filled_in()
    cell_of(notebook, "04-create-record")["source"] = "it went well"
    assert problems(check(notebook, place)) == {"04-create": ["missing: Time (UTC), Carried out by, Exit code, Output"]}


def test_exit_code_counts_more_than_a_reason_why_it_was_not_done(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "02-backup", **{"Exit code": "1", "Not done, because": "no time"})
    assert check(notebook, place).steps[2].result is Result.FAILED
