"""JupyterLab on a folder, and Debian's chromium on JupyterLab."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mm365.notebook.shipped import jupyterlab_settings

TOKEN = "of-this-test"  # noqa: S105 - of a server that lives as long as one test, on this machine only
CLOSED_NETWORK = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running JupyterLab."""

    address: str
    folder: Path

    def page(self, name: str) -> str:
        """The address of a notebook, in the view without side bars and in a workspace of its own."""
        return f"{self.address}/lab/workspaces/{name}/tree/{name}.ipynb?token={TOKEN}&reset"

    def default(self, plugin: str, setting: str) -> object:
        """The value that a setting of JupyterLab has where the user has none."""
        page = f"{self.address}/lab/api/settings/{plugin}?token={TOKEN}"
        with urllib.request.urlopen(page, timeout=60) as answer:  # noqa: S310 - our own server
            found: object = json.load(answer)["schema"]["properties"][setting]["default"]
        return found


def find_chromium() -> str | None:
    """Where chromium is, or None."""
    return next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@contextlib.contextmanager
def jupyterlab(folder: Path, settings: Path) -> Iterator[Server]:
    """JupyterLab on ``folder`` at a free port; it keeps what it notes in ``settings``."""
    port = _free_port()
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    env = {name: str(settings / name.lower()) for name in (*places, "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    env |= jupyterlab_settings()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
        "--expose-app-in-browser",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with (
        (settings / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, **env}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_for(port, process, settings / "log")
            yield Server(address=f"http://127.0.0.1:{port}", folder=folder)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))
