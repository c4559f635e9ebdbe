"""The command line as a person meets it: help, output, exit codes, awkward terminals."""

import json
import os
import re
import subprocess
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from mm365 import __version__
from mm365.cli.help import names, value
from mm365.cli.main import MODULES, app
from mm365.errors import Mm365Error
from mm365.request.regions import REGIONS
from mm365.request.request import Request
from mm365.scripts.change import build_change
from mm365.scripts.paste_form import PASTE_FORMS
from mm365.scripts.rendering import render_paste_form
from tests.commands import CHECKOUT, REQUEST, Result, mm365, plain_environment, run, tree

SINGLE = {
    "inbound-connector": ["inbound-connector"],
    "outbound-connector": ["outbound-connector"],
    "transport-rules": ["loop-check", "redirect"],
    "rollback": ["rollback-rules", "rollback-connectors"],
}
"""The commands that print paste forms, and which."""
COMMANDS = [name for module in MODULES for name in import_module(f"mm365.cli.{module}").COMMANDS]
"""All of them, in the order in which help names them."""
COLOURS_IN_A_TERMINAL = {"TERM": "xterm-256color"}
PRINTING = [["--version"], ["--help"], ["regions"], ["pack", "--print-request"], ["rollback", *REQUEST]]


def completed(*words: str) -> list[str]:
    """What bash offers for the last of these words."""
    env = {
        "_MM365_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["mm365", *words]),
        "COMP_CWORD": str(len(words)),
    }
    return run(env=env).text.split()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    done = run(command, "--help", env=COLOURS_IN_A_TERMINAL)
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.text, "this is not a terminal"
    assert "Example" in done.text
    assert f"  mm365 {command}" in done.text


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command_and_exit_code(option: str) -> None:
    done = run(option)
    assert (done.code, done.err) == (0, "")
    assert all(f"\n│ {command} " in done.text for command in COMMANDS)
    _, _, codes = " ".join(done.text.split()).partition("Exit codes: ")
    named = [int(entry.split()[0]) for entry in codes.split("; ")]
    assert named == sorted({0} | {error.exit_code for error in Mm365Error.__subclasses__()})


def test_the_commands_that_the_documents_name_are_there() -> None:
    assert {*SINGLE, "pack", "verify-pack", "evidence", "rehearse", "regions", "notebook"} <= set(COMMANDS)


def test_version_is_that_of_the_package() -> None:
    done = run("--version")
    assert (done.code, done.text, done.err) == (0, f"mm365 {__version__}\n", "")


def test_without_arguments_it_shows_its_help() -> None:
    assert run() == run("--help")


