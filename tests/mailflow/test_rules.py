"""One pass: which rules act, what each action does to the way of a message, and what is open."""

from dataclasses import replace
from typing import Any

import pytest

from mm365.emulator.shapes import RULE_ACTIONS
from mm365.exchange.parameters import catalogue
from mm365.integration.rules import HEADER, LOOP_CHECK_NAME, REDIRECT_NAME
from mm365.mailflow.actions import ACTIONS, ADDS_RECIPIENTS, CHANGES_TEXT, DETAILS, MODERATES, REPORTS
from mm365.mailflow.judgement import MOST_ENDS
from mm365.mailflow.message import Filter, MessageType
from mm365.mailflow.tenant import Found, Stage, tenant_at
from mm365.mailflow.verdict import Verdict
from mm365.request.request import LoopGuard
from mm365.snapshot.completeness import REPEATED
from tests.commands import HEADER_ID
from tests.mailflow.model import (
    BOUNCE_OUT,
    INBOUND,
    INTERNAL,
    OURS,
    OUTBOUND,
    THEIRS,
    above,
    below,
    connector,
    followed,
    request_of,
    rule,
    said,
)

FILTERED, UNFILTERED = "delivered-filtered", "delivered-unfiltered"
OPEN: dict[str, Any] = {"AttachmentHasExecutableContent": True}
"""A condition that the model does not know."""


def test_every_action_of_the_cmdlet_has_a_meaning() -> None:
    parameters = catalogue()["cmdlets"]["New-TransportRule"]["parameters"]
    assert {*ACTIONS} - {*parameters} == set()
    assert {*RULE_ACTIONS} - {*ACTIONS} == set()
    assert not {*ACTIONS} & DETAILS


def test_the_actions_that_happen_twice_are_those_that_a_plan_warns_about() -> None:
    """A redirection to others is one of them for a plan; the model does not follow it any further."""
    assert {*ADDS_RECIPIENTS, *MODERATES, *CHANGES_TEXT, *REPORTS, "RedirectMessageTo"} == {*REPEATED}


@pytest.mark.parametrize(
    ("actions", "verdict"),
    [
        ({"DeleteMessage": True}, "deleted"),
        ({"Quarantine": True}, "quarantined"),
        ({"RejectMessageReasonText": "No."}, "rejected"),
        ({"ModerateMessageByUser": ("boss@contoso.com",)}, "held"),
        ({"ModerateMessageByManager": True}, "held"),
        ({"StopRuleProcessing": True}, UNFILTERED),
        ({"RedirectMessageTo": ("other@contoso.com",)}, "depends(depends)"),
        ({"SetSCL": "-1"}, FILTERED),
        ({"PrependSubject": "[EXT] "}, FILTERED),
        ({"BlindCopyTo": ("archive@contoso.com",)}, FILTERED),
        ({"Actions": ("Microsoft.Exchange.NewAction",)}, "depends(depends)"),
    ],
)
def test_what_an_action_does_to_the_way(actions: dict[str, Any], verdict: str) -> None:
    assert said(followed(found=above(rule(**actions)))) == verdict


def test_the_verdict_names_the_rule_that_decided() -> None:
    decided = followed(
        found=above(rule("Block", RejectMessageReasonText="No.", RejectMessageEnhancedStatusCode="5.7.9"))
    )
    assert (decided.decided_by, decided.code) == (("rule", "Block"), "5.7.9")
    assert followed().decided_by == ("rule", LOOP_CHECK_NAME)
    assert followed(guard=LoopGuard.KB_LITERAL).decided_by == ("rule", REDIRECT_NAME)
    assert followed(replace(INBOUND, filter=Filter.DOWN)).decided_by == ("rule", REDIRECT_NAME)
    assert followed(stage=Stage.BEFORE).decided_by is None


@pytest.mark.parametrize("settings", [{"Enabled": False}, {"Mode": "Audit"}, {"Mode": "AuditAndNotify"}])
def test_a_rule_that_is_off_or_audits_does_nothing(settings: dict[str, Any]) -> None:
    assert said(followed(found=above(rule(DeleteMessage=True, **settings)))) == FILTERED


def test_whether_an_audited_stop_counts_is_open_and_chosen_once() -> None:
    rules = [rule(f"audit {number}", Mode="Audit", StopRuleProcessing=True) for number in range(3)]
    found = followed(found=above(*rules))
    assert said(found) == f"depends({FILTERED}|{UNFILTERED})"
    assert len(found.ends) == 2


def test_rules_below_ours_run_on_the_first_pass_and_not_when_loop_check_stops() -> None:
    counted = rule("copy", BlindCopyTo=("archive@contoso.com",))
    [(acting, passes)] = followed(found=below(counted)).acted
    assert (acting.name, passes) == ("copy", (1,))


