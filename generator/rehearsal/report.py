"""A rehearsal as a page of HTML."""

from generator.rehearsal.rehearse import Rehearsed


def render_report(done: Rehearsed) -> bytes:
    """The page."""
    raise NotImplementedError
