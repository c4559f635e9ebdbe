"""``mm365 notebook``: a copy that never replaces one, JupyterLab on it, and nothing of Jupyter for other commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mm365.cli.main import app
from mm365.errors import MissingExtraError, RootError
from mm365.notebook import shipped as notebooks
from mm365.notebook.shipped import (
    NOTEBOOKS,
    check_extra,
    check_user,
    jupyterlab_settings,
    notebook_file,
    start_jupyterlab,
)
from tests.commands import REQUEST, run, tree

JUPYTER = ("IPython", "ipykernel", "ipywidgets", "jupyterlab", "jupyter_client", "nbformat", "nbclient", "pygments")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_copied_to_the_working_folder(name: str, tmp_path: Path) -> None:
    done = run("notebook", name, "--no-start", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, b"", f"Copied: {name}.ipynb\n")
    assert tree(tmp_path) == {f"{name}.ipynb": notebook_file(name).read_bytes()}


def test_notebook_that_was_edited_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "walkthrough.ipynb").write_text("mine")
    done = run("notebook", "walkthrough", "--no-start", cwd=tmp_path)
    assert (done.code, done.err) == (0, "Left as it is: walkthrough.ipynb is there already.\n")
    assert tree(tmp_path) == {"walkthrough.ipynb": b"mine"}


def test_folder_of_that_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "review.ipynb").mkdir()
    done = run("notebook", "review", "--no-start", cwd=tmp_path)
    assert (done.code, len(done.lines)) == (4, 1)


def test_notebooks_are_listed(tmp_path: Path) -> None:
    done = run("notebook", "--list", cwd=tmp_path)
    assert (done.code, [line.split()[0] for line in done.text.splitlines()]) == (0, list(NOTEBOOKS))
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["../walkthrough"]])
def test_unknown_notebook_is_a_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    done = run("notebook", *arguments, cwd=tmp_path)
    assert (done.code, tree(tmp_path)) == (2, {})
    assert "walkthrough, review" in " ".join(done.err.replace("│", " ").split())


def test_without_the_extra_the_line_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "_NEEDS", ("ipywidgets_not_here", "jupyterlab_not_here"))
    with pytest.raises(MissingExtraError) as told:
        check_extra()
    assert str(told.value) == (
        f"ipywidgets_not_here and jupyterlab_not_here are not installed; {MissingExtraError.install} installs what is "
        "missing."
    )


def test_jupyterlab_is_started_on_the_notebook_with_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "jupyterlab.py"
    stand_in.write_text("import pathlib, sys; pathlib.Path('started').write_text(' '.join(sys.argv[1:])); sys.exit(7)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "work").mkdir()
    assert start_jupyterlab(tmp_path / "work" / "review.ipynb") == 7
    assert (tmp_path / "work" / "started").read_text() == "review.ipynb"
    start_jupyterlab(tmp_path / "work" / "review.ipynb", allow_root=True)
    assert (tmp_path / "work" / "started").read_text() == "review.ipynb --allow-root"


def test_root_is_told_what_to_do_before_anything_is_written_or_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    check_user(allow_root=False)
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    check_user(allow_root=True)
    with pytest.raises(RootError) as told:
        check_user(allow_root=False)
    assert (told.value.exit_code, str(told.value)) == (
        2,
        "JupyterLab refuses to run as root; run this as another user, or with --allow-root in a container or machine "
        "that only you use.",
    )


def test_root_gets_neither_a_copy_nor_a_jupyterlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(notebooks, "_NEEDS", ())
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["notebook", "review"])
    assert (type(done.exception), tree(tmp_path)) == (RootError, {})


def test_a_users_own_settings_folders_stay_before_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "of-the-user")
    mine, ours = jupyterlab_settings()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert mine == "of-the-user"
    assert (Path(ours) / "labconfig" / "default_setting_overrides.json").is_file()


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["regions"], ["pack", *REQUEST, "--output", "pack"], ["notebook", "review", "--no-start"]],
    ids=lambda arguments: arguments[0],
)
def test_commands_that_open_no_notebook_import_nothing_of_jupyter(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom mm365.cli.main import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {JUPYTER!r} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, *arguments]
    env = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"
