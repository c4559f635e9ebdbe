"""How far a rehearsal is, for those who wait for it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a rehearsal is: of ``total`` runs, ``done``; ``text`` says what was just done.

    The way through comes first, then the ``faults``; both count from one.
    """

    done: int
    total: int
    text: str
    broken: int = 0
    faults: bool = False


Tell = Callable[[Progress], object]
