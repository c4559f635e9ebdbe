"""What was altered, added, moved or left out in a runbook is found and named; what Jupyter does by itself is not."""

import copy
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mm365.evidence.cells import CellStatus
from mm365.evidence.evidence import Verdict, check_evidence
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES
from tests.evidence.filled import Notebook, ask, cell_of, check, departures, filled_in, put


def test_one_character_that_was_altered_in_a_step_is_found_and_shown(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "09-enable-redirect", "-Stage Redirect\n", "-Stage Redir\u0435ct\n")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    lines = done.text.splitlines()
    assert lines[0] == "altered  09-enable-redirect"
    assert lines[1].endswith("approved: './scripts/50-enable.ps1 -Stage Redirect'")
    assert lines[2].endswith("found:    './scripts/50-enable.ps1 -Stage Redir\\u0435ct'")
    assert lines[-1] == "Verdict      failed. It is NOT as approved."


APPROVED = [
    (cell["id"], "".join(cell["source"])) for cell in filled_in()["cells"] if not cell["id"].endswith("-record")
]


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
    assert departures(check(notebook, place)) == {name: CellStatus.ALTERED}


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
        "moved    00-begin",
        "altered  06-enable-loopcheck-record",
        "altered  08-wait",
        "added    'stop' after rollback-record",
        "missing  04-create",
        "missing  05-verify-created-record",
    ]
    assert "Step 5 of 11: Verify: all is there, the rules off: INCOMPLETE\n  - is not filled in\n" in done.text


def test_empty_cells_that_jupyter_appends_are_no_addition(place: Path) -> None:
    notebook = filled_in()
    empty: Notebook = {"cell_type": "code", "metadata": {}, "source": " \n", "outputs": [], "execution_count": None}
    notebook["cells"].append({**empty, "id": "appended"})
    assert check(notebook, place).as_approved
    notebook["cells"].append({**empty, "id": "ran", "outputs": [{"output_type": "stream", "text": "x"}]})
    assert departures(check(notebook, place)) == {"ran": CellStatus.ADDED}


def test_what_jupyter_and_editors_add_to_a_notebook_is_no_change(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    notebook["metadata"]["language_info"] = {"name": "python"}
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "raw"}
        cell["source"] = "".join(cell["source"])
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook, indent=4).replace("\n", "\r\n").encode())
    evidence = check_evidence(file, pack_folder)
    assert evidence.verdict is Verdict.SUCCEEDED


def test_runbook_of_another_pack_is_not_as_approved(tmp_path: Path) -> None:
    other = build_request({**VALUES, "region": "us"}, needs=())
    write_pack(build_pack(build_change(other)), tmp_path / "pack")
    evidence = check(filled_in(), tmp_path)
    assert evidence.verdict is Verdict.FAILED
    assert departures(evidence)["04-create"] is CellStatus.ALTERED


def test_altered_text_is_never_a_success_and_is_told_as_json(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "04-create", "Create", "create")
    done = ask(notebook, file, pack_folder, "--json")
    facts = json.loads(done.text)
    assert (done.code, facts["verdict"], facts["as_approved"]) == (1, "failed", False)
    assert [cell for cell in facts["cells"] if cell["status"] != "ok"] == [{"name": "04-create", "status": "altered"}]


# Names and reasons that others wrote must not draw lines of their own, or act on the terminal.
def test_report_shows_what_others_named_on_its_own_line(pack_folder: Path, file: Path) -> None:
    notebook = filled_in(**{"Exit code": "1\x1b[2J", "Output": "STOPPED \x1b[2J"})
    notebook["cells"].append({"id": "a\nAs approved\x1b[2J", "cell_type": "raw", "metadata": {}, "source": "\ud800"})
    put(notebook, "04-create", "Create", "Create\x1b[2J")
    done = ask(notebook, file, pack_folder)
    assert done.code == 1
    assert "\x1b" not in done.text
    assert "\nAs approved" not in done.text
