"""JupyterLab on both notebooks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mm365.notebook.shipped import copy_notebook
from tests.browser.jupyterlab import Server, jupyterlab


@pytest.fixture
def server(chromium: str, tmp_path: Path) -> Iterator[Server]:  # noqa: ARG001 - it decides whether there is a test
    """JupyterLab on a folder with both notebooks."""
    folder, settings = tmp_path / "work", tmp_path / "settings"
    folder.mkdir()
    settings.mkdir()
    for name in ("walkthrough", "review"):
        copy_notebook(name, folder)
    with jupyterlab(folder, settings) as started:
        yield started
