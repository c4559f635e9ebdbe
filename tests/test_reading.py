"""What an approver has to read: how long scripts and paste forms may be, and what a paste form may not have in it."""

import re
from collections.abc import Iterator

import pytest

from mm365 import __version__
from mm365.pack.contents import build_pack
from mm365.request.fields import CHANGE, TENANT, TENANT_ID
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts import library
from mm365.scripts.change import Change, build_change
from mm365.scripts.paste_form import PASTE_FORMS
from mm365.scripts.planned import SNAPSHOT_PATH
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts
from tests.commands import CHECKOUT, REQUEST, VALUES, run
from tests.syntax.scripts import planned_changes

LONG = {
    TENANT.name: f"{'a' * 24}.onmicrosoft.com",
    TENANT_ID.name: TENANT_ID.example,
    CHANGE.name: "CHG \u00fc\u201c' " + "x" * 192,
}
"""Values as long as they come: a tenant's name of 40 characters, a change of 200, some of them not ASCII."""
SHORT = {CHANGE.name: ""}
"""Nothing but what a pack needs."""
BYTES_OF_A_SCRIPT = 10 * 1024
BYTES_SHARED = 48 * 1024


def changes() -> Iterator[Change]:
    """Every loop guard with usual, long and no values; of the regions, which differ by their code, the long ones."""
    for region in REGIONS:
        for guard in LoopGuard:
            for more in ({}, LONG, SHORT) if region == VALUES["region"] else (LONG,):
                values = {**VALUES, "region": region, "loop_guard": guard.value, **more}
                yield build_change(build_request(values, needs=()))


CHANGES = [*changes()]
SCRIPTS = [script for change in CHANGES for script in render_scripts(change) if script.path != library.PATH]
BLOCKS = {
    f"{change.request.region.code}/{change.request.loop_guard.value}/"
    f"{len(change.request.change)}/{form.path}/{number}": block
    for change in CHANGES
    for form in render_paste_forms(change)
    for number, block in enumerate(form.text.rstrip("\n").split("\n\n"))
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path)
def test_a_script_has_40_to_120_lines_and_none_is_wider_than_a_window(script: Rendered) -> None:
    assert 40 <= script.lines <= 120
    # A change reference may be long; everything else fits.
    lines = [line for line in script.text.splitlines() if "CHG" not in line]
    assert [line for line in lines if len(line) > 150] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path)
def test_a_script_is_not_short_by_being_dense(script: Rendered) -> None:
    assert len(script.data) <= BYTES_OF_A_SCRIPT


@pytest.mark.parametrize("change", CHANGES)
def test_the_seven_scripts_of_the_change_have_at_most_650_lines_together(change: Change) -> None:
    lines = {script.path: script.lines for script in render_scripts(change)}
    seven = [script for script in change.scripts if re.match(r"[1-7]0-", script.name)]
    assert len(seven) == 7
    assert sum(lines[script.path] for script in seven) <= 650


def test_the_shared_functions_have_at_most_700_lines() -> None:
    assert library.shared_functions().count("\n") <= 700
    assert library.shared_functions().isascii()
    assert [line for line in library.shared_functions().splitlines() if len(line) > 150] == []
    assert len(library.shared_functions()) <= BYTES_SHARED


PLANNED = [(name, script) for name, change in planned_changes().items() for script in render_scripts(change)]


@pytest.mark.parametrize(("name", "script"), PLANNED, ids=lambda value: getattr(value, "path", value))
def test_a_script_of_a_planned_pack_is_a_little_longer_and_not_wider(name: str, script: Rendered) -> None:
    longest = {library.PATH: 700, library.SNAPSHOT_PATH: 260, SNAPSHOT_PATH: 20}.get(script.path, 150)
    assert script.lines <= longest
    wide = [line for line in script.text.splitlines() if len(line) > 150]
    assert wide == [] or script.path == SNAPSHOT_PATH, name


@pytest.mark.parametrize("change", planned_changes().values(), ids=planned_changes())
def test_the_seven_scripts_of_a_planned_pack_have_at_most_730_lines_together(change: Change) -> None:
    lines = {script.path: script.lines for script in render_scripts(change)}
    assert sum(lines[script.path] for script in change.scripts if re.match(r"[1-7]0-", script.name)) <= 730


def test_the_shared_functions_are_the_same_bytes_in_every_pack() -> None:
    requests = [
        {**VALUES, "region": region, "loop_guard": guard.value, **more}
        for region in REGIONS
        for guard in LoopGuard
        for more in ({}, LONG)
    ]
    found = {
        script.sha256
        for values in requests
        for script in render_scripts(build_change(build_request(values, needs=())))
        if script.path == library.PATH
    }
    assert found == {library.shared_sha256().lower()}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path)
