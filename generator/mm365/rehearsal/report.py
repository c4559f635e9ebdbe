"""A rehearsal as a page of HTML that stands alone: no script, nothing from a network, no header ID."""

import re
from collections.abc import Iterator, Sequence
from string import Template

from mm365.display import masked
from mm365.integration.article import build_integration
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.elements import Html, Section, code, command, counted, el, joined, verdict
from mm365.rehearsal.rehearsal import BUSY, EMPTY, Result
from mm365.rehearsal.report_faults import broken, faults, promises
from mm365.rehearsal.report_way import ways
from mm365.rehearsal.summary import WAYS_IN_WORDS
from mm365.shipped import shipped_folder

_STARTS = {
    EMPTY: "an empty tenant, without connectors and rules",
    BUSY: "a busy tenant, with connectors and rules of others",
}


def render_report(done: Result) -> bytes:
    """The page."""
    comparison = Comparison(build_integration(done.request))
    parts = [promises(done), *ways(done.ways, comparison), faults(done), broken(done)]
    body = joined([_head(done), _contents(parts), *(part.html for part in parts)])
    title = joined([f"Rehearsal: {done.request.tenant}"])
    frame = (shipped_folder("templates") / "rehearsal-page.html").read_text(encoding="utf-8")
    page = Template(frame).substitute(title=title, body=body)
    return masked(page, done.request.header_id).encode("utf-8")


def _head(done: Result) -> Html:
    return el(
        "header",
        el("h1", f"Rehearsal of the change in {done.request.tenant}"),
        el("div", *_verdict(done), class_=f"verdict {'held' if done.held else 'not-held'}"),
        el("p", el("strong", "Nothing was connected, and no tenant was touched."), " The scripts of the change ran, "
           "unchanged, in a real PowerShell against an emulated Exchange Online. It acts as Microsoft documents it; "
           "what is not documented is assumed. A rehearsal does not replace the preflight in the tenant."),
        _facts(done),
    )  # fmt: skip


def _verdict(done: Result) -> Iterator[Html]:
    words = "Everything held." if done.held else "Not everything held."
    yield el("p", verdict(words, good=done.held), class_="words")
    stopped = next((through.stopped for through in done.ways if through.stopped), None)
    if stopped:
        yield el("p", "The change does not go through: ", command(stopped.stage.command), " stops.")
    elif all(through.held for through in done.ways):
        yield el("p", "The change goes through, and rollback brings back exactly what was there before.")
    else:
        yield el("p", "The change goes through, but a promise was broken on the way, with nothing going wrong.")
    if done.outcomes:
        held = len(done.outcomes) - len(done.broken)
        cases = counted(len(done.outcomes), "case")
        yield el("p", f"{cases} in which something goes wrong: {held} held, {len(done.broken)} broken.")
    else:
        yield el("p", "No faults were injected.")
    if not done.held:
        yield el("p", el("a", "See what broke", href="#broken"))


def _facts(done: Result) -> Html:
    items: list[tuple[str, str]] = [
        ("Tenant", done.request.tenant),
        ("Region", done.request.region.code),
        ("Loop guard", code(done.request.loop_guard.value)),
        ("Fingerprint of the pack", code(done.fingerprint)),
        ("Began with", _STARTS.get(done.options.tenant, f"the tenant as saved in {_base(done.options.tenant)}")),
        ("How the service acts", _behaviour(done)),
        ("Ways of running", "; ".join(WAYS_IN_WORDS[through.way] for through in done.ways)),
        ("PowerShell", code(_base(done.options.program))),
        ("Runs", f"{counted(done.runs, 'script')} run in {done.seconds:.1f} seconds, "
         f"{counted(len(done.outcomes), 'case')} with a fault"),
    ]  # fmt: skip
    if done.request.change:
        items.insert(0, ("Change", done.request.change))
    return el("dl", *(el("div", el("dt", name), el("dd", value)) for name, value in items))


def _behaviour(done: Result) -> Html:
    chosen = [code(f"{name}={value}") for name, value in done.options.behaviour.items()]
    parts = [part for item in chosen for part in (", ", item)][1:]
    return joined(parts or ["as documented; where that is open, as is most likely"])


def _base(path: str) -> str:
    """The name of a file, whichever system its path is of: the folders are nobody's business."""
    return re.split(r"[\\/]", path)[-1]


def _contents(parts: Sequence[Section]) -> Html:
    return el("nav", el("ul", *(el("li", part.link) for part in parts)), aria_label="On this page")
