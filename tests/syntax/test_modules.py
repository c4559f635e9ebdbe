"""The package's own PowerShell runs in Windows PowerShell 5.1: what is said of scripts holds for it, but for style."""

import pytest

from tests.syntax.calls import POWERSHELL, calls, is_exchange, unknown_parameters
from tests.syntax.constructs import CONSTRUCTS, findings, not_looked_up
from tests.syntax.draw import USED_BY_MODULES
from tests.syntax.modules import BY_MODULES, module_files
from tests.syntax.test_calls import aliases
from tests.syntax.tree import Description, File, Unit

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]


def units(described: Description) -> list[Unit]:
    return [unit for file in described.modules for unit in file.units]


def functions_beside(described: Description, file: File) -> set[str]:
    """The functions that the files of its folder define, by name in lower case."""
    folder = file.name.rpartition("/")[0]
    beside = [other for other in described.modules if other.name.rpartition("/")[0] == folder]
    return {name for other in beside for name in other.functions}


def test_every_file_of_a_module_parses(described: Description) -> None:
    assert len(described.modules) == len(module_files())
    assert [f"{file.name}: {file.errors}" for file in described.modules if file.errors or file.incomplete] == []


def test_every_file_of_a_module_is_ascii() -> None:
    """5.1 reads a file without a mark in the code page of the machine."""
    assert [path.name for path in module_files() if not path.read_bytes().isascii()] == []


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_no_module_holds(described: Description, name: str) -> None:
    assert findings(CONSTRUCTS[name], units(described)) == []


def test_no_line_of_a_module_begins_with_a_pipe(described: Description) -> None:
    assert [f"{file.name}: {file.pipes}" for file in described.modules if file.pipes] == []


def test_every_type_and_member_that_modules_use_was_looked_up(described: Description) -> None:
    found = [
        unit.place(node) for unit in units(described) for node in unit.tree.walk() if not_looked_up(node, BY_MODULES)
    ]
    assert found == []


def test_no_module_uses_an_alias(described: Description) -> None:
    assert [place for file in described.modules for place in aliases(described, file)] == []


def test_every_command_of_a_module_is_its_own_or_in_5_1(described: Description) -> None:
    problems = [
        f"{unit.place(call.node)}: {text}"
        for file in described.modules
        for unit, call in calls(file)
        if call.name.lower() not in functions_beside(described, file)
        for text in unknown_parameters(call, file)
    ]
    assert problems == []


def test_the_catalogue_holds_no_cmdlet_that_no_module_uses(described: Description) -> None:
    used = {call.name for file in described.modules for _, call in calls(file) if not is_exchange(call)}
    assert set(USED_BY_MODULES) - used == set()
    assert set(USED_BY_MODULES) <= set(POWERSHELL["cmdlets"])