def test_every_script_pins_the_shared_functions(script: Rendered) -> None:
    assert re.findall("[0-9A-F]{64}", script.text) == [library.shared_sha256()]
    assert f"$SHA256 = '{library.shared_sha256()}'" in script.text


def test_the_changelog_names_the_shared_functions_of_this_release() -> None:
    text = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {re.escape(__version__)}\b(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"CHANGELOG.md has no section on {__version__}"
    named = re.findall(r"\b[0-9A-Fa-f]{64}\b", section[1])
    assert [each.upper() for each in named] == [library.shared_sha256()], "write this sum into CHANGELOG.md"


@pytest.mark.parametrize("name", BLOCKS)
def test_a_paste_block_has_at_most_50_lines_and_5_kib(name: str) -> None:
    block = BLOCKS[name]
    assert block.startswith("& {\n"), name
    assert block.endswith("\n}"), name
    assert len(block.splitlines()) <= 50, name
    assert len(block.encode()) < 5 * 1024, name


FORBIDDEN = {
    "a function": r"^\s*(function|filter)\b",
    "a static member": r"\]::",
    "a method call": r"[\w)\]}\"']\.\w+\(",
    "a type other than a date or a time span": r"(?<![\w$\])])\[(?!datetime\]|timespan\]|\^|\+-|\d)[a-z]\w*\]",
    "New-Object": r"\bNew-Object\b",
    "an empty line": r"^\s*$",
    "a tab": r"\t",
    "a blank at its end": r" $",
    "text that is not ASCII": r"[^\x00-\x7f]",
    "a continued line": r"`$",
    "a here-string": r"@['\"]$",
    "more than 150 characters": r"^.{151,}$",
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_paste_block_has_nothing_that_a_shell_breaks_on(name: str) -> None:
    block = BLOCKS[name]
    found = [
        f"{name}: {what}: {line}"
        for what, pattern in FORBIDDEN.items()
        for line in block.splitlines()
        if re.search(pattern, line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a function", "    function Get-It { 1 }"),
        ("a static member", "    [Math]::Floor(1)"),
        ("a method call", "    $Text.Trim()"),
        ("a type other than a date or a time span", "    [regex]'a'"),
        ("New-Object", "    New-Object -TypeName IO.MemoryStream"),
        ("an empty line", ""),
        ("a tab", "\t$x = 1"),
        ("a blank at its end", "    $x = 1 "),
        ("text that is not ASCII", "    # \u00fc"),
        ("a continued line", "    Get-It `"),
        ("a here-string", "    $Text = @'"),
        ("more than 150 characters", "    # " + "x" * 150),
    ],
)
def test_each_of_these_is_found(what: str, line: str) -> None:
    assert re.search(FORBIDDEN[what], line)


def test_every_kind_of_thing_that_a_shell_breaks_on_has_a_line_in_which_it_is_found() -> None:
    marker = next(mark for mark in test_each_of_these_is_found.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert {what for what, _ in marker.args[1]} == set(FORBIDDEN)


@pytest.mark.parametrize(
    ("command", "forms"),
    [
        ("inbound-connector", ["inbound-connector"]),
        ("outbound-connector", ["outbound-connector"]),
        ("transport-rules", ["loop-check", "redirect"]),
        ("rollback", ["rollback-rules", "rollback-connectors"]),
    ],
)
def test_a_command_prints_the_paste_forms_of_the_pack(command: str, forms: list[str]) -> None:
    change = build_change(build_request(VALUES, needs=()))
    texts = {form.path: form.text for form in render_paste_forms(change)}
    printed = run(command, *REQUEST).text
    between = re.split(r"\n(?=#)", printed)
    assert next(part for part in between if part.startswith("& {")) == texts[PASTE_FORMS[forms[0]].path]
    for form in forms:
        assert texts[PASTE_FORMS[form].path] in printed
    others = [line for line in printed.splitlines() if not any(line in text.splitlines() for text in texts.values())]
    assert all(line.startswith("# ") for line in others if line)


def test_paste_forms_are_numbered_in_the_order_of_use() -> None:
    assert [form.number for form in PASTE_FORMS.values()] == list(range(1, len(PASTE_FORMS) + 1))


def test_the_change_request_says_of_every_file_how_many_lines_it_has() -> None:
    change = build_change(build_request(VALUES, needs=()))
    texts = [*render_scripts(change), *render_paste_forms(change)]
    document = build_pack(change).files["change-request.md"].decode("utf-8")
    for text in texts:
        said = re.search(rf"`{re.escape(text.path)}`(?: \| |: )(\d+)\b", document)
        assert said, text.path
        assert int(said[1]) == text.lines, text.path
    assert library.shared_sha256() in document
