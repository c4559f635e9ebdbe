"""A rehearsal as a page: what it says."""

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from mm365 import __version__
from mm365.rehearsal.assumptions import assumptions
from mm365.rehearsal.calls import LOOKS, look_of
from mm365.rehearsal.promises import Promise, promised
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report import render_report
from tests.rehearsal.reports import read

# The rehearsal is made once for all tests of this group.
pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("report")]


def test_it_tells_what_was_rehearsed(reported: Result) -> None:
    words = read(render_report(reported)).words()
    for fact in (
        reported.request.tenant,
        reported.fingerprint,
        "CHG0012345",
        "backup-of-today.json",
        "Everything held.",
    ):
        assert fact in words
    assert str(Path(reported.options.tenant).parent) not in words
    assert "no tenant was touched" in words


def test_every_call_of_the_ways_that_are_shown_has_a_mark(reported: Result) -> None:
    elements = read(render_report(reported)).elements
    marks = Counter(a["class"].split()[-1] for _, a in elements if a.get("class", "").startswith("mark "))
    shown = [reported.ways[0], reported.ways[2]]
    looks = Counter(look_of(call) for through in shown for run in through.stages for call in run.calls)
    assert looks["changed"] > looks["simulated"] > 0
    # One of each is in the legend of each way.
    assert marks == looks + Counter({look: len(shown) for look in LOOKS})


def test_what_the_promises_mean_is_said_for_each_kind_of_run(reported: Result) -> None:
    words = unescape(read(render_report(reported)).words())
    for pasted in (False, True):
        assert all(meaning in words for meaning in promised(pasted=pasted).values())
    scripts_only = unescape(read(render_report(replace(reported, ways=reported.ways[:1], outcomes=()))).words())
    assert [promised(pasted=pasted)[Promise.TRUTH] in scripts_only for pasted in (False, True)] == [True, False]


def test_ways_that_went_alike_are_shown_once(reported: Result, reported_broken: Result) -> None:
    def in_full(shown: Result) -> list[str]:
        found = (attributes.get("id", "") for _, attributes in read(render_report(shown)).elements)
        return [name for name in found if re.fullmatch(r"way-[a-z]+", name)]

    assert in_full(reported) == ["way-call", "way-paste"]
    assert in_full(reported_broken) == ["way-call", "way-file", "way-paste"]


def test_where_nothing_broke_it_says_so(reported: Result) -> None:
    assert "Nothing broke." in read(render_report(reported)).words()


def test_it_says_when_by_what_and_in_which_powershell_and_system_it_ran(reported: Result) -> None:
    words = read(render_report(reported)).words()
    shell = reported.shell
    assert shell is not None
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", shell.version)
    assert shell.edition in {"Core", "Desktop"}
    for fact in (f"{reported.begun:%Y-%m-%d %H:%M} UTC", f"mm365 {__version__}", shell.version, shell.system):
        assert fact in words


def test_it_says_what_is_assumed_and_what_was_chosen(reported: Result) -> None:
    options = replace(reported.options, behaviour={"lateCalls": 3})
    words = unescape(read(render_report(replace(reported, options=options))).words())
    for each in assumptions(options.behaviour):
        assert each.question in words
        assert each.answer in words
    assert "The first 3 calls that look for objects of its kind do not find it." in words
    assert words.count("Chosen for this rehearsal.") == 1
