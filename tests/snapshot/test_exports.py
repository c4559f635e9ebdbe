"""Every kind of export says the same of a tenant, whatever wrote it and however it is encoded."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import Tenant, add_rule, empty_tenant, transport_rule
from mm365.exchange.kinds import Kind
from mm365.snapshot.read import read_snapshot
from mm365.snapshot.snapshot import UNKNOWN, Snapshot, TenantObject, is_empty
from tests.exports import EXPORTS, backup, convert_to_json, m365dsc, ours, rest, scubagear, tenant_with, written

LOST = (
    "Guid", "ImmutableId", "ExchangeObjectId", "Conditions", "Actions", "Exceptions", "Description", "Ensure",
    "DistinguishedName", "WhenChanged", "WhenCreated", "WhenChangedUTC", "WhenCreatedUTC", "CreatedBy", "Size",
)  # fmt: skip
"""What Microsoft365DSC and UTCM do not export."""


def whole_tenant() -> Tenant:
    """Ours and others' objects."""
    tenant = busy_tenant()
    mine = ours()
    tenant[Kind.INBOUND.plural].append(mine["Inbound"])
    tenant[Kind.OUTBOUND.plural].append(mine["Outbound"])
    add_rule(tenant, mine["LoopCheck"])
    add_rule(tenant, mine["Redirect"])
    return tenant


def said(each: TenantObject) -> dict[str, object]:
    """What is set of an object."""
    return {
        name: value
        for name, value in each.settings.items()
        if not is_empty(value) and name not in {*LOST, "ResourceName", "ResourceInstanceName", "Identity"}
    }


@pytest.mark.parametrize("kind", EXPORTS)
def test_every_kind_of_export_says_the_same_of_a_tenant(kind: str, tmp_path: Path) -> None:
    tenant = whole_tenant()
    read = read_snapshot(written(tmp_path, *EXPORTS[kind](tenant)))
    expected = read_snapshot(written(tmp_path, backup(tenant)))
    assert read.kind == kind
    for each in Kind:
        assert [said(one) for one in read.of_kind(each)] == [said(one) for one in expected.of_kind(each)]


def test_values_are_those_that_the_cmdlets_take(tmp_path: Path) -> None:
    read = read_snapshot(written(tmp_path, backup(whole_tenant())))
    inbound = read.of_kind(Kind.INBOUND)[-1]
    assert inbound.value("SenderDomains") == ("*",)
    assert (inbound.enabled, inbound.value("RequireTls"), inbound.value("TlsDomain")) == (True, True, UNKNOWN)
    rules = read.of_kind(Kind.RULE)
    assert [rule.priority for rule in rules] == list(range(len(rules)))
    assert rules[0].enabled is True
    assert "State" not in rules[0].settings


def test_what_is_missing_is_unset_in_some_exports_and_unknown_in_all_others(tmp_path: Path) -> None:
    tenant = tenant_with(transport_rule("r"))
    for rule in tenant[Kind.RULE.plural]:
        del rule["PrependSubject"]
    [dsc] = read_snapshot(written(tmp_path, m365dsc(tenant))).of_kind(Kind.RULE)
    [other] = read_snapshot(written(tmp_path, backup(tenant))).of_kind(Kind.RULE)
    assert dsc.value("PrependSubject") is None
    assert other.value("PrependSubject") is UNKNOWN


def test_unknown_properties_are_kept(tmp_path: Path) -> None:
    tenant = tenant_with({**transport_rule("r"), "NewIn2027": {"a": [1]}})
    [rule] = read_snapshot(written(tmp_path, backup(tenant))).of_kind(Kind.RULE)
    assert rule.value("NewIn2027") == {"a": [1]}


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("'", "\\u0027").encode(),
    ],
    ids=["UTF-8 with its mark", "UTF-16", "UTF-16 the other way round", "5.1's escapes"],
)
def test_every_encoding_that_powershell_writes_is_read(encode: Any, tmp_path: Path) -> None:
    text = json.dumps(backup(whole_tenant()), ensure_ascii=False)
    read = read_snapshot(written(tmp_path, encode(text)))
    assert [rule.name for rule in read.of_kind(Kind.RULE)] == [
        rule["Name"] for rule in whole_tenant()[Kind.RULE.plural]
    ]


@pytest.mark.parametrize("date", ["/Date(1777880642000)/", "\\/Date(1777880642000)\\/", "/Date(1777880642000+0200)/"])
def test_dates_of_windows_powershell_are_dates(date: str, tmp_path: Path) -> None:
    tenant = tenant_with(transport_rule("r", ActivationDate=date))
    [rule] = read_snapshot(written(tmp_path, backup(tenant))).of_kind(Kind.RULE)
    assert rule.value("ActivationDate") == "2026-05-04T07:44:02.000Z"