def test_a_rule_above_acts_on_both_passes() -> None:
    [(acting, passes)] = followed(found=above(rule("copy", BlindCopyTo=("archive@contoso.com",)))).acted
    assert (acting.name, passes) == ("copy", (1, 2))


def test_later_rules_see_headers_that_earlier_ones_change() -> None:
    sets = rule("sets", SetHeaderName="X-Seen", SetHeaderValue="yes")
    deletes = rule("deletes", HeaderContainsMessageHeader="x-seen", HeaderContainsWords=("YES",), DeleteMessage=True)
    removes = rule("removes", RemoveHeader="X-SEEN")
    assert said(followed(found=above(sets, deletes))) == "deleted"
    assert said(followed(found=above(sets, removes, deletes))) == FILTERED


def test_later_rules_see_a_prepended_subject_and_the_verdict_says_that_this_is_assumed() -> None:
    rules = (rule("tag", PrependSubject="[EXT] "), rule("block", SubjectContainsWords=("EXT",), DeleteMessage=True))
    found = followed(found=above(*rules))
    assert said(found) == "deleted"
    assert "later-rules-see-prepended-subject" in found.assumptions


def test_a_subject_that_grows_on_every_pass_does_not_hide_a_loop() -> None:
    rules = (rule("tag", PrependSubject="[EXT] "), rule("block", SubjectContainsWords=("secret",), DeleteMessage=True))
    assert said(followed(found=above(*rules), guard=LoopGuard.KB_LITERAL)) == "looped"


# ---- routing


def routes(to: str, name: str = "signs", **settings: Any) -> dict[str, Any]:
    return rule(name, RouteMessageOutboundConnector=to, **settings)


def test_another_connector_takes_the_message_out_of_the_model() -> None:
    found = followed(found=above(routes(THEIRS, StopRuleProcessing=True)))
    assert (said(found), found.decided_by) == ("routed-elsewhere", ("rule", "signs"))


def test_which_of_two_connectors_wins_is_not_documented() -> None:
    filtered: dict[str, Any] = {
        "ExceptIfHeaderContainsMessageHeader": HEADER,
        "ExceptIfHeaderContainsWords": (HEADER_ID,),
    }
    assert said(followed(found=above(routes(THEIRS, **filtered)))) == f"depends({FILTERED}|routed-elsewhere)"


def test_a_rule_above_that_routes_takes_the_message_also_when_it_returns() -> None:
    """Loop Check stops after it, but the connector is noted by then."""
    assert said(followed(found=above(routes(THEIRS)))) == "depends(routed-elsewhere)"


def test_two_connectors_are_in_dispute_also_where_both_ways_end_alike() -> None:
    rules = (routes(THEIRS, "one"), routes("Another", "two", StopRuleProcessing=True))
    found = above(*rules, outbound=(connector(), connector("Another")))
    assert said(followed(found=found)) == "depends(routed-elsewhere)"


def test_a_connector_is_found_by_name_in_any_case_and_by_guid() -> None:
    guid = "11111111-2222-3333-4444-555555555555"
    rules = (routes(THEIRS.upper(), "one"), routes(guid, "two", StopRuleProcessing=True))
    found = above(*rules, outbound=(connector(Guid=guid),))
    assert said(followed(found=found)) == "routed-elsewhere"


@pytest.mark.parametrize("settings", [{"Enabled": False}, {"Name": "Another name"}])
def test_a_connector_that_is_off_or_missing_leaves_it_open(settings: dict[str, Any]) -> None:
    found = above(routes(THEIRS, StopRuleProcessing=True), outbound=({**connector(), **settings},))
    judged = followed(found=found)
    assert said(judged) == "depends(depends)"
    assert f"connector-off-or-missing:{THEIRS}" in judged.assumptions


def test_outgoing_mail_without_a_rule_takes_the_connector_of_its_domain() -> None:
    wide, exact = (
        connector(name, IsTransportRuleScoped=False, RecipientDomains=(domain,))
        for name, domain in (("wide", "*.org"), ("exact", "example.org"))
    )
    found = followed(OUTBOUND, Found(outbound=(wide, exact)), stage=Stage.BEFORE)
    assert (said(found), found.decided_by) == ("routed-elsewhere", ("connector", "exact"))
    assert said(followed(INBOUND, Found(outbound=(wide, exact)), stage=Stage.BEFORE)) == UNFILTERED


