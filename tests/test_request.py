"""What a request takes, what it refuses, and the words with which it refuses."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.errors import RequestError
from mm365.request.fields import FIELDS, NEEDED, option
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from tests.commands import HEADER_ID, VALUES, run

REGIONS_IN_WORDS = "use one of " + ", ".join(f"{region.code} ({region.place})" for region in REGIONS.values())

INVISIBLE = {
    "newline": "\n", "carriage return": "\r", "NUL": "\0", "escape": "\x1b", "delete": "\x7f", "tab": "\t",
    "next line": "\x85", "line separator": "\u2028", "paragraph separator": "\u2029",
    "right-to-left mark": "\u200f", "right-to-left override": "\u202e", "right-to-left isolate": "\u2067",
    "zero-width space": "\u200b", "zero-width joiner": "\u200d", "byte order mark": "\ufeff",
    "soft hyphen": "\xad", "tag letter": "\U000e0041", "private use": "\ue000", "lone surrogate": "\ud800",
}  # fmt: skip

READABLE = [
    "it's", "\u2018single\u2019", "\u201alow\u201b", '"double"', "\u201cdouble\u201d", "\u201elow\u201f",
    "\u00abguillemets\u00bb", "$(Remove-TransportRule *)", "$env:USERNAME ${x}", "`n `$ `", "#> <#",
    "{{ region }} {% if %} {# #}", "@'", "'@", "; & | > <", "C:\\temp\\u0041", "Größe ändern", "変更要求", "тикет",
    "😀🚦", "-WhatIf", "--change", "#12", "%TEMP%", "null", "no", "~", "0012345", "2026-11-23", "[x]: y",
    "!important", "&anchor *alias", "x" * 200,
]  # fmt: skip


def requested(**changed: str) -> Request:
    return build_request({**VALUES, **changed}, needs=NEEDED)


def refusal(**changed: str) -> str:
    """The one line with which the command line refuses these values."""
    with pytest.raises(RequestError) as caught:
        requested(**changed)
    assert caught.value.exit_code == 2
    assert len(caught.value.problems) == 1
    line = caught.value.problems[0].said(option)
    assert line.isprintable()
    return line


@pytest.mark.parametrize(("text", "code"), [("au", "au"), ("eu", "eu"), ("us", "us"), ("EU", "eu"), (" us ", "us")])
def test_region_is_one_of_three_in_any_case(text: str, code: str) -> None:
    assert str(requested(region=text).region) == code


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("usa", "us"), ("europe", "eu"), ("Europa", "eu"), ("austrailia", "au"), ("united state", "us")],
)
def test_region_that_was_nearly_written_is_pointed_out(text: str, nearest: str) -> None:
    assert refusal(region=text) == (f"--region '{text}' is not a region; {REGIONS_IN_WORDS}; the nearest is {nearest}.")


# These share letters with a code, or are as near to two of them, and mean neither.
@pytest.mark.parametrize("text", ["uk", "ue", "aus", "eus", "ie", "uae", "xyz", "1", "*.mil", "日本"])
def test_other_region_is_answered_with_all_and_no_guess(text: str) -> None:
    assert refusal(region=text) == f"--region '{text}' is not a region; {REGIONS_IN_WORDS}."


@pytest.mark.parametrize("name", ["header_id", "tenant_id"])
@pytest.mark.parametrize(
    "text",
    [
        HEADER_ID, HEADER_ID.upper(), f"{{{HEADER_ID}}}", f"{{{HEADER_ID.upper()}}}", HEADER_ID.replace("-", ""),
        f"  {HEADER_ID}\n",
    ],
)  # fmt: skip
def test_guid_is_normalised_from_its_usual_forms(name: str, text: str) -> None:
    assert getattr(requested(**{name: text}), name) == HEADER_ID


@pytest.mark.parametrize("name", ["header_id", "tenant_id"])
@pytest.mark.parametrize(
    "text",
    [
        "abc", HEADER_ID[:-1], HEADER_ID + "0", f"{{{HEADER_ID}", f"{HEADER_ID}}}", f"({HEADER_ID})",
        HEADER_ID.replace("3", "g"), HEADER_ID.replace("-", "_"), f"urn:uuid:{HEADER_ID}",
        HEADER_ID.replace("1", "\u0661"), HEADER_ID.replace("-", "\u2010"), HEADER_ID.replace("-", "", 1),
    ],
)  # fmt: skip
def test_other_text_is_not_a_guid(name: str, text: str) -> None:
    assert refusal(**{name: text}) == (
        f"{option(name)} '{text}' is not a GUID; use 32 hexadecimal digits such as {FIELDS[name].example}."
    )


@pytest.mark.parametrize("name", ["header_id", "tenant_id"])
def test_empty_guid_belongs_to_nobody(name: str) -> None:
    line = refusal(**{name: "00000000-0000-0000-0000-000000000000"})
    assert "'00000000-0000-0000-0000-000000000000' is the empty GUID" in line
    assert line.endswith(f"such as {FIELDS[name].example}.")


@pytest.mark.parametrize(
    ("text", "tenant"),
    [
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("Contoso.COM", "contoso.com"),
        (" contoso.com ", "contoso.com"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("4711.example", "4711.example"),
        ("a.b.c.d.example", "a.b.c.d.example"),
        ("x" * 63 + ".example", "x" * 63 + ".example"),
    ],
)
def test_tenant_is_a_domain_in_lower_case(text: str, tenant: str) -> None:
    assert requested(tenant=text).tenant == tenant


@pytest.mark.parametrize(
    "text",
    [
        "contoso", "contoso onmicrosoft.com", "contoso.onmicrosoft .com", "contoso.123", "192.0.2.1",
        "x" * 64 + ".example", ".".join(["x" * 50] * 5) + ".example", "-contoso.com", "contoso-.com", ".com",
        "contoso..com", "contoso.com.", "con_toso.com", "admin@contoso.com", "https://contoso.com", "*.contoso.com",
        "contoso.com/", "contoso.com\nx", "contoso.com'",
    ],
)  # fmt: skip
def test_tenant_that_is_not_a_domain_is_refused(text: str) -> None:
    line = refusal(tenant=text)
    assert line.startswith("--tenant '")
    assert "is not a domain name" in line
    assert line.endswith("use an accepted domain of the tenant such as contoso.onmicrosoft.com.")


# U+0441 is a Cyrillic letter; U+212A, the Kelvin sign, is no ASCII but becomes an ASCII k in lower case.
@pytest.mark.parametrize("text", ["münchen.example", "contoso\uff0ecom", "\u0441ontoso.com", "\u212aontoso.com"])
def test_tenant_in_other_letters_is_asked_for_in_its_ascii_form(text: str) -> None:
    assert "is not ASCII; write an international domain in its xn-- form" in refusal(tenant=text)


@pytest.mark.parametrize("text", READABLE)
def test_change_is_any_readable_line(text: str) -> None:
    assert requested(change=f" {text} ").change == text


@pytest.mark.parametrize("character", INVISIBLE.values(), ids=list(INVISIBLE))
def test_change_has_no_character_that_does_not_show(character: str) -> None:
    line = refusal(change=f"CHG{character}1")
    assert line.startswith("--change ")
    assert f"holds the character U+{ord(character):04X}, which does not show" in line
    assert line.endswith("use one line of up to 200 characters such as CHG0012345.")


@pytest.mark.parametrize("length", [201, 10_000])
def test_change_that_is_too_long_is_refused_without_showing_all_of_it(length: int) -> None:
    line = refusal(change="x" * length)
    assert f"has {length} characters; use one line of up to 200 characters" in line
    assert len(line) < 250


@pytest.mark.parametrize("guard", LoopGuard)
def test_loop_guard_is_one_of_three_in_any_case(guard: LoopGuard) -> None:
    assert requested(loop_guard=f" {guard.value.upper()} ").loop_guard is guard


def test_loop_guard_is_stop_unless_asked_for() -> None:
    assert requested().loop_guard is LoopGuard.STOP


@pytest.mark.parametrize(
    ("text", "hint"),
    [("none", ""), ("KB", ""), ("guard", ""), ("stop-and-accept", "; the nearest is stop-and-except")],
)
def test_other_text_is_not_a_loop_guard(text: str, hint: str) -> None:
    assert refusal(loop_guard=text) == (
        f"--loop-guard '{text}' is not a loop guard; use one of stop, stop-and-except, kb-literal{hint}."
    )


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("text", ["", "  "])
def test_value_that_is_needed_and_blank_is_asked_for(name: str, text: str) -> None:
    assert refusal(**{name: text}).startswith(f"--{name.replace('_', '-')} is needed; give ")


@pytest.mark.parametrize("name", ["tenant_id", "change", "loop_guard"])
def test_value_that_is_not_needed_may_be_blank(name: str) -> None:
    assert requested(**{name: " "}) == build_request(
        {key: text for key, text in VALUES.items() if key != name}, needs=NEEDED
    )


def test_all_problems_are_told_at_once() -> None:
    done = run(
        *("pack", "--region", "ue", "--header-id", "abc", "--tenant-id", "1"),
        *("--change", "a\u200bb", "--loop-guard", "none"),
    )
    assert done.code == 2
    assert done.out == b""
    assert [line.split()[:2] for line in done.lines] == [
        ["mm365:", "--region"], ["mm365:", "--header-id"], ["mm365:", "--tenant"], ["mm365:", "--tenant-id"],
        ["mm365:", "--change"], ["mm365:", "--loop-guard"],
    ]  # fmt: skip


def test_request_cannot_be_altered() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(requested(), "tenant", "other.example")  # noqa: B010 - an assignment would not pass the type check


def test_header_id_is_masked_for_eyes_that_need_not_know_it() -> None:
    assert requested().masked_header_id == f"{HEADER_ID[:8]}-..."


@given(text=st.text())
def test_any_change_is_kept_as_it_is_or_refused_in_one_line(text: str) -> None:
    try:
        kept = requested(change=text).change
    except RequestError as error:
        [problem] = error.problems
        assert (problem.field, problem.value) == ("change", text)
        [line] = str(error).splitlines()
        assert line.isprintable()
    else:
        assert kept == text.strip()
