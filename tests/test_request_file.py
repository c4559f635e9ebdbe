"""Request files: what is read from them, and how the wrong ones are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.errors import RequestError
from mm365.request.fields import OFFER, option
from mm365.request.file import read_request_file, request_as_yaml
from mm365.request.request import LoopGuard, build_request, parse_values
from tests.commands import HEADER_ID, REQUEST, VALUES, run

YAML = "".join(f"{name}: {value}\n" for name, value in VALUES.items())


def written(folder: Path, text: str | bytes, name: str = "request.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refusal(path: Path) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(RequestError) as caught:
        read_request_file(path)
    assert caught.value.exit_code == 2
    assert len(caught.value.problems) == 1
    line = caught.value.problems[0].said(option)
    assert line.isprintable()
    return line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("request.yaml", YAML),
        ("request.yml", YAML.replace("\n", "\r\n")),
        ("request.json", json.dumps(VALUES)),
        ("REQUEST.JSON", json.dumps(VALUES, indent=2)),
        ("json-as.yaml", json.dumps(VALUES)),
        ("comments.yaml", f"# first\n---\n{YAML}tenant_id:\n...\n"),
    ],
)
def test_yaml_and_json_give_the_same_texts(tmp_path: Path, name: str, text: str) -> None:
    assert read_request_file(written(tmp_path, text, name)) == VALUES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
def test_file_may_be_in_any_encoding_that_windows_powershell_writes(tmp_path: Path, name: str, encoding: str) -> None:
    values = {**VALUES, "change": "Größe 変更 😀"}
    data = json.dumps(values, ensure_ascii=False).encode(encoding)
    assert read_request_file(written(tmp_path, data, name)) == values


def test_utf_16_may_be_big_endian(tmp_path: Path) -> None:
    assert read_request_file(written(tmp_path, b"\xfe\xff" + YAML.encode("utf-16-be"))) == VALUES


@pytest.mark.parametrize("text", ["0012345", "2026-11-23", "1e3", "0x10", "1_000", "12:30:00", "4711", ".5"])
def test_change_that_looks_like_a_number_or_date_stays_text(tmp_path: Path, text: str) -> None:
    assert read_request_file(written(tmp_path, f"change: {text}\n")) == {"change": text}


def test_option_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, YAML.replace("eu", "us") + "loop_guard: kb-literal\n")
    done = run("pack", "--request", file, "--region", "au", "--output", "made", "--json", cwd=tmp_path)
    assert done.code == 0
    assert json.loads(done.text)["loop_guard"] == "kb-literal"
    assert json.loads((tmp_path / "made" / "request.json").read_text())["region"] == "au"


def test_problem_with_a_value_names_the_file_only_where_it_stands_there(tmp_path: Path) -> None:
    file = written(tmp_path, "region: ue\ntenant: contoso\n")
    done = run("inbound-connector", "--request", file, "--tenant", "fabrikam")
    assert done.code == 2
    assert [line.split(" is ")[0] for line in done.lines] == [
        "mm365: request.yaml: region 'ue'",
        "mm365: --tenant 'fabrikam'",
    ]


@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
def test_every_wrong_entry_is_told_at_once(tmp_path: Path, name: str) -> None:
    text = '{"regoin": "eu", "tenant": ["contoso.com"], "change": {"text": "x"}, "header_id": true}'
    with pytest.raises(RequestError) as caught:
        read_request_file(written(tmp_path, text, name))
    assert tuple(problem.said() for problem in caught.value.problems) == (
        f"{name}: 'regoin' is not a field of a request; use region, header_id, tenant, tenant_id, change, loop_guard.",
        f"{name}: tenant is of type list, not text; put the value in quotes.",
        f"{name}: change is of type dict, not text; put the value in quotes.",
        f"{name}: header_id is the truth value true (YAML reads no, yes, on, off so); put the text in quotes.",
    )


@pytest.mark.parametrize(("text", "kind"), [("5", "int"), ("1.5", "float"), ("NaN", "float")])
def test_number_in_json_is_asked_for_in_quotes(tmp_path: Path, text: str, kind: str) -> None:
    file = written(tmp_path, f'{{"change": {text}}}', "request.json")
    assert refusal(file) == f"request.json: change is of type {kind}, not text; put the value in quotes."


@pytest.mark.parametrize("text", ["no", "off", "Yes", "true"])
def test_word_that_yaml_reads_as_a_truth_value_is_asked_for_in_quotes(tmp_path: Path, text: str) -> None:
    assert "change is the truth value" in refusal(written(tmp_path, f"change: {text}\n"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.yaml", "region: eu\nregion: us\n", "line 2: 'region' is there twice"),
        ("r.yaml", "region: eu\n'region': us\n", "line 2: 'region' is there twice"),
        ("r.json", '{"region": "eu", "region": "us"}', "'region' is there twice"),
        ("r.json", '{"region": "eu", "\\u0072egion": "eu"}', "'region' is there twice"),
    ],
)
def test_name_that_is_there_twice_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    assert words in refusal(written(tmp_path, text, name))


@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
def test_empty_file_says_what_to_start_from(tmp_path: Path, name: str, text: str) -> None:
    assert refusal(written(tmp_path, text, name)) == (
        f"{name} is empty; start from what mm365 pack --print-request prints."
    )


@pytest.mark.parametrize("text", ["region eu", "- region: eu", "[]", '"eu"', "7", "false"])
@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
def test_file_without_names_is_refused(tmp_path: Path, name: str, text: str) -> None:
    assert refusal(written(tmp_path, text, name)).startswith((f"{name} is not ", f"{name} line 1 is not "))


def test_large_file_is_another_file(tmp_path: Path) -> None:
    line = refusal(written(tmp_path, YAML + "#" * 70_000))
    assert line == "request.yaml is larger than 64 KiB; a request file is shorter."


@pytest.mark.parametrize("data", [b"\x7fELF\0\0", b"region: eu\0", bytes(range(256)), b"\xff\xfeabc", b"\xe4\xf6"])
@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
def test_binary_file_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    line = refusal(written(tmp_path, data, name))
    assert "binary" in line or "not text in UTF-8" in line


def test_folder_and_missing_file_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"--request '{tmp_path}' cannot be read: Is a directory; give another file."
    none = tmp_path / "none.yaml"
    assert refusal(none) == f"--request '{none}' cannot be read: No such file or directory; give another file."


def test_printed_request_is_one_that_makes_a_pack(tmp_path: Path) -> None:
    printed = run("pack", "--print-request")
    file = written(tmp_path, printed.out)
    made = run("pack", "--request", file, "--output", tmp_path / "made")
    assert (printed.code, made.code) == (0, 0)
    assert build_request(read_request_file(file), needs=()) == build_request(OFFER, needs=())


# A terminal or a redirection on Windows may know fewer characters than a change reference has.
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_printed_request_keeps_what_was_given(tmp_path: Path, encoding: str) -> None:
    change = "Größe: 'CHG' #1 変更 😀"
    given_values = ("--change", change, "--loop-guard", "kb-literal", "--tenant-id", HEADER_ID)
    printed = run("pack", "--print-request", *REQUEST, *given_values, env={"PYTHONIOENCODING": encoding})
    assert printed.code == 0
    asked_for = {**VALUES, "change": change, "tenant_id": HEADER_ID, "loop_guard": "kb-literal"}
    assert read_request_file(written(tmp_path, printed.out)) == asked_for


def test_printed_request_refuses_a_value_that_is_wrong() -> None:
    done = run("pack", "--print-request", "--region", "ue")
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)


@given(text=st.text(max_size=40))
def test_any_change_that_is_accepted_survives_yaml_and_json(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    try:
        values = {name: str(value) for name, value in parse_values({**VALUES, "change": text}).items()}
    except RequestError:
        return
    folder = tmp_path_factory.mktemp("requests")
    from_yaml = read_request_file(written(folder, request_as_yaml({"change": "", **values})))
    from_json = read_request_file(written(folder, json.dumps(values), "request.json"))
    assert parse_values(from_yaml) == {**parse_values(from_json), "loop_guard": LoopGuard.STOP}
