"""The verdicts on the standard messages, as a table: what becomes of each under every loop guard, at every stage.

The reason stands beside each row, with the section of the reference pages of issue 15: exchange-online.md (EXO) or
mail-flow-rules.md (MFR); or A where the model assumes it.
"""

import itertools
from dataclasses import replace

import pytest

from mm365.mailflow.message import Filter, MessageType, Start
from mm365.mailflow.samples import standard_messages
from mm365.mailflow.tenant import PROPAGATING, Stage
from mm365.mailflow.verdict import Verdict
from mm365.request.request import LoopGuard
from tests.mailflow.model import BOUNCE_OUT, INBOUND, INTERNAL, OUTBOUND, followed, request_of, said, sample

FILTERED, UNFILTERED, LOOPED = "delivered-filtered", "delivered-unfiltered", "looped"
REJECTED, QUEUED = "rejected", "queued"
SEEN_OR_NOT = f"depends({FILTERED}|{UNFILTERED})"
STOP, EXCEPT, LITERAL = LoopGuard.STOP, LoopGuard.STOP_AND_EXCEPT, LoopGuard.KB_LITERAL

# What becomes of a message at stage redirect under stop, stop-and-except and kb-literal, and why.
AT_REDIRECT = {
    "inbound": (FILTERED, FILTERED, LOOPED, "Loop Check stops, or does not and Redirect matches all (EXO 4.4)"),
    "internal": (FILTERED, FILTERED, LOOPED, "a rule without a condition applies to all mail (EXO 2.4, 4.6)"),
    "outbound": (FILTERED, FILTERED, LOOPED, "our sender makes it the tenant's on its return (EXO 2.2)"),
    "several-recipients": (FILTERED, FILTERED, LOOPED, "ours have no recipient condition and never split (MFR 3)"),
    "bounce-in": (
        SEEN_OR_NOT, SEEN_OR_NOT, f"depends({UNFILTERED}|{LOOPED})", "whether rules see bounces: not documented (MFR 4)"
    ),
    "bounce-out": (
        *[f"depends({UNFILTERED}|{REJECTED})"] * 3, "neither is ours on its return (EXO 2.2, MFR 4)"
    ),
    "out-of-office": (REJECTED, REJECTED, REJECTED, "rules see it, and its sender is empty (MFR 4, EXO 2.2)"),
    "calendar": (FILTERED, FILTERED, LOOPED, "rules see calendar mail (MFR 4)"),
    "journal": (
        SEEN_OR_NOT, SEEN_OR_NOT, f"depends({UNFILTERED}|{LOOPED})", "whether rules see journal reports (MFR 4)"
    ),
    "too-large": (REJECTED, REJECTED, REJECTED, "mailbox size limits are evaluated before rules (MFR 4)"),
    "filter-down": (QUEUED, QUEUED, QUEUED, "a smart host is tried for 24 hours (EXO 8)"),
    "outbound-connector-off": (*["depends(depends)"] * 3, "a rule names a connector that is off: undocumented (MFR 7)"),
    "inbound-connector-off": (REJECTED, REJECTED, REJECTED, "no connector takes outbound mail back: 5.7.64 (EXO 6.3)"),
    "in-flight": (FILTERED, FILTERED, f"depends({FILTERED}|{LOOPED})", "Loop Check is on; Redirect may be (EXO 4.3)"),
    "loop-check-late": (
        f"depends({FILTERED}|{LOOPED})", FILTERED, LOOPED, "what returns before Loop Check works is sent out (EXO 4.4)"
    ),
    "released": (UNFILTERED, UNFILTERED, UNFILTERED, "the remaining rules are not evaluated after release (MFR 2)"),
    "stamped-outside": (UNFILTERED, UNFILTERED, LOOPED, "whoever stamps the ID skips the filter (EXO 4.4)"),
    "other-id-outside": (FILTERED, FILTERED, LOOPED, "no match, and the filter replaces the ID (EXO 4.4, A)"),
    "stamped-other": (LOOPED, LOOPED, LOOPED, "no match on return, so it goes round again (EXO 4.4)"),
    "not-stamped": (LOOPED, LOOPED, LOOPED, "no header on return, so Loop Check does not match (EXO 4.4)"),
}  # fmt: skip

# What differs from delivered-unfiltered where Redirect is not on: nothing sends mail to the filter (EXO 4.4).
ELSEWHERE = {
    ("too-large", None, None): (REJECTED, "mailbox size limits are evaluated before rules (MFR 4)"),
    ("in-flight", None, None): (FILTERED, "it has been in the filter, and nothing sends it out again"),
    ("in-flight", LITERAL, Stage.STOPPED): (
        f"depends({FILTERED}|{LOOPED})", "Loop Check does not stop, and Redirect may still work (EXO 4.3)"
    ),
    ("in-flight", STOP, Stage.ROLLED_BACK): (
        f"depends({FILTERED}|depends)", "a rule that still works names a connector that is gone (MFR 7)"
    ),
    ("in-flight", LITERAL, Stage.ROLLED_BACK): (
        f"depends({FILTERED}|depends)", "a rule that still works names a connector that is gone (MFR 7)"
    ),
}  # fmt: skip

