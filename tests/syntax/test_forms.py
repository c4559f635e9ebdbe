"""What a script of a pack, the shared functions and a paste form look like, whatever they do."""

import re
from functools import cache
from itertools import takewhile

import pytest

from mm365.scripts import library
from mm365.scripts.paste_form import PASTE_FORMS
from mm365.scripts.script import Script
from tests.syntax.scripts import PACKS, every_change, every_text, is_shared, planned_changes
from tests.syntax.tree import Description, File, Unit

powershell = pytest.mark.powershell
group = pytest.mark.xdist_group("syntax")

COMMON = {"Verbose", "Debug", "ErrorAction", "WarningAction", "OutVariable"}
NEEDED = "5.1 @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }"
SWITCHES = {"WhatIf", "Confirm"}
"""What a script that changes something takes besides, described in the notes of its help."""


@cache
def texts() -> dict[str, str]:
    """Every file with PowerShell of every pack, by pack and path; a block of a paste form is a file."""
    return dict(every_text())


def scripts() -> dict[str, str]:
    return {name: text for name, text in texts().items() if "/scripts/" in name and not is_shared(name)}


def pasted() -> dict[str, str]:
    return {name: text for name, text in texts().items() if "/paste/" in name}


def the_script(name: str) -> Script:
    stem = name.rsplit("/", 1)[1].removesuffix(".ps1")
    change = next(change for pack, change in every_change() if name.startswith(f"{pack}/"))
    return next(script for script in change.scripts if script.name == stem)


def test_every_file_is_ascii_text_with_line_feeds_and_without_tabs() -> None:
    wrong = [
        name for name, text in texts().items() if not text.isascii() or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    ]
    assert wrong == []
    assert [name for name, text in texts().items() if not text.endswith("\n") or re.search(r"[ ]$", text, re.M)] == []


def test_the_shared_functions_are_the_same_for_every_customer_region_and_loop_guard() -> None:
    shared = [text for name, text in texts().items() if name.endswith(library.PATH)]
    assert len(shared) == len(PACKS) + len(planned_changes())
    assert set(shared) == {library.shared_functions()}


def test_strict_mode_and_the_preferences_are_set_in_the_block_only() -> None:
    """In the open shell they would reach other commands, and the session's would reach the script."""
    for name, text in {**scripts(), **pasted()}.items():
        mode = "Off" if "/paste/" in name else "Latest"
        for line in (f"Set-StrictMode -{mode}", "$ErrorActionPreference = 'Stop'", "$PSDefaultParameterValues = @{}"):
            full = line.replace("-Latest", "-Version Latest")
            assert text.count(full) == 1, (name, full)
            assert text.index("& {\n") < text.index(full), name


def test_a_paste_form_begins_with_what_an_operator_may_set() -> None:
    for name, text in pasted().items():
        form = next(form for form in PASTE_FORMS.values() if f"/paste/{form.number:02}-" in name)
        lines = text.splitlines()[1:]
        found = [re.match(r"    \$(\w+) = (\$false|\d+|'') +# \S", line) for line in lines]
        names = tuple(line[1] for line in takewhile(bool, found) if line)
        # What the first block of a form has waited for, the others need not know.
        later = re.search(r"\((?!1 )\d of \d\)", name) is not None
        assert names == (form.variables[:1] if later else form.variables), name


def test_a_paste_form_says_what_it_does_for_whom_and_how_it_is_taken_back() -> None:
    for name, text in pasted().items():
        begin = text[: text.index("Set-StrictMode")]
        assert "# change: " in begin or "Change: " in begin, name
        assert "'contoso.onmicrosoft.com'" in begin, name
        assert "keeps no notes" in begin, name
        assert "To take it back" in begin or "changes nothing" in begin, name


def exits(unit: Unit) -> list[str]:
    return [unit.place(node) for node in unit.tree.all("ExitStatement")]


@powershell
@group
def test_a_pasted_block_is_one_statement_and_never_exits(described: Description) -> None:
    files = [file for file in described.texts if file.is_pasted]
    assert len(files) == len(pasted())
    assert [file.name for file in files if file.statements != ["& { }"] or file.root] == []
    assert [place for file in files for unit in file.units for place in exits(unit)] == []


@powershell
@group
def test_a_script_ends_in_its_finally_and_nowhere_else(described: Description) -> None:
    """So it ends with its last lines and a true exit code whatever happens, Ctrl-C too."""
    for file in (file for file in described.scripts if not file.is_pasted):
        assert file.statements == ["AssignmentStatementAst", "try { & { } } catch { } finally { }"], file.name
        last = file.root[-1]
        found = [place for unit in file.units for place in exits(unit)]
        assert len(found) == 1, file.name
        assert found == exits(last), file.name
        assert last.tree.children[-1].kind == "ExitStatement", file.name


@powershell
@group
def test_a_script_says_what_it_requires(described: Description) -> None:
    assert {file.requires for file in described.scripts if not file.is_pasted} == {NEEDED}


def helped(described: Description) -> list[File]:
    return [file for file in described.scripts if not file.is_pasted]


@powershell
@group
def test_get_help_reads_what_a_script_begins_with(described: Description) -> None:
    for file in helped(described):
        script = the_script(file.name)
        assert file.help is not None, file.name
        assert file.help["synopsis"] == script.synopsis, file.name
        assert file.help["example"] == script.example, file.name
        assert re.search(r"Exit code 0: .*; 1: ", file.help["description"].replace("\n", " ")), file.name
        wanted = {parameter.name for parameter in script.parameters} | (SWITCHES if script.changes else set())
        assert set(file.help["parameters"]) - COMMON == wanted, file.name


@powershell
@group
def test_a_script_that_may_wait_says_so_in_its_help(described: Description) -> None:
    for file in helped(described):
        assert file.help is not None
        assert ("; 2: waiting" in file.help["description"]) == bool(the_script(file.name).next.waiting), file.name


@powershell
@group
def test_get_help_describes_every_parameter(described: Description) -> None:
    silent = {
        f"{file.name.rsplit('/', 1)[1]} -{name}"
        for file in helped(described)
        if file.help is not None
        for name, text in file.help["parameters"].items()
        if not text.strip() and name not in SWITCHES
    }
    assert silent == set()
    for name, text in scripts().items():
        notes = text[text.index("\n.NOTES\n") : text.index("\n#>\n")]
        assert all(f"-{switch} asks" in notes for switch in SWITCHES) == the_script(name).changes, name