def test_a_connector_to_the_filter_that_is_not_left_to_rules_loops() -> None:
    """Somebody forgot IsTransportRuleScoped under another name: all outgoing mail goes there, again and again."""
    host = request_of().region.smart_host
    forgotten = connector("Mail", IsTransportRuleScoped=False, RecipientDomains=("*",), SmartHosts=(host,))
    assert said(followed(OUTBOUND, Found(outbound=(forgotten,)))) == "looped"


# ---- what may apply


def test_a_rule_with_a_condition_that_is_not_known_is_followed_both_ways_on_each_pass() -> None:
    found = followed(found=above(rule("block", DeleteMessage=True, **OPEN)))
    assert said(found) == f"depends(deleted|{FILTERED})"
    named = {code for _, codes in found.ends for code in codes}
    assert {"applies-on-first-pass:block", "does-not-apply-on-return:block"} <= named


def test_what_may_apply_and_changes_nothing_on_the_way_leaves_the_verdict_as_it_is() -> None:
    assert said(followed(found=above(rule("tag", PrependSubject="[EXT] ", **OPEN)))) == FILTERED


READS_HEADER = {"HeaderContainsMessageHeader": "X-A", "HeaderContainsWords": ("1",)}


@pytest.mark.parametrize(
    ("may", "reads"),
    [
        ({"SetHeaderName": "X-A", "SetHeaderValue": "1"}, READS_HEADER),
        ({"SetHeaderName": "X-A", "SetHeaderValue": "1"}, {"ExceptIf" + name: of for name, of in READS_HEADER.items()}),
        ({"RemoveHeader": "X-A"}, READS_HEADER),
        ({"PrependSubject": "1 "}, {"SubjectContainsWords": ("1",)}),
    ],
)
def test_a_change_that_may_happen_and_that_a_later_rule_looks_at_is_followed_both_ways(
    may: dict[str, Any], reads: dict[str, Any]
) -> None:
    message = replace(INBOUND, headers={"x-a": "1"} if "RemoveHeader" in may else {})
    found = followed(message, above(rule("may", **may, **OPEN), rule("block", DeleteMessage=True, **reads)))
    assert said(found) == f"depends(deleted|{FILTERED})"


def test_a_route_that_may_be_taken_is_followed_both_ways() -> None:
    assert said(followed(found=above(routes(THEIRS, **OPEN), outbound=()))) == f"depends({FILTERED}|depends)"


def test_an_exception_that_is_not_known_and_dates_are_open_as_well() -> None:
    for settings in (
        {"ExceptIfWithImportance": "High"},
        {"ExpiryDate": "2030-01-01T00:00:00Z"},
        {"Conditions": ("New",)},
    ):
        assert said(followed(found=above(rule(StopRuleProcessing=True, **settings)))).startswith("depends(")


def test_an_exception_that_holds_wins_over_what_is_not_known() -> None:
    rules = rule(DeleteMessage=True, ExceptIfSenderDomainIs=("example.org",), **OPEN)
    assert said(followed(found=above(rules))) == FILTERED


def test_many_open_rules_are_followed_and_the_ends_stay_few() -> None:
    found = followed(found=above(*(rule(f"block {number}", DeleteMessage=True, **OPEN) for number in range(100))))
    assert said(found) == f"depends(deleted|{FILTERED})"
    assert len(found.ends) == MOST_ENDS
    assert list(found.ends) == sorted(found.ends)


def test_more_ways_than_are_followed_are_told() -> None:
    sets = [rule(f"set {n}", SetHeaderName=f"X-{n}", SetHeaderValue="1", **OPEN) for n in range(12)]
    reads = [
        rule(f"read {n}", HeaderContainsMessageHeader=f"X-{n}", HeaderContainsWords=("1",), Mode="Audit")
        for n in range(12)
    ]
    found = followed(found=above(*sets, *reads))
    assert found.verdict is Verdict.DEPENDS
    assert "not-all-ways-followed" in found.assumptions


# ---- where mail comes from, and as what it returns


def test_a_bounce_that_goes_out_is_internal_by_where_it_enters() -> None:
    found = followed(BOUNCE_OUT, above(rule(FromScope="InOrganization", DeleteMessage=True)))
    assert said(found) == f"depends(deleted|{UNFILTERED})"


def test_the_scope_of_returned_internal_mail_is_open_once_a_message() -> None:
    first, second = (rule(name, FromScope="NotInOrganization", DeleteMessage=True) for name in ("one", "two"))
    found = followed(INTERNAL, above(first, second))
    assert said(found) == f"depends(deleted|{FILTERED})"
    assert len(found.ends) == 2