STAGES = [stage for stage in Stage if stage is not Stage.REDIRECT]


def test_the_table_has_every_standard_message() -> None:
    assert [one.message.name for one in standard_messages(request_of())] == [*AT_REDIRECT]


@pytest.mark.parametrize("name", AT_REDIRECT)
def test_verdicts_where_redirect_is_on_are_those_of_the_table(name: str) -> None:
    *expected, reason = AT_REDIRECT[name]
    for guard, verdict in zip((STOP, EXCEPT, LITERAL), expected, strict=True):
        found = {said(one) for one in sample(name, guard=guard, stage=Stage.REDIRECT)}
        assert found == {verdict}, f"{guard}: {reason}"


@pytest.mark.parametrize("stage", STAGES)
def test_verdicts_at_every_other_stage_are_those_of_the_table(stage: Stage) -> None:
    for guard, name in itertools.product(LoopGuard, AT_REDIRECT):
        keys = ((name, guard, stage), (name, None, None))
        verdict, reason = next((ELSEWHERE[key] for key in keys if key in ELSEWHERE), (UNFILTERED, "no rule sends it"))
        assert {said(one) for one in sample(name, guard=guard, stage=stage)} == {verdict}, f"{guard}, {name}: {reason}"


# ---- what our scripts reach in their order

REACHED = (
    (Stage.BEFORE, ()),
    (Stage.CREATED, ()),
    (Stage.LOOP_CHECK, ("loop_check",)),
    (Stage.LOOP_CHECK, ()),
    (Stage.REDIRECT, ("redirect",)),
    (Stage.REDIRECT, ()),
    (Stage.STOPPED, ("redirect",)),
    (Stage.STOPPED, ()),
    (Stage.ROLLED_BACK, ("loop_check",)),
    (Stage.ROLLED_BACK, ()),
)
"""The stages in their order, each while the rule that was changed is not everywhere yet, and then: 50-enable waits
between Loop Check and Redirect, and 70-rollback between Redirect and the rest."""
MESSAGES = tuple(
    replace(message, name=f"{message.name} {kind} {start}", kind=kind, start=start, headers=headers)
    for message in (INBOUND, INTERNAL, OUTBOUND, BOUNCE_OUT)
    for kind in MessageType
    for start in (Start.ENTRY, Start.IN_FILTER, Start.RELEASED)
    for headers in ({}, {"x-mmcloud-id": request_of().header_id})
)


@pytest.mark.parametrize("guard", [STOP, EXCEPT])
def test_a_guard_that_stops_never_loops_in_what_our_scripts_reach(guard: LoopGuard) -> None:
    for (stage, propagating), message in itertools.product(REACHED, MESSAGES):
        found = followed(message, guard=guard, stage=stage, propagating=propagating)
        assert Verdict.LOOPED not in found.verdicts, (stage, propagating, message)


def test_the_article_to_the_letter_loops_as_soon_as_redirect_works() -> None:
    found = followed(guard=LITERAL)
    assert (said(found), found.code) == (LOOPED, "5.4.14")
    assert said(followed(guard=LITERAL, propagating=("redirect",))).startswith("depends(")


def test_stop_and_except_does_not_loop_whatever_is_propagating() -> None:
    for length in range(3):
        for late in itertools.combinations(PROPAGATING, length):
            for stage in Stage:
                assert Verdict.LOOPED not in followed(guard=EXCEPT, stage=stage, propagating=late).verdicts


def test_stop_loops_where_redirect_works_before_loop_check_does() -> None:
    """That is why 50-enable waits."""
    assert said(followed(guard=STOP, propagating=("loop_check",))) == f"depends({FILTERED}|{LOOPED})"


def test_a_message_in_the_filter_is_delivered_when_redirect_goes_off() -> None:
    for guard, message in itertools.product((STOP, EXCEPT), (INBOUND, OUTBOUND, INTERNAL)):
        in_flight = replace(message, start=Start.IN_FILTER)
        found = followed(in_flight, guard=guard, stage=Stage.STOPPED, propagating=("redirect",))
        assert said(found) == FILTERED


def test_outgoing_mail_in_the_filter_is_refused_when_the_connectors_are_gone() -> None:
    """That is why 70-rollback waits."""
    found = followed(replace(OUTBOUND, start=Start.IN_FILTER), stage=Stage.ROLLED_BACK)
    assert (said(found), found.code) == (REJECTED, "5.7.64")


@pytest.mark.parametrize("stamps", [Filter.OTHER, Filter.NONE])
def test_a_filter_that_stamps_wrongly_loops_under_every_guard(stamps: Filter) -> None:
    for guard in LoopGuard:
        assert said(followed(replace(INBOUND, filter=stamps), guard=guard)) == LOOPED
