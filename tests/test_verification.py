"""Is a pack what was generated? Every change is found and named."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.pack.difference import MOST_LINES, difference
from mm365.pack.verification import Status, verify_pack
from mm365.scripts.library import PATH
from tests.commands import HEADER_ID, run, tree

SCRIPT = "scripts/30-create.ps1"
BLOCK = (
    "# SIG # Begin signature block\n"
    "# MIIFdAYJKoZIhvcNAQcCoIIFZTCCBWECAQExDzANBglghkgBZQMEAgEFADB5Bgor\n"
    "# BgEEAYI3AgEEoGswaTA0BgorBgEEAYI3AgEeMCYCAwEAAAQQH8w7YFlLCE63JNLG\n"
    "# KX7zUQ==\n"
    "# SIG # End signature block\n"
)


def departures(folder: Path) -> dict[str, Status]:
    """The files that are not simply what was generated."""
    return {entry.path: entry.status for entry in verify_pack(folder).files if entry.status is not Status.OK}


def append(path: Path, text: str) -> None:
    path.write_bytes(path.read_bytes() + text.encode())


def put_into_manifest(folder: Path, path: str, **changed: object) -> None:
    """Alter a pack's manifest as someone would who altered a file, with the sums to match."""
    manifest = json.loads((folder / "manifest.json").read_text())
    data = (folder / path).read_bytes()
    for entry in manifest["files"]:
        if entry["path"] == path:
            entry.update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    manifest.update(changed)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", newline="\n")
    listed = [entry["path"] for entry in manifest["files"]] + ["manifest.json"]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in listed]
    (folder / "SHA256SUMS").write_text("".join(lines), newline="\n")


def test_pack_as_generated_is_intact(pack_folder: Path) -> None:
    done = run("verify-pack", pack_folder)
    assert (done.code, done.err) == (0, "")
    count = len(tree(pack_folder))
    assert done.text.splitlines()[0] == f"ok  {count} files are what was generated (--verbose lists them)"
    assert done.text.endswith("\nIntact: all of it is what was generated.\n")


def test_verbose_lists_every_file(pack_folder: Path) -> None:
    listed = run("verify-pack", pack_folder, "--verbose").text.splitlines()
    assert sorted(line.split()[1] for line in listed if line.startswith("ok ")) == sorted(tree(pack_folder))


def test_changed_missing_and_added_files_are_each_named(pack_folder: Path) -> None:
    append(pack_folder / SCRIPT, " ")
    (pack_folder / "paste" / "08-stop.txt").unlink()
    (pack_folder / "scripts" / "35-extra.ps1").write_text("")
    (pack_folder / "paste" / "state").mkdir()
    (pack_folder / "paste" / "state" / "x").write_text("")
    done = run("verify-pack", pack_folder)
    assert done.code == 1
    assert [line for line in done.text.splitlines() if not line.startswith(" ")][:5] == [
        f"changed  {SCRIPT}",
        "missing  paste/08-stop.txt",
        "added    paste/state/x",
        "added    scripts/35-extra.ps1",
        f"ok       {len(tree(pack_folder)) - 3} files are what was generated (--verbose lists them)",
    ]
    assert done.text.endswith("NOT intact: see above.\n")


@pytest.mark.parametrize("path", ["SHA256SUMS", "request.json", "change-request.md", "paste/01-inbound-connector.txt"])
@pytest.mark.parametrize("status", [Status.CHANGED, Status.MISSING])
def test_every_kind_of_file_is_compared(pack_folder: Path, path: str, status: Status) -> None:
    if status is Status.CHANGED:
        append(pack_folder / path, "\n")
    else:
        (pack_folder / path).unlink()
    assert departures(pack_folder) == {path: status}


def test_line_ends_of_windows_are_a_change(pack_folder: Path) -> None:
    file = pack_folder / SCRIPT
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert departures(pack_folder) == {SCRIPT: Status.CHANGED}


def test_folder_or_link_in_the_place_of_a_file_is_a_change(pack_folder: Path) -> None:
    for path in (SCRIPT, "request.json"):
        (pack_folder / path).rename(pack_folder.parent / Path(path).name)
    (pack_folder / SCRIPT).mkdir()
    (pack_folder / "request.json").symlink_to(pack_folder.parent / "request.json")
    assert departures(pack_folder) == {SCRIPT: Status.CHANGED, "request.json": Status.CHANGED}


