"""plan, check, suggest and schema as a person or a schedule meets them."""

import json
import re
from pathlib import Path

import pytest

from mm365.emulator.tenants import transport_rule
from mm365.exchange.kinds import Kind
from mm365.shipped import SCHEMAS
from tests.commands import HEADER_ID, REQUEST, VALUES, Result, run
from tests.exports import INTEGRATION, backup, made, ours, rest, tenant_with, written

ESCAPES = "\x1b[2J\x1b]0;x\x07 \u202egnp.exe \u2066a\u2069 \r\nSTOP \x00"


def asked(folder: Path, command: str, document: object, *options: str) -> Result:
    [file] = written(folder, document)
    request = () if command == "suggest" else REQUEST
    return run(command, "--snapshot", file, *request, *options)


@pytest.mark.parametrize(
    ("state", "code", "outcome", "last"),
    [
        ("off", 0, "change", "Next: mm365 pack --snapshot "),
        ("on", 0, "nothing", "Nothing to do: by this snapshot, all four objects are as approved and on."),
        ("other", 1, "refused", "Refused: 1 finding of level STOP. Nothing can be planned until it is settled."),
    ],
)
def test_a_plan_says_with_its_exit_code_what_it_comes_to(
    state: str, code: int, outcome: str, last: str, tmp_path: Path
) -> None:
    found = ours(rules_on=state == "on")
    if state == "other":
        found["Outbound"] = made(INTEGRATION.outbound, TlsDomain="*.us.mailmarshal.cloud")
    document = backup(tenant_with(*found.values()))
    done = asked(tmp_path, "plan", document)
    assert (done.code, done.err) == (code, "")
    assert done.text.splitlines()[-1].startswith(last)
    assert "\x1b" not in done.text
    facts = json.loads(asked(tmp_path, "plan", document, "--json").text)
    assert facts["outcome"] == outcome


def test_a_plan_shows_what_changes_and_shortens_the_header_id(tmp_path: Path) -> None:
    found = ours(rules_on=False)
    found["Outbound"] = made(INTEGRATION.outbound, TlsDomain="*.us.mailmarshal.cloud")
    del found["LoopCheck"]
    done = asked(tmp_path, "plan", backup(tenant_with(*found.values())), "--adopt", "--posture")
    for line in (
        "= keep the inbound connector 'From MailMarshal Cloud Integrated'",
        "~ update the outbound connector 'To MailMarshal Cloud Integrated'",
        "    TlsDomain: *.us.mailmarshal.cloud -> *.eu.mailmarshal.cloud",
        "+ create the rule Loop Check 'MailMarshal Cloud Integrated Loop Check', and turn it on",
        "    HeaderContainsWords         = c41d7e93-...",
        "= keep the rule Redirect 'MailMarshal Cloud Integrated Redirect', and turn it on",
        "  +   0  MailMarshal Cloud Integrated Loop Check",
        "  =   1  MailMarshal Cloud Integrated Redirect",
        "Plan: 1 to create, 1 to change, 2 to keep, 2 to turn on. Nothing was changed.",
    ):
        assert line in done.text.splitlines()
    assert HEADER_ID not in done.text
    assert done.text.rstrip().endswith("--adopt")


@pytest.mark.parametrize("command", ["plan", "check"])
def test_nothing_raw_of_a_tenants_names_reaches_the_screen(command: str, tmp_path: Path) -> None:
    rule = transport_rule(f"r {ESCAPES} {HEADER_ID}", StopRuleProcessing=True, RouteMessageOutboundConnector=ESCAPES)
    tenant = tenant_with(*ours(rules_on=False).values(), above=(rule,))
    document = {**backup(tenant), "takenAt": ESCAPES}
    done = asked(tmp_path, command, document, *(("--posture",) if command == "plan" else ()))
    assert "ends-processing-above" in done.text
    assert all(line.isprintable() for line in done.text.split("\n"))
    assert HEADER_ID not in done.text
    done = asked(tmp_path, command, document, "--json")
    assert done.text.isascii()


def test_a_check_is_made_for_a_schedule(tmp_path: Path) -> None:
    good = asked(tmp_path, "check", backup(tenant_with(*ours().values())))
    assert (good.code, good.text.splitlines()[0]) == (0, "As approved: contoso.onmicrosoft.com, expected enabled")
    off = backup(tenant_with(*ours(rules_on=False).values()))
    assert asked(tmp_path, "check", off, "--expect", "created").code == 0
    bad = asked(tmp_path, "check", off)
    lines = bad.text.splitlines()
    assert (bad.code, lines[0]) == (1, "NOT AS APPROVED: contoso.onmicrosoft.com, expected enabled")
    assert lines[-1].endswith("run 50-enable of the approved pack.")
    changed = ours()
    changed["Redirect"] = made(INTEGRATION.redirect, StopRuleProcessing=True)
    again = asked(tmp_path, "check", backup(tenant_with(*changed.values()))).text.splitlines()[-1]
    assert again.startswith("To put it right: mm365 pack --snapshot ")
    assert again.endswith(" --adopt")
    assert len(lines) <= 20
    facts = json.loads(asked(tmp_path, "check", off, "--json").text)
    assert (facts["as_approved"], [each["setting"] for each in facts["differences"]]) == (False, ["Enabled"] * 2)
    wrong = asked(tmp_path, "check", off, "--expect", "on")
    assert (wrong.code, wrong.lines) == (2, ["mm365: --expect 'on' is neither created nor enabled; give one of them."])


def test_a_suggested_request_is_the_one_that_plans_nothing(tmp_path: Path) -> None:
    found = asked(tmp_path, "suggest", backup(tenant_with(*ours().values())))
    assert (found.code, found.err) == (0, "")
    path = tmp_path / "request.yaml"
    path.write_bytes(found.out)
    [file] = written(tmp_path, backup(tenant_with(*ours().values())))
    done = run("plan", "--snapshot", file, "--request", path)
    assert (done.code, "Nothing to do" in done.text) == (0, True)
    facts = json.loads(asked(tmp_path, "suggest", rest(tenant_with(*ours().values()), Kind.RULE), "--json").text)
    assert facts["request"]["header_id"] == VALUES["header_id"]
    none = asked(tmp_path, "suggest", backup(tenant_with()))
    assert (none.code, len(none.lines), none.text) == (1, 1, "")


@pytest.mark.parametrize("command", ["plan", "check", "suggest"])
def test_a_bad_file_is_one_line_and_exit_code_2(command: str, tmp_path: Path) -> None:
    done = asked(tmp_path, command, b'{"a": ')
    assert (done.code, done.text, len(done.lines)) == (2, "", 1)
    assert re.fullmatch(r"mm365: --snapshot '.*' is cut off: .*", done.lines[0])
    missing = run(command, *(() if command == "suggest" else REQUEST))
    assert (missing.code, missing.lines) == (2, ["mm365: --snapshot is needed; give the file that 20-backup wrote."])


def test_schemas_are_printed(tmp_path: Path) -> None:
    for path in SCHEMAS.glob("*.json"):
        assert run("schema", path.stem).out == path.read_bytes()
    done = run("schema", "../plan", cwd=tmp_path)
    assert (done.code, done.lines) == (
        2,
        ["mm365: '../plan' has no schema; give one of check, mailflow, plan, suggest."],
    )
