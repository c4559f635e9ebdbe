"""Whatever text becomes PowerShell stays that text: held for all texts by a small model of PowerShell's rules."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.errors import RequestError
from mm365.powershell import comment, comment_lines, entries, listed, literal, name, short_comment
from mm365.request.request import build_request
from tests.commands import VALUES
from tests.syntax.values import unescape

QUOTES = "'\u2018\u2019\u201a\u201b"
AWKWARD = (
    "'", "\u2018", "\u2019", "\u201a", "\u201b", '"', "\u201c", "\u201d", "\u201e", "-", "\u2013", "\u2014", "\u2015",
    "`", "$(", "${x}", ")", "#>", "<#", "<#>", "##>>", "{{ 1 }}", "{% x %}", "%", "\\", "\\u0027", "\\n",
    "\U0001f600", "@'", ";", "|", "&", " ",
)  # fmt: skip
shown = st.lists(
    st.one_of(
        st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)
    ),
    max_size=12,
).map("".join)
hidden = st.characters(categories=["Cc", "Cs", "Zl", "Zp"])


def read(code: str) -> str:
    """What PowerShell makes of a literal of ours: quoted text, or quoted text that .NET unescapes."""
    text, rest = read_first(code)
    assert rest == "", f"ends before its end: {code}"
    return text


def read_list(code: str) -> list[str]:
    """What PowerShell makes of ``@(...)`` around literals of ours."""
    assert re.fullmatch(r"@\(.*\)", code), code
    texts: list[str] = []
    rest = code[2:-1]
    while rest:
        text, rest = read_first(rest)
        assert rest == "" or re.match(", .", rest), code
        texts.append(text)
        rest = rest[2:]
    return texts


def read_first(code: str) -> tuple[str, str]:
    """What PowerShell makes of the literal at the beginning, and what follows it."""
    called = "[regex]::Unescape("
    if not code.startswith(called):
        return unquote(code)
    text, rest = unquote(code.removeprefix(called))
    assert rest.startswith(")"), code
    return unescape(text), rest[1:]


def unquote(code: str) -> tuple[str, str]:
    """A single-quoted string ends at any of five quotes, unless a second one follows: then the first is meant."""
    assert code[0] == "'", code
    text, rest = "", code[1:]
    while rest[0] not in QUOTES or (len(rest) > 1 and rest[1] in QUOTES):
        step = 2 if rest[0] in QUOTES else 1
        text, rest = text + rest[0], rest[step:]
    assert rest[0] == "'", code
    return text, rest[1:]


def holds_no_control(code: str) -> bool:
    return code.isascii() and code.isprintable()


@given(shown)
def test_a_literal_is_ascii_and_reads_back(text: str) -> None:
    assert read(literal(text)) == text
    assert holds_no_control(literal(text))


@given(shown)
def test_a_text_is_a_plain_literal_if_it_is_ascii_and_an_expression_if_not(text: str) -> None:
    is_plain = literal(text).startswith("'")
    assert is_plain == text.isascii()
    assert re.fullmatch(r"'.*'" if is_plain else r"\[regex\]::Unescape\('.*'\)", literal(text))


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30))
def test_a_plain_literal_reads_as_it_is_written_but_for_its_quotes(text: str) -> None:
    """An approver reads the value and not an encoding of it."""
    assert literal(text) == "'" + text.replace("'", "''") + "'"


@given(st.lists(shown, max_size=4))
def test_a_list_reads_back(texts: list[str]) -> None:
    assert read_list(literal(texts)) == texts
    assert read_list(literal(tuple(texts))) == texts
    assert read_list(f"@({listed(texts)})") == texts


@pytest.mark.parametrize(("value", "code"), [(True, "$true"), (False, "$false"), (0, "0"), (1, "1"), (-25, "-25")])
def test_a_number_and_a_boolean_are_not_quoted(value: bool | int, code: str) -> None:
    assert literal(value) == code


@given(shown)
def test_a_comment_is_one_line_and_cannot_end_its_block(text: str) -> None:
    assert holds_no_control(comment(text))
    assert "#>" not in comment(text)
    assert "<#" not in comment(text)


@given(shown)
def test_a_short_comment_is_one_line_and_says_something(text: str) -> None:
    short = short_comment(text)
    assert holds_no_control(short)
    assert "#>" not in short
    assert 0 < len(short) <= 28
    assert short == comment(text) or len(comment(text)) > 28 or text == "" or short == "see the change request"


@pytest.mark.parametrize("text", ["CHG0012345", "RFC 4711: mail filter", "Begin the block of mail", "Sign here"])
def test_a_usual_change_is_shown_as_it_is(text: str) -> None:
    assert short_comment(text) == text


@pytest.mark.parametrize(
    "text", ["SIG # Begin signature block", "sig#beginsignatureblock", "x SIG#Begin Signature Bloc"]
)
def test_what_resembles_the_begin_of_a_signature_is_not_shown(text: str) -> None:
    assert short_comment(text) == "see the change request"


@given(shown, st.integers(0, 12))
def test_a_wrapped_comment_is_comment_on_every_line(text: str, indent: int) -> None:
    for line in comment_lines(text, indent).split("\n"):
        assert line == "" or line.lstrip(" ").startswith("# ")
        assert "#>" not in line
        assert holds_no_control(line)


keys = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True) | st.just("New-Rule")


@given(st.dictionaries(keys, shown, max_size=4), st.integers(0, 12))
def test_a_table_holds_its_entries(values: dict[str, str], indent: int) -> None:
    lines = entries(values, indent).split("\n") if values else []
    assert all(line.startswith(" " * indent) for line in lines[1:])
    pairs = [re.split(r" += ", line.strip(" "), maxsplit=1) for line in lines]
    assert {key.strip("'"): read(value) for key, value in pairs} == values


notes = shown.map(str.strip).filter(bool)


@given(st.dictionaries(keys, st.tuples(shown, notes), min_size=1, max_size=4))
def test_a_reason_stands_behind_its_entry_and_is_a_comment(values: dict[str, tuple[str, str]]) -> None:
    lines = entries(
        {key: value for key, (value, _) in values.items()}, 8, {key: note for key, (_, note) in values.items()}
    )
    for line, (key, (value, note)) in zip(lines.split("\n"), values.items(), strict=True):
        text, rest = read_first(re.split(r" += ", line, maxsplit=1)[1])
        assert text == value, key
        assert re.fullmatch(r" {3,}# .*", rest), rest
        assert rest.partition("# ")[2] == comment(note)
        assert holds_no_control(line)


@given(st.text("aZ9-_$;' \n\u2019", max_size=5))
def test_a_name_is_one_of_this_projects_own_or_refused(text: str) -> None:
    """What is put into a script as code without quotes can hold nothing that means something to PowerShell."""
    try:
        made = name(text)
    except ValueError:
        return
    assert made == text
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", text)


@pytest.mark.parametrize("make", [literal, comment])
@given(before=shown, control=hidden, after=shown)
def test_a_control_character_is_refused(make: object, before: str, control: str, after: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError):  # noqa: PT011 - a lone surrogate is refused by the codec, in its own words
        make(before + control + after)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\nb", "change 'a\\nb' holds the character U+000A, which does not show;"),
        ("a\r\nb", "U+000D, which does not show;"),
        ("a\x00b", "U+0000, which does not show;"),
        ("a\x1b[31mb", "U+001B, which does not show;"),
        ("a\x85b", "U+0085, which does not show;"),
        ("a\u2028b", "U+2028, which does not show;"),
        ("a\u202eb", "U+202E, which does not show;"),
        ("a\u2067b", "U+2067, which does not show;"),
        ("a\u200bb", "U+200B, which does not show;"),
        ("a\ud800b", "U+D800, which does not show;"),
        ("a" * 10_000, "has 10000 characters; use one line of up to 200 characters such as CHG0012345."),
    ],
)
def test_a_change_that_cannot_stand_on_a_line_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        build_request({**VALUES, "change": text}, needs=())
    said = str(refused.value)
    assert message in said
    assert all(character.isprintable() or character == "\n" for character in said)
    assert len(said) < 300


@given(st.text(max_size=40))
def test_what_is_accepted_as_a_change_shows(text: str) -> None:
    try:
        change = build_request({**VALUES, "change": text}, needs=()).change
    except RequestError:
        return
    assert change == text.strip()
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for character in change)
