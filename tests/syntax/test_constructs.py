"""No script holds what Windows PowerShell 5.1 refuses or reads otherwise."""

import pytest

from tests.syntax.constructs import CONSTRUCTS, PIPES, REFUSED, findings, found_in, not_looked_up
from tests.syntax.scripts import PACKS, render_all, request_of
from tests.syntax.tree import Description

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def test_every_script_parses(described: Description) -> None:
    written = [script for values in PACKS.values() for script in render_all(request_of(values))]
    assert len(described.scripts) == len(written)
    assert [f"{file.name}: {file.errors}" for file in described.scripts if file.errors or file.incomplete] == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_parse_is_seen(described: Description, name: str) -> None:
    assert described.snippet(name).errors


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_no_script_holds(described: Description, name: str) -> None:
    assert findings(CONSTRUCTS[name], described.units) == []


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_the_check_finds(described: Description, name: str) -> None:
    construct = CONSTRUCTS[name]
    missed = [
        text
        for number, text in enumerate(construct.snippets)
        if not found_in(construct, described.snippet(f"{name} {number}"))
    ]
    assert missed == []


def test_no_line_begins_with_a_pipe(described: Description) -> None:
    assert [f"{file.name}: {file.pipes}" for file in described.scripts if file.pipes] == []


@pytest.mark.parametrize("name", PIPES)
def test_a_line_that_begins_with_a_pipe_is_seen(described: Description, name: str) -> None:
    assert described.snippet(name).pipes


def test_every_type_and_member_was_looked_up_in_net_framework(described: Description) -> None:
    assert [unit.place(node) for unit in described.units for node in unit.tree.walk() if not_looked_up(node)] == []


def test_a_type_or_member_that_was_not_looked_up_is_seen(described: Description) -> None:
    for number in range(2):
        units = described.snippet(f"a .NET member that .NET Framework lacks {number}").units
        assert any(not_looked_up(node) for unit in units for node in unit.tree.walk())
