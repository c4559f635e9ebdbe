"""A rehearsal as a page: the matrix of faults, its cells, and what broke."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mm365.rehearsal.outcomes import Outcome
from mm365.rehearsal.promises import Promise
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report import render_report
from mm365.rehearsal.report_cells import advice, cells
from tests.rehearsal.reports import HOSTILE, read, with_every_fault

# The rehearsal is made once for all tests of this group.
pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("report")]


def matrix_of(page: bytes) -> Iterator[tuple[int, int]]:
    """Cases and broken cases of every cell of the matrix."""
    part = page.decode().partition('<section id="faults"')[2].partition("</table>")[0]
    for cell in re.findall(r"<td>(.*?)</td>", part):
        words = re.sub(r"<[^>]+>", "", cell)
        if found := re.search(r"held (\d+)|(\d+) of (\d+) BROKEN", words):
            yield (int(found[1]), 0) if found[1] else (int(found[3]), int(found[2]))
        else:
            yield (0, 0)


def test_the_matrix_has_the_numbers_of_the_rehearsal(reported_broken: Result) -> None:
    stages = dict.fromkeys(outcome.case.run.stage.label for outcome in reported_broken.outcomes)
    expected = []
    for stage in (*stages, None):
        for kind in ("error", "lost", None):
            here = [
                outcome
                for outcome in reported_broken.outcomes
                if stage in {None, outcome.case.run.stage.label} and kind in {None, outcome.case.kind}
            ]
            expected.append((len(here), sum(not outcome.held for outcome in here)))
    assert list(matrix_of(render_report(reported_broken))) == expected
    assert expected[-1] == (len(reported_broken.outcomes), 2)


def test_broken_cases_are_named_with_what_they_broke(reported_broken: Result) -> None:
    page = render_report(reported_broken)
    words = read(page).words()
    assert len(reported_broken.broken) == page.count(b"<article") == 2
    for outcome in reported_broken.broken:
        case = outcome.case
        assert (f"--fault {case.name}" if case.number else f"--faults {case.kind}") in words
    assert f"'{HOSTILE}' lets mail loop" in words
    assert Promise.MAIL.value in words
    assert "Not everything held." in words
    assert "The change does not go through" in words


def test_what_broke_has_a_part_of_its_own_only_if_something_did_and_it_comes_first(
    reported: Result, reported_broken: Result
) -> None:
    def sections(shown: Result) -> list[str]:
        return [a["id"] for tag, a in read(render_report(shown)).elements if tag == "section"]

    assert "broken" not in sections(reported)
    assert sections(reported_broken)[0] == "broken"


def test_every_cell_with_cases_opens_and_leads_back(page: bytes) -> None:
    elements = read(page).elements
    links = {a["id"]: a["href"] for tag, a in elements if a.get("class") == "opens"}
    opened = [a["id"] for _, a in elements if a.get("class") == "opened"]
    back = [a["href"] for tag, a in elements if tag == "a" and a["href"].startswith("#at-")]
    assert list(links.values()) == [f"#{key}" for key in opened]
    assert back == [f"#{key}" for key in links]


def test_the_matrix_of_every_fault_has_no_cell_that_stays_closed(reported: Result) -> None:
    done = with_every_fault(reported)
    found = cells(done)
    assert {(cell.command, cell.kind) for cell in found} == {
        (outcome.case.run.stage.command, outcome.case.kind) for outcome in done.outcomes
    }
    assert sum(cell.run for cell in found) == len(done.outcomes) > 500


def test_a_cell_shows_the_last_lines_of_each_ending_and_what_the_operator_should_do(reported: Result) -> None:
    [cell] = [cell for cell in cells(reported) if cell.command == "20-backup"]
    [outcome] = [outcome for outcome in reported.outcomes if outcome.case.run.stage.command == "20-backup"]
    [ending] = cell.endings
    assert ending.ended == "exit code 1"
    assert ending.places == (("call 1 of", "Get-TransportRule"),)
    assert ending.lines.splitlines()[-1] == outcome.run.ended.output.splitlines()[-1]
    assert ending.advice == "Settle what is reported above, and run 20-backup again."
    words = read(render_report(reported)).words()
    assert ending.advice in words
    assert ending.lines in words


def test_cases_that_end_alike_are_shown_once_with_all_their_calls(reported: Result) -> None:
    done = with_every_fault(reported)
    [cell] = [cell for cell in cells(done) if (cell.command, cell.kind) == ("20-backup", "error")]
    [ending] = cell.endings
    assert ending.places[2:4] == (
        ("calls 1 and 2 of", "Get-InboundConnector"), ("calls 1 to 8 of", "Get-OutboundConnector"),
    )  # fmt: skip


def ended_with(outcome: Outcome, code: int | None) -> str:
    return advice(replace(outcome.run, ended=replace(outcome.run.ended, exit_code=code)))


def test_the_advice_is_another_for_every_way_to_end_and_is_never_to_go_on_after_a_failure(reported: Result) -> None:
    for pasted in (False, True):
        outcome = next(outcome for outcome in reported.outcomes if outcome.run.stage.pasted is pasted)
        advised = {code: ended_with(outcome, code) for code in (0, 1, 2, None)}
        assert len(set(advised.values())) == 4
        assert [code for code, text in advised.items() if "Go on with the next step" in text] == [0]


def test_a_form_that_stopped_shows_the_line_that_the_advice_speaks_of(reported: Result) -> None:
    outcome = next(outcome for outcome in reported.outcomes if outcome.run.stage.pasted)
    stopped = replace(outcome, run=replace(outcome.run, ended=replace(outcome.run.ended, exit_code=1)))
    [cell] = cells(replace(reported, outcomes=(stopped,)))
    [ending] = cell.endings
    assert "STOPPED" in ending.advice
    assert any(line.startswith("STOPPED") for line in ending.lines.splitlines())


def test_where_a_promise_was_broken_the_advice_is_not_to_run_the_pack(reported: Result) -> None:
    broken = cells(with_every_fault(reported, broken=("differs",)))
    assert {ending.advice for cell in broken if cell.kind == "differs" for ending in cell.endings} == {
        "Do not run this pack: what it says or does here cannot be relied on."
    }
