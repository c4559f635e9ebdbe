"""Fixtures for the tests of evidence."""

from pathlib import Path

import pytest

from mm365.pack.writing import write_pack
from tests.evidence.filled import PACK


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pack, for tests that check many notebooks against it."""
    folder = tmp_path_factory.mktemp("place")
    write_pack(PACK, folder / "pack")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a filled-in runbook can be written."""
    return tmp_path / "filled.ipynb"