def test_the_scope_is_known_where_both_connectors_keep_the_headers() -> None:
    tenant = tenant_at(
        Stage.REDIRECT, request_of(), found=above(rule(FromScope="NotInOrganization", DeleteMessage=True))
    )
    assert not tenant.keeps_headers
    region = request_of().region
    back = {"Name": "Back", "Enabled": True, "TlsSenderCertificateName": region.certificate_name}
    out = connector("Out", SmartHosts=(region.smart_host,), CloudServicesMailEnabled=True)
    rules = (
        rule("check", HeaderContainsMessageHeader=HEADER, HeaderContainsWords=(HEADER_ID,), StopRuleProcessing=True),
        rule("send", RouteMessageOutboundConnector="Out"),
    )
    blocks = rule("block", FromScope="NotInOrganization", DeleteMessage=True)
    for keeps, verdict in ((True, FILTERED), (False, f"depends(deleted|{FILTERED})")):
        kept = Found(inbound=({**back, "CloudServicesMailEnabled": keeps},), outbound=(out,), rules=(blocks, *rules))
        assert said(followed(INTERNAL, kept, stage=Stage.BEFORE)) == verdict


def test_external_mail_stays_external_when_it_returns() -> None:
    assert said(followed(found=above(rule(FromScope="InOrganization", DeleteMessage=True)))) == FILTERED


def test_mail_that_no_connector_takes_back_comes_from_the_internet() -> None:
    """Loop Check still knows it, so it is delivered; a rule on external mail sees it as that."""
    assert said(followed(off="inbound")) == FILTERED
    assert "returns-as-internet-mail" in followed(off="inbound").assumptions
    blocks = above(rule(FromScope="NotInOrganization", DeleteMessage=True))
    assert said(followed(INTERNAL, blocks, off="inbound")) == "deleted"


def test_incoming_mail_rests_on_nobody_else_having_the_senders_domain() -> None:
    assert "sender-domain-of-no-other-customer" in followed(INBOUND).assumptions
    assert "sender-domain-of-no-other-customer" not in followed(INTERNAL).assumptions


def test_mail_from_outside_to_outside_is_nobodys_when_it_returns() -> None:
    forwarded = replace(INBOUND, recipients=("bob@example.net",))
    assert (said(followed(forwarded)), followed(forwarded).code) == ("rejected", "5.7.64")


def test_whether_rules_see_a_bounce_is_chosen_once_a_message() -> None:
    bounce = replace(INBOUND, sender="", kind=MessageType.NDR)
    assert {verdict.value: codes for verdict, codes in followed(bounce).ends} == {
        FILTERED: ("filter-replaces-header", "rules-see:bounces"),
        UNFILTERED: ("rules-do-not-see:bounces",),
    }


# ---- the stages of a change


def names(found: Found, stage: Stage = Stage.CREATED) -> list[str]:
    return [str(one["Name"]) for one in tenant_at(stage, request_of(), found=found).all_rules]


def test_ours_come_to_the_bottom_and_keep_their_place_where_they_are_there() -> None:
    assert names(above(rule("a"), rule("b"))) == ["a", "b", LOOP_CHECK_NAME, REDIRECT_NAME]
    assert names(below(rule("c"))) == [LOOP_CHECK_NAME, REDIRECT_NAME, "c"]


def test_loop_check_comes_above_a_redirect_that_is_there() -> None:
    assert names(above(rule("a"), rule(REDIRECT_NAME.lower(), Enabled=False), rule("b"))) == [
        "a", LOOP_CHECK_NAME, REDIRECT_NAME, "b",
    ]  # fmt: skip


def test_before_and_after_rollback_the_tenant_is_as_it_was_found() -> None:
    for stage in (Stage.BEFORE, Stage.ROLLED_BACK):
        assert names(above(rule("a")), stage) == ["a"]


def test_connectors_that_are_there_and_off_are_on_from_created() -> None:
    off = Found(outbound=({"Name": OURS, "Enabled": False, "Guid": "g"},))
    [found] = tenant_at(Stage.CREATED, request_of(), found=off).connectors
    assert (found.name, found.guid, found.enabled) == (OURS, "g", True)


def test_a_loop_check_that_is_on_already_stays_on() -> None:
    on = above(rule(LOOP_CHECK_NAME))
    assert [one.name for one in tenant_at(Stage.CREATED, request_of(), found=on).rules] == [LOOP_CHECK_NAME]


# ---- rules of others that touch our header


def test_a_rule_above_that_takes_our_header_off_makes_mail_loop() -> None:
    assert said(followed(found=above(rule(RemoveHeader=HEADER)))) == "looped"


def test_a_rule_above_that_puts_our_id_on_keeps_mail_from_the_filter() -> None:
    found = followed(found=above(rule(SetHeaderName=HEADER, SetHeaderValue=HEADER_ID)))
    assert (said(found), found.decided_by) == (UNFILTERED, ("rule", LOOP_CHECK_NAME))
