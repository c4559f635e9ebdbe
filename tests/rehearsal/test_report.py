"""A rehearsal as a page: what it says, that it is safe to open, and how it looks in a browser."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mm365.display import masked
from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import Tenant, add_rule, transport_rule
from mm365.exchange.kinds import Kind
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.calls import LOOKS, look_of
from mm365.rehearsal.faults import ChosenFault
from mm365.rehearsal.outcomes import RunThrough
from mm365.rehearsal.promises import Breach, Promise, promised
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.rehearsal.report import render_report
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from mm365.snapshot.formats import BACKUP_FORMAT
from tests.commands import HEADER_ID, VALUES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from mm365.rehearsal.shells import Way

# The rehearsal is made once, and so is the browser started once.
pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("report")]

HOSTILE = "<img src=x onerror=alert(1)>"
FAULTS = (
    ChosenFault(stage="", cmdlet="Enable-TransportRule", nth=1, kind="lost"),
    ChosenFault(stage="backup", cmdlet="Get-TransportRule", nth=1, kind="error"),
)
VOID = {"meta"}


@dataclass
class Found(HTMLParser):
    """The elements of a page and its texts, and what is not balanced."""

    open: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> on line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def words(self, *, of: str = "") -> str:
        """The text that one reads, or that of one kind of element."""
        return " ".join(text for tag, text in self.texts if tag != "style" and (not of or tag == of))


def read(page: bytes) -> Found:
    found = Found()
    found.feed(page.decode("utf-8"))
    found.close()
    return found


def backup_with_a_hostile_name(request: Request) -> dict[str, Any]:
    tenant: Tenant = busy_tenant(request.tenant, accepted_domains=())
    add_rule(tenant, transport_rule(HOSTILE, StopRuleProcessing=True))
    owner = {"format": BACKUP_FORMAT, "tenant": request.tenant, "tenantId": tenant["connections"][0]["TenantID"]}
    return owner | {kind.plural: tenant[kind.plural] for kind in Kind}


@pytest.fixture(scope="module")
def done(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A rehearsal of scripts and forms with a few faults, in which nothing broke; as if there had been a third way."""
    folder = tmp_path_factory.mktemp("report")
    request = build_request(VALUES, needs=())
    write_pack(build_pack(build_change(request)), folder / "pack")
    saved = folder / "backup-of-today.json"
    saved.write_text(json.dumps(backup_with_a_hostile_name(request)))
    ways: tuple[Way, ...] = ("call", "paste")
    made = rehearse(Options(pack=folder / "pack", program=pwsh, ways=ways, tenant=str(saved), chosen=FAULTS))
    assert made.held
    called, pasted = made.ways
    return replace(made, ways=(called, replace(called, way="file"), pasted))


@pytest.fixture(scope="module")
def broken(done: Result) -> Result:
    """The same with two cases and one way that broke promises."""
    outcomes = list(done.outcomes)
    outcomes[0] = replace(outcomes[0], breaches=(Breach(promise=Promise.MAIL, text=f"'{HOSTILE}' lets mail loop"),))
    outcomes[-1] = replace(outcomes[-1], breaches=(Breach(promise=Promise.TRUTH, text=f"it says {HEADER_ID.upper()}"),))
    return replace(done, outcomes=tuple(outcomes), ways=(done.ways[0], ended_badly(done.ways[1]), done.ways[2]))


def ended_badly(through: RunThrough) -> RunThrough:
    stages = list(through.stages)
    stages[6] = replace(
        stages[6], ended=replace(stages[6].ended, exit_code=None, output=f"STOP {HOSTILE}\x1b[2J\u202e")
    )
    return replace(through, stages=tuple(stages), returned=(Breach(promise=Promise.RETURN, text="a rule is left"),))


@pytest.fixture(scope="module", params=["held", "broken", "without faults"])
def page(request: pytest.FixtureRequest, done: Result, broken: Result) -> bytes:
    shown = {"held": done, "broken": broken, "without faults": replace(done, outcomes=(), ways=done.ways[:1])}
    return render_report(shown[request.param])


def test_every_element_is_closed_where_it_was_opened(page: bytes) -> None:
    found = read(page)
    assert (found.wrong, found.open) == ([], [])


def test_nothing_in_it_can_run_or_reach_out(page: bytes) -> None:
    found = read(page)
    tags = {tag for tag, _ in found.elements}
    assert tags.isdisjoint({"script", "img", "iframe", "link", "object", "embed", "form", "base", "use"})
    names = {name for _, attributes in found.elements for name in attributes}
    assert [name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "xlink:href"}] == []
    assert not re.search(r"url\(|@import", page.decode())
    policy = next(attributes["content"] for _, attributes in found.elements if "http-equiv" in attributes)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_links_lead_to_places_on_the_page(page: bytes) -> None:
    elements = read(page).elements
    ids = Counter(attributes["id"] for _, attributes in elements if "id" in attributes)
    named = [attributes[name] for _, attributes in elements for name in ("aria-labelledby",) if name in attributes]
    assert max(ids.values()) == 1
    assert [name for names in named for name in names.split() if name not in ids] == []
    assert [link for tag, a in elements if tag == "a" and not ids[(link := a["href"]).removeprefix("#")]] == []


def test_those_who_hear_it_are_led_through(page: bytes) -> None:
    found = read(page)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [a for tag, a in found.elements if tag == "th" and a.get("scope") not in {"row", "col"}] == []
    assert [a for _, a in found.elements if a.get("role") == "region" and not (a["tabindex"] and a["aria-label"])] == []
    pictures = [a for tag, a in found.elements if tag == "svg" and "aria-hidden" not in a]
    assert [a for a in pictures if a.get("role") != "img" or "aria-labelledby" not in a] == []


