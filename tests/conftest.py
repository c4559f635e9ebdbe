"""Fixtures that several subjects share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from tests.commands import VALUES
from tests.exchange.engine import find_pwsh
from tests.shell import Shell, new_shell

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
