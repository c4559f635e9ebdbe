"""A rehearsal as a page of HTML that stands alone: no script, nothing from a network, no header ID."""

import re
from collections.abc import Iterator, Sequence

from mm365 import __version__
from mm365.display import masked
from mm365.documents.html import render_html
from mm365.documents.words import capitalised
from mm365.rehearsal.assumptions import assumptions
from mm365.rehearsal.beginning import BUSY, EMPTY, SNAPSHOT
from mm365.rehearsal.calls import LOOKS
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report_cells import cells
from mm365.rehearsal.report_faults import broken_cases, broken_ways, matrix, promise_tables
from mm365.rehearsal.report_way import WayRow, WaySection, refused_sections, way_sections
from mm365.rehearsal.summary import WAYS_IN_WORDS, example_verdict
from mm365.rehearsal.timeline import ruler
from mm365.request.fields import UNUSABLE

_STARTS = {
    EMPTY: "an empty tenant, without connectors and rules",
    BUSY: "a busy tenant, with connectors and rules of others",
    SNAPSHOT: "the tenant as it was when the pack was planned",
}


def render_report(done: Result) -> bytes:
    """The page. The rehearsal must be complete."""
    comparison = Comparison(done.change.integration)
    ways, others = way_sections(done.ways, comparison)
    page = render_html(
        "rehearsal/report.html.j2",
        done=done,
        titles=dict(_titles(done, ways, others)),
        stopped=next((through.stopped.stage.command for through in done.ways if through.stopped), ""),
        example=tuple(text for text, _ in example_verdict(done)),
        unusable=UNUSABLE,
        refused=refused_sections(done.refused, comparison),
        went_through=all(through.held for through in done.ways),
        began_with=_STARTS.get(done.options.tenant, f"the tenant as saved in {_base(done.options.tenant)}"),
        when=f"{done.begun:%Y-%m-%d %H:%M} UTC",
        version=__version__,
        assumed=tuple(assumptions(done.options.behaviour)),
        ways_in_words=tuple(WAYS_IN_WORDS[through.way] for through in done.ways),
        program=_base(done.options.program),
        seconds=f"{done.seconds:.1f}",
        held_cases=len(done.outcomes) - len(done.broken),
        promises=promise_tables(done),
        labels=tuple(capitalised(item.label) for item in comparison.integration.objects),
        looks=tuple(LOOKS.items()),
        ruler=ruler(),
        ways=ways,
        others=others,
        matrix=matrix(done),
        cells=cells(done),
        broken_ways=broken_ways(done),
        broken_cases=broken_cases(done),
    )
    return masked(page, done.request.header_id).encode("utf-8")


def _titles(done: Result, ways: Sequence[WaySection], others: Sequence[WayRow]) -> Iterator[tuple[str, str]]:
    """The titles of the page's sections, by the keys to which links lead."""
    if done.broke:
        yield "broken", "What broke"
    yield "promises", "The four promises"
    if done.refused:
        yield "refused", "What the example refuses"
    yield from ((f"way-{way.key}", f"The way through, {way.words}") for way in ways)
    if others:
        yield "other-ways", "The other ways of running the scripts"
    yield "faults", "Faults"
    yield "assumed", "What the emulator assumes"


def _base(path: str) -> str:
    """The name of a file, on whichever system it is. The folders are left out: they may name people."""
    return re.split(r"[\\/]", path)[-1]
