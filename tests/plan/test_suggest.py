"""The request behind what a tenant has."""

from pathlib import Path

import pytest
import yaml

from mm365.emulator.busy import busy_tenant
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import inbound_connector, transport_rule
from mm365.errors import TenantError
from mm365.plan.suggest import Suggestion, suggest
from mm365.request.file import read_request_file
from mm365.request.request import build_request
from mm365.snapshot.read import read_snapshot
from tests.commands import HEADER_ID, VALUES
from tests.exports import convert_to_json, ours, snapshot, tenant_with, utcm, written


def suggested(folder: Path, *found: Object) -> Suggestion:
    return suggest(snapshot(folder, tenant_with(*found)))


@pytest.mark.parametrize("guard", ["stop", "stop-and-except", "kb-literal"])
def test_the_request_that_made_a_tenant_is_found(guard: str, tmp_path: Path) -> None:
    request = build_request({**VALUES, "loop_guard": guard}, needs=())
    found = suggested(tmp_path, *ours(request=request).values())
    assert found.facts["request"] == {
        "region": "eu", "header_id": HEADER_ID, "tenant": "contoso.onmicrosoft.com", "loop_guard": guard,
    }  # fmt: skip
    assert found.open == ("change",)
    assert {each.field for each in found.evidence} == {"region", "header_id", "tenant", "loop_guard"}


def test_rules_as_the_article_has_them_come_with_a_word_on_the_stop(tmp_path: Path) -> None:
    request = build_request({**VALUES, "loop_guard": "kb-literal"}, needs=())
    [text] = [
        each.text
        for each in suggested(tmp_path, *ours(request=request).values()).evidence
        if each.field == "loop_guard"
    ]
    assert "stop would add" in text


def test_the_yaml_is_a_request_file_in_which_only_the_change_is_open(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(suggested(tmp_path, *ours().values()).as_yaml(), encoding="utf-8")
    texts = read_request_file(path)
    request = build_request(texts, needs=())
    assert (request.region.code, request.header_id, request.change) == ("eu", HEADER_ID, "")
    assert yaml.safe_load(path.read_text())["tenant_id"] in {None, ""}


def test_what_the_snapshot_does_not_say_is_open_and_no_example(tmp_path: Path) -> None:
    found = ours()
    read = read_snapshot(written(tmp_path, utcm(tenant_with(found["Inbound"]))))
    made = suggest(read)
    assert made.facts["request"]["header_id"] is None  # type: ignore[index]
    assert made.open == ("header_id", "tenant", "loop_guard", "change")
    assert HEADER_ID not in made.as_yaml()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("LoopCheck", "StopRuleProcessing"),
        ("Redirect", "ExceptIfHeaderContainsMessageHeader"),
        ("LoopCheck", "HeaderContainsWords"),
    ],
)
def test_a_loop_guard_is_not_guessed(key: str, name: str, tmp_path: Path) -> None:
    found = ours()
    del found[key][name]
    assert "loop_guard" in suggested(tmp_path, *found.values()).open
    del found["Redirect"]
    assert "loop_guard" in suggested(tmp_path, *found.values()).open


def test_the_tenant_may_be_named_by_its_objects_alone(tmp_path: Path) -> None:
    read = read_snapshot(written(tmp_path, convert_to_json(tenant_with(*ours().values()))))
    assert suggest(read).values["tenant"] == "contoso.onmicrosoft.com"


def test_two_regions_are_refused_and_both_named(tmp_path: Path) -> None:
    other = inbound_connector("x", TlsSenderCertificateName="*.us.mailmarshal.cloud")
    with pytest.raises(TenantError, match=r"two regions: eu .* and us ") as error:
        suggested(tmp_path, *ours().values(), other)
    assert error.value.exit_code == 1


def test_two_header_ids_are_refused_and_neither_is_shown_whole(tmp_path: Path) -> None:
    other = transport_rule(
        "x",
        HeaderContainsMessageHeader="X-MMCloud-ID",
        HeaderContainsWords=["11111111-2222-4333-8444-555555555555"],
    )
    with pytest.raises(TenantError, match="two header IDs: 11111111-") as error:
        suggested(tmp_path, *ours().values(), other)
    assert HEADER_ID not in error.value.said()


def test_nothing_of_ours_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TenantError, match="nothing of MailMarshal Cloud was found"):
        suggest(snapshot(tmp_path, busy_tenant()))
