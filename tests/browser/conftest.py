"""A browser, or the reason why there is none."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mm365.notebook.shipped import copy_notebook
from tests.browser.jupyterlab import CLOSED_NETWORK, Server, find_chromium, jupyterlab

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where chromium is. Without one the test is skipped; where CI is set, it fails."""
    missing = [module for module in ("jupyterlab", "ipywidgets", "playwright") if find_spec(module) is None]
    found = find_chromium()
    if found and not missing:
        return found
    reason = f"not installed: {', '.join(missing)}" if missing else "no chromium on the PATH"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium: str) -> "Iterator[Browser]":
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be installed

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CLOSED_NETWORK)
        yield started
        started.close()


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
