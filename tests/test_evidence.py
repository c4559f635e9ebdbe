"""A filled-in runbook as evidence: what was altered is found and named, and so is what was not filled in."""

import copy
import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.evidence.evidence import CellStatus, Evidence, check_evidence
from mm365.evidence.notebook_file import MAX_BYTES
from mm365.evidence.record import Result
from mm365.pack.contents import build_pack, digest
from mm365.pack.writing import write_pack
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from tests.commands import CHECKOUT, VALUES, run
from tests.commands import Result as Run

Notebook = dict[str, Any]
REQUEST = build_request(VALUES, needs=())
CHANGE = build_change(REQUEST)
PACK = build_pack(CHANGE)
STEPS = CHANGE.procedure
STANDBY = [step for step in STEPS if step.standby]
ANSWERS = {
    "Fingerprint that was approved": f"{PACK.fingerprint.upper()} ",
    "Time (UTC)": "02:10 to 02:12",
    "Carried out by": "A. Operator",
    "Exit code": "0",
    "Test messages (in, out, internal)": "all three arrived",
}


def filled_in(**others: str) -> Notebook:
    """The runbook as an operator hands it in: every step but stop and rollback has a result."""
    notebook: Notebook = json.loads(PACK.files["runbook.ipynb"])
    for cell in notebook["cells"]:
        about = cell["metadata"]["mm365"]
        if about["role"] == "record" and not about["standby"]:
            text = "".join(cell["source"])
            for prompt, answer in {**ANSWERS, **others}.items():
                text = text.replace(f"{prompt}: \n", f"{prompt}: {answer}\n")
            if "Output" in about["prompts"]:
                text += "Now in the tenant:\nExit code: this is output\nNext: go on.\n"
            cell["source"] = text.splitlines(keepends=True)
    return notebook


def cell_of(notebook: Notebook, name: str) -> Notebook:
    found: Notebook = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def put(notebook: Notebook, name: str, old: str, new: str) -> None:
    cell = cell_of(notebook, name)
    assert old in "".join(cell["source"])
    cell["source"] = "".join(cell["source"]).replace(old, new)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "filled.ipynb"


def check(notebook: Notebook, file: Path, pack: Path) -> Evidence:
    file.write_text(json.dumps(notebook))
    return check_evidence(file, pack)


def ask(notebook: Notebook, file: Path, pack: Path, *options: str | Path) -> Run:
    file.write_text(json.dumps(notebook))
    return run("evidence", file, "--pack", pack, *options)


def departures(evidence: Evidence) -> dict[str, CellStatus]:
    return {cell.name: cell.status for cell in evidence.cells if cell.status is not CellStatus.OK}


def test_runbook_with_every_result_is_evidence(pack_folder: Path, file: Path) -> None:
    done = ask(filled_in(), file, pack_folder)
    assert (done.code, done.err) == (0, "")
    assert done.text.count("filled in\n") == len(STEPS) - len(STANDBY)
    assert done.text.count("not needed\n") == len(STANDBY)
    assert f"Fingerprint  {PACK.fingerprint}" in done.text
    assert f"Filled in    {digest(file.read_bytes())}" in done.text
    assert done.text.endswith("As approved, and every step has a result.\n")


def test_one_character_that_was_altered_in_a_step_is_found_and_shown(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "09-enable-redirect", "-Stage Redirect\n", "-Stage Redir\u0435ct\n")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    lines = done.text.splitlines()
    place = lines.index("altered  09-enable-redirect   filled in")
    assert lines[place + 1].endswith("approved: './scripts/50-enable.ps1 -Stage Redirect'")
    assert lines[place + 2].endswith("found:    './scripts/50-enable.ps1 -Stage Redir\\u0435ct'")
    assert lines[-1] == "NOT as approved."


