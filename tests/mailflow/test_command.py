"""The command ``mm365 mailflow`` as a person and a machine meet it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mm365.emulator.busy import busy_tenant
from mm365.mailflow.flow import MailFlow, Situation, follow_mail
from mm365.mailflow.report import NARROWEST, WIDEST, lines
from mm365.mailflow.tenant import Found, Stage
from mm365.request.request import LoopGuard
from mm365.shipped import SCHEMAS
from tests.commands import HEADER_ID, run
from tests.mailflow.model import above, request_of, rule

REQUEST = ("--region", "eu", "--header-id", HEADER_ID, "--tenant", "contoso.com")
SCHEMA = json.loads((SCHEMAS / "mailflow.json").read_text(encoding="utf-8"))


def printed(*arguments: str | Path) -> Any:
    done = run("mailflow", *REQUEST, *arguments, "--json")
    assert done.err == ""
    facts = json.loads(done.text)
    jsonschema.Draft202012Validator(SCHEMA).validate(facts)
    return facts


def flow_of(found: Found | None = None, *, guard: LoopGuard = LoopGuard.STOP, compare: bool = False) -> MailFlow:
    return follow_mail(request_of(guard), Situation(found=found or Found()), compare=compare)


def test_json_is_as_its_schema_says_and_has_no_key_too_few() -> None:
    facts = printed("--compare-guards", "--propagating", "loop_check,redirect")
    assert list(facts) == ["format", "tenant", "loop_guard", "stage", "verdicts", "findings", "guards"]
    assert (facts["format"], facts["tenant"], facts["stage"]) == ("mm365-mailflow-1", "contoso.com", "redirect")
    assert [one["loop_guard"] for one in facts["guards"]] == ["stop-and-except", "kb-literal"]
    assert {frozenset(one) for one in facts["verdicts"]} == {
        frozenset(SCHEMA["$defs"]["verdicts"]["items"]["required"]),
    }


def test_a_verdict_in_json_is_that_of_the_design() -> None:
    [inbound] = [one for one in printed()["verdicts"] if one["message"] == "inbound"]
    hops = inbound.pop("hops")
    assert inbound == {
        "message": "inbound",
        "recipient": "user@contoso.com",
        "verdict": "delivered-filtered",
        "code": None,
        "passes": 1,
        "decided_by": {"kind": "rule", "name": "MailMarshal Cloud Integrated Loop Check"},
        "assumptions": ["filter-replaces-header", "sender-domain-of-no-other-customer"],
        "ends": None,
    }
    assert [hop["event"] for hop in hops if hop["at"] == "filter"] == ["stamped"]
    assert {hop["pass"] for hop in hops if hop["at"] == "exchange"} == {1, 2}


def test_one_message_is_followed_hop_by_hop(tmp_path: Path) -> None:
    file = tmp_path / "message.yaml"
    file.write_text("from: alice@example.org\nto: [user@contoso.com, ann@sub.contoso.com]\n")
    facts = printed("--message", file, "--domain", "sub.contoso.com")
    assert [(one["message"], one["recipient"]) for one in facts["verdicts"]] == [
        ("message.yaml", "user@contoso.com"), ("message.yaml", "ann@sub.contoso.com"),
    ]  # fmt: skip
    done = run("mailflow", *REQUEST, "--message", file, "--domain", "sub.contoso.com", "--trace")
    assert done.code == 0
    assert " 5  filter: The filter puts this customer's ID into X-MMCloud-ID." in done.text.splitlines()


def test_exit_code_says_whether_a_loop_or_a_bypass_is_possible(tmp_path: Path) -> None:
    file = tmp_path / "message.yaml"
    file.write_text("from: alice@example.org\nto: [user@contoso.com]\n")
    one = ("mailflow", *REQUEST, "--message", file)
    assert run(*one).code == 0
    assert run(*one, "--compare-guards").code == 0, "another loop guard does not count"
    assert run(*one, "--loop-guard", "kb-literal").code == 1
    assert run(*one, "--propagating", "loop_check").code == 1, "a bad end of depends counts"
    assert run(*one, "--stage", "created").code == 0, "mail is not meant to be filtered yet"
    assert run("mailflow", *REQUEST, "--stage", "loop-check").code == 0
    assert run("mailflow", *REQUEST).code == 1, "whether rules see bounces is open, so they may bypass the filter"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--stage", "done"), "mm365: --stage 'done' is not a stage of a change; use one of before, created"),
        (("--propagating", "both"), "mm365: --propagating 'both' is not a rule of ours; use loop_check or redirect"),
        (("--domain", "x"), "mm365: --domain 'x' is not a domain name"),
        (("--message", "none.yaml"), "mm365: --message 'none.yaml' cannot be read"),
        (("--snapshot", "none.json"), "none.json"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run("mailflow", *REQUEST, *arguments, cwd=tmp_path)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert said in done.err


def snapshot(tmp_path: Path, **change: object) -> Path:
    """A busy tenant as the three Get cmdlets export it."""
    tenant = busy_tenant("contoso.com")
    lists = {
        "InboundConnectors": tenant["inboundConnectors"],
        "OutboundConnectors": tenant["outboundConnectors"],
        "TransportRules": tenant["transportRules"],
    }
    file = tmp_path / "tenant.json"
    file.write_text(json.dumps({**lists, **change}), encoding="utf-8")
    return file


def test_mail_is_followed_through_the_rules_of_a_snapshot(tmp_path: Path) -> None:
    facts = printed("--snapshot", snapshot(tmp_path))
    verdicts = {one["message"]: one for one in facts["verdicts"]}
    # A rule that rejects executables stands above ours, and whether it applies is not known.
    assert verdicts["inbound"]["verdict"] == "depends"
    assert {end["verdict"] for end in verdicts["inbound"]["ends"]} == {"delivered-filtered", "rejected"}
    # Another product's rule routes internal mail, and which of two connectors wins is not documented.
    assert "routed-elsewhere" in {end["verdict"] for end in verdicts["internal"]["ends"]}
    twice = [one["subject"] for one in facts["findings"] if one["code"] == "acts-twice"]
    assert "[EXT] mark *" in twice


def test_a_snapshot_that_is_not_whole_is_refused_with_the_command_that_exports_it_right(tmp_path: Path) -> None:
    rules = [{"Name": "a", "Priority": 1, "State": "Enabled"}]
    done = run("mailflow", *REQUEST, "--snapshot", snapshot(tmp_path, TransportRules=rules))
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert "is not whole" in done.err
    assert "Get-TransportRule" in done.err


@pytest.mark.parametrize("width", [NARROWEST, 60, 87, 88, 100, WIDEST])
def test_lines_fit_the_terminal(width: int) -> None:
    long = rule("A rule with a name that is longer than anybody would want to have it", DeleteMessage=True, SCLOver=5)
    for flow in (flow_of(above(long)), flow_of(compare=True)):
        for trace in (False, True):
            assert max(map(len, lines(flow, width=width, trace=trace))) <= width


def test_names_of_others_and_the_header_id_are_safe_to_show() -> None:
    evil = rule(f"\x1b[2J {HEADER_ID}\u202e", PrependSubject="x", Quarantine=True)
    text = "\n".join(lines(flow_of(above(evil)), width=100, trace=True))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert HEADER_ID not in text


def test_the_last_line_says_what_was_looked_at() -> None:
    flow = follow_mail(request_of(), Situation(stage=Stage.CREATED))
    assert lines(flow, width=WIDEST)[-1].startswith("No loop in 21 verdicts at stage created; ")


def test_the_last_line_says_what_is_possible_and_for_which_messages() -> None:
    stop, literal = (lines(flow_of(guard=guard), width=WIDEST) for guard in (LoopGuard.STOP, LoopGuard.KB_LITERAL))
    looked = "Looked at: 21 verdicts at stage redirect."
    assert stop[-1] == f"A bypass is possible: bounce-in, bounce-out, journal. {looked}"
    assert " ".join(literal).endswith(f"A bypass is possible: bounce-in, bounce-out, journal. {looked}")
    assert "A loop is possible: inbound, internal, outbound, several-recipients, " in " ".join(literal)


def test_a_page_is_written_once_and_never_over_another_file(tmp_path: Path) -> None:
    page = tmp_path / "flow.html"
    done = run("mailflow", *REQUEST, "--html", page)
    assert (done.code, done.err) == (1, f"Written: {page}\n")
    again = run("mailflow", *REQUEST, "--html", page)
    assert (again.code, again.out) == (4, b"")
