"""The scripts keep the default rules of PSScriptAnalyzer that a tree can show."""

import pytest

from mm365.scripts.library import shared_functions
from tests.syntax.analyzer import RULES, says_why, told_on_screen
from tests.syntax.tree import Description

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


@pytest.mark.parametrize("name", RULES)
def test_no_file_breaks_the_rule(described: Description, name: str) -> None:
    assert {place for file in described.texts for place in RULES[name].found(file)} == set()


@pytest.mark.parametrize("name", RULES)
def test_the_rule_finds_what_breaks_it(described: Description, name: str) -> None:
    found = list(RULES[name].found(described.snippet(name)))
    assert len(found) == RULES[name].count, found


def test_scripts_write_to_the_screen_in_one_place_which_says_why(described: Description) -> None:
    """Output for another command is not what they have; a paste form is typed into a shell, to be read there."""
    places = {name for file in described.scripts if not file.is_pasted for name in told_on_screen(file)}
    assert places == {"Show-Line"}
    assert says_why(shared_functions())