def test_the_header_id_is_not_in_it(page: bytes) -> None:
    text = page.decode().lower()
    assert HEADER_ID not in text
    assert HEADER_ID.replace("-", "") not in text
    assert build_request(VALUES, needs=()).masked_header_id in text


@pytest.mark.parametrize(
    "written",
    [HEADER_ID, HEADER_ID.upper(), HEADER_ID.replace("-", ""), HEADER_ID[:20] + "\n     | " + HEADER_ID[20:]],
)
def test_the_header_id_is_masked_however_it_is_written(valid_request: Request, written: str) -> None:
    assert masked(f"a {written} b", valid_request.header_id) == f"a {valid_request.masked_header_id} b"


def test_names_with_html_in_them_show_as_text(page: bytes) -> None:
    assert "<img" not in page.decode()
    assert HOSTILE in read(page).words()


def test_what_does_not_show_is_written_as_a_code(broken: Result) -> None:
    assert f"STOP {HOSTILE}\\x1b[2J\\u202e" in read(render_report(broken)).words(of="pre")


def test_it_tells_what_was_rehearsed(done: Result) -> None:
    words = read(render_report(done)).words()
    for fact in (done.request.tenant, done.fingerprint, "CHG0012345", "backup-of-today.json", "Everything held."):
        assert fact in words
    assert str(Path(done.options.tenant).parent) not in words
    assert "no tenant was touched" in words


def test_every_call_of_the_ways_that_are_shown_has_a_mark(done: Result) -> None:
    elements = read(render_report(done)).elements
    marks = Counter(a["class"].split()[-1] for _, a in elements if a.get("class", "").startswith("mark "))
    shown = [done.ways[0], done.ways[2]]
    looks = Counter(look_of(call) for through in shown for run in through.stages for call in run.calls)
    assert looks["changed"] > looks["simulated"] > 0
    # One of each is in the legend of each way.
    assert marks == looks + Counter({look: len(shown) for look in LOOKS})


def test_what_the_promises_mean_is_said_for_each_kind_of_run(done: Result) -> None:
    words = unescape(read(render_report(done)).words())
    for pasted in (False, True):
        assert all(meaning in words for meaning in promised(pasted=pasted).values())
    scripts_only = unescape(read(render_report(replace(done, ways=done.ways[:1], outcomes=()))).words())
    assert [promised(pasted=pasted)[Promise.TRUTH] in scripts_only for pasted in (False, True)] == [True, False]


def test_ways_that_went_alike_are_shown_once(done: Result, broken: Result) -> None:
    def in_full(shown: Result) -> list[str]:
        found = (attributes.get("id", "") for _, attributes in read(render_report(shown)).elements)
        return [name for name in found if re.fullmatch(r"way-[a-z]+", name)]

    assert in_full(done) == ["way-call", "way-paste"]
    assert in_full(broken) == ["way-call", "way-file", "way-paste"]


def matrix_of(page: bytes) -> Iterator[tuple[int, int]]:
    """Cases and broken cases of every cell of the matrix."""
    part = page.decode().partition('<section id="faults"')[2].partition("</table>")[0]
    for cell in re.findall(r"<td>(.*?)</td>", part):
        words = re.sub(r"<[^>]+>", "", cell)
        if found := re.search(r"held (\d+)|(\d+) of (\d+) BROKEN", words):
            yield (int(found[1]), 0) if found[1] else (int(found[3]), int(found[2]))
        else:
            yield (0, 0)


def test_the_matrix_has_the_numbers_of_the_rehearsal(broken: Result) -> None:
    stages = dict.fromkeys(outcome.case.run.stage.label for outcome in broken.outcomes)
    expected = []
    for stage in (*stages, None):
        for kind in ("error", "lost", None):
            here = [
                outcome
                for outcome in broken.outcomes
                if stage in {None, outcome.case.run.stage.label} and kind in {None, outcome.case.kind}
            ]
            expected.append((len(here), sum(not outcome.held for outcome in here)))
    assert list(matrix_of(render_report(broken))) == expected
    assert expected[-1] == (len(broken.outcomes), 2)


def test_broken_cases_are_named_with_what_they_broke(broken: Result) -> None:
    page = render_report(broken)
    words = read(page).words()
    assert len(broken.broken) == page.count(b"<article") == 2
    for outcome in broken.broken:
        case = outcome.case
        assert (f"--fault {case.name}" if case.number else f"--faults {case.kind}") in words
    assert f"'{HOSTILE}' lets mail loop" in words
    assert Promise.MAIL.value in words
    assert "Not everything held." in words
    assert "The change does not go through" in words


def test_where_nothing_broke_it_says_so(done: Result) -> None:
    assert "Nothing broke." in read(render_report(done)).words()


POOR_CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), poor = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest('title, desc')) continue;
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [high, low] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    if ((high + .05) / (low + .05) < 4.5) poor.add(element.className + ': ' + node.data.trim().slice(0, 40));
  }
  return [...poor];
}"""


@pytest.fixture
def opened(browser: "Browser", page: bytes, tmp_path: Path) -> Iterator["Page"]:
    """The page in a browser, with everything unfolded; nothing may be told on the console."""
    (tmp_path / "report.html").write_bytes(page)
    told: list[str] = []
    shown = browser.new_page()
    shown.on("console", lambda message: told.append(message.text))
    shown.on("dialog", lambda dialog: told.append(dialog.message))
    shown.goto((tmp_path / "report.html").as_uri())
    shown.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    yield shown
    shown.close()
    assert told == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [480, 1400])
def test_the_page_is_never_wider_than_its_window(opened: "Page", width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 900})
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(opened: "Page", scheme: Any) -> None:
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate(POOR_CONTRAST) == []
