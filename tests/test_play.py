"""Mail flow to play with, without a browser: each choice changes what becomes of the messages, as the model says."""

from dataclasses import replace

import pytest

from mm365.mailflow.facts import as_facts
from mm365.mailflow.flow import follow_mail
from mm365.mailflow.loop_guard import guard_table
from mm365.mailflow.tenant import PROPAGATING, Stage
from mm365.mailflow.verdict import Verdict
from mm365.notebook.play import LATE, OTHERS, STAGES, Play
from mm365.notebook.shipped import notebook_file
from mm365.notebook.ways import verdicts, ways
from mm365.request.fields import HEADER_ID
from mm365.request.request import LoopGuard
from tests.test_html import Page


def ends(play: Play) -> list[str]:
    return [one.judgement.verdict.value for one in play.followed]


def kinds(play: Play) -> list[str]:
    return [one.kind for one in play.followed]


def test_it_begins_with_a_message_that_is_filtered_once() -> None:
    play = Play()
    assert (ends(play), kinds(play)) == (["delivered-filtered"], ["done"])
    assert [one.judgement.passes for one in play.followed] == [1]


def test_every_stage_every_rule_that_may_be_late_and_every_message_can_be_chosen() -> None:
    assert (list(STAGES), tuple(LATE)) == (list(Stage), PROPAGATING)
    names = [one.message.name for one in Play().messages]
    assert all(replace(Play(), message=name).followed for name in names)
    assert len(replace(Play(), message="several-recipients").followed) == 2


@pytest.mark.parametrize(
    ("guard", "rule", "end", "kind"),
    [
        (LoopGuard.STOP, "stops", "delivered-unfiltered", "error"),
        (LoopGuard.STOP, "removes", "looped", "error"),
        (LoopGuard.STOP_AND_EXCEPT, "removes", "looped", "error"),
        (LoopGuard.STOP, "routes", "depends", ""),
        (LoopGuard.STOP, "prepends", "delivered-filtered", "done"),
        (LoopGuard.KB_LITERAL, "prepends", "looped", "error"),
    ],
)
def test_a_rule_of_others_changes_what_becomes_of_the_message(guard: LoopGuard, rule: str, end: str, kind: str) -> None:
    play = Play(guard=guard).turn(rule, on=True)
    assert (ends(play), kinds(play)) == ([end], [kind])
    assert play.turn(rule, on=False).others == frozenset()


def test_a_rule_that_acts_twice_is_among_the_findings() -> None:
    play = Play().turn("prepends", on=True)
    assert "acts-twice" in {finding.code for finding in play.flow.findings}
    assert "acts-twice" in verdicts(play)


def test_mail_that_is_not_filtered_is_no_error_where_redirect_is_not_meant_to_be_on() -> None:
    before = Play(stage=Stage.BEFORE)
    assert (ends(before), kinds(before)) == ([Verdict.UNFILTERED.value], [""])


def test_a_rule_that_may_be_late_is_followed_both_ways() -> None:
    late = Play().leave_open("loop_check", late=True)
    assert ends(late) == ["depends"]
    assert "There are several ways; the picture shows the worst of them." in ways(late)
    assert late.leave_open("loop_check", late=False) == Play()


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(KeyError):
        Play().turn("weather", on=True)
    with pytest.raises(KeyError):
        Play().leave_open("weather", late=True)


def test_verdicts_are_those_of_the_command() -> None:
    play = Play(guard=LoopGuard.STOP_AND_EXCEPT, stage=Stage.STOPPED).leave_open("redirect", late=True)
    assert as_facts(play.flow) == as_facts(follow_mail(play.request, play.situation, compare=True))


def test_the_way_is_shown_as_a_picture_and_in_words_and_names_of_rules_stay_text() -> None:
    play = Play().turn("routes", on=True)
    page = Page(ways(play))
    assert page.tags.count("svg") == 1
    assert ("role", "region") in page.attributes
    for hop in play.followed[0].judgement.hops:
        assert page.text.count(hop.text) >= 2
    assert HEADER_ID.example not in page.text
    assert all(rule.settings["Name"] in rule.text for rule in OTHERS.values())


def test_the_notebook_says_unrun_what_the_model_says() -> None:
    text = notebook_file("loop").read_text(encoding="utf-8")
    for _, check, redirect, price in guard_table():
        assert f"| {check} | {redirect} | {price} |" in text
    for guard in LoopGuard:
        [followed] = Play(guard=guard).followed
        assert f"under `{guard.value}`: {followed.judgement.verdict.value}" in text


def test_the_screen_follows_each_choice() -> None:
    screen = pytest.importorskip("mm365.notebook.play_screen").start()
    *fields, shown = screen.watch().children[1:]
    table = screen.all_messages().children[1]
    guard, stage, message, *boxes = fields
    assert [guard.description, stage.description, message.description] == ["Loop guard", "Stage", "Message"]
    assert "delivered-filtered" in shown.value
    guard.value = "kb-literal"
    assert "inbound (from the internet): looped." in shown.value
    assert "A loop is possible" in table.value
    stage.value = "before"
    assert "delivered-unfiltered" in shown.value
    guard.value, stage.value, message.value = "stop", "redirect", "outbound"
    boxes[len(LATE)].value = True
    assert "outbound (from a mailbox to the internet): delivered-unfiltered." in shown.value
    boxes[len(LATE)].value = False
    assert (screen.play.guard, screen.play) == (LoopGuard.STOP, Play(message="outbound"))
