"""The runbook in a pack: a valid notebook, made without Jupyter, that says nothing of the scripts that is not so."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.documents import markdown
from mm365.pack.contents import build_pack
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts import library
from mm365.scripts.change import build_change
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.paste_form import PASTE_FORMS
from tests.commands import CHECKOUT, HEADER_ID, VALUES

Cells = list[dict[str, Any]]


def cells_of(request: Request) -> Cells:
    cells: Cells = json.loads(build_pack(build_change(request)).files["runbook.ipynb"])["cells"]
    return cells


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@pytest.fixture
def cells(valid_request: Request) -> Cells:
    return cells_of(valid_request)


@pytest.fixture
def steps(valid_request: Request) -> tuple[OperatorStep, ...]:
    return build_change(valid_request).procedure


@pytest.mark.parametrize("guard", list(LoopGuard))
def test_runbook_is_a_valid_notebook_and_is_as_jupyter_would_save_it(guard: LoopGuard) -> None:
    request = build_request({**VALUES, "loop_guard": guard.value}, needs=())
    text = build_pack(build_change(request)).files["runbook.ipynb"].decode("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook, relax_add_props=False)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert nbformat.writes(notebook) + "\n" == text


def test_names_of_the_cells_are_unique_and_say_the_step(cells: Cells) -> None:
    names = [cell["id"] for cell in cells]
    assert len(set(names)) == len(names)
    assert names[:3] == ["runbook", "00-begin", "00-begin-record"]
    assert names[-4:] == ["stop", "stop-record", "rollback", "rollback-record"]


def test_runbook_is_in_the_manifest(valid_request: Request) -> None:
    manifest = json.loads(build_pack(build_change(valid_request)).files["manifest.json"])
    assert "runbook.ipynb" in {entry["path"] for entry in manifest["files"]}


def test_making_a_pack_imports_nothing_of_jupyter(tmp_path: Path) -> None:
    making = (
        "import json, pathlib, sys\n"
        "from mm365.cli.main import app\n"
        f"arguments = ['pack', '--output', {str(tmp_path / 'pack')!r}]\n"
        f"for name, value in {VALUES!r}.items(): arguments += ['--' + name.replace('_', '-'), value]\n"
        "app(arguments, standalone_mode=False)\n"
        "heavy = ('nbformat', 'nbconvert', 'jupyter', 'traitlets', 'jsonschema', 'IPython', 'bleach')\n"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith(heavy)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", making], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "pack" / "runbook.ipynb").is_file()


def test_steps_stand_in_the_order_in_which_they_are_done(steps: tuple[OperatorStep, ...]) -> None:
    """A script that is added may stand between them."""
    known = [
        *("begin", "preflight", "backup", "simulate", "create", "verify-created"),
        *("enable-loopcheck", "audit", "wait", "enable-redirect", "verify-enabled", "trace", "stop", "rollback"),
    ]
    assert [step.key for step in steps if step.key in known] == known


def test_every_step_says_who_when_and_what_to_do_if_it_fails(cells: Cells, steps: tuple[OperatorStep, ...]) -> None:
    for step, text in zip(steps, map(source, cells[1::2]), strict=True):
        assert f"**When:** {step.when}. **Who:** {step.who}." in text
        assert f"**If not,** {markdown.escape(step.if_not)}" in text
        assert all(line in text for line in step.last_lines)


def test_emergency_stands_once_at_the_top_and_short_from_the_step_on_where_it_can_happen(cells: Cells) -> None:
    head, *texts = [source(cell) for cell in cells if cell["metadata"]["mm365"]["role"] == "approved"]
    box = head[head.index("> **Emergency") : head.index("| Change |")]
    assert head.index("> **Emergency") < head.index("##")
    assert "It can happen from step 9 on." in box
    for way in ("60-stop.ps1", "paste/08-stop.txt", "Exchange admin center", "Integrated Redirect", "70-rollback.ps1"):
        assert way in box
    short = "> **Mail loops, bounces or stops?** Run `./scripts/60-stop.ps1` at once."
    assert [number for number, text in enumerate(texts) if short in text] == [9, 10, 11]


def test_record_says_how_times_and_exit_codes_are_written(cells: Cells) -> None:
    for record in cells[2::2]:
        assert "Write times in UTC as 2026-12-01 14:30, or 2026-12-01 14:30 to 15:10." in source(record)
        asked = "Exit code" in record["metadata"]["mm365"]["prompts"]
        assert ("write the exit code of each, in order, as 1, 0." in source(record)) is asked


def test_runbook_has_no_html_and_no_cell_that_only_jupyterlab_shows(cells: Cells) -> None:
    for cell in cells:
        assert cell["cell_type"] == "markdown"
        assert not re.search(r"<[a-z/]", re.sub(r"```.*?```|`[^`\n]*`", "", source(cell), flags=re.DOTALL))


def test_every_step_with_a_script_has_its_command_its_paste_forms_and_their_sums(
    valid_request: Request, steps: tuple[OperatorStep, ...]
) -> None:
    pack = build_pack(build_change(valid_request))
    sums = {entry["path"]: entry["sha256"] for entry in json.loads(pack.files["manifest.json"])["files"]}
    by_name = {cell["id"]: source(cell) for cell in cells_of(valid_request)}
    for number, step in enumerate(steps):
        text = by_name[step.key if step.standby else f"{number:02}-{step.key}"]
        if step.script:
            assert f"```powershell\n{step.command}\n```" in text
            paths = [step.script.path, library.PATH, *(form.path for form in step.forms)]
            assert "```text\n" + "\n".join(f"{sums[path]}  {path}" for path in paths) + "\n```" in text
            assert ("There is no paste form for this step." in text) is (not step.forms)
            assert [path for path in sums if path.startswith("paste/") and f"`{path}`" in text] == paths[2:]


def test_every_paste_form_stands_in_a_step(steps: tuple[OperatorStep, ...]) -> None:
    assert {form.name for step in steps for form in step.forms} == set(PASTE_FORMS)


def test_lines_that_are_to_be_set_are_in_the_paste_forms(
    valid_request: Request, steps: tuple[OperatorStep, ...]
) -> None:
    files = build_pack(build_change(valid_request)).files
    for step in steps:
        for form in step.forms:
            text = files[form.path].decode("ascii")
            assert all(f"    ${name} = " in text for name in form.variables)


def test_waiting_is_told_where_a_script_may_wait_and_nowhere_else(
    cells: Cells, steps: tuple[OperatorStep, ...]
) -> None:
    assert [step.key for step in steps if step.waiting] == ["enable-redirect", "rollback"]
    for text, record in zip(cells[1::2], cells[2::2], strict=True):
        waits = record["metadata"]["mm365"]["waiting"]
        assert ("**Exit code 2** is not a failure" in source(text)) is waits, text["id"]


def test_simulation_is_told_as_a_simulation(cells: Cells) -> None:
    [text] = [source(cell) for cell in cells if cell["id"] == "03-simulate"]
    assert "A simulation: shows what would be created; changes nothing and saves nothing." in text
    assert "take it back" not in text.split("> **Stop:**")[0]


def test_rollback_says_what_comes_between_its_two_forms(cells: Cells) -> None:
    [text] = [source(cell) for cell in cells if cell["id"] == "rollback"]
    first, second = "1. `paste/09-rollback-rules.txt`\n", "2. `paste/10-rollback-connectors.txt`: wait 25 hours"
    assert text.index(first) < text.index(second)
    assert "RedirectOffSince in the first lines" in text


def test_every_step_has_a_record_below_it_in_which_everything_shows_as_text(cells: Cells) -> None:
    for text, record in zip(cells[1::2], cells[2::2], strict=True):
        assert source(record).startswith("````text\nRECORD - ")
        assert source(record).endswith("\n````")
        assert record["id"] == f"{text['id']}-record"
        assert record["metadata"]["mm365"]["role"] == "record"
        assert "Time (UTC): \nCarried out by: \n" in source(record)


def test_what_was_approved_is_locked_in_jupyter_and_records_are_not(cells: Cells) -> None:
    for cell in cells:
        assert cell["metadata"].get("editable", True) is (cell["metadata"]["mm365"]["role"] == "record")
        assert cell["metadata"]["deletable"] is False


def test_header_id_is_not_in_the_runbook(valid_request: Request) -> None:
    assert HEADER_ID.encode() not in build_pack(build_change(valid_request)).files["runbook.ipynb"]


HOSTILE = "<script>x</script> `a` **b** [c](http://d) | $e$ \\(f\\) \\[g\\] ~~h~~ &amp; ![i](j) {{ k }}"


def test_what_a_person_typed_is_no_markdown_no_html_and_no_mathematics() -> None:
    head = source(cells_of(build_request({**VALUES, "change": HOSTILE}, needs=()))[0])
    line = next(line for line in head.splitlines() if line.startswith("| Change |"))
    assert line == (
        "| Change | \\<script\\>x\\</script\\> \\`a\\` \\*\\*b\\*\\* \\[c\\](http://d) \\| &#36;e&#36; &#92;(f&#92;) "
        "&#92;\\[g&#92;\\] \\~\\~h\\~\\~ \\&amp; !\\[i\\](j) {{ k }} |"
    )


@given(st.text(alphabet=st.sampled_from("`~\n\r\t x<\u2028\u202e\x1b\ud800"), max_size=40))
def test_block_ends_where_it_should(text: str) -> None:
    first, *inside, last = str(markdown.block(text)).split("\n")
    assert first == f"{last}text"
    assert set(last) == {"`"}
    assert all(last not in line for line in inside)
    assert all(character not in "".join(inside) for character in "\u2028\u202e\x1b\ud800")