APPROVED = [(cell["id"], "".join(cell["source"])) for cell in filled_in()["cells"] if cell["cell_type"] == "markdown"]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pack, for tests that check many notebooks against it."""
    folder = tmp_path_factory.mktemp("place")
    write_pack(PACK, folder / "pack")
    return folder


@given(data=st.data())
def test_any_character_that_is_altered_added_or_left_out_is_found(place: Path, data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from(APPROVED))
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters(exclude_characters=text[position]))
    behind = data.draw(st.sampled_from([text[position:], text[position + 1 :]]))
    left_out = data.draw(st.booleans())
    notebook = filled_in()
    new = text[:position] + (text[position + 1 :] if left_out else character + behind)
    cell_of(notebook, name)["source"] = new
    assert departures(check(notebook, place / "filled.ipynb", place / "pack")) == {name: CellStatus.ALTERED}


def test_missing_added_moved_and_retyped_cells_are_each_named(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    cells = notebook["cells"]
    cells.insert(5, {"id": "new", "cell_type": "markdown", "metadata": {}, "source": "## Step 2b"})
    cells.append({**copy.deepcopy(cell_of(notebook, "stop")), "source": "a second one"})
    cells.remove(cell_of(notebook, "04-create"))
    cells.remove(cell_of(notebook, "05-verify-created-record"))
    moved = cell_of(notebook, "00-begin")
    cells.remove(moved)
    cells.insert(9, moved)
    cell_of(notebook, "08-wait")["cell_type"] = "raw"
    cell_of(notebook, "06-enable-loopcheck-record").update(cell_type="code", outputs=[], execution_count=None)
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    assert [line for line in done.text.splitlines() if line.startswith(("added", "missing", "moved", "altered"))] == [
        "added    'new' after 01-preflight-record",
        "moved    00-begin             filled in",
        "altered  06-enable-loopcheck-record",
        "altered  08-wait              filled in",
        "added    'stop' after rollback-record",
        "missing  04-create            filled in",
        "missing  05-verify-created-record",
    ]
    assert "ok       05-verify-created    NO RESULT: missing: Time (UTC), " in done.text


def test_empty_cells_that_jupyter_appends_are_no_addition(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    empty: Notebook = {"cell_type": "code", "metadata": {}, "source": " \n", "outputs": [], "execution_count": None}
    notebook["cells"].append({**empty, "id": "appended"})
    assert check(notebook, file, pack_folder).as_approved
    notebook["cells"].append({**empty, "id": "ran", "outputs": [{"output_type": "stream", "text": "x"}]})
    assert departures(check(notebook, file, pack_folder)) == {"ran": CellStatus.ADDED}


def test_what_jupyter_and_editors_add_to_a_notebook_is_no_change(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    notebook["metadata"]["language_info"] = {"name": "python"}
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "raw"}
        cell["source"] = "".join(cell["source"])
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook, indent=4).replace("\n", "\r\n").encode())
    evidence = check_evidence(file, pack_folder)
    assert (evidence.as_approved, evidence.complete) == (True, True)


def test_steps_without_a_result_are_named_with_what_is_missing(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "02-backup-record", "Exit code: 0", "Exit code:")
    put(notebook, "04-create-record", "".join(cell_of(notebook, "04-create-record")["source"]), "it went well")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    assert "ok       02-backup            NO RESULT: missing: Exit code\n" in done.text
    assert "04-create            NO RESULT: missing: Time (UTC), Carried out by, Exit code, Output\n" in done.text
    assert done.text.endswith("The text is as approved, but 2 steps have no result.\n")


def test_blank_runbook_has_no_results(pack_folder: Path) -> None:
    evidence = check_evidence(pack_folder / "runbook.ipynb", pack_folder)
    assert (evidence.as_approved, evidence.complete) == (True, False)
    assert [step.result for step in evidence.steps] == [
        Result.NOT_NEEDED if step.standby or step.optional else Result.INCOMPLETE for step in STEPS
    ]


def test_reason_why_a_step_was_not_done_is_a_result_and_is_shown(pack_folder: Path, file: Path) -> None:
    notebook = json.loads(PACK.files["runbook.ipynb"])
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("because: ", "because: CHG0012345 was\nwithdrawn")
    done = ask(notebook, file, pack_folder)
    assert done.code == 0
    assert done.text.count("not done, with a reason: not done, because: 'CHG0012345 was withdrawn'\n") == len(STEPS)


def test_stop_that_was_begun_needs_its_whole_record(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "stop-record", "Exit code: ", "Exit code: 0")
    step = check(notebook, file, pack_folder).steps[-2]
    assert (step.result, step.missing) == (Result.INCOMPLETE, ("Time (UTC)", "Carried out by", "Output"))


@pytest.mark.parametrize(("code", "remarks"), [("0", 0), ("1, then 0", 0), ("1", 1), ("none", 1), ("-1", 1), ("10", 1)])
def test_exit_code_that_is_not_0_is_pointed_out(code: str, remarks: int, pack_folder: Path, file: Path) -> None:
    evidence = check(filled_in(**{"Exit code": code}), file, pack_folder)
    assert evidence.complete
    assert len(evidence.steps[1].notes) == remarks


def test_step_whose_script_waits_has_not_failed_but_is_not_finished(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "09-enable-redirect-record", "Exit code: 0", "Exit code: 2")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    assert (
        "ok       09-enable-redirect   WAITING, not finished: exit code '2': it had to wait; run it again and record "
        "that run\n"
    ) in done.text
    assert "was expected" not in done.text
    assert done.text.endswith("The text is as approved, but 1 step is waiting and not finished.\n")


def test_step_that_waited_and_was_run_again_is_finished(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "09-enable-redirect-record", "Exit code: 0", "Exit code: 2, then 0")
    evidence = check(notebook, file, pack_folder)
    assert evidence.complete
    assert [step.notes for step in evidence.steps if step.notes] == []


def test_2_is_a_failure_where_a_script_does_not_wait(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "04-create-record", "Exit code: 0", "Exit code: 2")
    evidence = check(notebook, file, pack_folder)
    assert [step.notes for step in evidence.steps if step.notes] == [("exit code '2'; 0 was expected",)]


def test_rollback_that_waits_is_not_finished_and_optional_steps_may_be_left_out(pack_folder: Path, file: Path) -> None:
    notebook, blank = filled_in(), json.loads(PACK.files["runbook.ipynb"])
    cell_of(notebook, "07-audit-record")["source"] = cell_of(blank, "07-audit-record")["source"]
    put(notebook, "rollback-record", "Exit code: ", "Exit code: 2")
    evidence = check(notebook, file, pack_folder)
    results = {step.step: step.result for step in evidence.steps}
    assert (results["07-audit"], results["rollback"]) == (Result.NOT_NEEDED, Result.WAITING)
    assert not evidence.complete


def test_fingerprint_of_another_pack_in_the_record_is_not_as_approved(pack_folder: Path, file: Path) -> None:
    done = ask(filled_in(**{"Fingerprint that was approved": "0" * 64}), file, pack_folder)
    assert done.code == 1
    assert done.text.endswith("NOT as approved: the fingerprint in the record is not that of this pack.\n")


def test_output_that_looks_like_a_prompt_is_output(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "02-backup-record", "Next: go on.\n", "Not done, because: no\nExit code: 1\n")
    step = check(notebook, file, pack_folder).steps[2]
    assert (step.result, step.notes) == (Result.FILLED, ())


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


def test_runbook_of_another_pack_is_not_as_approved(valid_request: Request, tmp_path: Path, file: Path) -> None:
    other = build_request({**VALUES, "region": "us"}, needs=())
    write_pack(build_pack(build_change(other)), tmp_path / "other")
    assert other != valid_request
    evidence = check(filled_in(), file, tmp_path / "other")
    assert not evidence.as_approved
    assert departures(evidence)["04-create"] is CellStatus.ALTERED


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


# Names and reasons that others wrote must not draw lines of their own, or act on the terminal.
def test_report_shows_what_others_named_on_its_own_line(pack_folder: Path, file: Path) -> None:
    notebook = filled_in(**{"Exit code": "1\x1b[2J"})
    notebook["cells"].append({"id": "a\nAs approved\x1b[2J", "cell_type": "raw", "metadata": {}, "source": "\ud800"})
    put(notebook, "04-create", "Create", "Create\x1b[2J")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    assert "\x1b" not in done.text
    assert "\nAs approved" not in done.text


def test_report_is_told_as_json(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "04-create", "Create", "create")
    put(notebook, "02-backup-record", "Exit code: 0", "Exit code: ")
    done = ask(notebook, file, pack_folder, "--json")
    facts = json.loads(done.text)
    assert (done.code, facts["as_approved"], facts["complete"]) == (1, False, False)
    assert facts["fingerprint"] == PACK.fingerprint
    assert [cell for cell in facts["cells"] if cell["status"] != "ok"] == [{"name": "04-create", "status": "altered"}]
    step = next(step for step in facts["steps"] if step["step"] == "02-backup")
    assert (step["result"], step["missing"]) == ("no result", ["Exit code"])


class Page(HTMLParser):
    """What a browser would see of a page: its elements, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = (
    "</pre></code><script>alert(1)</script> <img src=x onerror=alert(2)> ```` ```\n```\n<iframe src=//x></iframe>\n"
    "$$\n<b>\n$$ \\begin{x}<svg onload=alert(3)>\\end{x} [a](javascript:alert(4)) {{ x }} ${body} \x1b[31m \ud800\n"
)


