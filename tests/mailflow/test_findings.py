"""Findings: what stands out in the verdicts, each once and with what is known of it."""

from typing import Any

import pytest

from mm365.mailflow.findings import Finding
from mm365.mailflow.flow import Situation, follow_mail
from mm365.mailflow.tenant import Found, Stage
from mm365.request.request import LoopGuard
from tests.mailflow.model import above, below, request_of, rule


def found(
    tenant: Found, code: str, *, guard: LoopGuard = LoopGuard.STOP, stage: Stage = Stage.REDIRECT
) -> list[Finding]:
    flow = follow_mail(request_of(guard), Situation(stage=stage, found=tenant))
    return [finding for finding in flow.findings if finding.code == code]


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({"BlindCopyTo": ("archive@contoso.com",)}, "may end in 5.7.128"),
        ({"AddManagerAsRecipientType": "Cc"}, "may end in 5.7.128"),
        ({"ModerateMessageByManager": True}, "may be dropped without a word"),
        ({"PrependSubject": "[EXT] "}, "on the message twice"),
        ({"GenerateIncidentReport": "boss@contoso.com"}, "is sent twice"),
    ],
)
def test_a_rule_above_that_acts_twice_is_named_once_with_what_becomes_of_it(actions: dict[str, Any], said: str) -> None:
    [finding] = found(above(rule("theirs", **actions), rule("quiet", SetSCL="-1")), "acts-twice")
    assert (finding.subject, finding.level) == ("theirs", "warn")
    assert said in finding.text
    assert finding.sources


def test_a_rule_that_acts_once_is_not_named() -> None:
    once = {"PrependSubject": "[EXT] ", "ExceptIfHeaderContainsMessageHeader": "X-MMCloud-ID"}
    excepted = rule(**once, ExceptIfHeaderContainsWords=(request_of().header_id,))
    copies = rule(BlindCopyTo=("a@contoso.com",))
    for tenant, stage in (
        (above(excepted), Stage.REDIRECT),
        (below(copies), Stage.REDIRECT),
        (above(copies), Stage.CREATED),
    ):
        assert found(tenant, "acts-twice", stage=stage) == []


def test_moderation_below_loop_check_asks_once() -> None:
    assert found(below(rule(ModerateMessageByManager=True)), "acts-twice") == []


def test_a_bypass_is_a_warning_where_redirect_is_meant_to_be_on_and_nowhere_else() -> None:
    stops = above(rule("theirs", StopRuleProcessing=True, SenderDomainIs=("example.org",)))
    warned = {finding.subject for finding in found(stops, "bypass") if finding.level == "warn"}
    assert warned == {
        "inbound",
        "filter-down",
        "outbound-connector-off",
        "other-id-outside",
        "bounce-in",
        "bounce-out",
        "journal",
    }
    assert found(stops, "bypass", stage=Stage.LOOP_CHECK) == []


def test_a_loop_is_a_warning_and_a_message_made_to_show_one_a_note() -> None:
    levels = {finding.subject: finding.level for finding in found(Found(), "loop", guard=LoopGuard.KB_LITERAL)}
    assert (levels["inbound"], levels["stamped-other"]) == ("warn", "note")


def test_mail_that_is_filtered_again_is_a_note() -> None:
    """A rule above takes the header off once: Loop Check does not know the message, and it goes out again."""
    takes = rule("takes", RemoveHeader="X-MMCloud-ID", ExceptIfHeaderContainsMessageHeader="X-Seen")
    takes["ExceptIfHeaderContainsWords"] = ("yes",)
    marks = rule("marks", HeaderContainsMessageHeader="X-First", HeaderContainsWords=("yes",))
    marks |= {"SetHeaderName": "X-Seen", "SetHeaderValue": "yes"}
    first = rule("first", SetHeaderName="X-First", SetHeaderValue="yes")
    order = above(takes, marks, first)
    findings = {finding.subject: finding for finding in found(order, "filtered-again")}
    assert findings["inbound"].text == "It is delivered after 2 passes through the filter."
