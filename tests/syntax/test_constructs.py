"""No script holds what Windows PowerShell 5.1 refuses or reads otherwise."""

import pytest

from tests.syntax.constructs import (
    CONSTRUCTS,
    MADE,
    METHODS,
    PIPES,
    REFUSED,
    STATIC,
    TYPES,
    findings,
    found_in,
    not_looked_up,
)
from tests.syntax.scripts import every_text
from tests.syntax.tree import Description

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def test_every_script_parses(described: Description) -> None:
    written = {name for name, _ in every_text()}
    assert {file.name for file in described.texts} == written
    assert [f"{file.name}: {file.errors}" for file in described.texts if file.errors or file.incomplete] == []


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
    assert [f"{file.name}: {file.pipes}" for file in described.texts if file.pipes] == []


@pytest.mark.parametrize("name", PIPES)
def test_a_line_that_begins_with_a_pipe_is_seen(described: Description, name: str) -> None:
    assert described.snippet(name).pipes


def test_every_type_and_member_was_looked_up_in_net_framework(described: Description) -> None:
    assert [unit.place(node) for unit in described.units for node in unit.tree.walk() if not_looked_up(node)] == []


def test_a_type_or_member_that_was_not_looked_up_is_seen(described: Description) -> None:
    for number in range(2):
        units = described.snippet(f"a .NET member that .NET Framework lacks {number}").units
        assert any(not_looked_up(node) for unit in units for node in unit.tree.walk())
    units = described.snippet("an object of a type").units
    assert sum(not_looked_up(node) for unit in units for node in unit.tree.walk()) == 2


def test_nothing_was_looked_up_that_no_script_uses(described: Description) -> None:
    """``[regex]::Unescape`` stands only where a request has text that is not ASCII."""
    nodes = [node for unit in described.units for node in unit.tree.walk()]
    named = {node.value for node in nodes if node.kind in {"TypeExpression", "TypeConstraint"}}
    invoked = {node.value for node in nodes if node.kind == "InvokeMemberExpression" and not node.data["static"]}
    static = {(node.children[0].value, node.value) for node in nodes if node.data.get("static")}
    made = {child.value for node in nodes if node.value == "New-Object" for child in node.children[1:]}
    assert TYPES - named == set()
    assert METHODS - invoked == set()
    assert {(type_, name) for type_, names in STATIC.items() for name in names} - static == {("regex", "Unescape")}
    assert MADE - made == set()
