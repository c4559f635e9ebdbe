"""Ctrl-C while something is written: it is there whole or not at all, and nothing hidden stays behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from mm365.pack import writing as pack_module
from mm365.pack.contents import Pack
from mm365.pack.verification import verify_pack
from mm365.pack.writing import write_file, write_pack
from tests.commands import REQUEST, mm365, tree

# A file that is being opened at that very line is closed when it is collected, which Python warns of.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

NEW = Pack(files={"manifest.json": b'{"format": "mm365-pack-1"}', "scripts/a.ps1": b"new"})
OLD = Pack(files={"manifest.json": b'{"format": "mm365-pack-1" }', "scripts/b.ps1": b"old"})


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    """Ctrl-C works as in a person's shell; pytest-xdist tells its workers, and so their children, to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Interruption:
    """Sends Ctrl-C when the ``at``-th line of the pack module is about to run."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.lines = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> "Interruption | None":
        if frame.f_code.co_filename != pack_module.__file__:
            return None
        self.lines += event == "line"
        if event == "line" and self.lines == self.at:
            signal.raise_signal(signal.SIGINT)
        return self

    def reaches(self, write: Callable[[], None]) -> bool:
        """Whether the line was reached when this was written."""
        tracing = sys.gettrace()
        sys.settrace(self)
        try:
            write()
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(tracing)
        return self.lines >= self.at


def interrupted_at_every_line(
    folder: Path, prepare: Callable[[], None], write: Callable[[], None]
) -> list[dict[str, bytes]]:
    """What is in the folder after Ctrl-C at the first line, the second, and so on to the last."""
    seen = []
    at = 1
    reached = True
    while reached:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        prepare()
        reached = Interruption(at).reaches(write)
        seen.append(tree(folder) | {f"{path.name}/": b"" for path in folder.iterdir() if path.name.startswith(".")})
        at += 1
    assert len(seen) > 10
    return seen


def test_new_pack_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "parent"
    seen = interrupted_at_every_line(folder, lambda: None, lambda: write_pack(NEW, folder / "pack"))
    whole = {f"pack/{path}": data for path, data in NEW.files.items()}
    assert [files for files in seen if files not in ({}, whole)] == []
    assert seen[-1] == whole


def test_pack_that_is_overwritten_is_the_old_one_or_the_new_one_and_keeps_its_state(tmp_path: Path) -> None:
    folder = tmp_path / "parent"

    def prepare() -> None:
        write_pack(OLD, folder / "pack")
        (folder / "pack" / "state").mkdir()
        (folder / "pack" / "state" / "created.json").write_bytes(b"{}")

    seen = interrupted_at_every_line(folder, prepare, lambda: write_pack(NEW, folder / "pack", overwrite=True))
    old, new = (
        {"pack/state/created.json": b"{}", **{f"pack/{path}": data for path, data in pack.files.items()}}
        for pack in (OLD, NEW)
    )
    assert [files for files in seen if files not in (old, new)] == []
    assert seen[-1] == new


def test_script_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "parent"
    seen = interrupted_at_every_line(folder, lambda: None, lambda: write_file(folder / "a.ps1", b"new"))
    assert [files for files in seen if files not in ({}, {"a.ps1": b"new"})] == []
    assert seen[-1] == {"a.ps1": b"new"}


def entries(folder: Path) -> int:
    """How many files and folders are below a folder while another process writes there."""
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("run", range(6))
def test_ctrl_c_during_a_pack_ends_with_130(tmp_path: Path, run: int, times: int) -> None:
    at = random.Random(run).randint(1, 20)  # noqa: S311 - no secret: how many files are there when it comes
    process = subprocess.Popen(
        [mm365(), "pack", *REQUEST, "--output", "pack"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while process.poll() is None and entries(tmp_path) < at:
        time.sleep(0.001)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # Ended by the signal, or finished before it arrived. A shell shows the signal itself as 130, too.
    assert process.returncode in {130, -signal.SIGINT, 0}
    assert process.returncode == 0 or b"Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] in ([], ["pack"])
    if (tmp_path / "pack").exists():
        assert verify_pack(tmp_path / "pack").intact
