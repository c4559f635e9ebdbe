"""What holds for whatever rules stand above ours."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mm365.exchange.kinds import Kind
from mm365.integration.article import build_integration
from mm365.integration.rules import HEADER
from mm365.mailflow.judgement import MOST_ENDS, judge
from mm365.mailflow.message import Message
from mm365.mailflow.tenant import Found, Stage, tenant_at
from mm365.mailflow.verdict import Verdict
from mm365.plan.against import plan_against
from mm365.request.request import LoopGuard, Request
from mm365.snapshot.snapshot import Format, Snapshot, TenantIdentity, TenantObject
from tests.commands import HEADER_ID
from tests.mailflow.model import INBOUND, INTERNAL, OUTBOUND, THEIRS, connector, request_of
from tests.mailflow.plain import verdicts

CONDITIONS: list[dict[str, Any]] = [
    {},
    {"SenderDomainIs": ("example.org",)},
    {"SenderDomainIs": ("nobody.example",)},
    {"FromScope": "NotInOrganization"},
    {"FromScope": "InOrganization"},
    {"SentToScope": "InOrganization"},
    {"SubjectContainsWords": ("ext", "news")},
    {"HeaderContainsMessageHeader": "X-A", "HeaderContainsWords": ("1",)},
    {"ExceptIfHeaderContainsMessageHeader": "X-A", "ExceptIfHeaderContainsWords": ("1",)},
    {"AttachmentHasExecutableContent": True},
    {"ExceptIfSCLOver": 5},
]
READING = [one for one in CONDITIONS if not {*one} & {"SenderDomainIs", "FromScope", "SentToScope", "ExceptIfSCLOver"}]
"""No condition, one that is not known, and those that look at what other rules change."""
ENDING: list[dict[str, Any]] = [
    {"StopRuleProcessing": True},
    {"DeleteMessage": True},
    {"Quarantine": True},
    {"RejectMessageReasonText": "No."},
    {"RejectMessageEnhancedStatusCode": "5.7.1"},
]
HARMLESS: list[dict[str, Any]] = [
    {"PrependSubject": "[EXT] "},
    {"BlindCopyTo": ("archive@contoso.com",)},
    {"SetHeaderName": "X-A", "SetHeaderValue": "1"},
    {"RemoveHeader": "X-A"},
    {"SetSCL": "-1"},
]
ROUTING: list[dict[str, Any]] = [{"RouteMessageOutboundConnector": THEIRS}, {"RouteMessageOutboundConnector": "Gone"}]
STATES: list[dict[str, Any]] = [
    {"Enabled": True, "Mode": "Enforce"},
    {"Enabled": True, "Mode": "Enforce"},
    {"Enabled": False, "Mode": "Enforce"},
    {"Enabled": True, "Mode": "Audit"},
]
MESSAGES = st.sampled_from([INBOUND, INTERNAL, OUTBOUND, replace(INBOUND, subject="News", headers={"x-a": "1"})])
GUARDS = st.sampled_from(list(LoopGuard))


def rules(
    actions: list[dict[str, Any]], conditions: list[dict[str, Any]] = CONDITIONS, *, at_least: int = 0, at_most: int = 4
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some rules with these actions and conditions."""
    parts = st.tuples(*map(st.sampled_from, (STATES, conditions, conditions, actions, actions)))
    made = parts.map(lambda found: {name: value for part in found for name, value in part.items()})
    return st.lists(made, min_size=at_least, max_size=at_most).map(
        lambda found: [{"Name": f"rule {at}", **one} for at, one in enumerate(found)]
    )


def found_with(theirs: list[dict[str, Any]]) -> Found:
    return Found(rules=tuple(theirs), outbound=(connector(),))


def same_as_plain(theirs: list[dict[str, Any]], message: Message, guard: LoopGuard) -> None:
    tenant = tenant_at(Stage.REDIRECT, request_of(guard), found=found_with(theirs))
    judgement = judge(message, message.recipients[0], tenant)
    assert {verdict.value for verdict in judgement.verdicts} == verdicts(message, tenant)


CHANGING = [one for one in HARMLESS if not {*one} & {"BlindCopyTo", "SetSCL"}]


@settings(max_examples=300)
@given(rules([*ENDING, *HARMLESS, *ROUTING]), MESSAGES, GUARDS)
def test_every_way_that_a_plain_search_finds_is_found_and_no_other(
    theirs: list[dict[str, Any]], message: Message, guard: LoopGuard
) -> None:
    same_as_plain(theirs, message, guard)


@settings(max_examples=300)
@given(rules([*CHANGING, ENDING[1]], READING), MESSAGES)
def test_so_it_is_where_rules_look_at_what_others_may_change(theirs: list[dict[str, Any]], message: Message) -> None:
    same_as_plain(theirs, message, LoopGuard.STOP)


