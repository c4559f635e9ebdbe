"""What a rehearsal says in a terminal: what broke first, what held as counts, as wide as the window."""

import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from mm365.cli import rehearse as command
from mm365.documents.terminal import BAD, GOOD
from mm365.errors import OutputError
from mm365.rehearsal import rehearsal
from mm365.rehearsal.progress import Progress
from mm365.rehearsal.promises import promised
from mm365.rehearsal.rehearsal import Interrupted, Result, rehearse
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.summary import summary
from tests.rehearsal.reports import with_breaches, with_every_fault

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("report")]


def texts(done: Result, *, verbose: bool = False) -> list[str]:
    return [text for text, _ in summary(done, verbose=verbose)]


def test_what_held_is_folded_to_counts(reported: Result) -> None:
    lines = texts(reported)
    steps = len(reported.ways[0].stages)
    assert f"ok       {steps} steps of the way through, each script with & in an open shell" in lines
    assert f"ok       {len(reported.outcomes)} cases in which something goes wrong" in lines
    assert len(lines) < 20
    assert not any("30-create" in line for line in lines)


def test_verbose_lists_it_with_what_has_to_hold(reported: Result) -> None:
    lines = texts(reported, verbose=True)
    for run in reported.ways[0].stages:
        assert any(line.startswith("ok") and run.stage.command in line for line in lines)
    for pasted in (False, True):
        assert all(any(text in line for line in lines) for text in promised(pasted=pasted).values())


def test_what_broke_comes_before_what_held_and_is_marked_as_bad(reported_broken: Result) -> None:
    lines = list(summary(reported_broken))
    words = [text.partition(" ")[0] for text, _ in lines]
    last_problem = max(place for place, word in enumerate(words) if word in {"BROKEN", "STOPPED"})
    assert last_problem < words.index("ok")
    assert {look for (_, look), word in zip(lines, words, strict=True) if word in {"BROKEN", "STOPPED"}} == {BAD}
    assert {look for (_, look), word in zip(lines, words, strict=True) if word == "ok"} == {GOOD}
    assert "NOT" in words


def test_of_many_that_broke_some_are_shown_and_the_others_counted(reported: Result) -> None:
    done = with_every_fault(reported, broken=("error",))
    lines = texts(done)
    shown = [line for line in lines if line.startswith("BROKEN   error")]
    assert f"BROKEN   {len(done.broken) - len(shown)} more cases: --report and --json have all of them" in lines


def test_what_was_interrupted_is_said_to_be_and_does_not_count_as_held(reported: Result) -> None:
    done = replace(reported, complete=False, planned=99)
    assert not done.held
    lines = texts(done)
    assert f"Interrupted: {len(done.outcomes)} of 99 cases were run." in lines
    assert not any(line.startswith("All held") for line in lines)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_it_is_as_wide_as_the_window_and_nothing_is_cut(
    width: int, reported: Result, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = (with_every_fault(reported, broken=("differs",)), with_breaches(reported))
    for done, verbose in product(shown, (False, True)):
        command.show(done, as_json=False, verbose=verbose)
        printed = capsys.readouterr().out
        assert max(map(len, printed.splitlines())) <= width
        said = "".join(text for text, _ in summary(done, verbose=verbose, width=width))
        assert "".join(printed.split()) == "".join(said.split())


def test_in_a_pipe_it_is_plain(
    reported_broken: Result, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    command.show(reported_broken, as_json=False, verbose=True)
    printed = capsys.readouterr().out
    assert printed.splitlines() == texts(reported_broken, verbose=True)
    assert "\x1b" not in printed


def test_what_was_found_is_printed_also_if_the_report_cannot_be_written_in_the_end(
    reported: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when a disk becomes full in the meantime."""
    folder = tmp_path / "reports"
    folder.mkdir()

    def rehearsed(*_: object) -> Result:
        folder.rmdir()
        return reported

    monkeypatch.setattr(rehearsal, "rehearse_pack", rehearsed)
    with pytest.raises(OutputError):
        command.rehearse(reported.options.pack, shell=sys.executable, report=folder / "r.html")
    told = capsys.readouterr()
    assert "All held" in told.out
    assert "Written" not in told.err


def test_it_can_be_interrupted_at_any_step_and_has_what_was_found(reported: Result, pwsh: str) -> None:
    def tell(progress: Progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    options = replace(reported.options, ways=("call",), program=pwsh)
    with pytest.raises(Interrupted) as stopped:
        rehearse(options, tell)
    found = stopped.value.result
    [through] = found.ways
    assert (len(through.stages), through.cut, found.complete, found.held, found.broke) == (2, True, False, False, False)
    facts = as_facts(found)
    assert (facts["complete"], facts["held"]) == (False, False)
    lines = texts(found)
    assert "CUT      the way through ended after 2 steps, and nothing was rolled back" in lines
    assert "Interrupted before the way through had ended." in lines
