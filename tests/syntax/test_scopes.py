"""No variable of a script is hidden by another of its name, and scripts and shared functions keep theirs apart."""

from dataclasses import replace

import pytest

from mm365.scripts import library
from tests.syntax.scopes import scopes_of, taken_over
from tests.syntax.scripts import is_shared
from tests.syntax.tree import Description, File

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def _of_all(files: list[File], what: str) -> set[str]:
    """What a check of ``Scopes`` says of any of these files, each text once: the scripts share their functions."""
    return {text for file in files for text in getattr(scopes_of(file), what)()}


def test_no_local_hides_what_a_called_function_reads(described: Description) -> None:
    assert _of_all(described.scripts, "hidden_from_functions") == set()


def test_a_local_that_hides_is_seen(described: Description) -> None:
    assert scopes_of(described.snippet("a local hides")).hidden_from_functions() == [
        "get-c has a local $objects, which hides the script's from get-a",
        "get-d has a local $objects, which hides the script's from get-a",
    ]


def test_no_block_runs_where_what_it_reads_is_hidden(described: Description) -> None:
    assert _of_all(described.scripts, "hidden_from_blocks") == set()


@pytest.mark.parametrize(
    "name",
    [
        "a block is hidden from",
        "a block of another is hidden from",
        "a block in a variable is hidden from",
        "a block in a table is hidden from",
    ],
)
def test_a_block_that_reads_what_is_hidden_is_seen(described: Description, name: str) -> None:
    assert set(scopes_of(described.snippet(name)).hidden_from_blocks()) == {"a block reads $key, which invoke-a hides"}


def test_a_parameter_that_is_the_variable_itself_hides_nothing(described: Description) -> None:
    assert scopes_of(described.snippet("the same variable")).hidden_from_blocks() == []


def test_no_block_overwrites_what_its_function_still_needs(described: Description) -> None:
    assert _of_all(described.scripts, "overwritten_by_blocks") == set()


def test_a_block_that_overwrites_is_seen(described: Description) -> None:
    found = scopes_of(described.snippet("a block overwrites")).overwritten_by_blocks()
    assert found == ["a block sets $next, which invoke-a reads"]


def test_no_local_differs_from_a_variable_of_its_file_by_case_only(described: Description) -> None:
    assert _of_all(described.texts, "other_case") == set()


def test_a_local_that_differs_by_case_only_is_seen(described: Description) -> None:
    assert scopes_of(described.snippet("a local hides")).other_case() == [
        "get-c sets $objects, and the script has $Objects"
    ]


def test_every_variable_is_set_somewhere(described: Description) -> None:
    assert _of_all(described.scripts, "unset") == set()


def test_a_variable_that_is_never_set_is_seen(described: Description) -> None:
    assert scopes_of(described.snippet("never set")).unset() == [
        "the script reads $someone, which nothing sets",
        "get-a reads $nobody, which nothing sets",
    ]


def test_the_shared_functions_read_nothing_of_a_script(described: Description) -> None:
    """They are given what they need. ``$warnings`` is what the calls of a script set where they are run."""
    for file in (file for file in described.texts if is_shared(file.name)):
        scopes = scopes_of(file)
        free = set().union(*scopes.free.values())
        # The functions for packs from snapshots are loaded behind those that all packs have.
        first = described.files[f"{file.name.rpartition('/')[0].removesuffix('scripts')}{library.PATH}"]
        assert free - set(scopes.script) - set(scopes_of(first).script) == set(), file.name


def test_no_script_sets_a_variable_of_the_shared_functions(described: Description) -> None:
    assert {text for file in described.scripts for text in taken_over(file)} == set()


def test_what_a_script_takes_over_is_seen(described: Description) -> None:
    file = next(file for file in described.scripts if file.shared)
    snippet = described.snippet("a local hides")
    changed = replace(file, root=snippet.root, block=[])
    assert taken_over(changed) == ["the script sets $Objects, a variable of the shared functions"]
