"""How far a rehearsal is, for those who wait for it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a rehearsal is: ``done`` of ``total``, ``broken`` of them, and in ``text`` what was just done.

    The way through comes first and counts its stages. The ``faults`` come after it and count their cases.
    """

    done: int
    total: int
    text: str
    broken: int = 0
    faults: bool = False


Tell = Callable[[Progress], object]
