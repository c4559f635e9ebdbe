"""Files that are no snapshot: one clear line, and nothing raw in it."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from mm365.emulator.tenants import empty_tenant, transport_rule
from mm365.errors import SnapshotError
from mm365.exchange.kinds import Kind
from mm365.snapshot.completeness import EXPORTS
from mm365.snapshot.read import MAX_BYTES, read_snapshot
from tests.exports import backup, ours, tenant_with, written

DSC = b'# Generated with Microsoft365DSC version 1.24.1023.1\nConfiguration M365\n{ EXOTransportRule "x" { } }'
XML = '<?xml version="1.0" encoding="utf-16"?><rules name="TransportVersioned"></rules>'.encode("utf-16")
MAESTER = {"Result": "Passed", "TotalCount": 1, "Tests": [], "EndOfJson": "EndOfJson"}
RULE = transport_rule("r")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is cut off"),
        (json.dumps(backup(empty_tenant())).encode()[:-9], "is cut off"),
        (b'[{"Name": "Block exec', "is cut off"),
        (b"nothing", "is not JSON"),
        (b"{}{}", "is not JSON"),
        (b"[" + b"9" * 5000 + b"]", "a number in it is too long"),
        (b"\x81\x8d\x00", "is not text in UTF-8 or UTF-16"),
        (b"", "holds no objects"),
        (b"[]", "TransportRules=FILE"),
        (b"7", "holds something else than objects"),
        (b'["a"]', "holds something else than objects"),
        (b'{"a": 1}', "neither connectors nor transport rules"),
        ({"format": "mm365-state-1"}, "is a file of mm365, but not a backup"),
        ({**backup(empty_tenant()), "transportRules": None}, "has no list transportRules"),
        ({**backup(empty_tenant()), "transportRules": ["x"]}, "has no list transportRules"),
        ({"CmdletInput": {"CmdletName": "Get-TransportRule"}}, "is a request to the service"),
        (MAESTER, "is a result of Maester"),
        ({"name": "x", "comments": "", "SetSCL": "-1"}, "is a template"),
        ([{"ResourceName": "EXOTransportRule", "Key": "Name", "KeyValue": "r"}], "differences of two blueprints"),
        (DSC, "New-M365DSCReportFromConfiguration -Type JSON"),
        (XML, "is XML"),
        (b'"Name","State","Priority"\n"r","Enabled","0"\n', "is CSV"),
        (b"\r\nName     : r\r\nPriority : 0\r\n", "is a list of lines for people"),
        (b"\n\x1b[32;1mName     : \x1b[0mr\n", "is a list of lines for people"),
        (b"<!DOCTYPE html><html></html>", "is a page for people"),
        (b"PK\x03\x04\x14\x00", "is a workbook or an archive"),
        ([{"name": "x", "comments": "", "SetSCL": "-1"}], "is a template"),
        ([{"ResourceName": "EXOTransportRule", "Name": "r", "Ensure": "Absent"}], "is to be absent"),
        ({"value": [], "@odata.nextLink": "https://x"}, "goes on on another page"),
        ([{"State": "Enabled", "Priority": 0}], "holds a TransportRule without a name"),
        (b"[" * 100_000, "is nested more than 100 deep"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "is nested more than 100 deep"),
        (json.dumps([{**RULE, "x": json.loads("[" * 200 + "]" * 200)}]).encode(), "is nested more than 100 deep"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(content: object, says: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError) as error:
        read_snapshot(written(tmp_path, content))
    text = error.value.said()
    assert says in text
    assert len(text.splitlines()) == 1
    assert error.value.exit_code == 2


@pytest.mark.parametrize("content", [XML, b'"Name","State"\n"r","Enabled"\n', b"Name : r\n", b"<html></html>"])
def test_an_export_in_another_form_is_refused_with_the_command_for_json(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError) as error:
        read_snapshot(written(tmp_path, content))
    assert EXPORTS[Kind.RULE] in error.value.said()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.touch()
    os.truncate(path, 500 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(SnapshotError, match="is larger than 64 MiB"):
        read_snapshot([str(path)])
    assert tracemalloc.get_traced_memory()[1] < MAX_BYTES // 64
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["none.json", ".", "a\0b"])
def test_what_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot be read"):
        read_snapshot([str(tmp_path / name)])


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b[0m.json", "a\u202egnp.json", "a\nb.json"])
def test_a_files_name_is_shown_without_what_it_would_do_to_a_screen(name: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError) as error:
        read_snapshot([str(tmp_path / name)])
    assert error.value.said().isprintable()


def test_a_kind_of_object_given_twice_is_refused(tmp_path: Path) -> None:
    tenant = tenant_with(RULE)
    with pytest.raises(SnapshotError, match="which another file holds too"):
        read_snapshot(written(tmp_path, backup(tenant), tenant["transportRules"]))


def test_files_of_two_tenants_are_refused(tmp_path: Path) -> None:
    rule, connector = RULE, dict(ours()["Inbound"])
    connector["DistinguishedName"] = str(connector["DistinguishedName"]).replace("contoso", "fabrikam")
    with pytest.raises(SnapshotError, match=r"different tenants: contoso\S+, fabrikam"):
        read_snapshot(written(tmp_path, rule, connector))


def test_a_declared_list_of_another_kind_is_refused(tmp_path: Path) -> None:
    [file] = written(tmp_path, tenant_with(RULE)["transportRules"])
    with pytest.raises(SnapshotError, match="does not hold OutboundConnectors alone"):
        read_snapshot([f"OutboundConnectors={file}"])


def test_the_case_of_a_lists_name_makes_no_difference(tmp_path: Path) -> None:
    [file] = written(tmp_path, b"[]")
    assert read_snapshot([f"transportrules={file}"]).rules == ()


def test_a_file_may_have_an_equals_sign_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a=b.json"
    path.write_text(json.dumps(backup(empty_tenant())))
    assert read_snapshot([str(path)]).missing == ()