@settings(max_examples=100)
@given(rules([*ENDING, *HARMLESS]), MESSAGES, st.sampled_from([LoopGuard.STOP, LoopGuard.STOP_AND_EXCEPT]))
def test_no_rule_above_makes_mail_loop_that_leaves_our_header_and_our_connector_alone(
    theirs: list[dict[str, Any]], message: Message, guard: LoopGuard
) -> None:
    tenant = tenant_at(Stage.REDIRECT, request_of(guard), found=found_with(theirs))
    judgement = judge(message, message.recipients[0], tenant)
    assert Verdict.LOOPED not in judgement.verdicts
    assert len(judgement.ends) <= MOST_ENDS
    assert len(set(judgement.ends)) == len(judgement.ends)
    assert bool(judgement.ends) == (judgement.verdict is Verdict.DEPENDS)


NEVER_FILTERED = ("ends-processing-above", "audit-stops-above", "header-changed-above", "routes-elsewhere")
"""The warnings of a plan that say of a rule that mail may not be filtered because of it, or loop."""
TOUCHING: list[dict[str, Any]] = [
    {"SetHeaderName": "X-MMCLOUD-ID", "SetHeaderValue": HEADER_ID},
    {"SetHeaderName": HEADER, "SetHeaderValue": "another"},
    {"RemoveHeader": "x-mmcloud-id"},
]
SAFE_GUARDS = st.sampled_from([LoopGuard.STOP, LoopGuard.STOP_AND_EXCEPT])


def around_ours(theirs: list[dict[str, Any]], loop_check_at: int | None, request: Request) -> list[dict[str, Any]]:
    """The rules of a tenant: ours are not there yet, or are there and off, Redirect at the bottom."""
    if loop_check_at is None:
        return theirs
    made = build_integration(request)
    loop_check, redirect = ({**one.values, "Enabled": False} for one in (made.loop_check, made.redirect))
    return [*theirs[:loop_check_at], loop_check, *theirs[loop_check_at:], redirect]


def warned(rules_: list[dict[str, Any]], request: Request) -> set[str]:
    """The rules that a plan warns about because of mail that is not filtered."""
    objects = tuple(
        TenantObject(kind=Kind.RULE, settings={"Priority": at, **one}, leaves_out_unset=True)
        for at, one in enumerate(rules_)
    )
    snapshot = Snapshot(
        formats=(Format.DSC,), taken_at=None, sha256="", files=(), tenant=TenantIdentity(), rules=objects,
        inbound_connectors=(), outbound_connectors=(),
    )  # fmt: skip
    plan = plan_against(snapshot, request, build_integration(request), adopt=False)
    return {finding.subject for finding in plan.findings if finding.code in NEVER_FILTERED}


@settings(max_examples=300)
@given(rules([*ENDING, *HARMLESS, *ROUTING, *TOUCHING]), MESSAGES, SAFE_GUARDS, st.none() | st.integers(0, 4))
def test_a_plan_warns_about_every_rule_by_which_mail_is_not_filtered_or_loops_and_about_no_other(
    theirs: list[dict[str, Any]], message: Message, guard: LoopGuard, loop_check_at: int | None
) -> None:
    request = request_of(guard)
    named = warned(around_ours(theirs, loop_check_at, request), request)

    def tenant(kept: list[dict[str, Any]], propagating: tuple[str, ...] = ()) -> Any:
        at = None if loop_check_at is None else len([one for one in theirs[:loop_check_at] if one in kept])
        found = found_with(around_ours(kept, at, request))
        return tenant_at(Stage.REDIRECT, request, found=found, propagating=propagating)

    without = tenant([one for one in theirs if one["Name"] not in named])
    assert not keeps_from_filter(message, without), named
    # Redirect's exception is there for the time in which Loop Check does not work everywhere.
    late = ("loop_check",) if guard is LoopGuard.STOP_AND_EXCEPT else ()
    for one in theirs:
        if one["Name"] in named and not contradicts_itself(one):
            assert any(keeps_from_filter(each, tenant([one], late)) for each in reaching(one)), one


def contradicts_itself(one: dict[str, Any]) -> bool:
    """Whether no message can meet all of a rule's conditions."""
    is_ours = one.get("FromScope") == "InOrganization"
    return (is_ours and "SenderDomainIs" in one) or {"HeaderContainsWords", "ExceptIfHeaderContainsWords"} <= set(one)


def keeps_from_filter(message: Message, tenant: Any) -> bool:
    ends = judge(message, message.recipients[0], tenant)
    return ends.verdicts != {Verdict.FILTERED} or ends.passes > 1


def reaching(one: dict[str, Any]) -> list[Message]:
    """Messages of which one fits whatever conditions a rule has."""
    domain = one.get("SenderDomainIs", ("example.org",))[0]
    outside = replace(INBOUND, sender=f"a@{domain}", subject="News", headers={"x-a": "1"})
    from_us = replace(INTERNAL, subject="News", headers={"x-a": "1"})
    return [replace(message, headers=headers) for message in (outside, from_us) for headers in ({}, {"x-a": "1"})]
