"""The picture of a message's way: everything is in it, in words, and it stands alone."""

import re
from xml.etree import ElementTree as ET

import pytest

from mm365.mailflow.flow import MailFlow, Situation, follow_mail
from mm365.mailflow.page import render_page
from mm365.mailflow.picture import draw, flow_picture
from mm365.mailflow.shapes import Box
from mm365.mailflow.tenant import Found, Stage
from mm365.request.request import LoopGuard
from tests.commands import HEADER_ID
from tests.mailflow.model import above, request_of, rule
from tests.test_html import Page

SVG = "{http://www.w3.org/2000/svg}"


def flow_of(
    stage: Stage = Stage.REDIRECT, *, guard: LoopGuard = LoopGuard.STOP, found: Found | None = None
) -> MailFlow:
    return follow_mail(request_of(guard), Situation(stage=stage, found=found or Found()))


def pictures(flow: MailFlow) -> list[str]:
    pairs = zip(flow.judgements, flow.tenants, strict=True)
    return [str(flow_picture(one, tenant, f"p{at}")) for at, (one, tenant) in enumerate(pairs)]


FLOWS = [flow_of(stage, guard=guard) for guard in LoopGuard for stage in (Stage.BEFORE, Stage.REDIRECT)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.request.loop_guard}-{flow.situation.stage}")
def test_every_step_has_its_number_in_the_picture_and_its_words_for_a_screen_reader(flow: MailFlow) -> None:
    for one, text in zip(flow.judgements, pictures(flow), strict=True):
        root = ET.fromstring(text)  # noqa: S314 - our own
        assert root.get("role") == "img"
        title, words = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
        assert title is not None
        assert words is not None
        assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
        numbers = [int(str(item.text)) for item in root.iter(f"{SVG}text") if item.get("class") == "count"]
        said = [hop.text for hop in one.hops]
        assert sorted(numbers) == list(range(1, len(said) + 1)), one.message.name
        assert all(text in str(words.text) for text in said)
        assert f"Verdict: {one.verdict.value}" in str(words.text)


def test_nothing_in_it_is_read_from_elsewhere() -> None:
    text = pictures(flow_of())[0]
    assert re.findall(r"(?:href|src|url\(|@import|<script|\bon\w+=)", text) == []
    assert "prefers-color-scheme: dark" in text


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.bottom <= outer.bottom
    )


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.bottom <= other.y or other.bottom <= one.y


@pytest.mark.parametrize("count", [0, 1, 30])
def test_boxes_do_not_overlap_and_lines_stay_in_theirs(count: int) -> None:
    names = [f"A rule whose name is as long as the service lets it be, number {number}" for number in range(count)]
    flow = flow_of(found=above(*(rule(name, BlindCopyTo=("a@contoso.com",)) for name in names)))
    for one, tenant in zip(flow.judgements, flow.tenants, strict=True):
        frame, *boxes = draw(one, tenant, "p").boxes
        for at, box in enumerate(boxes):
            assert all(apart(box, other) for other in boxes[at + 1 :])
            assert inside(box, frame) or apart(box, frame)
            assert all(box.x < line.x and box.y < line.y < box.bottom for line in box.lines)


def test_rules_that_do_nothing_are_counted_and_not_drawn() -> None:
    flow = flow_of(found=above(*(rule(f"other {number}", SubjectContainsWords=("x",)) for number in range(200))))
    text = pictures(flow)[0]
    assert "200 more rules do not apply" in text
    assert "other 1" not in text


def test_the_page_has_a_row_and_a_picture_for_each_verdict_and_hides_the_header_id() -> None:
    evil = rule(f"</text><script>alert(1)</script> {HEADER_ID}", PrependSubject="x")
    flow = follow_mail(request_of(), Situation(found=above(evil)), compare=True)
    text = render_page(flow).decode("utf-8")
    page = Page(text)
    assert page.tags.count("svg") == len(flow.judgements)
    assert "script" not in page.tags
    assert HEADER_ID not in text
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.links if link} <= set(ids)
