"""40-verify: everything is compared, and nothing else may be set."""

from typing import Any

import pytest

from mm365.emulator.tenants import Tenant, add_rule, empty_tenant, transport_rule
from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import must_not_be_set
from mm365.request.request import Request
from tests.scripts.conftest import NewShell
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put
from tests.scripts.steps import ends_truly, run, usual
from tests.shell import Case, drive, step

pytestmark = pytest.mark.powershell

CREATED = step("40-verify", Expect="Created")


@pytest.mark.parametrize(
    "change",
    [
        {"HasSenderOverride": True},
        {"MessageContainsDataClassifications": [{"name": "Credit card"}]},
        {"DlpPolicy": "Finance"},
        {"ExceptIfHasSenderOverride": True},
        {"ExceptIfSubjectContainsWords": ["x"]},
        {"Conditions": ["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.NewPredicate"]},
        {"Exceptions": ["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.NewPredicate"]},
        {"NotifySender": "RejectMessage"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_condition_exception_and_action_of_redirect_is_seen(
    change: dict[str, Any], shells: NewShell, valid_request: Request
) -> None:
    tenant = put(empty_tenant(), valid_request, *NAMES)
    ours(tenant)[REDIRECT].update(change)
    shell = shells(tenant)
    verified, enabled = run(shell, CREATED, usual("50-enable"))
    assert verified.exit_code == enabled.exit_code == 1, verified.output
    ends_truly(verified)
    assert f"{next(iter(change))} " in verified.output
    assert shell.changes == []


@pytest.mark.parametrize(("name", "kind"), [(INBOUND, Kind.INBOUND), (OUTBOUND, Kind.OUTBOUND), (REDIRECT, Kind.RULE)])
def test_nothing_of_the_whole_catalogue_may_be_set(
    name: str, kind: Kind, shells: NewShell, valid_request: Request
) -> None:
    """All settings that this pack leaves unset, set at once; and each is named."""
    tenant = put(empty_tenant(), valid_request, *NAMES)
    found = ours(tenant)[name]
    unset = [each for each in must_not_be_set(kind) if each in found and found[each] in (None, False, [], "")]
    assert len(unset) > 5
    found.update({each: True if found[each] is False else "set" for each in unset})
    [ended] = run(shells(tenant), CREATED)
    assert ended.exit_code == 1
    assert [each for each in unset if f" {each} is " not in ended.output] == []


def different(request: Request) -> dict[str, Tenant]:
    """Tenants that are not as approved, by what is said."""
    swapped = put(put(empty_tenant(), request, INBOUND, OUTBOUND, REDIRECT), request, LOOP_CHECK)
    foreign = put(empty_tenant(), request, *NAMES)
    add_rule(foreign, transport_rule("Theirs", RouteMessageOutboundConnector=OUTBOUND))
    other_id = put(empty_tenant(), request, *NAMES)
    ours(other_id)[LOOP_CHECK]["HeaderContainsWords"] = ["11111111-2222-3333-4444-555555555555"]
    twins = put(empty_tenant(), request, *NAMES)
    twins["inboundConnectors"].append({**ours(twins)[INBOUND], "Guid": "0c7b1d2e-0000-4000-8000-000000000001"})
    return {
        "rule Redirect is there, and no Loop Check stands above it": swapped,
        "rule 'Theirs' is on and sends mail to the outbound connector": foreign,
        "HeaderContainsWords is not the header ID of this pack": other_id,
        f"outbound connector '{OUTBOUND}' is not there": put(empty_tenant(), request, INBOUND, LOOP_CHECK, REDIRECT),
        f"there are 2 objects named '{INBOUND}'": twins,
        "is Enabled, and Created was expected": put(empty_tenant(), request, *NAMES, on=True),
    }


def test_what_is_missing_or_out_of_order_or_on_is_said(shells: NewShell, valid_request: Request) -> None:
    tenants = different(valid_request)
    cases = [Case(shell=shells(tenant), steps=[CREATED]) for tenant in tenants.values()]
    for says, [ended], case in zip(tenants, drive(cases), cases, strict=True):
        assert ended.exit_code == 1, ended.output
        assert f"DIFF  {says}" in ended.output or f": {says}" in ended.output or says in ended.output
        assert valid_request.header_id not in ended.output
        assert case.shell.changes == []


def test_each_state_is_told_from_the_others(shells: NewShell, valid_request: Request) -> None:
    audit = put(empty_tenant(), valid_request, *NAMES, on=True)
    ours(audit)[REDIRECT]["Mode"] = "Audit"
    tenants = {
        "Created": put(empty_tenant(), valid_request, *NAMES),
        "Audit": audit,
        "Enabled": put(empty_tenant(), valid_request, *NAMES, on=True),
    }
    for is_, tenant in tenants.items():
        shell = shells(tenant)
        for expected in tenants:
            [ended] = run(shell, step("40-verify", Expect=expected))
            assert ended.exit_code == int(expected != is_), (is_, expected, ended.output)
            ends_truly(ended)
