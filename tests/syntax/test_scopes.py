"""No variable of a script is hidden by another of its name."""

import pytest

from tests.syntax.scopes import Scopes
from tests.syntax.tree import Description

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def _of_all(described: Description, what: str) -> set[str]:
    """What a check of ``Scopes`` says of any script, each text once: the scripts share their functions."""
    return {text for file in described.scripts for text in getattr(Scopes(file), what)()}


def test_no_local_hides_what_a_called_function_reads(described: Description) -> None:
    assert _of_all(described, "hidden_from_functions") == set()


def test_a_local_that_hides_is_seen(described: Description) -> None:
    assert Scopes(described.snippet("a local hides")).hidden_from_functions() == [
        "get-c has a local $objects, which hides the script's from get-a",
        "get-d has a local $objects, which hides the script's from get-a",
    ]


def test_no_block_runs_where_what_it_reads_is_hidden(described: Description) -> None:
    assert _of_all(described, "hidden_from_blocks") == set()


def test_a_block_that_reads_what_is_hidden_is_seen(described: Description) -> None:
    assert Scopes(described.snippet("a block is hidden from")).hidden_from_blocks() == [
        "a block reads $key, which invoke-a hides"
    ]


def test_no_local_differs_from_a_variable_of_the_script_by_case_only(described: Description) -> None:
    assert _of_all(described, "other_case") == set()


def test_a_local_that_differs_by_case_only_is_seen(described: Description) -> None:
    assert Scopes(described.snippet("a local hides")).other_case() == [
        "get-c sets $objects, and the script has $Objects"
    ]


def test_every_variable_is_set_somewhere(described: Description) -> None:
    assert _of_all(described, "unset") == set()
    assert Scopes(described.snippet("never set")).unset() == ["get-a reads $nobody, which nothing sets"]