def test_link_that_was_added_is_named(pack_folder: Path) -> None:
    (pack_folder / "link").symlink_to(pack_folder.parent)
    assert departures(pack_folder) == {"link": Status.ADDED}


def test_notes_of_the_scripts_are_no_addition(pack_folder: Path) -> None:
    (pack_folder / "state" / "backup").mkdir(parents=True)
    (pack_folder / "state" / "created.json").write_text("{}")
    (pack_folder / "state" / "backup" / "1.json").write_text("{}")
    assert verify_pack(pack_folder).intact


@pytest.mark.parametrize(
    "signature",
    [
        "\r\n" + BLOCK.replace("\n", "\r\n"),
        BLOCK.replace("\n", "\r\n"),
        "\n" + BLOCK,
        BLOCK,
        BLOCK.rstrip("\n"),
    ],
)
def test_signature_at_the_end_of_a_script_is_told_and_is_no_change(pack_folder: Path, signature: str) -> None:
    append(pack_folder / SCRIPT, signature)
    assert departures(pack_folder) == {SCRIPT: Status.SIGNED}
    done = run("verify-pack", pack_folder)
    assert done.code == 0
    assert f"signed  {SCRIPT}\n" in done.text


@pytest.mark.parametrize(
    "signature",
    [
        BLOCK + "Remove-TransportRule *\n",
        BLOCK + " ",
        BLOCK + BLOCK,
        " " + BLOCK,
        BLOCK.replace("# KX7zUQ==", "Remove-TransportRule Redirect"),
        BLOCK.replace("# KX7zUQ==", "# a; Remove-TransportRule Redirect"),
        BLOCK.replace("# KX7zUQ==", "# KX7z\rRemove-TransportRule"),
        BLOCK.replace("# SIG # End signature block\n", ""),
        "# SIG # Begin signature block\n# SIG # End signature block\n",
    ],
)
def test_anything_else_behind_a_script_is_a_change(pack_folder: Path, signature: str) -> None:
    append(pack_folder / SCRIPT, signature)
    assert departures(pack_folder) == {SCRIPT: Status.CHANGED}


def test_change_before_a_signature_is_a_change(pack_folder: Path) -> None:
    file = pack_folder / SCRIPT
    file.write_bytes(file.read_bytes().replace(b"$true", b"$trUe", 1) + BLOCK.encode())
    assert departures(pack_folder) == {SCRIPT: Status.CHANGED}


def test_signature_behind_a_paste_form_is_a_change(pack_folder: Path) -> None:
    append(pack_folder / "paste" / "08-stop.txt", BLOCK)
    assert departures(pack_folder) == {"paste/08-stop.txt": Status.CHANGED}


def test_signature_at_the_end_of_every_script_and_of_the_shared_functions_is_no_change(pack_folder: Path) -> None:
    signed = sorted(path for path in tree(pack_folder) if path.endswith(".ps1"))
    assert PATH in signed
    for path in signed:
        append(pack_folder / path, BLOCK)
    assert departures(pack_folder) == dict.fromkeys(signed, Status.SIGNED)


def test_shared_functions_that_were_altered_are_a_change(pack_folder: Path) -> None:
    file = pack_folder / PATH
    file.write_bytes(file.read_bytes().replace(b"-ErrorAction Stop", b"-ErrorAction Continue", 1))
    assert departures(pack_folder) == {PATH: Status.CHANGED}


def test_manifest_that_was_altered_together_with_its_file_is_found(pack_folder: Path) -> None:
    append(pack_folder / SCRIPT, "Remove-TransportRule *\n")
    put_into_manifest(pack_folder, SCRIPT)
    assert departures(pack_folder) == {"manifest.json": Status.CHANGED}
    done = run("verify-pack", pack_folder)
    assert done.code == 1
    assert "the manifest was altered" in done.text


