"""A pack on disk: what is in it, and that it is written whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mm365.errors import OutputError
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_file, write_pack
from mm365.request.request import LoopGuard, Request
from mm365.scripts.change import build_change
from mm365.scripts.paste_form import PASTE_FORMS
from tests.commands import REQUEST, mm365, plain_environment, run, tree


def entries(folder: Path) -> list[str]:
    """Everything below a folder, files or not, by path."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def run_with_file_limit(blocks: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run mm365 where no file may grow beyond so many blocks of 512 or 1,024 bytes, as if a disk was full."""
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("there is no sh here to limit the size of files with")
    command = [shell, "-c", f'ulimit -f {blocks}; exec "$@"', "sh", mm365(), *map(str, arguments)]
    env = plain_environment(PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_pack_holds_scripts_paste_forms_change_request_request_manifest_and_sums(
    pack_folder: Path, valid_request: Request
) -> None:
    assert sorted(tree(pack_folder)) == sorted(
        [
            *("SHA256SUMS", "change-request.md", "manifest.json", "request.json", "runbook.ipynb"),
            *("mail-flow-after.svg", "mail-flow-before.svg"),
            *(script.path for script in build_change(valid_request).scripts),
            "scripts/MailMarshal365.ps1",
            *(form.path for form in PASTE_FORMS.values()),
        ]
    )


def test_manifest_holds_what_was_asked_for_and_the_sum_of_every_other_file(pack_folder: Path) -> None:
    files = tree(pack_folder)
    manifest = json.loads(files["manifest.json"])
    assert manifest["format"] == "mm365-pack-1"
    assert [manifest[name] for name in ("region", "tenant", "change", "loop_guard")] == [
        *("eu", "contoso.onmicrosoft.com", "CHG0012345", "stop"),
    ]
    assert {entry["path"]: (entry["sha256"], entry["size"]) for entry in manifest["files"]} == {
        path: (hashlib.sha256(data).hexdigest(), len(data))
        for path, data in files.items()
        if path not in {"manifest.json", "SHA256SUMS"}
    }


def test_request_in_the_pack_makes_the_same_pack_again(pack_folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert run("pack", "--request", pack_folder / "request.json", "--output", again).code == 0
    assert tree(again) == tree(pack_folder)


def test_fingerprint_is_the_sha256_of_the_manifest(tmp_path: Path) -> None:
    done = run("pack", *REQUEST, "--output", tmp_path / "pack")
    fingerprint = hashlib.sha256((tmp_path / "pack" / "manifest.json").read_bytes()).hexdigest()
    assert f"Fingerprint  {fingerprint}  (SHA-256 of manifest.json)\n" in done.text


def test_pack_is_told_as_json(tmp_path: Path, valid_request: Request) -> None:
    done = run("pack", *REQUEST, "--output", tmp_path / "pack", "--json")
    facts = json.loads(done.text)
    assert facts["folder"] == str(tmp_path / "pack")
    assert facts["fingerprint"] == build_pack(build_change(valid_request)).fingerprint
    assert facts["loop_guard"] == LoopGuard.STOP
    assert sorted(facts["files"]) == sorted(tree(tmp_path / "pack"))


def test_sha256sum_agrees_with_the_sums(pack_folder: Path) -> None:
    sha256sum = shutil.which("sha256sum")
    if sha256sum is None:
        pytest.skip("there is no sha256sum here")
    done = subprocess.run(
        [sha256sum, "-c", "--strict", "SHA256SUMS"], cwd=pack_folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.count(": OK\n") == len(tree(pack_folder)) - 1


def test_existing_folder_is_left_alone(pack_folder: Path) -> None:
    before = tree(pack_folder)
    done = run("pack", *REQUEST, "--region", "us", "--output", pack_folder)
    assert (done.code, len(done.lines)) == (4, 1)
    assert done.err.endswith("is there already; choose another folder, or have the pack replaced; see --overwrite.\n")
    assert tree(pack_folder) == before


def test_overwriting_replaces_the_pack_whole_but_keeps_state(pack_folder: Path) -> None:
    (pack_folder / "foreign.txt").write_text("mine")
    (pack_folder / "state" / "deep").mkdir(parents=True)
    (pack_folder / "state" / "created.json").write_text("{}")
    (pack_folder / "state" / "deep" / "backup.json").write_text("[]")
    done = run("pack", *REQUEST, "--region", "us", "--output", pack_folder, "--overwrite")
    assert done.code == 0
    files = tree(pack_folder)
    assert "foreign.txt" not in files
    assert (files["state/created.json"], files["state/deep/backup.json"]) == (b"{}", b"[]")
    assert json.loads(files["manifest.json"])["region"] == "us"
    assert run("verify-pack", pack_folder).code == 0
    assert [path.name for path in pack_folder.parent.iterdir()] == [pack_folder.name]


def test_empty_folder_may_be_overwritten(tmp_path: Path, valid_request: Request) -> None:
    (tmp_path / "pack").mkdir()
    write_pack(build_pack(build_change(valid_request)), tmp_path / "pack", overwrite=True)
    assert "manifest.json" in tree(tmp_path / "pack")


# Extensions of browsers and many web sites have a manifest.json of their own.
@pytest.mark.parametrize("name", ["letter.txt", "manifest.json", "scripts/10-preflight.ps1"])
def test_folder_that_is_no_pack_is_never_replaced(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine" / name
    file.parent.mkdir(parents=True)
    file.write_text('{"manifest_version": 3}')
    before = tree(tmp_path)
    done = run("pack", *REQUEST, "--output", tmp_path / "mine", "--overwrite")
    assert (done.code, len(done.lines)) == (4, 1)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
@pytest.mark.parametrize(
    "target", ["file", "link-to-folder", "link-to-file", "dangling-link", "none/pack", "file/pack"]
)
def test_target_that_can_be_no_folder_is_refused(tmp_path: Path, target: str, options: list[str]) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link-to-folder").symlink_to("folder")
    (tmp_path / "link-to-file").symlink_to("file")
    (tmp_path / "dangling-link").symlink_to("nowhere")
    before = entries(tmp_path)
    done = run("pack", *REQUEST, "--output", tmp_path / target, *options)
    assert (done.code, done.out, len(done.lines)) == (4, b"", 1)
    assert done.err.startswith(f"mm365: --output '{tmp_path}")
    assert entries(tmp_path) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_current_folder_is_not_replaced(pack_folder: Path) -> None:
    before = tree(pack_folder.parent)
    for output in (".", "../pack/.", "..", "../pack/scripts/.."):
        done = run("pack", *REQUEST, "--region", "us", "--output", output, cwd=pack_folder)
        assert (done.code, len(done.lines)) == (4, 1)
    done = run("pack", *REQUEST, "--region", "us", "--output", ".", "--overwrite", cwd=pack_folder)
    assert (done.code, len(done.lines)) == (4, 1)
    assert tree(pack_folder.parent) == before


def test_parent_without_rights_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write into a folder whatever its rights are; the next test covers it")
    done = run("pack", *REQUEST, "--output", tmp_path / "pack")
    tmp_path.chmod(0o700)
    assert (done.code, len(done.lines)) == (4, 1)
    assert entries(tmp_path) == []


@pytest.mark.parametrize("command", [["pack"], ["rollback"]])
def test_parent_in_which_nothing_can_be_made_is_told(command: list[str]) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("there is no /proc here, in which nobody can make a file")
    done = run(*command, *REQUEST, "--output", "/proc/made")
    assert (done.code, len(done.lines)) == (4, 1)
    assert done.err.startswith("mm365: --output '/proc/made' cannot be written: ")


@pytest.mark.parametrize("blocks", [0, 2, 16])
def test_full_disk_leaves_nothing_behind(tmp_path: Path, blocks: int) -> None:
    done = run_with_file_limit(blocks, "pack", *REQUEST, "--output", tmp_path / "pack")
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert "cannot be written: File too large" in done.stderr
    assert entries(tmp_path) == []


def test_full_disk_leaves_the_pack_that_is_there(pack_folder: Path) -> None:
    before = tree(pack_folder.parent)
    options = ("--output", pack_folder, "--region", "us", "--overwrite")
    assert run_with_file_limit(16, "pack", *REQUEST, *options).returncode == 4
    assert tree(pack_folder.parent) == before


def test_full_disk_leaves_no_half_script(tmp_path: Path) -> None:
    done = run_with_file_limit(2, "rollback", *REQUEST, "--output", tmp_path / "rollback.ps1")
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert entries(tmp_path) == []


def test_files_have_the_rights_that_the_user_gives_to_new_files(tmp_path: Path, valid_request: Request) -> None:
    before = os.umask(0o027)
    try:
        write_pack(build_pack(build_change(valid_request)), tmp_path / "pack")
        write_file(tmp_path / "script.ps1", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "pack").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "pack" / "manifest.json").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "script.ps1").stat().st_mode & 0o777 == 0o640


def test_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(OutputError, match="is there already"):
        write_file(tmp_path / "link", b"")
    assert entries(tmp_path) == ["link"]
