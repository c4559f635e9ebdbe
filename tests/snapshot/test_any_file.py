"""Whatever a file holds, it is read and planned against, or refused in one line: nothing else can happen."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mm365.errors import SnapshotError, TenantError
from mm365.exchange.kinds import Kind
from mm365.plan.against import plan_against
from mm365.plan.drift import Expect, check_against
from mm365.plan.drift import as_facts as check_facts
from mm365.plan.drift_summary import MOST_LINES, check_lines
from mm365.plan.posture import forecast
from mm365.plan.result import as_facts
from mm365.plan.suggest import suggest
from mm365.plan.summary import summary
from mm365.snapshot.read import read_snapshot
from tests.commands import HEADER_ID
from tests.exports import EXPORTS, INTEGRATION, REQUEST, ours, tenant_with, written

KEYS = [
    "format", "value", "Raw", "resources", "ResourceName", "resourceType", "properties", "transport_rule", "State",
    "inbound_connectors", "TransportRules", "OutboundConnector", "Priority", "Name", "SmartHosts", "SenderDomains",
    "Guid", "tenant_details", "accepted_domains", "DomainName", "DomainType", "@adminapi.warnings", "Enabled", "name",
]  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.sampled_from(["mm365-backup-1", "Enabled", "EXOTransportRule", "microsoft.exchange.transportrule", HEADER_ID]),
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(KEYS), inside, max_size=5)
    ),
    max_leaves=12,
)  # fmt: skip
DECIDING = [
    "Name", "Guid", "Priority", "State", "Enabled", "Mode", "HeaderContainsMessageHeader", "HeaderContainsWords",
    "StopRuleProcessing", "RouteMessageOutboundConnector", "Conditions", "Exceptions", "DistinguishedName",
    "SmartHosts", "SenderDomains", "TlsDomain", "TlsSenderCertificateName", "RequireTls", "TestMode", "EFSkipIPs",
]  # fmt: skip
"""The properties that something is decided by."""
AWKWARD: st.SearchStrategy[Any] = st.one_of(
    SCALARS, st.just("\x1b[2J\u202e\r\n"), st.just(f"a {HEADER_ID} b"), st.lists(SCALARS, max_size=2),
    st.dictionaries(st.text(max_size=3), SCALARS, max_size=2), st.just("\ud800"), st.just("System.String[]"),
)  # fmt: skip
SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def said_or_refused(files: list[str]) -> None:
    """Say all that can be said of these files, or say in one line why not."""
    refusal = ""
    try:
        all_said(files)
    except (SnapshotError, TenantError) as error:
        refusal = error.said()
    safe([refusal])


def all_said(files: list[str]) -> None:
    read = read_snapshot(files)
    for adopt in (False, True):
        plan = plan_against(read, REQUEST, INTEGRATION, adopt=adopt)
        said = forecast(plan, read)
        assert json.dumps(as_facts(plan, REQUEST, said)).isascii()
        safe([text for text, _ in summary(plan, REQUEST, said)])
    check = check_against(read, REQUEST, INTEGRATION, Expect.ENABLED)
    assert json.dumps(check_facts(check, REQUEST)).isascii()
    lines = [text for text, _ in check_lines(check, REQUEST, "mm365 pack")]
    safe(lines)
    assert len(lines) <= MOST_LINES
    assert suggest(read).as_yaml()


def safe(lines: list[str]) -> None:
    assert all(line.isprintable() for line in lines)
    assert not any(HEADER_ID in line for line in lines)


@given(document=JSON)
@SLOW
def test_any_json_is_read_or_refused(document: object, tmp_path: Path) -> None:
    said_or_refused(written(tmp_path, document))


@given(data=st.data())
@SLOW
@pytest.mark.parametrize("kind", EXPORTS)
def test_any_value_in_an_export_is_read_or_refused(kind: str, data: st.DataObject, tmp_path: Path) -> None:
    tenant = tenant_with(*ours().values())
    objects = [each for one in Kind for each in tenant[one.plural]]
    for _ in range(data.draw(st.integers(1, 3))):
        each = data.draw(st.sampled_from(objects))
        names = [name for name in DECIDING if name in each]
        each[data.draw(st.sampled_from(names) | st.sampled_from(sorted(each)))] = data.draw(AWKWARD)
    said_or_refused(written(tmp_path, *EXPORTS[kind](tenant)))
