"""Mail flow as a page of HTML that stands alone: verdicts, findings, and a picture of each message's way."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from mm365.display import masked, on_one_line
from mm365.documents.html import render_html
from mm365.mailflow.flow import MailFlow
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.picture import flow_picture
from mm365.mailflow.reasons import why
from mm365.mailflow.report import called, compared, conclusion, rests_on


@dataclass(frozen=True, kw_only=True)
class Row:
    """A verdict on the page; ``key`` is its place there."""

    key: str
    name: str
    about: str
    reason: str
    judgement: Judgement
    picture: Markup


def render_page(flow: MailFlow) -> bytes:
    """The page. The header ID is shortened in it."""
    guards, rows = compared(flow) if flow.others else ((), ())
    page = render_html(
        "mailflow/page.html.j2",
        flow=flow,
        rows=tuple(_rows(flow)),
        guards=guards,
        compared=rows,
        rests=tuple(rests_on(flow)),
        conclusion=conclusion(flow),
        good=not flow.against,
    )
    return masked(page, flow.request.header_id).encode("utf-8")


def _rows(flow: MailFlow) -> Iterator[Row]:
    for number, (judgement, tenant) in enumerate(zip(flow.judgements, flow.tenants, strict=True), 1):
        key = f"message-{number}"
        yield Row(
            key=key,
            name=called(judgement),
            about=on_one_line(flow.about.get(judgement.message.name, "")),
            reason=why(judgement),
            judgement=judgement,
            picture=flow_picture(judgement, tenant, key=f"picture-{number}"),
        )
