"""Fixtures that several subjects share."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from tests.browser.jupyterlab import CLOSED_NETWORK, find_chromium
from tests.commands import VALUES
from tests.exchange.engine import find_pwsh
from tests.shell import Shell, new_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# The same examples in every run, and no limit of time: a test says the same on every machine.
settings.register_profile("mm365", derandomize=True, deadline=None, database=None)
settings.load_profile("mm365")


NEEDS = {"pwsh": "powershell", "nbclient": "notebook", "chromium": "browser"}
"""What a test cannot run without, by the fixture that looks for it."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take such a fixture, and note in the results what each test needs.

    .ci/needed_tests_ran.py reads the notes: where CI is set, none of these tests may be skipped.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, need in NEEDS.items():
            if fixture in fixtures:
                item.add_marker(need)
            if item.get_closest_marker(need):
                item.user_properties.append(("needs", need))


@pytest.fixture(autouse=True)
def _what_the_test_needs(request: pytest.FixtureRequest) -> None:
    """Skip a test that is marked as needing what is not here, also if it takes no fixture that looks for it."""
    for fixture, need in NEEDS.items():
        if request.node.get_closest_marker(need):
            request.getfixturevalue(fixture)


@pytest.fixture
def request_values() -> dict[str, str]:
    """The texts of a request with nothing wrong in it; each test may change its own."""
    return dict(VALUES)


@pytest.fixture
def valid_request(request_values: dict[str, str]) -> Request:
    """That request, validated."""
    return build_request(request_values, needs=())


@pytest.fixture
def pack_folder(valid_request: Request, tmp_path: Path) -> Path:
    """A pack of that request, written."""
    folder = tmp_path / "pack"
    write_pack(build_pack(build_change(valid_request)), folder)
    return folder


@pytest.fixture(scope="session")
def pwsh() -> str:
    """Where PowerShell is. Without one the test is skipped; where CI is set, it fails."""
    found = find_pwsh()
    if found is None:
        reason = "no PowerShell: set MM365_PWSH or put pwsh on the PATH"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def shell(pwsh: str, valid_request: Request, tmp_path: Path) -> Shell:  # noqa: ARG001 - it decides whether there is one
    """An empty tenant, and a pack for it."""
    return new_shell(tmp_path, valid_request)


@pytest.fixture(scope="session")
def nbclient() -> None:
    """What runs a notebook. Without it the test is skipped; where CI is set, it fails."""
    missing = [module for module in ("ipykernel", "ipywidgets", "nbclient", "nbformat") if find_spec(module) is None]
    if missing:
        reason = f"not installed: {', '.join(missing)}; run: pip install -e '.[test]'"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


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
    """Chromium without a window. A process can have one Playwright only, so all tests share this one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be installed

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CLOSED_NETWORK)
        yield started
        started.close()
