"""The three verdicts, and that text, JSON, page and exit code agree on them."""

import json
from pathlib import Path

import pytest

from mm365.evidence.evidence import Verdict
from mm365.evidence.steps import Result
from mm365.pack.contents import digest
from tests.evidence.filled import (
    NEEDED,
    PACK,
    STANDBY,
    STEPS,
    Notebook,
    ask,
    blank,
    check,
    fill,
    filled_in,
    problems,
    records,
)  # fmt: skip


def all_failed() -> Notebook:
    """Every record filled in as a failure, those of stop and rollback included."""
    notebook = blank()
    for cell in records(notebook):
        answers = {"Exit code": "1", "Time (UTC)": "yesterday", "Output": "STOPPED everything failed"}
        fill(notebook, cell["id"].removesuffix("-record"), **answers)
    return notebook


def waiting() -> Notebook:
    notebook = filled_in()
    fill(notebook, "09-enable-redirect", **{"Exit code": "2", "Output": "WAITING until 2026-12-01 14:06"})
    return notebook


CASES = {"succeeded": filled_in, "failed": all_failed, "incomplete": waiting}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_text_json_page_and_exit_code_agree(verdict: Verdict, pack_folder: Path, file: Path) -> None:
    page = file.with_suffix(".html")
    told = ask(CASES[verdict](), file, pack_folder, "--html", page)
    facts = ask(CASES[verdict](), file, pack_folder, "--json")
    assert told.code == facts.code == (0 if verdict is Verdict.SUCCEEDED else 1)
    assert told.text.splitlines()[-1].startswith(f"Verdict      {verdict}. ")
    assert json.loads(facts.text)["verdict"] == verdict
    assert f'<div class="verdict {verdict}">\n<h1>{verdict.capitalize()}</h1>' in page.read_text("utf-8")


def test_record_in_which_everything_failed_is_a_failure_of_every_step(place: Path) -> None:
    evidence = check(all_failed(), place)
    assert evidence.verdict is Verdict.FAILED
    found = problems(evidence)
    assert len(found) == len(STEPS)
    assert all("time 'yesterday' cannot be read" in texts for texts in found.values())
    for step in evidence.steps:
        if step.step not in {"00-begin", "08-wait"}:
            assert "exit code '1'; 0 was expected" in found[step.step]
            assert "the output says 'STOPPED everything failed'" in found[step.step]
            assert step.result is Result.FAILED
    assert "was done although this had failed: Step 1 of 11: Preflight" in found["02-backup"]


def test_what_is_fine_is_a_count_and_is_listed_if_asked_for(pack_folder: Path, file: Path) -> None:
    done = ask(filled_in(), file, pack_folder)
    assert (done.code, done.err) == (0, "")
    assert done.text.splitlines() == [
        f"Steps        {len(STEPS) - len(STANDBY)} succeeded, {len(STANDBY)} not filled in",
        f"Text         {1 + 2 * len(STEPS)} cells are as approved",
        f"Fingerprint  {PACK.fingerprint}  (of the pack; compare it with the one that was signed)",
        f"Filled in    {digest(file.read_bytes())}  (SHA-256 of the file)",
        "Verdict      succeeded. It is as approved, and every step that the change needs ended as it should.",
    ]
    listed = ask(filled_in(), file, pack_folder, "--verbose").text
    assert "Step 4 of 11: Create the objects: succeeded\n" in listed
    assert "Rollback: not filled in\n" in listed
    assert "ok  04-create-record\n" in listed


def test_problems_come_first_each_with_its_step_and_what_to_do(pack_folder: Path, file: Path) -> None:
    done = ask(waiting(), file, pack_folder)
    assert done.text.startswith(
        "Step 9 of 11: Turn Redirect on: mail is sent to the filter from now on: WAITING\n"
        "  - exit code '2': it had to wait\n"
        "  To do: Run it again, and record that run too.\n"
    )


def test_what_to_do_is_said_once_however_many_steps_it_is_for(pack_folder: Path, file: Path) -> None:
    todo = [line for line in ask(all_failed(), file, pack_folder).text.splitlines() if line.startswith("  To do: ")]
    assert len(todo) == len(set(todo)) > 1


def test_blank_runbook_is_incomplete(place: Path) -> None:
    evidence = check(blank(), place)
    assert (evidence.as_approved, evidence.verdict) == (True, Verdict.INCOMPLETE)
    assert [step.result for step in evidence.steps] == [
        Result.NOT_FILLED_IN if step.standby or step.optional else Result.INCOMPLETE for step in STEPS
    ]


def test_change_that_was_not_made_has_not_succeeded_whatever_the_reason(place: Path) -> None:
    notebook = blank()
    for cell in records(notebook):
        cell["source"] = "".join(cell["source"]).replace("because: ", "because: CHG0012345 was\nwithdrawn")
    evidence = check(notebook, place)
    assert evidence.verdict is Verdict.INCOMPLETE
    assert len(problems(evidence)) == len(NEEDED)
    assert all(step.result is Result.NOT_DONE for step in evidence.steps)
    assert {step.notes for step in evidence.steps} == {("not done, because: 'CHG0012345 was withdrawn'",)}


def test_reason_is_enough_for_a_step_that_only_reads_and_is_shown(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    for step in ("01-preflight", "02-backup", "03-simulate", "08-wait", "11-trace"):
        fill(notebook, step, **{"Exit code": "", "Not done, because": "no script may run here"})
    done = ask(notebook, file, pack_folder)
    assert done.code == 0
    assert "Step 2 of 11: Backup: not done, because: 'no script may run here'\n" in done.text


def test_fingerprint_of_another_pack_in_the_record_is_not_as_approved(pack_folder: Path, file: Path) -> None:
    done = ask(filled_in(**{"Fingerprint that was approved": "0" * 64}), file, pack_folder)
    assert done.code == 1
    assert "  - the fingerprint in the record is not that of this pack\n" in done.text
    assert "Verdict      failed. It is NOT as approved; " in done.text


def test_report_is_told_as_json(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    fill(notebook, "02-backup", **{"Exit code": ""})
    facts = json.loads(ask(notebook, file, pack_folder, "--json").text)
    assert (facts["as_approved"], facts["complete"], facts["took_back"]) == (True, False, False)
    assert facts["fingerprint"] == PACK.fingerprint
    step = next(step for step in facts["steps"] if step["step"] == "02-backup")
    assert (step["result"], step["missing"]) == ("incomplete", ["Exit code"])
    assert step["problems"] == [{"text": "missing: Exit code", "to_do": "fill it in", "failure": False}]
