"""JupyterLab on notebooks, a pack and a snapshot: one for all tests."""

import json
from collections.abc import Iterator

import pytest

from mm365.notebook.shipped import copy_notebook
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.browser.jupyterlab import Server, jupyterlab
from tests.commands import VALUES
from tests.exports import backup, ours, tenant_with


@pytest.fixture(scope="session")
def server(
    chromium: str,  # noqa: ARG001 - it decides whether there is a test
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """JupyterLab on a folder with both notebooks, a pack (their values, but another header ID) and a snapshot."""
    folder, settings = (tmp_path_factory.mktemp(name) for name in ("work", "settings"))
    for name in ("walkthrough", "review"):
        copy_notebook(name, folder)
    (folder / "tenant.json").write_text(json.dumps(backup(tenant_with(*ours(rules_on=False).values()))))
    (folder / "output").mkdir()
    pack = build_pack(build_change(build_request(VALUES, needs=())))
    write_pack(pack, folder / "output" / "contoso.onmicrosoft.com-eu")
    with jupyterlab(folder, settings) as started:
        yield started
