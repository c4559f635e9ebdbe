"""What a change advisory board reads: one page that says all that it decides on, and appendices."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from mm365.integration.facts import DRAIN_HOURS, WAIT_MINUTES
from mm365.integration.questions import QUESTIONS
from mm365.integration.ranking import Impact, Likelihood, Risk, ranked
from mm365.integration.risks import RISK_BY_KEY, RISKS
from mm365.pack.change_request import MATTERING, Window
from mm365.pack.contents import build_pack
from mm365.request.fields import TENANT_ID
from mm365.request.parsers import TRADE_OFFS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import Change, build_change
from tests.commands import VALUES
from tests.rehearsed import rehearsed

LONG = {TENANT_ID.name: TENANT_ID.example, "tenant": f"{'a' * 24}.onmicrosoft.com"}
LINES_OF_A_PAGE = 60
WORDS_OF_TWO_MINUTES = 540
"""At about 270 words a minute. Sources in brackets are not counted: nobody reads them aloud."""


def change_of(guard: LoopGuard = LoopGuard.STOP, **more: str) -> Change:
    return build_change(build_request({**VALUES, "loop_guard": guard.value, **more}, needs=()))


def document(guard: LoopGuard = LoopGuard.STOP, *, with_rehearsal: bool = False) -> str:
    change = change_of(guard, **LONG)
    return build_pack(change, rehearsed(change) if with_rehearsal else None).files["change-request.md"].decode("utf-8")


PAGES: Mapping[str, tuple[str, str]] = {
    f"{guard.value}, {'rehearsed' if done else 'not rehearsed'}": (guard.value, document(guard, with_rehearsal=done))
    for guard in LoopGuard
    for done in (False, True)
}
"""The document of each loop guard, without and with a rehearsal."""
every_document = pytest.mark.parametrize(("guard", "text"), PAGES.values(), ids=PAGES)


def first_page(text: str) -> str:
    return text.partition("\n## Appendix A")[0]


@every_document
def test_the_first_page_is_one_page_that_is_read_in_two_minutes(guard: str, text: str) -> None:
    page = first_page(text)
    words = re.findall(r"\w[\w'.-]*", re.sub(r"\[[^]]*\]", "", page))
    assert len(page.splitlines()) <= LINES_OF_A_PAGE, guard
    assert len(words) <= WORDS_OF_TWO_MINUTES, f"{guard}: {len(words)} words"


@every_document
def test_one_blank_line_stands_around_each_heading_and_before_each_table(guard: str, text: str) -> None:
    lines = text.splitlines()
    assert [line for line in lines if line.endswith(" ")] == [], guard
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        assert before or line, f"two blank lines before: {after}"
        if line.startswith("#"):
            assert (before, after) == ("", ""), line
        if line.startswith("|") and re.fullmatch(r"[|-]+", after):
            assert not before, line


@every_document
def test_the_first_page_says_all_that_is_decided_on_in_that_order(guard: str, text: str) -> None:
    parts = (
        "**Decision asked for.**", "**Effect on mail.**", f"**Loop guard `{guard}`.**", "**Questions for the vendor,**",
        "**Window: at least", "**Way back.**", f"**The {MATTERING} risks that matter most", "**Rehearsal: ",
        "**Sign-off.**",
    )  # fmt: skip
    places = [first_page(text).find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


@every_document
def test_all_else_is_an_appendix_and_every_one_that_is_named_is_there(guard: str, text: str) -> None:
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    letters = [head.removeprefix("Appendix ")[0] for head in heads]
    assert all(head.startswith("Appendix ") for head in heads), guard
    assert letters == [chr(ord("A") + place) for place in range(len(heads))]
    assert set(re.findall(r"Appendix ([A-Z])\b", text)) <= set(letters)


@every_document
def test_both_sentences_on_the_loop_guard_stand_on_the_first_page(guard: str, text: str) -> None:
    for each in {LoopGuard.STOP, LoopGuard.STOP_AND_EXCEPT, LoopGuard(guard)}:
        assert f"`{each.value}` {TRADE_OFFS[each]}" in first_page(text)
    for each in LoopGuard:
        assert f"`{each.value}` {TRADE_OFFS[each]}" in text


def test_questions_for_the_vendor_are_numbered_and_each_has_its_reason_and_source() -> None:
    text = document()
    for number, question in enumerate(QUESTIONS, start=1):
        sources = "; ".join(source.short for source in question.sources)
        assert f"\n{number}. {question.text}\n" in first_page(text)
        assert f"\n{number}. **{question.text}** {question.why} [{sources}]\n" in text


def test_the_window_is_counted_from_the_procedure() -> None:
    change = change_of()
    window = Window(steps=change.procedure)
    assert [step.key for step in window.pauses] == ["wait", "verify-enabled"]
    assert [step.key for step in window.runs] == [
        "simulate", "create", "verify-created", "enable-loopcheck", "enable-redirect", "verify-enabled", "trace",
    ]  # fmt: skip
    assert [step.key for step in window.before] == ["preflight", "backup"]
    assert f"at least {2 * WAIT_MINUTES} minutes" in first_page(document())
    assert f"{len(window.runs)} runs of scripts" in first_page(document())


def test_a_longer_wait_in_the_procedure_makes_a_longer_window() -> None:
    change = change_of()
    steps = [replace(step, pause=step.pause * 2) for step in change.procedure]
    assert Window(steps=steps).minutes == 2 * Window(steps=change.procedure).minutes


def test_what_is_not_known_of_the_window_is_said() -> None:
    page = " ".join(first_page(document()).split())
    assert "How long 7 runs of scripts and the test messages take is not known." in page
    assert "in some cases longer" in page


def test_the_way_back_says_how_long_it_takes() -> None:
    page = " ".join(first_page(document()).split())
    assert f"in two runs {DRAIN_HOURS} hours apart" in page


# ---- risks


@pytest.mark.parametrize("guard", LoopGuard)
def test_risks_are_ranked_by_likelihood_and_impact(guard: LoopGuard) -> None:
    risks = ranked(RISKS, guard)
    assert {risk.key for risk in risks} == set(RISK_BY_KEY)
    for heavier, lighter in pairwise(risks):
        one, other = heavier.rating, lighter.rating
        likelier = list(Likelihood).index(other.likelihood) < list(Likelihood).index(one.likelihood)
        worse = list(Impact).index(other.impact) < list(Impact).index(one.impact)
        assert not (likelier and worse), f"{lighter.key} is likelier and worse than {heavier.key}"


def test_the_rank_of_the_loop_depends_on_the_loop_guard() -> None:
    def of(guard: LoopGuard) -> tuple[Likelihood, int]:
        risks = ranked(RISKS, guard)
        [place] = [place for place, risk in enumerate(risks) if risk.key == "loop"]
        return risks[place].rating.likelihood, place

    assert of(LoopGuard.KB_LITERAL) == (Likelihood.LIKELY, 0)
    assert of(LoopGuard.STOP)[0] is Likelihood.POSSIBLE
    assert of(LoopGuard.STOP_AND_EXCEPT)[0] is Likelihood.UNLIKELY
    assert of(LoopGuard.STOP_AND_EXCEPT)[1] > of(LoopGuard.STOP)[1]


def rows(text: str, risk: Risk) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|") and f"| {risk.title} |" in line]


@every_document
def test_the_heaviest_risks_stand_on_the_first_page_and_all_of_them_ranked_in_an_appendix(
    guard: str, text: str
) -> None:
    risks = ranked(RISKS, LoopGuard(guard))
    page = first_page(text)
    for number, risk in enumerate(risks[:MATTERING], start=1):
        assert f"\n{number}. **{risk.title}:** {risk.rating.likelihood.value}" in page
        assert f", {risk.rating.impact.value} impact. {risk.rating.effect} [" in page
    assert not any(f"**{risk.title}:**" in page for risk in risks[MATTERING:])
    for number, risk in enumerate(risks, start=1):
        summary, detail = rows(text.removeprefix(page), risk)
        assert summary.startswith(f"| {number} | {risk.title} | {risk.rating.likelihood.value}")
        assert f"| {risk.rating.impact.value} | {risk.rating.effect} |" in summary
        assert detail.startswith(f"| {number} | {risk.title} | {risk.why} | {risk.do} |")


def test_a_likelihood_that_a_source_gives_names_it_and_others_are_called_our_judgement() -> None:
    text = document()
    sourced = RISK_BY_KEY["enhanced_filtering"]
    judged = RISK_BY_KEY["certificate"]
    assert f"| {sourced.title} | likely [Microsoft mail flow pages] |" in text
    assert f"| {judged.title} | possible |" in text
    assert "our judgement unless a source is named" in first_page(text)


# ---- simulations and rehearsals


def test_simulated_steps_are_told_as_simulations() -> None:
    steps = [line for line in document().splitlines() if line.startswith("|") and "-WhatIf" in line]
    assert steps
    for line in steps:
        assert "shows what would be created; changes nothing" in line


def test_without_a_rehearsal_the_page_says_so_and_the_appendix_says_how() -> None:
    text = document()
    assert "**Rehearsal: not rehearsed.**" in first_page(text)
    assert "mm365 rehearse PACK --tenant-state busy --faults all --json > rehearsal.json" in text
    assert "mm365 pack --request PACK/request.json --rehearsal rehearsal.json --output PACK --overwrite" in text


def test_a_rehearsal_is_told_with_its_result_cases_faults_tenant_and_powershell() -> None:
    text = document(with_rehearsal=True)
    page = first_page(text)
    for said in (
        "**Rehearsal: all held.**",
        "all 12 cases with a fault held",
        "PowerShell 7.6.0",
        "with a busy tenant",
    ):
        assert said in page, said
    assert "| Kinds of fault | `error`, `lost` |" in text
    assert "not rehearsed" not in text


def test_a_rehearsal_that_did_not_hold_is_told_as_loudly() -> None:
    change = change_of()
    files = build_pack(change, rehearsed(change, held=False)).files
    text = files["change-request.md"].decode("utf-8")
    page = first_page(text)
    assert "**Rehearsal: NOT all held.**" in page
    assert "Change and rollback did NOT go through" in page
    assert "3 of 12 cases with a fault broke something" in page
    assert "What broke, the first 1 of 3:" in text
    assert '- `create/New-TransportRule#1:lost`, scripts with -File: "rollback brings back' in text


@pytest.mark.parametrize("guard", LoopGuard)
def test_the_way_of_a_message_before_and_after_is_shown_as_a_picture_and_hop_by_hop(guard: LoopGuard) -> None:
    files = build_pack(change_of(guard)).files
    document = files["change-request.md"].decode()
    for path in ("mail-flow-before.svg", "mail-flow-after.svg"):
        assert document.count(f"]({path})") == 1
        picture = files[path].decode()
        # An image has to be whole as XML, which a browser is stricter about than about a page.
        assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
        assert not re.search(r"(?:href|src|url|@import)", picture)
        assert VALUES["header_id"] not in picture
    assert "**Before: delivered-unfiltered.**" in document
    loops = guard is LoopGuard.KB_LITERAL
    assert f"**After: {'looped' if loops else 'delivered-filtered'}.**" in document
    assert ("goes round until the service ends it." in document) == loops
    assert document.count("Loop Check: removes the header X-MMCloud-ID") == (2 if loops else 1)
