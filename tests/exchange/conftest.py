"""The fixture that all tests of the emulator share."""

from pathlib import Path

import pytest

from tests.exchange.running import Exchange, Runner


@pytest.fixture
def exchange(pwsh: str, tmp_path: Path) -> Exchange:
    """Runs the text of a script against a tenant."""
    return Runner(pwsh=pwsh, folder=tmp_path)
