"""Steps are held together: their order, the waits between them, and what was taken back."""

from pathlib import Path

import pytest

from mm365.evidence.evidence import Verdict
from mm365.evidence.steps import Result
from tests.evidence.filled import blank, cell_of, check, fill, filled_in, problems

TIME = "Time (UTC)"


def test_step_that_was_done_before_one_that_must_come_first_is_named(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "04-create", **{TIME: "2026-12-01 13:00 to 13:01"})
    evidence = check(notebook, place)
    assert (evidence.verdict, evidence.steps[4].result) == (Verdict.FAILED, Result.FAILED)
    assert problems(evidence) == {
        "04-create": [
            "began at 2026-12-01 13:00, before the end of: Step 3 of 11: Simulate the creation (2026-12-01 13:03)"
        ]
    }


def test_offsets_count_in_the_order(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "04-create", **{TIME: "2026-12-01T15:04+02:00"})
    assert check(notebook, place).verdict is Verdict.SUCCEEDED
    fill(notebook, "04-create", **{TIME: "2026-12-01T13:04+02:00"})
    assert list(problems(check(notebook, place))) == ["04-create"]


def test_audit_is_done_during_the_wait(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "08-wait", **{TIME: "2026-12-01 13:06 to 13:40"})
    fill(notebook, "07-audit", **{TIME: "2026-12-01 13:10 to 13:20"})
    assert check(notebook, place).verdict is Verdict.SUCCEEDED


def test_step_that_was_done_after_a_failed_one_is_named(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "10-verify-enabled", **{"Exit code": "1"})
    found = problems(check(notebook, place))
    assert found["11-trace"] == ["was done although this had failed: Step 10 of 11: Verify: all is on"]


def test_redirect_that_was_turned_on_too_early_by_the_records_is_named(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "09-enable-redirect", **{TIME: "2026-12-01 13:20"})
    assert problems(check(notebook, place)) == {
        "09-enable-redirect": ["had to wait 30 min; by the times in the records it was 14 min"]
    }


def test_steps_after_a_failure_need_no_record(place: Path) -> None:
    notebook = filled_in()
    for name in ("05-verify-created", "06-enable-loopcheck", "07-audit", "08-wait", *REST):
        cell_of(notebook, f"{name}-record")["source"] = cell_of(blank(), f"{name}-record")["source"]
    fill(notebook, "04-create", **{"Exit code": "1", "Output": "STOPPED  x"})
    evidence = check(notebook, place)
    assert evidence.verdict is Verdict.FAILED
    assert list(problems(evidence)) == ["04-create"]
    assert evidence.steps[5].result is Result.NOT_FILLED_IN


REST = ("09-enable-redirect", "10-verify-enabled", "11-trace")


def test_change_that_was_rolled_back_has_not_succeeded(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "rollback", **{TIME: "2026-12-01 15:00 to 2026-12-02 16:10", "Exit code": "2, 0"})
    evidence = check(notebook, place)
    assert (evidence.verdict, evidence.took_back) == (Verdict.FAILED, True)
    assert problems(evidence) == {"rollback": ["the change was rolled back"]}
    assert evidence.steps[-1].result is Result.TOOK_BACK
    assert evidence.reasons == "The change was rolled back."


@pytest.mark.parametrize(
    ("time", "problem"),
    [
        ("2026-12-01 15:00 to 17:00", "had to wait 25 h 0 min; by the times in the records it was 2 h 0 min"),
        ("2026-12-02 16:10", "the time does not say when its first run began"),
    ],
)
def test_rollback_that_did_not_wait_for_mail_on_its_way_is_named(time: str, problem: str, place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "rollback", **{TIME: time, "Exit code": "2, 0"})
    assert problem in problems(check(notebook, place))["rollback"]


def test_rollback_counts_its_wait_from_stop(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "stop", **{TIME: "2026-12-01 15:00"})
    fill(notebook, "rollback", **{TIME: "2026-12-02 16:10"})
    assert problems(check(notebook, place))["rollback"] == ["the change was rolled back"]


def test_rollback_has_nothing_to_wait_for_if_redirect_was_never_on(place: Path) -> None:
    notebook = filled_in()
    for name in REST:
        cell_of(notebook, f"{name}-record")["source"] = cell_of(blank(), f"{name}-record")["source"]
    fill(notebook, "rollback", **{TIME: "2026-12-01 15:00"})
    assert problems(check(notebook, place)) == {"rollback": ["the change was rolled back"]}


def test_rollback_that_waits_is_not_finished(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "rollback", **{"Exit code": "2", "Output": "WAITING until 2026-12-02 16:00"})
    evidence = check(notebook, place)
    assert (evidence.verdict, evidence.steps[-1].result) == (Verdict.INCOMPLETE, Result.WAITING)


def test_redirect_that_was_stopped_has_not_succeeded_until_it_is_on_again(place: Path) -> None:
    notebook = filled_in()
    fill(notebook, "stop", **{TIME: "2026-12-01 15:00"})
    evidence = check(notebook, place)
    assert evidence.verdict is Verdict.FAILED
    assert evidence.steps[-2].result is Result.TOOK_BACK
    assert evidence.reasons.startswith("Mail was stopped from going to the filter, and nothing later is recorded of: ")
    fill(notebook, "09-enable-redirect", **{TIME: "2026-12-01 14:09 to 16:00", "Exit code": "0, 0"})
    fill(notebook, "10-verify-enabled", **{TIME: "2026-12-01 16:30"})
    fill(notebook, "11-trace", **{TIME: "2026-12-01 16:40"})
    assert check(notebook, place).verdict is Verdict.SUCCEEDED


def test_stop_that_was_begun_needs_its_whole_record(place: Path) -> None:
    notebook = filled_in()
    source = "".join(cell_of(notebook, "stop-record")["source"])
    cell_of(notebook, "stop-record")["source"] = source.replace("Exit code: \n", "Exit code: 0\n")
    step = check(notebook, place).steps[-2]
    assert (step.result, step.missing) == (Result.INCOMPLETE, ("Time (UTC)", "Carried out by", "Output"))


def test_optional_step_may_be_left_out(place: Path) -> None:
    notebook = filled_in()
    cell_of(notebook, "07-audit-record")["source"] = cell_of(blank(), "07-audit-record")["source"]
    evidence = check(notebook, place)
    assert (evidence.verdict, evidence.steps[7].result) == (Verdict.SUCCEEDED, Result.NOT_FILLED_IN)
