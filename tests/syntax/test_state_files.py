"""The files that scripts write are the same bytes in Windows PowerShell 5.1 and in PowerShell 7."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mm365.scripts.library import shared_functions
from tests.syntax.calls import calls
from tests.syntax.scopes import scopes_of
from tests.syntax.tree import Description, File, Unit

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

TEXTS = [
    "", " ", "a", '"', "\\", "'", "<>&", "/", "a\nb\r\n\tc", "\x00\x01\x1f\x7f", "\u0085\u2028\u2029\ufeff", "\u00e9",
    "\u65e5\u672c", "\U0001f600", "null", "true", "[1]", '{"a":1}', "\\u0041", "{0}",
    "$(x)", "`n", "i\u0130\u0131I",
    "2026-01-02", "2026-01-02 03:04:05Z", "changed 2026-01-02T03:04:05.0000000Z", "20260102T030405Z",
]  # fmt: skip
DATES = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05+10:00"]
"""PowerShell 7 reads these as dates, so no note may be one; a name in a backup may."""

EXACT = {
    "null": "null",
    "yes": "true",
    "no": "false",
    "zero": "0",
    "negative": "-1",
    "long": "9223372036854775807",
    "huge": '"1000000000000000000000000000000"',
    "fraction": '"1.5"',
    "switch": '"True"',
    "enum": '"Friday"',
    "guid": '"3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11"',
    "none": "[]",
    "one": '[\n  "a"\n]',
    "two": '[\n  "a",\n  2\n]',
    "nested": '[\n  [\n    "a"\n  ]\n]',
    "list": '[\n  "a"\n]',
    "emptyMap": "{}",
    "map": '{\n  "b": 1,\n  "a": {\n    "c": null\n  }\n}',
    "object": '{\n  "Name": "a",\n  "List": [],\n  "Inner": {\n    "x": true\n  }\n}',
    "key": '{\n  "a\\u0022b": "c"\n}',
    "utc": '"2026-01-02T03:04:05.0000000Z"',
    "local": '"2026-01-02T03:04:05.0000000Z"',
    "unclear": '"2026-01-02T03:04:05.0000000Z"',
}


@pytest.fixture(scope="module")
def written(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("json")
    (folder / "shared.ps1").write_text(shared_functions(), "ascii")
    (folder / "texts.json").write_text(json.dumps(["_" + text for text in TEXTS + DATES]), "ascii")
    here = Path(__file__).parent / "write_json.ps1"
    command = [pwsh, "-NoProfile", "-NonInteractive", "-File", str(here), "-Shared", str(folder / "shared.ps1")]
    command += ["-Texts", str(folder / "texts.json"), "-Answer", str(folder / "answer.json")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded: Mapping[str, Any] = json.loads((folder / "answer.json").read_text("utf-8-sig"))
    return loaded


@pytest.mark.parametrize("name", EXACT)
def test_a_value_is_written_as(written: Mapping[str, Any], name: str) -> None:
    assert written["values"][name] == EXACT[name]


def test_what_is_too_deep_ends_in_text(written: Mapping[str, Any]) -> None:
    value = json.loads(written["values"]["deep"])
    for _ in range(8):
        value = value["d"]
    assert value == "System.Collections.Hashtable"


def test_a_text_is_written_in_ascii_and_reads_back(written: Mapping[str, Any]) -> None:
    for text, answer in zip(TEXTS + DATES, written["texts"], strict=True):
        escaped = re.sub(r"[^ !#-\[\]-~]", _escape, text)
        assert answer["json"] == f'{{\n  "format": "mm365-state-1",\n  "text": "{escaped}"\n}}'
        assert json.loads(answer["json"])["text"] == text


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))


def test_powershell_reads_a_text_back_as_the_same_text(written: Mapping[str, Any]) -> None:
    wrong = [text for text, answer in zip(TEXTS, written["texts"], strict=False) if not answer["same"]]
    assert wrong == []


def test_a_note_of_a_time_is_of_the_form_that_stays_text(written: Mapping[str, Any]) -> None:
    """The reason for the blank in the scripts' times: with a T there PowerShell 7 makes a date of them."""
    assert {answer["type"] for answer in written["texts"][len(TEXTS) :]} == {"DateTime"}
    assert "$TimeFormat = \"yyyy-MM-dd HH:mm:ss'Z'\"" in shared_functions()


def _writers(file: File) -> list[str]:
    """What the functions that write JSON call, themselves or through others, that is not the script's own."""
    reached = scopes_of(file).reached({"convertto-jsontext"}) if "convertto-jsontext" in file.functions else set()
    inside = {id(node) for name in reached for node in file.functions[name].all("Command")}
    return [call.name for _, call in calls(file) if id(call.node) in inside and call.name.lower() not in file.functions]


def test_what_writes_json_calls_no_cmdlet(described: Description) -> None:
    assert {name for file in described.scripts for name in _writers(file)} == set()
    assert "ConvertTo-Json" not in {call.name for file in described.scripts for _, call in calls(file)}


INVARIANT = {"o", "u", "zzz"}
"""Formats of a time that read the same in every culture."""


def formatted_by_culture(unit: Unit) -> list[str]:
    """What would read otherwise under another culture.

    ``ToString``, ``Parse`` and the like are given the invariant culture. ``-f`` gets text, a whole number, or a time in
    one of the formats that have no culture.
    """
    found = []
    for node in unit.tree.all("InvokeMemberExpression"):
        invariant = any(
            below.value == "InvariantCulture" for below in node.children if below.kind == "MemberExpression"
        )
        if node.value in {"ToString", "ParseExact", "Parse", "ToUpper", "ToLower"} and not invariant:
            found.append(unit.place(node))
    for node in unit.tree.all("BinaryExpression"):
        if node.operator != "Format":
            continue
        shapes = re.findall(r"\{\d(?:,-?\d+)?:([^}]*)\}", node.children[0].value)
        is_plain = node.children[0].kind == "StringConstantExpression"
        if not is_plain or any(shape not in INVARIANT and not re.fullmatch("x[0-9]", shape) for shape in shapes):
            found.append(unit.place(node))
    for command in unit.tree.all("Command"):
        words = [child.value for child in command.children]
        if words[0] == "Get-Date" and "Format" in words and words[words.index("Format") + 1] not in INVARIANT:
            found.append(unit.place(command))
    return found


def test_nothing_is_formatted_by_the_culture(described: Description) -> None:
    assert [place for unit in described.units for place in formatted_by_culture(unit)] == []


def test_what_is_formatted_by_the_culture_is_seen(described: Description) -> None:
    found = [place for unit in described.snippet("formats").units for place in formatted_by_culture(unit)]
    assert len(found) == 5
