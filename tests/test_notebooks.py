"""The notebooks: valid, stripped, without logic or traces of a machine, and runnable from a clean kernel."""

import ast
import json
import re
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mm365.notebook import build
from mm365.notebook.shipped import NOTEBOOKS, notebook_file
from mm365.pack.contents import build_pack
from mm365.request.fields import HEADER_ID
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.commands import CHECKOUT


def cells(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook_file(name).read_bytes())["cells"]
    return found


def test_notebooks_are_those_that_are_made_and_no_other() -> None:
    assert build.differing() == [], "run: python -m mm365.notebook.build, and read the diff with git"
    assert sorted(path.stem for path in (CHECKOUT / "notebooks").glob("*.ipynb")) == sorted(NOTEBOOKS)


def test_notebook_that_differs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NOTEBOOKS:
        (tmp_path / f"{name}.ipynb").write_bytes(notebook_file(name).read_bytes())
    monkeypatch.setattr(build, "notebook_file", lambda name: tmp_path / f"{name}.ipynb")
    changed = next(iter(NOTEBOOKS))
    (tmp_path / f"{changed}.ipynb").write_bytes(b"{}")
    assert build.differing() == [changed]


@pytest.mark.parametrize(("arguments", "code"), [(["--check"], 0), (["--bogus"], 2)])
def test_command_that_the_message_names_is_there(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "mm365.notebook.build", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_outputs_are_stripped_and_ids_say_what_a_cell_is(name: str) -> None:
    ids = [cell["id"] for cell in cells(name)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(rf"{name}-[a-z-]+", id_) for id_ in ids)
    for cell in cells(name):
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_code_cells_call_one_function_each(name: str) -> None:
    for cell in cells(name):
        if cell["cell_type"] == "code":
            calls = [node for node in ast.walk(ast.parse("".join(cell["source"]))) if isinstance(node, ast.Call)]
            assert len(calls) == 1
            assert len(cell["source"]) <= 3


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_trace_of_a_machine_and_no_whole_header_id(name: str) -> None:
    text = notebook_file(name).read_text(encoding="utf-8")
    for trace in (str(CHECKOUT), str(Path.home()) + "/", "/home/", "/Users/", "C:\\\\Users", HEADER_ID.example):
        assert trace not in text


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_step_has_text_before_its_code(name: str) -> None:
    kinds = [cell["cell_type"] for cell in cells(name)]
    assert kinds[0] == kinds[-1] == "markdown"
    assert ("code", "code") not in pairwise(kinds)


@pytest.mark.notebook
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_valid(name: str) -> None:
    import nbformat  # noqa: PLC0415 - it may not be installed

    text = notebook_file(name).read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, as_version=4))


@pytest.mark.notebook
@pytest.mark.xdist_group("kernel")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_works_from_a_clean_kernel_and_writes_nothing(name: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Jupyter's own
        import nbformat  # noqa: PLC0415 - it may not be installed
        from nbclient import NotebookClient  # noqa: PLC0415

        text = notebook_file(name).read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert shown[0] == []
    assert all("application/vnd.jupyter.widget-view+json" in outputs[0]["data"] for outputs in shown[1:])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.notebook
@pytest.mark.xdist_group("kernel")
def test_a_runbook_can_be_run_and_stays_as_it_is(valid_request: Request, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Jupyter's own
        import nbformat  # noqa: PLC0415 - it may not be installed
        from nbclient import NotebookClient  # noqa: PLC0415

        text = build_pack(build_change(valid_request)).files["runbook.ipynb"].decode()
        notebook = nbformat.reads(text, as_version=4)
        NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
        approved = nbformat.reads(text, as_version=4)
    assert [(cell.id, cell.source) for cell in notebook.cells] == [(cell.id, cell.source) for cell in approved.cells]