def test_request_that_was_altered_together_with_the_manifest_is_found(pack_folder: Path) -> None:
    file = pack_folder / "request.json"
    file.write_text(file.read_text().replace('"stop"', '"kb-literal"'), newline="\n")
    put_into_manifest(pack_folder, "request.json")
    assert departures(pack_folder) == {"manifest.json": Status.CHANGED}


def test_pack_of_another_version_is_compared_with_its_manifest_alone(pack_folder: Path) -> None:
    put_into_manifest(pack_folder, SCRIPT, generator="mailmarshal-m365 0.0.1")
    report = verify_pack(pack_folder)
    assert (report.intact, report.rendered_again) == (True, None)
    assert "not rendered again: made by another version" in run("verify-pack", pack_folder).text


@pytest.mark.parametrize(
    "text",
    [
        "", "no JSON", "[]", "{}", "null", '"text"', '{"files": 1}', "[" * 100_000, '{"files": ["x"]}', "\ufeff{}",
        "\udcff",         '{"format": "mm365-pack-2", "generator": "x", "files": []}',
    ],
)  # fmt: skip
def test_manifest_that_is_none_gives_one_line(pack_folder: Path, text: str) -> None:
    (pack_folder / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run("verify-pack", pack_folder)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert done.err.startswith("mm365: manifest.json is not a manifest of a pack; ")


@pytest.mark.parametrize("path", ["../pack.txt", "scripts/../../x", "/etc/passwd", "C:\\x", "C:/x", "..\\x", "", "."])
def test_manifest_that_points_out_of_the_pack_gives_one_line(pack_folder: Path, path: str) -> None:
    manifest = json.loads((pack_folder / "manifest.json").read_text())
    manifest["files"][0]["path"] = path
    (pack_folder / "manifest.json").write_text(json.dumps(manifest))
    done = run("verify-pack", pack_folder)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)


def test_folder_that_is_no_pack_gives_one_line(tmp_path: Path) -> None:
    done = run("verify-pack", tmp_path)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert done.err.endswith("give the folder of a pack.\n")


def test_path_that_is_not_there_or_is_a_file_is_a_wrong_request(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "none", tmp_path / "file"):
        done = run("verify-pack", path)
        assert (done.code, done.out) == (2, b"")
        assert done.err == f"mm365: '{path}' is not a folder that is there; give the folder of a pack.\n"


def test_fingerprint_that_was_approved_is_compared(pack_folder: Path) -> None:
    approved = hashlib.sha256((pack_folder / "manifest.json").read_bytes()).hexdigest()
    for text in (approved, f" {approved.upper()} ", f"{approved[:40]}\n  {approved[40:]}"):
        assert run("verify-pack", pack_folder, "--fingerprint", text).code == 0
    done = run("verify-pack", pack_folder, "--fingerprint", "0" * 64)
    assert done.code == 1
    assert f"\nApproved     {'0' * 64}\n" in done.text
    assert done.text.splitlines()[-1] == (
        "Every file is what was generated, but this is NOT the pack that was approved: its fingerprint differs."
    )


@pytest.mark.parametrize("given", ["", "none", "0" * 63, "g" * 64])
def test_text_that_is_not_a_fingerprint_is_a_wrong_request(pack_folder: Path, given: str) -> None:
    done = run("verify-pack", pack_folder, "--fingerprint", given)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert "is not a fingerprint; use the 64 hexadecimal digits that were approved." in done.err


def below(folder: Path, path: str) -> tuple[str, ...]:
    """The lines that say what changed in a file."""
    [found] = [entry.difference for entry in verify_pack(folder).files if entry.path == path]
    return found


def test_what_changed_in_a_file_is_shown_below_it(pack_folder: Path) -> None:
    file = pack_folder / "scripts" / "40-verify.ps1"
    text = file.read_text()
    line = next(line for line in text.splitlines() if "Region = 'eu'" in line)
    file.write_text(text.replace("Region = 'eu'", "Region = 'us'"), newline="\n")
    shown = below(pack_folder, "scripts/40-verify.ps1")
    assert shown[:2] == ("--- generated", "+++ found")
    changed = [entry for entry in shown[2:] if entry[0] in "-+"]
    shortened = line.replace(HEADER_ID, f"{HEADER_ID[:8]}-...")
    assert changed == [f"-{shortened}", "+" + shortened.replace("'eu'", "'us'")]
    assert "\n         +" in run("verify-pack", pack_folder).text


