"""Tables in a terminal: as wide as their content, never cut, with nothing of Rich's own in them."""

from hypothesis import given
from hypothesis import strategies as st

from mm365.documents.terminal import table_lines

# One cell wide each: how wide others are is for the terminal to say.
CELLS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)


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
