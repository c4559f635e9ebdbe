"""The one way through the house: what may import what, how long a module is, who marks text as finished."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import CHECKOUT

# From the top down: a module imports only from those above it.
ORDER = [
    "errors", "sources", "regions", "powershell", "markdown", "request", "request_file", "objects", "meanings",
    "integration", "loop", "risks", "plan", "script", "scripts", "procedure", "record", "rendering", "runbook",
    "pack", "verification", "emulator.contract", "emulator.shapes", "emulator.tenants", "emulator.busy",
    "emulator.files", "emulator.backup", "rehearsal.pasting", "rehearsal.shells", "rehearsal.pool",
    "rehearsal.course", "rehearsal.ground", "rehearsal.walk", "rehearsal.likeness", "rehearsal.faults",
    "rehearsal.judge", "rehearsal.matrix", "rehearsal.progress", "rehearsal.rehearse", "rehearsal.wishes",
    "rehearsal.facts",
    "rehearsal.summary", "rehearsal.keeping", "rehearsal.elements", "rehearsal.calls", "rehearsal.timeline",
    "rehearsal.report_way", "rehearsal.report_faults", "rehearsal.report", "notebook_file", "evidence",
    "evidence_page", "explanation", "rehearsing", "walkthrough", "review", "sign_off", "pictures", "hypertext",
    "rehearsal_tables", "widgets", "rehearsal_screen",
    "walkthrough_screen", "review_screen", "notebooks", "options", "script_commands", "evidence_command",
    "notebook_command", "rehearse_command", "cli",
]  # fmt: skip
PACKAGE = CHECKOUT / "generator"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
}
MARKING = {"powershell", "markdown"}
SCREENS = {"widgets", "rehearsal_screen", "walkthrough_screen", "review_screen"}
LONGEST = 250


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that are imported, also inside functions and for type checks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("generator.") for alias in node.names if "generator" in alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module == "generator":
            yield from (alias.name for alias in node.names if not alias.name.startswith("__"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator."):
            yield str(node.module).removeprefix("generator.")
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield f"a relative import on line {node.lineno}"


def marks_text(tree: ast.Module) -> Iterator[str]:
    """The lines on which a kind of Markup is derived or made of a value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (f"line {node.lineno}: class {node.name}" for base in node.bases if is_marked(base))
        elif isinstance(node, ast.Call) and is_marked(node.func):
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def is_marked(type_: ast.expr) -> bool:
    """Whether an expression names Markup or one of its kinds."""
    name = type_.attr if isinstance(type_, ast.Attribute) else type_.id if isinstance(type_, ast.Name) else ""
    return name in {"Markup", "Code", "Markdown"}


def test_every_module_has_its_place() -> None:
    assert sorted(MODULES) == sorted(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_module_imports_only_from_those_above_it(name: str) -> None:
    above = ORDER[: ORDER.index(name)]
    assert [other for other in imported(parsed(MODULES[name])) if other not in above] == []


@pytest.mark.parametrize("name", ORDER)
def test_module_is_read_in_one_sitting(name: str) -> None:
    lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{name} has {lines} lines; make a package or a second module of it"


@pytest.mark.parametrize("name", [name for name in ORDER if name not in MARKING])
def test_only_two_modules_mark_text_as_finished(name: str) -> None:
    assert list(marks_text(parsed(MODULES[name]))) == []


@pytest.mark.parametrize("name", sorted(MARKING))
def test_those_two_do_mark_it(name: str) -> None:
    assert list(marks_text(parsed(MODULES[name]))) != []


@pytest.mark.parametrize("name", ORDER)
def test_only_the_screens_know_ipywidgets(name: str) -> None:
    tree = parsed(MODULES[name])
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert any(found.startswith("ipywidgets") for found in names) == (name in SCREENS)
