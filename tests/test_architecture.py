"""The rooms of the house: which package may import which, how long a module is, who marks text as finished."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.commands import CHECKOUT

PACKAGE = CHECKOUT / "generator" / "mm365"

# From the top down: a room imports only from itself and from those above it.
ROOMS = (
    "display", "errors", "shipped", "powershell", "documents", "exchange", "request", "integration", "snapshot",
    "mailflow", "plan", "scripts", "pack", "evidence", "emulator", "rehearsal", "notebook", "cli",
)  # fmt: skip
MARKING = {"powershell", "documents.markdown", "documents.html"}
"""The only modules that may mark text as finished."""
LONGEST = 250
"""Lines of a module, as CONTRIBUTING asks."""

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.stem not in {"__init__", "__main__"}
}


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def room(module: str) -> str:
    return module.partition(".")[0]


def imported(name: str) -> Iterator[str]:
    """Modules of the package that a module imports, also inside functions and for type checks, and other packages."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} has a relative import on line {node.lineno}"
            yield from (
                found
                if (found := f"{node.module}.{alias.name}").removeprefix("mm365.") in MODULES
                else str(node.module)
                for alias in node.names
            )


def ours(name: str) -> set[str]:
    return {module.removeprefix("mm365.") for module in imported(name) if module.startswith("mm365.")}


def is_marked(type_: ast.expr) -> bool:
    """Whether an expression names Markup or one of its kinds."""
    name = type_.attr if isinstance(type_, ast.Attribute) else type_.id if isinstance(type_, ast.Name) else ""
    return name in {"Markup", "Code", "Markdown"}


def marks_text(name: str) -> Iterator[str]:
    """Where a kind of str or Markup is derived, or made of a value."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.ClassDef):
            derived = (is_marked(base) or (isinstance(base, ast.Name) and base.id == "str") for base in node.bases)
            yield from (f"line {node.lineno}: class {node.name}" for is_ in derived if is_)
        elif isinstance(node, ast.Call) and is_marked(node.func):
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def test_every_module_is_in_a_room() -> None:
    assert {room(name) for name in MODULES} == set(ROOMS)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_imports_only_from_rooms_above_it(name: str) -> None:
    allowed = ROOMS[: ROOMS.index(room(name)) + 1]
    assert [other for other in ours(name) if room(other) not in allowed] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = {name: ours(name) - {name} for name in MODULES}
    while ready := [name for name, others in left.items() if not others & left.keys()]:
        for name in ready:
            del left[name]
    assert sorted(left) == []


def test_the_command_line_knows_of_the_notebooks_only_where_they_are() -> None:
    known = {other for name in MODULES if room(name) == "cli" for other in ours(name) if room(other) == "notebook"}
    assert known == {"notebook.shipped"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_is_read_in_one_sitting(name: str) -> None:
    lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{name} has {lines} lines; make a second module of it"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_text_is_marked_as_finished_where_it_may_be_and_nowhere_else(name: str) -> None:
    assert (list(marks_text(name)) != []) == (name in MARKING)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_only_screens_know_ipywidgets(name: str) -> None:
    knows = any(module.partition(".")[0] == "ipywidgets" for module in imported(name))
    assert not knows or (room(name) == "notebook" and name.endswith(("_screen", ".widgets")))
