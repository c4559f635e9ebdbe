"""Fixtures for running scripts."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.shell import Shell

NewShell = Callable[..., Shell]


@pytest.fixture
def shells(pwsh: str, valid_request: Request, tmp_path: Path) -> NewShell:  # noqa: ARG001 - it decides whether there is one
    """A function that gives a tenant of its own at each call; all share one pack."""
    pack = tmp_path / "pack"
    write_pack(build_pack(build_change(valid_request)), pack)
    numbers = count()

    def new(tenant: Tenant | None = None) -> Shell:
        folder = tmp_path / f"tenant-{next(numbers)}"
        folder.mkdir()
        shell = Shell(pack=pack, folder=folder)
        shell.tenant = tenant if tenant is not None else empty_tenant()
        return shell

    return new
