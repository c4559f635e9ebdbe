"""The same request gives the same bytes, on every machine, and bytes that every shell and editor agree on."""

import getpass
import json
import os
import re
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mm365.pack.contents import build_pack
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts.change import build_change
from tests.commands import CHECKOUT, REQUEST, VALUES, mm365, tree

OTHER_PYTHONS = ["python3.11", "python3.12", "python3.13", "python3.14"]

MAKING = """
import json, pathlib, sys
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import build_request
from mm365.scripts.change import build_change
write_pack(build_pack(build_change(build_request(json.loads(sys.argv[1]), needs=()))), pathlib.Path(sys.argv[2]))
"""

SURROUNDINGS = {
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "a POSIX locale": {"LANG": "C", "LC_ALL": "C"},
    "a Turkish locale": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    "one hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "4242"},
    "another user": {"USER": "somebody", "LOGNAME": "somebody", "HOME": "/nonexistent"},
    "a narrow terminal": {"COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"},
    "optimised Python": {"PYTHONOPTIMIZE": "2"},
    "no UTF-8 mode": {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
}

CHANGED = [
    build_request({**VALUES, "region": region, "loop_guard": guard, "change": change}, needs=())
    for region, guard, change in (
        ("au", LoopGuard.STOP, ""),
        ("eu", LoopGuard.STOP_AND_EXCEPT, "Größe: \u2018ü\u2019 \u201bx\u201a 変更 😀 #> <# `$(x)` {{ y }} \\u0041"),
        ("us", LoopGuard.KB_LITERAL, "x" * 200),
    )
]


def pack_of(folder: Path, command: list[str], env: dict[str, str] | None = None, umask: int = -1) -> dict[str, bytes]:
    """The pack that this command makes in a folder."""
    folder.mkdir()
    done = subprocess.run(
        [*command, "pack", *REQUEST, "--output", "pack"],
        cwd=folder, env={**os.environ, **(env or {})}, umask=umask, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return tree(folder / "pack")


@pytest.fixture
def expected(valid_request: Request) -> dict[str, bytes]:
    return dict(build_pack(build_change(valid_request)).files)


@pytest.mark.parametrize("env", SURROUNDINGS.values(), ids=list(SURROUNDINGS))
def test_pack_is_the_same_in_all_surroundings(env: dict[str, str], expected: dict[str, bytes], tmp_path: Path) -> None:
    assert pack_of(tmp_path / "elsewhere", [mm365()], env) == expected


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_pack_is_the_same_under_any_umask(umask: int, expected: dict[str, bytes], tmp_path: Path) -> None:
    assert pack_of(tmp_path / "elsewhere", [mm365()], umask=umask) == expected


@pytest.mark.parametrize("name", OTHER_PYTHONS)
def test_pack_is_the_same_from_every_python(name: str, expected: dict[str, bytes], tmp_path: Path) -> None:
    if name == f"python{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"{name} is the one that runs the tests")
    python = shutil.which(name)
    if python is None:
        pytest.skip(f"there is no {name} on PATH")
    # What is found may be a stub that only says which versions could be installed.
    if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"{python} does not run")
    # MarkupSafe's and PyYAML's parts in C are of this Python; another one takes those in Python. What Typer
    # stands on has no such parts, so the pack is made by the modules below the command line.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "generator"), sysconfig.get_path("purelib")])}
    command = [python, "-B", "-c", MAKING, json.dumps(VALUES), str(tmp_path / "pack")]
    subprocess.run(command, env=env, check=True)
    assert tree(tmp_path / "pack") == expected


def test_order_of_the_values_makes_no_difference(expected: dict[str, bytes]) -> None:
    backwards = dict(reversed(VALUES.items()))
    assert build_pack(build_change(build_request(backwards, needs=()))).files == expected


@pytest.mark.parametrize("request_", CHANGED, ids=lambda request: request.loop_guard.value)
def test_every_file_ends_its_lines_with_a_line_feed(request_: Request) -> None:
    for path, data in build_pack(build_change(request_)).files.items():
        assert b"\r" not in data, path
        assert data.endswith(b"\n"), path
        assert not data.startswith(b"\xef\xbb\xbf"), path


@pytest.mark.parametrize("request_", CHANGED, ids=lambda request: request.loop_guard.value)
def test_scripts_are_printable_ascii(request_: Request) -> None:
    for path, data in build_pack(build_change(request_)).files.items():
        if path.startswith(("scripts/", "paste/")):
            assert re.search(rb"[^\n\x20-\x7e]", data) is None, path
            assert re.search(rb"[ ]\n", data) is None, path
        if path.startswith("paste/"):
            # An empty line stands only between two blocks, which are pasted one by one.
            assert data.startswith(b"& {\n"), path
            assert data.count(b"\n\n") == data.count(b"\n}\n\n& {\n"), path


@pytest.mark.parametrize("request_", CHANGED, ids=lambda request: request.loop_guard.value)
def test_json_files_are_ascii(request_: Request) -> None:
    files = build_pack(build_change(request_)).files
    assert all(files[path].isascii() for path in ("manifest.json", "request.json", "SHA256SUMS"))


def test_nothing_of_the_machine_is_in_a_pack(expected: dict[str, bytes], tmp_path: Path) -> None:
    """No path, host or user. Short names, such as those of containers, stand in words by chance."""
    own = {
        str(CHECKOUT), str(tmp_path), str(Path.home()), str(Path.cwd()), sys.prefix, *site.getsitepackages(),
        socket.gethostname(), getpass.getuser(),
    }  # fmt: skip
    for path, data in expected.items():
        text = data.decode("utf-8")
        for word in own:
            if len(word) > 3:
                assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is None, (path, word)


def test_no_time_of_the_making_is_in_a_pack(tmp_path: Path, expected: dict[str, bytes]) -> None:
    faketime = "import time, datetime; time.time = lambda: 4102444800.0; time.time_ns = lambda: 4102444800 * 10**9"
    command = [sys.executable, "-c", f"{faketime}; from mm365.cli.main import main; main()"]
    assert pack_of(tmp_path / "elsewhere", command) == expected