@pytest.mark.parametrize("arguments", [["bogus"], ["pack", "--bogus"], ["verify-pack"], ["pack", "--region"]])
def test_wrong_usage_ends_with_exit_code_2_and_no_traceback(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_every_module_with_commands_is_in_the_list_of_main() -> None:
    folder = CHECKOUT / "generator" / "mm365" / "cli"
    found = {path.stem for path in folder.glob("*.py") if "\nCOMMANDS = " in path.read_text(encoding="utf-8")}
    assert found == set(MODULES), "cli/main.py has the list MODULES: a module with COMMANDS has a line there"


def shown_help(command: str, width: int) -> str:
    """The help of a command in a window of that many columns; of all of it for an empty name."""
    done = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": str(width)})
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("width", [40, 60, 76, 120, 160])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_the_window_and_nothing_in_it_is_cut(command: str, width: int) -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    shown = shown_help(command, width)
    assert max(map(len, shown.splitlines())) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown
    words = set(shown.replace("│", " ").split())
    for parameter in (group.commands[command] if command else group).params:
        said = getattr(parameter, "help", None)
        assert said, parameter.name
        assert "None" not in {names(parameter), value(parameter)}, f"{parameter.name} has no metavar"
        assert {*said.split(), names(parameter)} <= words | {" ".join(pair) for pair in pairwise(shown.split())}
    if not command:
        for listed in group.commands.values():
            assert set((listed.help or "").split("\n\n")[0].split()) <= words


def test_help_marks_what_is_required_and_says_where_else_it_can_be_given() -> None:
    def marked(command: str) -> list[str]:
        return re.findall(r"^│ \*  ?(\S+)", shown_help(command, 160), re.MULTILINE)

    assert marked("pack") == ["--region", "--header-id", "--tenant"]
    assert marked("inbound-connector") == ["--region", "--tenant"]
    assert marked("verify-pack") == ["DIR"]
    said = " ".join(shown_help("pack", 160).replace("│", " ").split())
    assert said.count("[required, here or in the file of --request]") == 3


def in_a_terminal(*arguments: str, **env: str) -> str:
    """What ``mm365`` writes on a terminal, standard error included."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, its = pty.openpty()
    done = subprocess.run(
        [mm365(), *arguments],
        stdin=its, stdout=its, stderr=its,
        env=plain_environment(**{"TERM": "xterm-256color", "COLUMNS": "60", **env}),
        timeout=60,
        check=False,
    )  # fmt: skip
    os.close(its)
    assert done.returncode in {0, 2}
    text = b""
    # Reading from a terminal that nobody has open any more is an error on Linux.
    with suppress(OSError):
        while part := os.read(ours, 65536):
            text += part
    os.close(ours)
    return text.decode()


@pytest.mark.parametrize("arguments", [("pack", "--help"), ("bogus",), ("pack", "--region", "xx")])
def test_colour_is_in_a_terminal_only_and_not_if_it_is_not_wanted(arguments: tuple[str, ...]) -> None:
    assert "\x1b[" in in_a_terminal(*arguments)
    assert "\x1b[" not in in_a_terminal(*arguments, NO_COLOR="1")
    assert "\x1b[" not in in_a_terminal(*arguments, TERM="dumb")


def test_errors_are_as_wide_as_the_window_and_whole() -> None:
    wide = run("pack", "--region", "xx", "--header-id", "1")
    narrow = run("pack", "--region", "xx", "--header-id", "1", env={"COLUMNS": "40"})
    assert len(wide.lines) == 3
    assert max(map(len, narrow.lines)) <= 40
    assert narrow.err.split() == wide.err.split()


def test_what_was_made_is_said_in_the_width_of_the_window(tmp_path: Path) -> None:
    done = run("pack", *REQUEST, "--output", tmp_path / "pack", env={"COLUMNS": "40"})
    assert done.code == 0
    assert max(map(len, done.text.splitlines())) <= 40
    assert "scripts/10-preflight.ps1" in done.text
    kept = run("rollback", *REQUEST, "--output", tmp_path / "form.ps1", env={"COLUMNS": "40"})
    assert max(map(len, kept.lines)) <= 40


def test_list_of_regions_has_every_column_in_a_narrow_window() -> None:
    narrow = run("regions", env={"COLUMNS": "60"})
    assert max(map(len, narrow.text.splitlines())) <= 60
    assert set(run("regions").text.split()) <= set(narrow.text.split())


def test_regions_are_listed_as_a_table() -> None:
    done = run("regions")
    assert (done.code, done.err) == (0, "")
    assert [line.split("  ")[0] for line in done.text.splitlines()] == ["REGION", *REGIONS]
    assert "m365integrated-array-1.eu.mailmarshal.cloud  *.eu.mailmarshal.cloud\n" in done.text


def test_regions_are_listed_as_json() -> None:
    assert json.loads(run("regions", "--json").text)[0] == {
        "region": "au",
        "place": "Australia",
        "smart_host": "m365integrated-array-1.au.mailmarshal.cloud",
        "certificate_name": "*.au.mailmarshal.cloud",
    }


@pytest.mark.parametrize("command", SINGLE)
def test_paste_forms_are_printed_as_the_bytes_that_are_written(command: str, tmp_path: Path) -> None:
    printed = run(command, *REQUEST)
    kept = run(command, *REQUEST, "--output", tmp_path / "form.ps1")
    assert (printed.code, printed.err) == (0, "")
    assert (kept.code, kept.out, kept.err) == (0, b"", f"Written: {tmp_path / 'form.ps1'}\n")
    assert tree(tmp_path) == {"form.ps1": printed.out}


@pytest.mark.parametrize("command", SINGLE)
def test_command_prints_the_paste_forms_of_a_pack_byte_for_byte(
    command: str, valid_request: Request, pack_folder: Path
) -> None:
    """In their order; between two of them only a comment."""
    change = build_change(valid_request)
    printed = run(command, *REQUEST).out
    forms = [PASTE_FORMS[name] for name in SINGLE[command]]
    for form in forms:
        text = (pack_folder / form.path).read_bytes()
        assert text == render_paste_form(form, change).data
        before, found, printed = printed.partition(text)
        assert found, form.name
        assert re.fullmatch(rb"" if form is forms[0] else rb"\n(# .*\n)+\n", before), form.name
    assert printed == b""


@pytest.mark.parametrize("command", SINGLE)
def test_there_is_one_form_and_no_option_for_another(command: str) -> None:
    done = run(command, *REQUEST, "--paste")
    assert (done.code, done.out) == (2, b"")
    assert "No such option" in done.err


def test_inbound_connector_needs_no_header_id_and_a_pack_does(tmp_path: Path) -> None:
    request = ("--region", "eu", "--tenant", "contoso.com")
    assert run("inbound-connector", *request).code == 0
    done = run("pack", *request, "--output", tmp_path / "pack")
    assert (done.code, len(done.lines)) == (2, 1)
    assert done.err.startswith("mm365: --header-id is needed; give the GUID")
    assert tree(tmp_path) == {}


def test_existing_file_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "script.ps1"
    file.write_bytes(b"mine")
    done = run("rollback", *REQUEST, "--output", file)
    assert (done.code, done.out) == (4, b"")
    assert done.err == f"mm365: --output '{file}' is there already; choose another name, or remove it.\n"
    assert tree(tmp_path) == {"script.ps1": b"mine"}


def test_folder_as_output_file_and_missing_parent_are_told(tmp_path: Path) -> None:
    for output in (tmp_path, tmp_path / "none" / "script.ps1"):
        done = run("rollback", *REQUEST, "--output", output)
        assert (done.code, done.out, len(done.lines)) == (4, b"", 1)
    assert list(tmp_path.iterdir()) == []


def with_standard_output(output: int, *arguments: str, unbuffered: bool) -> tuple[int, list[str]]:
    """The exit code and the lines on standard error of ``mm365`` that writes there, at once or from a buffer."""
    env = plain_environment(PYTHONUNBUFFERED="1" if unbuffered else "")
    done = subprocess.run([mm365(), *arguments], stdout=output, stderr=subprocess.PIPE, env=env, check=False)
    return done.returncode, done.stderr.decode().splitlines()


# What stands in the buffer is written once more when Python ends, unless it is thrown away.
@pytest.mark.parametrize("unbuffered", [True, False], ids=["unbuffered", "buffered"])
@pytest.mark.parametrize("arguments", PRINTING, ids=lambda arguments: arguments[0])
def test_full_device_gives_one_line(arguments: list[str], unbuffered: bool) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        code, lines = with_standard_output(full.fileno(), *arguments, unbuffered=unbuffered)
    assert (code, len(lines)) == (4, 1)
    assert lines[0].startswith("mm365: No space left on device")


@pytest.mark.parametrize("unbuffered", [True, False], ids=["unbuffered", "buffered"])
@pytest.mark.parametrize("arguments", PRINTING, ids=lambda arguments: arguments[0])
def test_closed_pipe_is_no_reason_to_complain(arguments: list[str], unbuffered: bool) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code, lines = with_standard_output(writing, *arguments, unbuffered=unbuffered)
    os.close(writing)
    assert (code, lines) == (1, [])


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_XX.nothing"])
def test_broken_locale_does_not_break_a_change_in_other_letters(locale: str, tmp_path: Path) -> None:
    changed = [*REQUEST, "--change", "Größe 変更 😀"]
    usual = run("rollback", *changed, env={"LC_ALL": "C.UTF-8"})
    broken = run("rollback", *changed, env={"LC_ALL": locale, "LANG": locale})
    made = run("pack", *changed, "--output", tmp_path / "pack", env={"LC_ALL": locale, "LANG": locale})
    assert (usual.code, broken.code, broken.err, made.code) == (0, 0, "", 0)
    assert broken.out == usual.out


def test_shell_completes_commands_regions_and_loop_guards() -> None:
    assert completed("") == COMMANDS
    assert completed("in") == ["inbound-connector"]
    assert completed("pack", "--region", "") == [*REGIONS]
    assert completed("rollback", "--region", "e") == ["eu"]
    assert completed("pack", "--loop-guard", "st") == ["stop", "stop-and-except"]


def test_output_that_is_no_terminal_has_no_colours(tmp_path: Path) -> None:
    """The help of each command neither: see the test of its example."""
    env = {**COLOURS_IN_A_TERMINAL, "COLUMNS": "200"}
    results: list[Result] = [
        run("bogus", env=env),
        run("pack", "--region", "ue", env=env),
        run("pack", *REQUEST, "--output", tmp_path / "pack", env=env),
        run("verify-pack", tmp_path / "pack", env=env),
    ]
    assert all("\x1b" not in done.text + done.err for done in results)


def test_pack_goes_to_a_folder_of_its_tenant_and_region_by_default(tmp_path: Path) -> None:
    done = run("pack", *REQUEST, cwd=tmp_path)
    assert done.code == 0
    assert done.text.startswith(f"Pack         {Path('output', 'contoso.onmicrosoft.com-eu')}\n")
    assert (tmp_path / "output" / "contoso.onmicrosoft.com-eu" / "manifest.json").is_file()


def test_default_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine")
    done = run("pack", *REQUEST, cwd=tmp_path)
    assert (done.code, len(done.lines)) == (4, 1)
    assert tree(tmp_path) == {"output": b"mine"}
