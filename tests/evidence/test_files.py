"""Files that are not what they should be give one line: other notebooks, other files, packs that were altered."""

import json
import os
import shutil
from pathlib import Path

import pytest

from mm365.evidence.notebook_file import MAX_BYTES
from mm365.pack.contents import digest
from tests.commands import run
from tests.evidence.filled import ask, filled_in, put


def test_altered_pack_is_refused(pack_folder: Path, file: Path) -> None:
    with (pack_folder / "scripts" / "30-create.ps1").open("ab") as script:
        script.write(b" ")
    (pack_folder / "runbook.ipynb").write_text(json.dumps(filled_in()))
    done = ask(filled_in(), file, pack_folder)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert "is not what was generated ('runbook.ipynb' changed, 'scripts/30-create.ps1' changed); " in done.err


def test_pack_whose_manifest_was_altered_with_its_runbook_is_refused(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "09-enable-redirect", "-Stage Redirect", "-Stage Redirect -WaitMinutes 0")
    (pack_folder / "runbook.ipynb").write_text(json.dumps(notebook))
    manifest = json.loads((pack_folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["path"] == "runbook.ipynb":
            entry["sha256"] = digest((pack_folder / "runbook.ipynb").read_bytes())
    (pack_folder / "manifest.json").write_text(json.dumps(manifest))
    done = ask(notebook, file, pack_folder)
    assert (done.code, len(done.lines)) == (1, 1)


def test_pack_of_an_earlier_version_says_which_version_can_check_it(pack_folder: Path, file: Path) -> None:
    runbook = pack_folder / "runbook.ipynb"
    runbook.write_bytes(runbook.read_bytes().replace(b'"ends_with"', b'"ended_with"'))
    manifest = json.loads((pack_folder / "manifest.json").read_text())
    manifest["generator"] = "mailmarshal-m365 0.1.0"
    for entry in manifest["files"]:
        entry["sha256"] = digest((pack_folder / entry["path"]).read_bytes())
    (pack_folder / "manifest.json").write_text(json.dumps(manifest))
    sums = [(entry["sha256"], entry["path"]) for entry in manifest["files"]]
    sums.append((digest((pack_folder / "manifest.json").read_bytes()), "manifest.json"))
    (pack_folder / "SHA256SUMS").write_bytes("".join(f"{sha256}  {path}\n" for sha256, path in sums).encode())
    done = ask(filled_in(), file, pack_folder)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert "was made by an earlier version, which asked less; use that version's mm365 evidence." in done.err


BAD: dict[str, bytes] = {
    "empty": b"",
    "text": b"no JSON",
    "binary": bytes(range(256)),
    "UTF-16": "{}".encode("utf-16"),
    "list": b"[]",
    "object": b"{}",
    "deep": b"[" * 200_000,
    "long number": b'{"nbformat": ' + b"9" * 5000 + b"}",
    "format 3": b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
    "format 4.4": b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}',
    "format true": b'{"nbformat": true, "nbformat_minor": 5, "metadata": {}, "cells": []}',
    "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells of text": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": "runbook"}',
    "cells of numbers": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
    "sources of numbers": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "runbook", '
    b'"cell_type": "raw", "metadata": {}, "source": [1]}]}',
    "sources of objects": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "runbook", '
    b'"cell_type": "raw", "metadata": {}, "source": {"x": 1}}]}',
    "metadata of text": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "runbook", '
    b'"cell_type": "raw", "metadata": "x", "source": ""}]}',
    "another notebook": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
}


@pytest.mark.parametrize("data", BAD.values(), ids=list(BAD))
def test_file_that_is_no_filled_in_runbook_gives_one_line(data: bytes, pack_folder: Path, file: Path) -> None:
    file.write_bytes(data)
    done = run("evidence", file, "--pack", pack_folder)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert done.err.startswith("mm365: '")


def test_huge_file_missing_file_folder_and_pipe_give_one_line(pack_folder: Path, tmp_path: Path, file: Path) -> None:
    with file.open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    os.mkfifo(tmp_path / "pipe")
    for path in (file, tmp_path / "none", tmp_path, tmp_path / "pipe"):
        done = run("evidence", path, "--pack", pack_folder)
        assert (done.code, done.out, len(done.lines)) == (1, b"", 1)


def test_folder_that_is_no_pack_gives_one_line(tmp_path: Path, file: Path) -> None:
    done = ask(filled_in(), file, tmp_path)
    assert (done.code, len(done.lines)) == (1, 1)
    assert "give the folder of a pack" in done.err


def test_copy_in_the_state_folder_leaves_the_pack_intact(pack_folder: Path) -> None:
    (pack_folder / "state").mkdir()
    shutil.copy(pack_folder / "runbook.ipynb", pack_folder / "state")
    assert run("verify-pack", pack_folder).code == 0
