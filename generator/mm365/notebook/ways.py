"""The ways of messages, as HTML from the templates in ``notebook/``: verdicts, steps, pictures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from mm365.documents.html import render_html
from mm365.mailflow.picture import flow_picture
from mm365.mailflow.reasons import shown, why
from mm365.mailflow.report import called, compared, conclusion, rests_on
from mm365.mailflow.way import Hop
from mm365.notebook.play import Followed, Play
from mm365.request.parsers import TRADE_OFFS
from mm365.request.request import LoopGuard


@dataclass(frozen=True, kw_only=True)
class Way:
    """The way of a message as it is shown. ``hops`` are pairs of a place and what happens there."""

    name: str
    about: str
    verdict: str
    kind: str
    reason: str
    one_of_several: bool
    hops: tuple[tuple[str, str], ...]
    picture: Markup


def ways(play: Play) -> Markup:
    """What becomes of the chosen message, with a picture of its way, for each recipient."""
    chosen = replace(play.flow, judgements=tuple(one.judgement for one in play.followed), others={})
    return render_html(
        "notebook/ways.html.j2",
        trade_off=f"{play.guard} {TRADE_OFFS[play.guard]}",
        ways=tuple(_ways(play, "mm365-way")),
        rests=tuple(rests_on(chosen)),
    )


def guard_ways(guard: LoopGuard) -> Markup:
    """What a loop guard does to a message, and to one that returns before Loop Check works everywhere."""
    shown_ways = [
        way
        for name in ("inbound", "loop-check-late")
        for way in _ways(Play(guard=guard, message=name), f"mm365-{name}")
    ]
    return render_html("notebook/ways.html.j2", trade_off="", ways=tuple(shown_ways), rests=())


def verdicts(play: Play) -> Markup:
    """The verdict on every standard message, under the chosen loop guard and the others."""
    guards, rows = compared(play.flow)
    about = [play.flow.about[one.message.name] for one in play.flow.judgements]
    return render_html(
        "notebook/verdicts.html.j2",
        conclusion=conclusion(play.flow),
        good=not play.flow.against,
        guards=list(guards),
        rows=[(name, what, ends) for (name, ends), what in zip(rows, about, strict=True)],
        findings=play.flow.findings,
    )


def steps(followed: Followed) -> tuple[tuple[str, str], ...]:
    """The hops of a way, each a place and what happens there."""
    return tuple(map(_step, followed.judgement.hops))


def _ways(play: Play, key: str) -> Iterator[Way]:
    for number, followed in enumerate(play.followed, 1):
        judgement = followed.judgement
        yield Way(
            name=called(judgement),
            about=play.flow.about[judgement.message.name],
            verdict=judgement.verdict.value,
            kind=followed.kind,
            reason=why(judgement),
            one_of_several=bool(judgement.ends),
            hops=steps(followed),
            picture=flow_picture(judgement, followed.tenant, f"{key}-{number}"),
        )


def _step(hop: Hop) -> tuple[str, str]:
    place = f"{hop.at}, pass {hop.number}" if hop.number else hop.at
    return place, f"{shown(hop.name)} {hop.text}" if hop.name else hop.text
