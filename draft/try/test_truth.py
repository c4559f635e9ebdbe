"""Reproductions of what the scripts got wrong, or could get wrong; each was seen to fail where there was something to mend."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from generator.emulator.busy import busy_tenant
from generator.emulator.files import comparable
from generator.emulator.tenants import (
    Tenant,
    add_rule,
    connection,
    empty_tenant,
    inbound_connector,
    message,
    outbound_connector,
    transport_rule,
)
from generator.request import Request, build_request
from tests.commands import VALUES
from tests.scripts.objects import INBOUND, LOOP_CHECK, NAMES, OUTBOUND, REDIRECT, ours, put

driver = import_module("draft.try.driver")
Place = Any
Ran = Any
NewPlace = Callable[..., Place]

SCRIPTS = ("10-preflight", "20-backup", "30-create", "40-verify", "50-enable", "60-stop", "70-rollback", "80-trace")
ARGUMENTS = {"40-verify": "-Expect Created", "50-enable": "-Stage LoopCheck"}
KEEPS_NOTES = ("20-backup", "30-create", "50-enable", "60-stop", "70-rollback", "80-trace")
NOT_FOUND = "'z:\\x'" if os.name == "nt" else "'Zz:\\x'"


@pytest.fixture
def request_() -> Request:
    return build_request(dict(VALUES), needs=())


@pytest.fixture
def places(tmp_path: Path) -> NewPlace:
    numbers = iter(range(100))

    def new(tenant: Tenant | None = None) -> Place:
        return driver.place(tmp_path / f"place-{next(numbers)}", tenant)

    return new


def enabled(place: Place) -> None:
    """The whole change, to its end."""
    for script, arguments in (
        ("30-create", ""),
        ("50-enable", "-Stage LoopCheck"),
        ("50-enable", "-Stage Redirect -WaitMinutes 0"),
    ):
        ran = place.run(script, arguments)
        assert ran.code == 0, ran.output


def rename(place: Place, name: str, to: str) -> None:
    tenant = place.tenant
    for rule in tenant["transportRules"]:
        if rule["Name"] == name:
            rule["Name"] = rule["Identity"] = to
    place.tenant = tenant


def rule(place: Place, name: str) -> dict[str, Any]:
    return next(item for item in place.tenant["transportRules"] if item["Name"] == name)


def ends_truly(ran: Ran) -> None:
    """It has its last lines, and a reason where it ended with 1."""
    assert "Now in the tenant:" in ran.output, ran.output
    assert ran.lines[-1].startswith("Next: "), ran.output
    if ran.code == 1:
        assert re.search("^(STOP|DIFF)", ran.output, flags=re.MULTILINE), ran.output


# 1: every script ends with its last lines and a true code; the stop switch works without notes


@pytest.mark.parametrize("script", KEEPS_NOTES)
def test_a_drive_that_is_not_there_ends_with_the_last_lines_and_a_true_code(
    script: str, places: NewPlace, request_: Request
) -> None:
    place = places(put(empty_tenant(), request_, *NAMES, on=True))
    ran = place.run(script, f"{ARGUMENTS.get(script, '')} -StatePath {NOT_FOUND}", before="cmd_that_sets_7 2>$null; ")
    ends_truly(ran)
    assert f"rule Redirect '{REDIRECT}': there, " in ran.output
    if script == "60-stop":
        assert ran.code == 0, ran.output
        assert "WARN  The time cannot be noted" in ran.output
        assert rule(place, REDIRECT)["State"] == "Disabled"
    else:
        assert ran.code == 1, ran.output
        assert not any(call["changed"] for call in place.calls)


def test_stop_works_where_a_file_stands_in_place_of_the_folder_for_notes(places: NewPlace, request_: Request) -> None:
    place = places(put(empty_tenant(), request_, *NAMES, on=True))
    (place.folder / "state").write_text("a file")
    ran = place.run("60-stop")
    assert ran.code == 0, ran.output
    assert "WARN  The time could not be noted" in ran.output
    assert rule(place, REDIRECT)["State"] == "Disabled"


def test_stop_turns_redirect_off_in_constrained_language_mode(places: NewPlace) -> None:
    place = places()
    enabled(place)
    ran = place.run("60-stop", before=driver.CONSTRAINED)
    assert ran.code == 0, ran.output
    ends_truly(ran)
    assert rule(place, REDIRECT)["State"] == "Disabled"


def test_stop_finds_a_renamed_redirect_in_constrained_language_mode(places: NewPlace) -> None:
    place = places()
    enabled(place)
    rename(place, REDIRECT, "Something else")
    ran = place.run("60-stop", f"-StatePath {NOT_FOUND}", before=driver.CONSTRAINED)
    assert ran.code == 0, ran.output
    assert rule(place, "Something else")["State"] == "Disabled"


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "60-stop"])
def test_other_scripts_refuse_constrained_language_mode_before_the_first_call(script: str, places: NewPlace) -> None:
    place = places()
    ran = place.run(script, ARGUMENTS.get(script, ""), before=driver.CONSTRAINED)
    assert ran.code == 1
    assert "STOPPED  Nothing was changed. This shell is in constrained language mode" in ran.output
    ends_truly(ran)
    assert place.calls == []


@pytest.mark.parametrize("damage", ["missing", "changed", "cut"])
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("mode", ["", driver.CONSTRAINED], ids=["full", "constrained"])
def test_a_shared_file_that_is_not_the_reviewed_one_stops_before_the_first_call(
    script: str, damage: str, mode: str, places: NewPlace
) -> None:
    if mode and script != "60-stop":
        return
    place = places()
    shared = place.scripts / "MailMarshal365.ps1"
    if damage == "missing":
        shared.unlink()
    else:
        text = shared.read_text("ascii")
        shared.write_text(text + "# one more\n" if damage == "changed" else text[: len(text) // 2], "ascii")
    ran = place.run(script, ARGUMENTS.get(script, ""), before=mode)
    assert ran.code == 1
    assert "STOPPED  Nothing was changed." in ran.output
    ends_truly(ran)
    assert place.calls == []
    if damage != "missing":
        assert len(re.findall("[0-9A-F]{64}", ran.output)) == 2
    if script == "60-stop":
        assert "paste/08-stop.txt" in ran.output


@pytest.mark.parametrize("kind", ["crlf", "signed", "both", "bom"])
def test_line_ends_and_one_signature_do_not_count(kind: str, places: NewPlace) -> None:
    place = places()
    for path in place.scripts.iterdir():
        text = path.read_text("ascii")
        if kind in ("crlf", "both"):
            text = text.replace("\n", "\r\n")
        end = "\r\n" if kind == "both" else "\n"
        if kind in ("signed", "both"):
            text += end + f"# SIG # Begin signature block{end}# MIIabc{end}# SIG # End signature block{end}"
        path.write_bytes((b"\xef\xbb\xbf" if kind == "bom" else b"") + text.encode("ascii"))
    for script in ("30-create", "60-stop"):
        ran = place.run(script)
        assert ran.code == 0, ran.output


@pytest.mark.parametrize("name", ["a [b] (c)", "it's $HOME & co", "Zoë's Paket ä", "semi;colon `tick`"])
def test_any_folder_will_do(name: str, tmp_path: Path) -> None:
    place = driver.place(tmp_path / name)
    for script, arguments in (("30-create", ""), ("40-verify", "-Expect Created"), ("60-stop", ""), ("70-rollback", "")):
        for way in ("call", "file"):
            ran = place.run(script, arguments, way=way)
            assert ran.code == 0, ran.output
    assert place.state_file.exists()


# 2: the stop switch, whatever somebody has called it


def test_stop_finds_redirect_by_its_noted_identity(places: NewPlace) -> None:
    place = places()
    enabled(place)
    rename(place, REDIRECT, "Renamed")
    ran = place.run("60-stop")
    assert ran.code == 0, ran.output
    assert rule(place, "Renamed")["State"] == "Disabled"
    assert "Its name is now 'Renamed'." in ran.output


@pytest.mark.parametrize("route", ["name", "guid"])
def test_stop_finds_a_renamed_redirect_by_what_it_does(route: str, places: NewPlace, request_: Request) -> None:
    place = places(put(empty_tenant(behaviour={"routeReadsBackAs": route}), request_, *NAMES, on=True))
    if route == "guid":
        tenant = place.tenant
        ours(tenant)[REDIRECT]["RouteMessageOutboundConnector"] = ours(tenant)[OUTBOUND]["Guid"]
        place.tenant = tenant
    rename(place, REDIRECT, "Renamed")
    simulated = place.run("60-stop", "-WhatIf")
    assert simulated.code == 0, simulated.output
    ran = place.run("60-stop")
    assert ran.code == 0, ran.output
    assert rule(place, "Renamed")["State"] == "Disabled"


def test_stop_ends_with_1_while_any_rule_that_is_on_sends_mail_there(places: NewPlace) -> None:
    place = places()
    enabled(place)
    tenant = place.tenant
    add_rule(tenant, transport_rule("Theirs", FromScope="InOrganization", RouteMessageOutboundConnector=OUTBOUND))
    place.tenant = tenant
    for expected in ("off", "still"):
        ran = place.run("60-stop")
        assert ran.code == 1, (expected, ran.output)
        assert "STOP  rule 'Theirs' is on and sends mail to the outbound connector" in ran.output
        assert rule(place, REDIRECT)["State"] == "Disabled"
    assert rule(place, "Theirs")["State"] == "Enabled"


def test_stop_answers_for_redirect_alone(places: NewPlace, request_: Request) -> None:
    tenant = put(busy_tenant(), request_, OUTBOUND)
    put(tenant, request_, REDIRECT, on=True, FromScope="InOrganization")
    place = places(tenant)
    assert [place.run("60-stop").code for _ in range(2)] == [0, 0]
    assert [call["cmdlet"] for call in place.calls if call["changed"]] == ["Disable-TransportRule"]


def test_stop_works_where_connectors_cannot_be_read(places: NewPlace, request_: Request) -> None:
    behaviour = {"missing": ["Get-InboundConnector", "Get-OutboundConnector"]}
    place = places(put(empty_tenant(behaviour=behaviour), request_, *NAMES, on=True))  # type: ignore[arg-type]
    ran = place.run("60-stop")
    assert ran.code == 0, ran.output
    assert "It could not be read (InboundConnector)" in ran.output
    assert f"rule Redirect '{REDIRECT}': there, off" in ran.output


def test_stop_ends_with_1_when_the_rule_stays_on(places: NewPlace, request_: Request) -> None:
    fault = {"kind": "error", "nth": 0, "cmdlet": "Disable-TransportRule"}
    place = places(put(empty_tenant(faults=[fault]), request_, *NAMES, on=True))  # type: ignore[list-item]
    ran = place.run("60-stop")
    assert ran.code == 1, ran.output
    ends_truly(ran)


# 3: rollback is never done while Redirect is on


def test_rollback_from_another_copy_does_not_end_with_0_while_redirect_is_on(
    places: NewPlace, tmp_path: Path
) -> None:
    place = places()
    enabled(place)
    other = driver.place(tmp_path / "copy", place.tenant)
    assert other.run("30-create").code == 0
    ran = other.run("70-rollback")
    assert ran.code == 1, ran.output
    assert "STOP  rule Redirect is on and stays" in ran.output
    assert "60-stop" in ran.output
    assert rule(other, REDIRECT)["State"] == "Enabled"


def test_rollback_after_lost_notes_and_create_again_does_not_end_with_0_while_redirect_is_on(places: NewPlace) -> None:
    place = places()
    enabled(place)
    place.state_file.unlink()
    assert place.run("30-create").code == 0
    assert place.run("70-rollback").code == 1
    assert place.run("60-stop").code == 0
    assert place.run("70-rollback").code == 0


def test_rollback_finds_a_renamed_redirect_by_its_identity(places: NewPlace) -> None:
    place = places(busy_tenant())
    enabled(place)
    rename(place, REDIRECT, "Renamed")
    assert place.run("70-rollback").code == 2
    assert rule(place, "Renamed")["State"] == "Disabled"
    ran = place.run("70-rollback", "-DrainHours 0")
    assert ran.code == 0, ran.output
    assert comparable(place.tenant) == comparable(busy_tenant())


def test_rollback_without_notes_refuses_a_renamed_redirect(places: NewPlace) -> None:
    place = places()
    enabled(place)
    rename(place, REDIRECT, "Renamed")
    place.state_file.unlink()
    ran = place.run("70-rollback", "-DrainHours 0")
    assert ran.code == 1, ran.output
    assert "rule 'Renamed' sends mail to the outbound connector" in ran.output
    assert not any(call["cmdlet"].startswith("Remove-") for call in place.calls)


# 4: what must not be set


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
def test_verify_sees_every_condition_and_exception_of_redirect(
    change: dict[str, Any], places: NewPlace, request_: Request
) -> None:
    tenant = put(empty_tenant(), request_, *NAMES)
    ours(tenant)[REDIRECT].update(change)
    place = places(tenant)
    ran = place.run("40-verify", "-Expect Created")
    assert ran.code == 1, ran.output
    assert next(iter(change)) in ran.output
    assert place.run("50-enable", "-Stage LoopCheck").code == 1


# 5: No is No, at once


@pytest.mark.parametrize(
    ("script", "arguments", "ready"),
    [
        ("30-create", "", False),
        ("50-enable", "-Stage LoopCheck", False),
        ("60-stop", "", True),
        ("70-rollback", "", True),
    ],
)
def test_no_to_a_question_is_known_at_once(
    script: str, arguments: str, ready: bool, places: NewPlace, request_: Request
) -> None:
    tenant = empty_tenant() if script == "30-create" else put(empty_tenant(), request_, *NAMES, on=ready or None)
    place = places(tenant)
    before = comparable(place.tenant)
    ran = place.run(script, f"{arguments} -Confirm", answers="n\n")
    assert ran.code == 1, ran.output
    assert "was not confirmed, and was not done." in ran.output
    assert comparable(place.tenant) == before
    assert not any(call["cmdlet"] == "Start-Sleep" for call in driver.read_log(place.folder / "calls.jsonl"))
    # After a question the answer's line has not ended.
    ends_truly(driver.Ran(code=ran.code, output=ran.output.replace("STOPPED", "\nSTOPPED")))


def test_yes_to_a_question_goes_on(places: NewPlace) -> None:
    place = places()
    ran = place.run("30-create", "-Confirm", answers="y\ny\ny\ny\n")
    assert ran.code == 0, ran.output
    assert set(ours(place.tenant)) == set(NAMES)


# 6: notes are of this tenant, and a partner is named


@pytest.mark.parametrize("field", ["tenant", "tenantId"])
@pytest.mark.parametrize("script", ["30-create", "50-enable", "70-rollback"])
def test_notes_of_another_tenant_are_refused(script: str, field: str, places: NewPlace) -> None:
    place = places()
    assert place.run("30-create").code == 0
    noted = json.loads(place.state_file.read_text())
    noted[field] = "fabrikam.onmicrosoft.com"
    place.state_file.write_text(json.dumps(noted))
    ran = place.run(script, ARGUMENTS.get(script, ""))
    assert ran.code == 1, ran.output
    assert "is of another tenant" in ran.output


def test_stop_does_not_touch_notes_of_another_tenant(places: NewPlace) -> None:
    place = places()
    enabled(place)
    noted = place.state_file.read_text().replace("contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com")
    place.state_file.write_text(noted)
    ran = place.run("60-stop")
    assert ran.code == 0, ran.output
    assert place.state_file.read_text() == noted


def test_a_delegated_organization_is_named(places: NewPlace) -> None:
    tenant = empty_tenant()
    tenant["connections"] = [connection(DelegatedOrganization="contoso.onmicrosoft.com")]
    assert "for the delegated organization contoso.onmicrosoft.com" in places(tenant).run("20-backup").output


# 7 and 13: waiting is 2, and says until when


def test_waiting_ends_with_2_and_says_until_when(places: NewPlace) -> None:
    place = places()
    assert place.run("30-create").code == 0
    assert place.run("50-enable", "-Stage LoopCheck").code == 0
    early = place.run("50-enable", "-Stage Redirect")
    assert early.code == 2, early.output
    assert re.search(r"^WAITING until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: ", early.output, flags=re.MULTILINE)
    ends_truly(early)
    assert place.run("50-enable", "-Stage Redirect", way="file").code == 2
    assert place.run("50-enable", "-Stage Redirect -WaitMinutes 0").code == 0
    back = place.run("70-rollback")
    assert back.code == 2, back.output
    until = re.search(r"^WAITING until (.*?Z)", back.output, flags=re.MULTILINE)
    off = json.loads(place.state_file.read_text())["redirectOff"]
    assert until is not None
    form = "%Y-%m-%d %H:%M:%SZ"
    assert datetime.strptime(until[1], form) - datetime.strptime(off, form) == timedelta(hours=25)


@pytest.mark.parametrize(("hours", "code"), [(24.9, 2), (25.1, 0)])
def test_draining_takes_25_hours(hours: float, code: int, places: NewPlace) -> None:
    place = places()
    enabled(place)
    place.run("60-stop")
    noted = json.loads(place.state_file.read_text())
    since = datetime.now(UTC) - timedelta(hours=hours)
    noted["redirectOff"] = since.strftime("%Y-%m-%d %H:%M:%SZ")
    place.state_file.write_text(json.dumps(noted))
    ran = place.run("70-rollback")
    assert ran.code == code, ran.output


# 8 and 12: what preflight finds


def test_preflight_names_hybrid_and_enhanced_filtering(places: NewPlace) -> None:
    tenant = empty_tenant()
    tenant["outboundConnectors"] = [
        outbound_connector("To premises", ConnectorType="OnPremises", RouteAllMessagesViaOnPremises=True)
    ]
    tenant["inboundConnectors"] = [inbound_connector("Filtered", EFSkipLastIP=True)]
    ran = places(tenant).run("10-preflight")
    assert ran.code == 0, ran.output
    assert re.search("WARN .*hybrid.*'To premises'", ran.output)
    assert re.search("WARN .*Enhanced Filtering.*'Filtered'", ran.output)


def test_preflight_leaves_rules_in_mode_audit_and_warns_of_a_dehydrated_organization(places: NewPlace) -> None:
    tenant = empty_tenant()
    tenant["organization"]["IsDehydrated"] = True
    add_rule(tenant, transport_rule("Only looks", Mode="Audit", PrependSubject="x", StopRuleProcessing=True))
    ran = places(tenant).run("10-preflight")
    assert ran.code == 0, ran.output
    assert "Only looks" not in ran.output
    assert re.search("^WARN  the organization is dehydrated", ran.output, flags=re.MULTILINE)


def test_cmdlets_of_exchange_on_the_premises_are_not_taken_for_missing_roles(places: NewPlace) -> None:
    module = (
        "New-Module -Name tmp_onprem -ScriptBlock { function New-TransportRule { param($Name) } } | "
        "Import-Module -Force; "
    )
    for script in ("10-preflight", "30-create"):
        place = places()
        ran = place.run(script, before=f"Import-Module ExchangeOnlineManagement; {module}")
        assert ran.code == 1, ran.output
        assert "New-TransportRule comes from 'tmp_onprem', not from Exchange Online" in ran.output
        assert "roles" not in ran.output


# 9: the session does not reach the calls, and nothing is left in it


def test_defaults_of_the_session_do_not_reach_the_calls(places: NewPlace) -> None:
    place = places(busy_tenant())
    before = (
        "$PSDefaultParameterValues = @{ 'New-TransportRule:Priority' = 0; 'New-*:Comments' = 'x'; "
        "'Get-FileHash:Algorithm' = 'MD5'; 'Get-*:ErrorAction' = 'Ignore' }; "
    )
    ran = place.run("30-create", before=before)
    assert ran.code == 0, ran.output
    assert [item["Name"] for item in place.tenant["transportRules"]][-2:] == [LOOP_CHECK, REDIRECT]
    assert not any("Priority" in call["parameters"] or "Comments" in call["parameters"] for call in place.calls)


def test_nothing_is_left_in_the_session(places: NewPlace) -> None:
    place = places()
    path = str(place.scripts / "30-create.ps1")
    look = "(Get-Command -CommandType Function).Name; (Get-Variable).Name | ForEach-Object { '$' + $_ }"
    text = (
        "Import-Module ExchangeOnlineManagement; $before = $null; $new = $null; "
        f"$before = @({look}); & '{path}' *>$null; $new = @({look}) | Where-Object {{ $_ -notin $before }}; "
        "'left:' + ($new -join ',')"
    )
    done = driver.subprocess.run(
        [driver.PWSH, "-NoProfile", "-NonInteractive", "-Command", text],
        capture_output=True, text=True, env=place.environment, timeout=120, check=False,
    )  # fmt: skip
    left = done.stdout.rpartition("left:")[2].strip()
    assert set(left.split(",")) <= {"$LASTEXITCODE", "$EXO_LastExecutionStatus", ""}, left


def test_two_releases_in_one_session_do_not_mix(places: NewPlace) -> None:
    old, new = places(), places()
    shared = old.scripts / "MailMarshal365.ps1"
    text = shared.read_text("ascii").replace("Created, and every setting read back.", "Created by the other release.")
    shared.write_text(text, "ascii")
    build = import_module("draft.build")
    script = old.scripts / "30-create.ps1"
    script.write_text(build.pinned(script.read_text("ascii"), build.sum_of(text)), "ascii")
    place = new
    ran = place.run("30-create", before=f"& '{script}' *>$null; & '{old.scripts / '70-rollback.ps1'}' *>$null; ")
    assert "Created by the other release." not in ran.output


# 11: notes that are empty, cut off or damaged


@pytest.mark.parametrize("content", ["", "   ", "{", '{"format": "mm365-state-1"', "[]", "null", '"text"', "{}"])
@pytest.mark.parametrize("script", ["30-create", "50-enable", "70-rollback", "60-stop"])
def test_damaged_notes_are_said_to_be_so(script: str, content: str, places: NewPlace, request_: Request) -> None:
    place = places(put(empty_tenant(), request_, *NAMES, on=True))
    place.state_file.parent.mkdir()
    place.state_file.write_text(content)
    ran = place.run(script, ARGUMENTS.get(script, ""))
    ends_truly(ran)
    assert "state.json cannot be read as JSON" in ran.output or "is not a state file" in ran.output, ran.output
    assert ran.code == (0 if script == "60-stop" else 1)
    assert place.state_file.read_text() == content
    changed = [call["cmdlet"] for call in place.calls if call["changed"]]
    assert changed == (["Disable-TransportRule"] if script == "60-stop" else [])


# 14: Ctrl-C


@pytest.mark.parametrize("way", ["file", "call"])
@pytest.mark.parametrize(
    ("script", "arguments", "until"),
    [
        ("30-create", "", "Get-AcceptedDomain"),
        ("30-create", "", "New-OutboundConnector"),
        ("70-rollback", "-DrainHours 0", "Remove-TransportRule"),
        ("60-stop", "", "Disable-TransportRule"),
    ],
)
def test_ctrl_c_ends_with_the_last_lines_a_true_code_and_whole_notes(
    script: str, arguments: str, until: str, way: str, places: NewPlace, request_: Request
) -> None:
    faults = [{"kind": "delay", "nth": 0, "ms": 150}]
    tenant = empty_tenant() if script == "30-create" else put(empty_tenant(), request_, *NAMES, on=True)
    tenant["faults"] = faults
    place = places(tenant)
    ran = place.interrupt(script, arguments, until, way)
    assert ran.code == 1, ran.output
    assert "STOPPED  It was interrupted." in ran.output
    ends_truly(ran)
    assert f"rule Redirect '{REDIRECT}': " in ran.output or script == "30-create"
    if place.state_file.exists():
        json.loads(place.state_file.read_text())
    left = place.tenant
    left["faults"] = []
    place.tenant = left
    again = place.run("70-rollback", "-DrainHours 0")
    assert again.code == 0, again.output
    assert comparable(place.tenant) == comparable(empty_tenant())


# 15: a time without a zone


def test_a_time_without_a_zone_does_not_begin_the_wait_again_in_another_zone(
    places: NewPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = places()
    place.run("30-create")
    monkeypatch.setenv("TZ", "America/New_York")
    place.run("50-enable", "-Stage LoopCheck")
    tenant = place.tenant
    found = ours(tenant)[LOOP_CHECK]
    found["WhenChanged"] = found["WhenChanged"].removesuffix("Z")
    place.tenant = tenant
    assert place.run("50-enable", "-Stage LoopCheck").code == 0
    noted = json.loads(place.state_file.read_text())
    noted["loopCheckOn"] = "2026-01-02 03:04:05Z"
    place.state_file.write_text(json.dumps(noted))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    ran = place.run("50-enable", "-Stage Redirect")
    assert ran.code == 0, ran.output


# The two additions


def test_audit_puts_redirect_in_mode_audit_and_enforcing_comes_after_the_wait(places: NewPlace) -> None:
    place = places(busy_tenant())
    assert place.run("30-create").code == 0
    assert place.run("50-enable", "-Stage Audit").code == 1
    assert place.run("50-enable", "-Stage LoopCheck").code == 0
    for _ in range(2):
        ran = place.run("50-enable", "-Stage Audit")
        assert ran.code == 0, ran.output
    assert (rule(place, REDIRECT)["Mode"], rule(place, REDIRECT)["State"]) == ("Audit", "Enabled")
    assert [place.run("40-verify", f"-Expect {name}").code for name in ("Created", "Audit", "Enabled")] == [1, 0, 1]
    assert place.run("50-enable", "-Stage Redirect").code == 2
    assert rule(place, REDIRECT)["Mode"] == "Audit"
    assert place.run("50-enable", "-Stage Redirect -WaitMinutes 0").code == 0
    assert (rule(place, REDIRECT)["Mode"], rule(place, REDIRECT)["State"]) == ("Enforce", "Enabled")
    assert place.run("50-enable", "-Stage Audit").code == 1
    assert place.run("70-rollback", "-DrainHours 0").code == 0
    assert comparable(place.tenant) == comparable(busy_tenant())


def test_after_audit_alone_there_is_no_mail_to_wait_for(places: NewPlace) -> None:
    for stop in (False, True):
        place = places()
        place.run("30-create")
        place.run("50-enable", "-Stage LoopCheck")
        place.run("50-enable", "-Stage Audit")
        if stop:
            assert place.run("60-stop").code == 0
        ran = place.run("70-rollback")
        assert ran.code == 0, ran.output
        assert comparable(place.tenant) == comparable(empty_tenant())


def test_redirect_is_never_on_and_enforced_on_the_way_to_audit(places: NewPlace) -> None:
    fault = {"kind": "lost", "nth": 1, "cmdlet": "Set-TransportRule"}
    place = places(empty_tenant(faults=[fault]))  # type: ignore[list-item]
    place.run("30-create")
    place.run("50-enable", "-Stage LoopCheck")
    assert place.run("50-enable", "-Stage Audit").code == 0
    order = [call["cmdlet"] for call in place.calls if call["changed"]][-2:]
    assert order == ["Set-TransportRule", "Enable-TransportRule"]


@pytest.mark.parametrize("from_audit", [False, True])
def test_redirect_is_turned_off_when_something_changes_while_it_is_enforced(from_audit: bool, places: NewPlace) -> None:
    place = places()
    place.run("30-create")
    place.run("50-enable", "-Stage LoopCheck")
    if from_audit:
        place.run("50-enable", "-Stage Audit")
    tenant = place.tenant
    tenant["faults"] = [
        {
            "cmdlet": "Set-TransportRule" if from_audit else "Enable-TransportRule",
            "nth": 1,
            "kind": "interfere",
            "change": {"set": {"kind": "rule", "name": LOOP_CHECK, "values": {"State": "Disabled"}}},
        }
    ]
    place.tenant = tenant
    ran = place.run("50-enable", "-Stage Redirect -WaitMinutes 0")
    assert ran.code == 1, ran.output
    assert rule(place, REDIRECT)["State"] == "Disabled"


def test_enable_turns_a_redirect_off_that_is_on_while_something_is_not_as_approved(places: NewPlace) -> None:
    place = places()
    enabled(place)
    tenant = place.tenant
    ours(tenant)[LOOP_CHECK]["HeaderContainsWords"] = ["11111111-2222-3333-4444-555555555555"]
    place.tenant = tenant
    simulated = place.run("50-enable", "-Stage Redirect -WhatIf")
    assert simulated.code == 1, simulated.output
    assert rule(place, REDIRECT)["State"] == "Enabled"
    ran = place.run("50-enable", "-Stage Redirect")
    assert ran.code == 1, ran.output
    assert rule(place, REDIRECT)["State"] == "Disabled"


def test_trace_counts_names_and_looks_for_the_codes(places: NewPlace) -> None:
    def at(hours: float) -> str:
        return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")

    tenant = empty_tenant()
    tenant["messages"] = [
        message(1, at(1)),
        message(2, at(2), "Pending"),
        message(3, at(3), "Failed", "LED=550 5.4.14 Hop count exceeded"),
        message(4, at(4), "Failed", "LED=550 15.4.14 nothing of ours"),
        message(5, at(30)),
    ]
    place = places(tenant)
    ran = place.run("80-trace")
    assert ran.code == 1, ran.output
    assert "4 messages in 24 hours" in ran.output
    assert "STOP  messages that failed with 5.4.14, a mail loop: 1" in ran.output
    [path] = (place.folder / "state").glob("trace-*.json")
    saved = json.loads(path.read_text())
    assert saved["counts"] == {"Delivered": 1, "Failed": 2, "Pending": 1}
    assert [item["Codes"] for item in saved["messages"]] == [[], ["5.4.14"], []]
    assert not any(call["changed"] for call in place.calls)
    assert place.run("80-trace", "-Hours 1").code == 0


def test_trace_says_when_there_is_more(places: NewPlace) -> None:
    tenant = empty_tenant()
    now = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    tenant["messages"] = [message(number, now) for number in range(5001)]
    ran = places(tenant).run("80-trace")
    assert ran.code == 0, ran.output
    assert "WARN  There are more" in ran.output


# The whole change, and the bars


def guarded(place: Place, guard: str) -> None:
    """The scripts as they are for another loop guard."""
    for path in place.scripts.glob("[0-9]*.ps1"):
        text = path.read_text("ascii").replace("LoopGuard = 'stop'", f"LoopGuard = '{guard}'")
        if path.name == "30-create.ps1" and guard == "kb-literal":
            text = text.replace("StopRuleProcessing          = $true ", "StopRuleProcessing          = $false")
        if path.name == "30-create.ps1" and guard == "stop-and-except":
            route = "        RouteMessageOutboundConnector = "
            text = text.replace(
                route,
                "        ExceptIfHeaderContainsMessageHeader = 'X-MMCloud-ID'\n"
                "        ExceptIfHeaderContainsWords = @('3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11')\n" + route,
            )
        path.write_text(text, "ascii")


@pytest.mark.parametrize("guard", ["stop", "stop-and-except", "kb-literal"])
@pytest.mark.parametrize("way", ["file", "call"])
def test_a_whole_change_ends_where_it_began(way: str, guard: str, places: NewPlace) -> None:
    place = places(busy_tenant())
    guarded(place, guard)
    for script, arguments, code in (
        ("10-preflight", "", 0),
        ("20-backup", "", 0),
        ("30-create", "-WhatIf", 0),
        ("30-create", "", 0),
        ("30-create", "", 0),
        ("40-verify", "-Expect Created", 0),
        ("40-verify", "-Expect Enabled", 1),
        ("50-enable", "-Stage Redirect", 1),
        ("50-enable", "-Stage LoopCheck -WhatIf", 0),
        ("50-enable", "-Stage LoopCheck", 0),
        ("50-enable", "-Stage Redirect", 2),
        ("50-enable", "-Stage Redirect -WaitMinutes 0 -WhatIf", 0),
        ("50-enable", "-Stage Redirect -WaitMinutes 0", 0),
        ("40-verify", "-Expect Enabled", 0),
        ("60-stop", "-WhatIf", 0),
        ("60-stop", "", 0),
        ("60-stop", "", 0),
        ("70-rollback", "", 2),
        ("70-rollback", "-DrainHours 0 -WhatIf", 0),
        ("70-rollback", "-DrainHours 0", 0),
        ("70-rollback", "", 0),
    ):
        ran = place.run(script, arguments, way=way)
        assert ran.code == code, (script, arguments, ran.output)
        ends_truly(ran)
    assert comparable(place.tenant) == comparable(busy_tenant())


def test_the_bars_are_met() -> None:
    folder = driver.DRAFT / "scripts"
    count = {path.stem: len(path.read_text("ascii").splitlines()) for path in folder.glob("*.ps1")}
    numbered = {name: lines for name, lines in count.items() if name != "MailMarshal365"}
    assert all(40 <= lines <= 120 for lines in numbered.values()), numbered
    assert sum(lines for name, lines in numbered.items() if name != "80-trace") <= 650, numbered
    assert count["MailMarshal365"] <= 700
    long = [
        (path.name, number)
        for path in folder.glob("*.ps1")
        for number, line in enumerate(path.read_text("ascii").splitlines(), 1)
        if len(line) > 150
    ]
    assert long == []
