"""Request files made to hang or break what reads them: each ends soon, with one line and no traceback."""

from pathlib import Path

import pytest

from tests.commands import REQUEST, run


def nested_aliases(first: str, following: str, levels: int) -> str:
    """YAML in which each level names the one before ten times."""
    text = f"&a0 {first}"
    for level in range(1, levels):
        text = f"{text}, &a{level} {following % ', '.join([f'*a{level - 1}'] * 10)}"
    return f"region: [{text}]\n"


HOSTILE = {
    "laughs.yaml": nested_aliases("[lol]", "[%s]", 12),
    "merges.yaml": nested_aliases("{x: y}", "{<<: [%s]}", 12),
    "itself.yaml": "&a {region: *a}\n",
    "lists.yaml": "region: " + "[" * 30_000,
    "mappings.yaml": "{a: " * 15_000,
    "indents.yaml": "- " * 30_000,
    "questions.yaml": "? " * 30_000,
    "lists.json": '{"region": ' + "[" * 60_000,
    "mappings.json": '{"region":' * 6_000,
    "digits.json": '{"region": ' + "1" * 60_000 + "}",
    "digits.yaml": "region: !!int " + "1" * 60_000 + "\n",
    "sexagesimal.yaml": "region: !!int " + "1:" * 30_000 + "1\n",
    "python.yaml": "region: !!python/object/apply:os.system [exit]\n",
    "date.yaml": "region: !!timestamp eu\n",
    "truth.yaml": "region: !!bool eu\n",
    "number.yaml": "region: !!int ''\n",
    "decimal.yaml": "region: !!float eu\n",
    "bytes.yaml": "region: !!binary é\n",
    "unhashable.yaml": "? [region]\n: eu\n",
    "own-tag.yaml": "%TAG ! tag:example.com,2026:\n---\n!a region: eu\n",
    "documents.yaml": "--- {region: eu}\n--- {region: us}\n",
    "directive.yaml": "%YAML 9.9\n---\nregion: eu\n",
    "tab.yaml": "region:\teu\n\ttenant: x\n",
    "control.yaml": "region: \x01\n",
    "open.json": '{"region": "eu"',
    "open.yaml": 'region: "eu\n',
    "anchor.yaml": "region: *nowhere\n",
    "surrogate.json": '{"\\ud800\\n\\u001b[31m": "eu"}',
    "escape.yaml": '"\\e[31m\\n": eu\n',
    "long.yaml": "? " + "k" * 60_000 + "\n: eu\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_file_made_to_hang_or_break_ends_with_one_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(HOSTILE[name], encoding="utf-8")
    done = run("inbound-connector", "--request", file, *REQUEST)
    assert "Traceback" not in done.err
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert done.err.removesuffix("\n").isprintable()
    assert done.err.startswith(f"mm365: {name}")
    assert len(done.err) < 400


# What Python calls a recursion is, to the person who wrote the file, brackets in brackets.
@pytest.mark.parametrize("name", ["lists.yaml", "indents.yaml", "lists.json", "mappings.json"])
def test_deep_nesting_is_called_so(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(HOSTILE[name], encoding="utf-8")
    assert "nested too deeply" in run("inbound-connector", "--request", file, *REQUEST).err


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_device_is_no_request_file(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    done = run("inbound-connector", "--request", device, *REQUEST)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
