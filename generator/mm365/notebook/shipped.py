"""The notebooks that come with mm365: where they are, a copy in the working folder, JupyterLab on it."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mm365.errors import MissingExtraError, OutputError, RootError
from mm365.pack.writing import write_file
from mm365.shipped import shipped_folder

NOTEBOOKS: Mapping[str, str] = {
    "walkthrough": "From the region to a finished pack, step by step, for the administrator.",
    "review": "A pack verified, explained, compared and signed, for the approver.",
    "loop": "What happens to a message under each loop guard, with rules of others to turn on and off.",
}
_NEEDS = ("ipywidgets", "jupyterlab")


def notebook_file(name: str) -> Path:
    """The notebook as it came with mm365: inside the package in a wheel, at top level in a checkout."""
    return shipped_folder("notebooks") / f"{name}.ipynb"


def copy_notebook(name: str, folder: Path) -> tuple[Path, bool]:
    """The notebook in ``folder``, and whether it was copied now: one that is there is left as it is.

    Raises OutputError.
    """
    target = folder / f"{name}.ipynb"
    if target.is_file():
        return target, False
    try:
        data = notebook_file(name).read_bytes()
    except OSError as error:
        raise OutputError(f"{name}.ipynb is missing: {error.strerror}", "install mm365 again") from error
    write_file(target, data, field="")
    return target, True


def check_extra() -> None:
    """Raise MissingExtraError where JupyterLab or the widgets are missing. Nothing is imported."""
    missing = [module for module in _NEEDS if importlib.util.find_spec(module) is None]
    if missing:
        raise MissingExtraError(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'}")


def check_user(*, allow_root: bool) -> None:
    """Raise RootError for root, whom JupyterLab refuses, unless that is allowed. Windows has no such user."""
    if not allow_root and hasattr(os, "geteuid") and os.geteuid() == 0:
        raise RootError


def jupyterlab_settings() -> Mapping[str, str]:
    """What to add to the environment so that JupyterLab does not begin by asking whether to fetch news.

    It names a folder with defaults for this start. Nothing is written, and a user's own settings go before it.
    """
    folders = [os.environ.get(_CONFIG_PATH, ""), str(shipped_folder("templates") / "notebook" / "jupyter")]
    return {_CONFIG_PATH: os.pathsep.join(filter(None, folders))}


_CONFIG_PATH = "JUPYTER_CONFIG_PATH"


def start_jupyterlab(notebook: Path, *, allow_root: bool = False) -> int:
    """Open the notebook in JupyterLab of this very Python, and wait for its end; its exit code."""
    command = [sys.executable, "-m", "jupyterlab", notebook.name, *(["--allow-root"] if allow_root else [])]
    with subprocess.Popen(command, cwd=notebook.parent, env={**os.environ, **jupyterlab_settings()}) as process:  # noqa: S603 - our own Python
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # JupyterLab got Ctrl-C as well, and asks whether to stop.
                continue
