"""The page of a rehearsal as HTML: it is sound and safe to open, and those who hear it are led through."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from mm365.display import masked
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.report import render_report
from mm365.request.request import Request, build_request
from tests.commands import HEADER_ID, VALUES
from tests.rehearsal.reports import HOSTILE, read

# The rehearsal is made once for all tests of this group.
pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("report")]


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


def test_what_does_not_show_is_written_as_a_code(reported_broken: Result) -> None:
    assert f"STOP {HOSTILE}\\x1b[2J\\u202e" in read(render_report(reported_broken)).words(of="pre")
