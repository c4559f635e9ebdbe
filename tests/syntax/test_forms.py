"""The two forms of every script: what each must look like, and that they are the same script."""

import re
from functools import cache

import pytest
from mm365.scripts.single import single_scripts

from mm365.scripts.change import build_change
from mm365.scripts.script import Script
from tests.syntax.scripts import PACKS, render_all, request_of
from tests.syntax.tree import Description, Node, Unit

BEGIN = "    # Inside this block only: in the open shell it would reach the Exchange module's own functions.\n"
COMMON = {"Verbose", "Debug", "ErrorAction", "WarningAction", "OutVariable"}


@cache
def texts() -> dict[str, str]:
    """Every script by ``pack/form/name``."""
    return {
        f"{pack}/{script.path}": script.text
        for pack, values in PACKS.items()
        for script in render_all(request_of(values))
    }


def of_form(form: str) -> dict[str, str]:
    return {name: text for name, text in texts().items() if f"/{form}/" in name}


def the_script(name: str) -> Script:
    change = build_change(request_of({}))
    known = {script.name: script for script in change.scripts} | single_scripts(change.integration, change.plan)
    return known[name.rsplit("/", 1)[1].rsplit(".", 1)[0]]


def body(text: str) -> str:
    """What both forms share: from the strict mode to the end of the block."""
    begin = text.index(BEGIN)
    return text[begin : text.rindex("\n}\n") + 1]


def test_every_script_is_ascii_text_with_line_feeds() -> None:
    wrong = [
        name for name, text in texts().items() if not text.isascii() or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    ]
    assert wrong == []
    assert [name for name, text in texts().items() if not text.endswith("}\n") and "/paste/" in name] == []


def test_every_region_of_a_script_ends() -> None:
    for name, text in texts().items():
        depth = 0
        for line in text.splitlines():
            depth += bool(re.match(r"\s*#region \S", line)) - bool(re.match(r"\s*#endregion$", line))
            assert depth >= 0, name
            assert not re.match(r"\s*#(end)?region", line) or re.match(r"\s*#(region \S|endregion$)", line), name
        assert depth == 0, name


def test_a_pasted_script_has_no_blank_line_no_tab_no_here_string_no_end_of_line_backtick() -> None:
    for name, text in of_form("paste").items():
        assert "\t" not in text, name
        assert all(line.strip() for line in text.splitlines()), name
        assert not re.search(r"@['\"]\s*$", text, re.MULTILINE), name
        assert not re.search(r"`$", text, re.MULTILINE), name
        assert text.startswith("& {\n"), name
        assert text.endswith("\n}\n"), name


def test_a_pasted_script_begins_with_its_settings() -> None:
    for name, text in of_form("paste").items():
        script = the_script(name)
        wanted = [parameter.name for parameter in script.parameters]
        wanted += ["WhatIf", "Confirm"] if script.changes else []
        lines = text.splitlines()[1 : len(wanted) + 1]
        assert [re.match(r"    \$(\w+) = \S.*  # \S", line)[1] for line in lines] == wanted, name  # type: ignore[index]


def test_both_forms_are_the_same_script() -> None:
    """Between the strict mode and the end they differ by blank lines; the paste form ends by throwing, not by exit."""
    for name, text in of_form("scripts").items():
        paste = texts()[name.replace("/scripts/", "/paste/").replace(".ps1", ".txt")]
        shared = "".join(line for line in body(text).splitlines(keepends=True) if line.strip())
        last = "    if ($outcome.ExitCode -ne 0) { throw 'Not done: see the lines above.' }\n"
        assert body(paste) == shared + last, name
        assert text.endswith("\n}\nexit $outcome.ExitCode\n"), name


def test_strict_mode_and_the_preference_are_set_in_the_block_only() -> None:
    for name, text in texts().items():
        for line in ("Set-StrictMode -Version Latest", "$ErrorActionPreference = 'Stop'"):
            assert text.count(line) == 1, name
            assert text.index("\n& {\n" if "/scripts/" in name else "& {\n") < text.index(line), name


def exits(unit: Unit) -> list[str]:
    return [unit.place(node) for node in unit.tree.all("ExitStatement") if not is_top(node)]


def is_top(node: Node) -> bool:
    return node.up is None


@pytest.mark.powershell
@pytest.mark.xdist_group("syntax")
def test_a_pasted_script_is_one_statement_and_never_exits(described: Description) -> None:
    pasted = [file for file in described.scripts if "/paste/" in file.name]
    assert [file.name for file in pasted if file.statements != ["& { }"] or file.root] == []
    assert [place for file in pasted for unit in file.units for place in (unit.tree.all("ExitStatement"))] == []
    here = [
        node.text
        for file in pasted
        for unit in file.units
        for node in unit.tree.walk()
        if "HereString" in str(node.data.get("kind"))
    ]
    assert here == []


@pytest.mark.powershell
@pytest.mark.xdist_group("syntax")
def test_a_script_file_exits_at_its_very_end_only(described: Description) -> None:
    for file in (file for file in described.scripts if "/scripts/" in file.name):
        assert file.statements[-2:] == ["& { }", "ExitStatementAst"], file.name
        assert [place for unit in file.units for place in exits(unit)] == []
        assert sum(len(unit.tree.all("ExitStatement")) for unit in file.units) == 1, file.name


@pytest.mark.powershell
@pytest.mark.xdist_group("syntax")
def test_a_script_file_says_what_it_requires(described: Description) -> None:
    needed = "5.1 @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }"
    assert {file.requires for file in described.scripts if "/scripts/" in file.name} == {needed}


@pytest.mark.powershell
@pytest.mark.xdist_group("syntax")
def test_get_help_reads_what_a_script_file_begins_with(described: Description) -> None:
    for file in (file for file in described.scripts if "/scripts/" in file.name):
        script = the_script(file.name)
        assert file.help is not None, file.name
        assert file.help["synopsis"] == script.synopsis, file.name
        assert file.help["description"] == "\n".join(script.description), file.name
        assert file.help["example"] == script.example, file.name
        wanted = {parameter.name for parameter in script.parameters} | (
            {"WhatIf", "Confirm"} if script.changes else set()
        )
        assert set(file.help["parameters"]) - COMMON == wanted, file.name


@pytest.mark.powershell
@pytest.mark.xdist_group("syntax")
def test_get_help_describes_every_parameter(described: Description) -> None:
    silent = {
        f"{file.name.rsplit('/', 1)[1]} -{name}"
        for file in described.scripts
        if file.help is not None
        for name, text in file.help["parameters"].items()
        if not text.strip()
    }
    assert silent == set()