def test_difference_is_short_and_says_how_much_is_left_out(pack_folder: Path) -> None:
    file = pack_folder / SCRIPT
    file.write_text("\n".join(f"other {line}" for line in file.read_text().splitlines()))
    shown = below(pack_folder, SCRIPT)
    assert len(shown) == MOST_LINES + 1
    assert shown[-1].startswith("and ")


def test_difference_is_not_guessed_where_the_request_was_changed(pack_folder: Path) -> None:
    append(pack_folder / SCRIPT, "x")
    append(pack_folder / "request.json", " ")
    assert below(pack_folder, SCRIPT) == ()


def test_signature_below_a_change_is_not_part_of_the_difference(pack_folder: Path) -> None:
    file = pack_folder / SCRIPT
    file.write_bytes(file.read_bytes().replace(b"$true", b"$trUe", 1) + BLOCK.encode())
    assert not any("SIG #" in line for line in below(pack_folder, SCRIPT))


GENERATED = f"one\nid = {HEADER_ID}\nthree\n".encode()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (GENERATED.replace(b"\n", b"\r\n"), "Only the ends of lines differ (CRLF or LF)."),
        (GENERATED + b" \n", "Only spaces or empty lines at the beginning or end of the file differ."),
        (b"x" * 2**21, f"It has 2097152 bytes; {len(GENERATED)} were generated."),
    ],
)
def test_change_that_does_not_show_in_lines_is_told_in_words(found: bytes, said: str) -> None:
    assert difference(GENERATED, found, HEADER_ID) == (said,)


@pytest.mark.parametrize("other", [HEADER_ID[:-1] + "0", HEADER_ID.upper()[:-2] + "00", "0" + HEADER_ID[1:]])
def test_header_id_with_other_digits_does_not_give_the_right_one_away(other: str) -> None:
    shown = "\n".join(difference(GENERATED, GENERATED.replace(HEADER_ID.encode(), other.encode()), HEADER_ID))
    assert f"+id = {other[:8]}-... (another ID)" in shown
    assert HEADER_ID[9:13] not in shown


def test_long_line_is_shown_where_it_differs() -> None:
    long = b"a" * 5000
    shown = difference(long + b"1" + long, long + b"2" + long, HEADER_ID)
    assert [line[4:].strip("a .-+") for line in shown if line[0] in "-+"][2:] == ["1", "2"]
    assert max(map(len, shown)) < 200


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_every_difference_says_something_and_all_of_it_shows(expected: bytes, found: bytes) -> None:
    shown = difference(expected, found, HEADER_ID)
    assert bool(shown) == (expected != found)
    assert all(line.isascii() and line.isprintable() for line in shown)


def test_report_is_told_as_json(pack_folder: Path) -> None:
    append(pack_folder / SCRIPT, BLOCK)
    facts = json.loads(run("verify-pack", pack_folder, "--json").text)
    assert (facts["intact"], facts["approved_fingerprint"], facts["rendered_again"]) == (True, None, True)
    assert {path for path, status in facts["files"].items() if status != "ok"} == {SCRIPT}
    done = run("verify-pack", pack_folder, "--json", "--fingerprint", "0" * 64)
    facts = json.loads(done.text)
    assert (done.code, facts["intact"], facts["approved_fingerprint"]) == (1, False, False)


# A line break in a name could forge a line of the report; an escape sequence could hide one.
def test_name_of_an_added_file_stays_on_its_line_and_shows(pack_folder: Path) -> None:
    for name in (b"a\nIntact: all of it is what was generated.", b"b\x1b[2J", b"c\xff"):
        with open(os.path.join(os.fsencode(pack_folder), name), "wb"):  # noqa: PTH118, PTH123 - a name that is no text
            pass
    done = run("verify-pack", pack_folder)
    assert done.code == 1
    assert [line.split()[0] for line in done.text.splitlines()].count("added") == 3
    assert "\nIntact" not in done.text
    assert "\x1b" not in done.text
