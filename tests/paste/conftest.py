"""The fixture that all tests of the paste forms share."""

from pathlib import Path

import pytest

from mm365.emulator.tenants import empty_tenant
from tests.paste.running import Exchange


@pytest.fixture
def exchange(pwsh: str, tmp_path: Path) -> Exchange:  # noqa: ARG001 - it decides whether there is one
    """An empty tenant, and the paste forms of a pack for it."""
    made = Exchange(folder=tmp_path)
    made.tenant = empty_tenant()
    return made
