"""PowerShell processes that are kept open: one that has run a script before runs it many times faster."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mm365.rehearsal.shells import OpenShell, ShellFacts, Way


class Pool:
    """Open shells of one PowerShell program, each for one way of running scripts. Several threads can use it.

    When ``stop`` is set, the scripts that run in the shells are given up. ``facts`` is what a shell said about itself;
    None until one was used.
    """

    def __init__(self, program: str, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self.facts: ShellFacts | None = None
        self._program = program
        self._idle: list[OpenShell] = []
        self._lock = threading.Lock()

    @contextmanager
    def shell(self, way: Way) -> Iterator[OpenShell]:
        """A shell for this way of running scripts, which nobody else uses meanwhile."""
        shell = self._take(way)
        try:
            yield shell
        finally:
            with self._lock:
                self.facts = self.facts or shell.facts
                self._idle.append(shell)

    def close(self) -> None:
        """End all shells that are not in use."""
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