@pytest.mark.parametrize("value", ["a", ["a"], {"value": ["a"], "Count": 1}], ids=["a text", "a list", "5.1's list"])
def test_one_value_is_a_list_of_one(value: object, tmp_path: Path) -> None:
    tenant = tenant_with({**transport_rule("r"), "SubjectContainsWords": value})
    [rule] = read_snapshot(written(tmp_path, backup(tenant))).of_kind(Kind.RULE)
    assert rule.value("SubjectContainsWords") == ("a",)


def one_by_one(tenant: Tenant) -> list[object]:
    """The answers of the three cmdlets, each in a file of its own; one object stands alone."""
    lists = [tenant[kind.plural] for kind in Kind]
    return [each[0] if len(each) == 1 else each for each in lists]


def test_a_report_on_one_resource_is_one_object(tmp_path: Path) -> None:
    [resource] = m365dsc(tenant_with(transport_rule("r")))
    read = read_snapshot(written(tmp_path, resource))
    assert (read.kind, [rule.name for rule in read.of_kind(Kind.RULE)]) == ("m365dsc", ["r"])


def test_files_add_up(tmp_path: Path) -> None:
    tenant = tenant_with(*ours().values())
    read = read_snapshot(written(tmp_path, *one_by_one(tenant)))
    assert (read.kind, read.missing, read.files) == (
        "convertto-json", (), ("export-0.json", "export-1.json", "export-2.json"),
    )  # fmt: skip
    assert [len(read.of_kind(kind)) for kind in Kind] == [1, 1, 2]


def test_the_hash_is_that_of_all_bytes_one_file_after_the_other(tmp_path: Path) -> None:
    tenant = tenant_with(*ours().values())
    files = written(tmp_path, *one_by_one(tenant))
    together = tmp_path / "all"
    together.write_bytes(b"".join(Path(file).read_bytes() for file in files))
    assert read_snapshot(files).sha256 == hashlib.sha256(together.read_bytes()).hexdigest()


@pytest.mark.parametrize("content", [b"[]", b"[null]", b"null", b"", b"\xff\xfe"])
def test_an_empty_list_is_declared(content: bytes, tmp_path: Path) -> None:
    files = written(tmp_path, content)
    read = read_snapshot([f"TransportRules={files[0]}"])
    assert (read.rules, read.missing) == ((), (Kind.INBOUND, Kind.OUTBOUND))


def test_what_two_queries_returned_twice_counts_once(tmp_path: Path) -> None:
    tenant = tenant_with(*ours().values())
    tenant[Kind.OUTBOUND.plural] *= 2
    assert len(read_snapshot(written(tmp_path, convert_to_json(tenant))).of_kind(Kind.OUTBOUND)) == 1


def test_an_export_says_what_it_may_lack(tmp_path: Path) -> None:
    tenant = whole_tenant()
    cut = {**rest(tenant, Kind.RULE), "@odata.nextLink": "https://x"}
    assert set(read_snapshot(written(tmp_path, cut)).doubts) == {Kind.RULE}
    failed = {**scubagear(tenant), "exo_unsuccessful_commands": ["Get-OutboundConnector"]}
    assert set(read_snapshot(written(tmp_path, failed)).doubts) == {Kind.OUTBOUND}


def identity(read: Snapshot) -> tuple[object, ...]:
    tenant = read.tenant
    return (sorted(tenant.names), len(tenant.ids), tenant.organization, read.accepted_domains)


def test_the_tenant_is_known_where_an_export_names_it(tmp_path: Path) -> None:
    tenant = whole_tenant()
    name = "contoso.onmicrosoft.com"
    assert identity(read_snapshot(written(tmp_path, backup(tenant)))) == ([name], 1, name, None)
    domains = (name, "contoso.com", "contoso.co.uk")
    assert identity(read_snapshot(written(tmp_path, scubagear(tenant)))) == ([name], 1, name, domains)
    assert identity(read_snapshot(written(tmp_path, convert_to_json(tenant)))) == ([], 0, name, None)


@pytest.mark.parametrize(("name", "known"), [("contoso.com", ("contoso.com",)), ("$OrganizationName", None)])
def test_accepted_domains_are_known_where_they_are_no_variables(name: str, known: object, tmp_path: Path) -> None:
    document = [*m365dsc(tenant_with(transport_rule("r"))), {"ResourceName": "EXOAcceptedDomain", "Identity": name}]
    assert read_snapshot(written(tmp_path, document)).accepted_domains == known


def test_a_name_that_looks_like_a_tenant_is_only_a_name(tmp_path: Path) -> None:
    rule = transport_rule("fabrikam.onmicrosoft.com")
    read = read_snapshot(written(tmp_path, convert_to_json(tenant_with(rule))))
    assert read.tenant.organization == "contoso.onmicrosoft.com"


def test_an_empty_tenant_is_a_snapshot_too(tmp_path: Path) -> None:
    read = read_snapshot(written(tmp_path, backup(empty_tenant())))
    assert (list(read.objects), read.missing) == ([], ())
