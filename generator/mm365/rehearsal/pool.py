"""Open shells that wait for their next run: a shell that has run a script once runs it many times faster."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mm365.rehearsal.shells import OpenShell, Way


class Pool:
    """Shells of one PowerShell, by the way in which they run scripts. Usable from several threads.

    When ``stop`` is set, what runs in them is given up.
    """

    def __init__(self, program: str, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self._program = program
        self._idle: list[OpenShell] = []
        self._lock = threading.Lock()

    @contextmanager
    def shell(self, way: Way) -> Iterator[OpenShell]:
        """A shell for this way, nobody else's for as long as it is needed."""
        shell = self._take(way)
        try:
            yield shell
        finally:
            with self._lock:
                self._idle.append(shell)

    def close(self) -> None:
        """End all shells that wait."""
        with self._lock:
            shells, self._idle = self._idle, []
        for shell in shells:
            shell.discard()

    def _take(self, way: Way) -> OpenShell:
        with self._lock:
            for shell in self._idle:
                if shell.way == way:
                    self._idle.remove(shell)
                    return shell
        return OpenShell(self._program, way, self.stop)
