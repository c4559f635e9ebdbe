"""Lines and tables in a terminal: as wide as the window, never cut, in colour only there, nothing of Rich in them."""

import io
import re
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.documents.terminal import BAD, GOOD, WARN, Finding, finding_lines, print_lines, print_table, table_lines

# One cell wide each: how wide others are is for the terminal to say.
CELLS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)
FINDINGS = (
    Finding(status="ok", text="a", look=GOOD),
    Finding(status="signed", text="b", look=WARN),
    Finding(status="ok", text="c", look=GOOD),
    Finding(status="changed", text="d", look=BAD, below=(("-old", BAD), ("+new", GOOD))),
)


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def words(text: str) -> str:
    """What is on the lines, without the breaks between and within words."""
    return re.sub(r"\s", "", text)


@given(
    st.integers(1, 6).flatmap(lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1))
)
def test_each_row_is_a_line_and_every_cell_is_in_it_whole(rows: list[list[str]]) -> None:
    lines = table_lines(rows)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        start = 0
        for cell in row:
            start = line.index(cell.rstrip(), start) + len(cell.rstrip())


def test_numbers_are_below_each_other_and_markup_is_text() -> None:
    assert table_lines([["[red]a[/red]", "1", "x"], ["b", "100", ":smile:"]], right=(1,)) == [
        "[red]a[/red]    1  x",
        "b             100  :smile:",
    ]


def test_problems_come_first_and_what_is_fine_is_counted() -> None:
    assert list(finding_lines(FINDINGS, "{} files".format, verbose=False)) == [
        ("changed  d", BAD),
        ("         -old", BAD),
        ("         +new", GOOD),
        ("signed   b", WARN),
        ("ok       2 files (--verbose lists them)", GOOD),
    ]


def test_verbose_lists_what_is_fine_as_well() -> None:
    lines = list(finding_lines(FINDINGS, "{} files".format, verbose=True))
    assert lines[-2:] == [("ok       a", GOOD), ("ok       c", GOOD)]
    assert len(lines) == 6


def test_nothing_is_folded_where_nothing_is_fine() -> None:
    assert list(finding_lines(FINDINGS[3:], "{} files".format, verbose=False))[-1] == ("         +new", GOOD)


@pytest.mark.parametrize("width", [40, 60, 160])
@given(texts=st.lists(CELLS))
def test_lines_are_as_wide_as_the_window_and_nothing_is_lost(width: int, texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COLUMNS", str(width))
        shown = printed(texts)
    assert all(len(line) <= width for line in shown.split("\n"))
    assert words(shown) == words("".join(texts))


@given(texts=st.lists(CELLS))
def test_lines_are_left_whole_in_a_pipe(texts: list[str]) -> None:
    assert printed(texts) == "".join(f"{text.rstrip()}\n" for text in texts)


def printed(texts: list[str]) -> str:
    """What ``print_lines`` writes to a standard output that is not a terminal."""
    with redirect_stdout(io.StringIO()) as out:
        print_lines((text, "") for text in texts)
    return out.getvalue()


def test_a_long_line_goes_on_below_its_second_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    print_lines([("Made by      mailmarshal-m365 0.2.0; again", "")])
    assert capsys.readouterr().out == "Made by      mailmarshal-m365\n             0.2.0; again\n"


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
)
def test_colour_is_only_where_it_is_wanted(
    env: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    print_lines([("changed  x", BAD)])
    assert capsys.readouterr().out == ("\x1b[31mchanged  x\x1b[0m\n" if coloured else "changed  x\n")


def test_table_that_is_too_wide_becomes_lines_with_every_cell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    head, rows = ("REGION", "HOST"), [("Australia", "a" * 30), ("eu", "b")]
    print_table(head, rows)
    assert capsys.readouterr().out.splitlines() == ["REGION     HOST", f"Australia  {'a' * 30}", "eu         b"]
    monkeypatch.setenv("COLUMNS", "38")
    print_table(head, rows)
    assert capsys.readouterr().out.splitlines() == [
        "REGION  Australia", f"HOST    {'a' * 30}", "", "REGION  eu", "HOST    b",
    ]  # fmt: skip
    monkeypatch.setenv("COLUMNS", "31")
    print_table(head, rows)
    assert capsys.readouterr().out.splitlines() == [
        "REGION", "  Australia", "HOST", f"  {'a' * 29}", "  a", "", "REGION", "  eu", "HOST", "  b",
    ]  # fmt: skip
