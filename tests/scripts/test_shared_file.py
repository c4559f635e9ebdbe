"""The functions that the scripts share: a file that is not the reviewed one is not run."""

import re
from pathlib import Path

import pytest

from mm365.request.request import Request
from tests.scripts.steps import CREATE, SCRIPTS, STOP, ends_truly, run, usual, well
from tests.shell import CONSTRAINED, WAYS, Shell, Way, new_shell, step

pytestmark = pytest.mark.powershell

DAMAGES = ("missing", "changed", "cut", "empty")


def shared_file(shell: Shell) -> Path:
    return shell.script("MailMarshal365")


def damage(shell: Shell, kind: str) -> None:
    path = shared_file(shell)
    text = path.read_text("ascii")
    if kind == "missing":
        path.unlink()
        return
    changed = {"changed": text + "# one more\n", "cut": text[: len(text) // 2], "empty": ""}[kind]
    path.write_bytes(changed.encode("ascii"))


def assert_refused(shell: Shell, script: str, exit_code: int | None, output: str, kind: str) -> None:
    assert exit_code == 1, output
    assert "STOPPED  Nothing was changed." in output
    assert shell.calls == []
    if kind != "missing":
        assert len(re.findall("[0-9A-F]{64}", output)) == 2, output
    if script == "60-stop":
        assert "paste/08-stop.txt" in output


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", DAMAGES)
def test_it_stops_every_script_before_the_first_call(
    kind: str, way: Way, valid_request: Request, tmp_path: Path
) -> None:
    shell = new_shell(tmp_path, valid_request)
    damage(shell, kind)
    for script in SCRIPTS:
        [ended] = shell.session([usual(script)], way)
        ends_truly(ended)
        assert_refused(shell, script, ended.exit_code, ended.output, kind)


@pytest.mark.parametrize("kind", DAMAGES)
def test_it_stops_the_stop_switch_in_constrained_language_mode_too(
    kind: str, valid_request: Request, tmp_path: Path
) -> None:
    shell = new_shell(tmp_path, valid_request)
    damage(shell, kind)
    ended = shell.alone(step("60-stop"), before=CONSTRAINED)
    ends_truly(ended)
    assert_refused(shell, "60-stop", ended.exit_code, ended.output, kind)


def test_a_missing_file_is_said_to_be_missing(valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path, valid_request)
    damage(shell, "missing")
    for ended in run(shell, CREATE, STOP):
        assert re.search(r"MailMarshal365\.ps1 is missing", ended.output), ended.output


@pytest.mark.parametrize("kind", ["crlf", "signed", "both", "bom"])
def test_line_ends_and_a_signature_do_not_count(kind: str, valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path, valid_request)
    for path in (shell.pack / "scripts").iterdir():
        text = path.read_text("ascii")
        end = "\n"
        if kind in {"crlf", "both"}:
            text, end = text.replace("\n", "\r\n"), "\r\n"
        if kind in {"signed", "both"}:
            text += end + f"# SIG # Begin signature block{end}# MIIabc{end}# SIG # End signature block{end}"
        path.write_bytes((b"\xef\xbb\xbf" if kind == "bom" else b"") + text.encode("ascii"))
    well(run(shell, CREATE, usual("40-verify"), STOP))


def test_code_after_the_signature_is_not_run(valid_request: Request, tmp_path: Path) -> None:
    shell = new_shell(tmp_path, valid_request)
    path = shared_file(shell)
    text = path.read_text("ascii")
    text += "\n# SIG # Begin signature block\n# MIIabc\n# SIG # End signature block\n'and this ran'\n"
    path.write_bytes(text.encode("ascii"))
    for ended in run(shell, CREATE, STOP):
        assert "and this ran" not in ended.output