def test_page_stands_alone_and_shows_what_was_filled_in_as_text(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "02-backup-record", "Next: go on.\n", HOSTILE)
    put(notebook, "04-create", "## Step", f"{HOSTILE}## Step")
    notebook["cells"].append({"id": "<b>\n# x", "cell_type": "markdown", "metadata": {}, "source": HOSTILE})
    page_file = file.with_suffix(".html")
    done = ask(notebook, file, pack_folder, "--html", page_file)
    assert (done.code, done.err) == (1, f"Written: {page_file}\n")
    text = page_file.read_text(encoding="utf-8")
    page = Page(text[text.index("<body>") :])
    assert page.tags <= {
        *("body", "main", "div", "h1", "h2", "p", "strong", "code", "pre", "span", "ul", "ol", "li", "blockquote"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert page.attributes <= {"class", "id"}  # the ids are numbers of our own
    assert page.text.count("<script>alert(1)</script> <img src=x onerror=alert(2)> ```` ```") == 3
    assert page.text.count("<svg onload=alert(3)>") == 3
    assert "NOT as approved." in page.text
    assert all(word not in text for word in ('src="', "url(", "@import", "<link", "\x1b"))
    assert "default-src 'none'" in text


def test_page_is_the_same_again_and_replaces_no_file(pack_folder: Path, file: Path) -> None:
    first, second = file.with_name("1.html"), file.with_name("2.html")
    assert ask(filled_in(), file, pack_folder, "--html", first).code == 0
    assert ask(filled_in(), file, pack_folder, "--html", second).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert str(file.parent) not in first.read_text(encoding="utf-8")
    done = ask(filled_in(), file, pack_folder, "--html", first)
    assert (done.code, done.err) == (
        4,
        f"mm365: --html '{first}' is there already; choose another name, or remove it.\n",
    )


def test_page_needs_no_jupyter(pack_folder: Path, file: Path) -> None:
    file.write_text(json.dumps(filled_in()))
    jupyter = ("nbformat", "nbconvert", "jupyter_core", "IPython", "ipywidgets")
    without = f"import sys; sys.modules.update(dict.fromkeys({jupyter})); from mm365.cli.main import main; main()"
    command = [sys.executable, "-c", without, "evidence", str(file), "--pack", str(pack_folder)]
    command += ["--html", str(file.with_suffix(".html"))]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"Written: {file.with_suffix('.html')}\n")
    assert file.with_suffix(".html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_copy_in_the_state_folder_leaves_the_pack_intact(pack_folder: Path) -> None:
    (pack_folder / "state").mkdir()
    shutil.copy(pack_folder / "runbook.ipynb", pack_folder / "state")
    assert run("verify-pack", pack_folder).code == 0
