"""The way of a message as a picture: what stands where, which lines are in it, and where the arrows go.

On the left are the internet and the mailboxes, then Exchange Online with its rules, the connectors, and the filter.
Each step has a number, which is that of the trace. Colour says nothing that words do not say.
"""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from mm365.documents.html import render_html
from mm365.documents.words import counted
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.reasons import shown, why
from mm365.mailflow.shapes import LINE, PAD, Arrow, Box, Picture, Text, box
from mm365.mailflow.tenant import Tenant
from mm365.mailflow.verdict import Verdict
from mm365.mailflow.way import BACK, EXCHANGE, FILTER, INTERNET, MAILBOX, OUT, Hop

_MARGIN, _GAP, _SPACE = 14, 58, 16
_OUTSIDE, _RULES, _CONNECTORS, _FILTER = 160, 340, 200, 160
_TOP = 40
_GOOD = (Verdict.FILTERED,)
_BAD = (Verdict.LOOPED, Verdict.UNFILTERED, Verdict.REJECTED)


def flow_picture(judgement: Judgement, tenant: Tenant, key: str) -> Markup:
    """The picture of a message's way as SVG that stands alone. ``key`` is unique on the page."""
    return render_html("mailflow/picture.html.j2", picture=draw(judgement, tenant, key))


def draw(judgement: Judgement, tenant: Tenant, key: str) -> Picture:
    """Where everything is."""
    steps = _Steps(judgement.hops)
    left = _MARGIN
    rules_at = left + _OUTSIDE + _GAP
    connectors_at = rules_at + _RULES + _GAP
    filter_at = connectors_at + _CONNECTORS + _GAP
    internet = box(left, _TOP, _OUTSIDE, [_heading("Internet"), *steps.at_outside(INTERNET)])
    mailbox = box(left, internet.bottom + 2 * _SPACE, _OUTSIDE, [_heading("Mailbox"), *steps.at_outside(MAILBOX)])
    rules = _rules(steps, tenant, rules_at)
    outs = _outbound(steps, tenant, connectors_at)
    back = box(
        connectors_at, max(out.bottom for out in outs.values()) + 2 * _SPACE, _CONNECTORS, _inbound(steps, tenant)
    )
    bottom = max(mailbox.bottom, back.bottom, rules[-1].bottom + _SPACE)
    exchange = box(rules_at, _TOP, _RULES, [_heading("Exchange Online")], height=bottom - _TOP, look="frame")
    filter_ = box(
        filter_at, _TOP, _FILTER, [_heading("MailMarshal Cloud"), *steps.at(FILTER)], height=back.bottom - _TOP
    )
    bottom = max(bottom, filter_.bottom)
    width = filter_at + _FILTER + _MARGIN
    verdict = box(left, bottom + _SPACE, width - 2 * _MARGIN, _verdict(judgement), look=_look(judgement.verdict))
    arrows = (
        *_arrows(steps, internet=internet, mailbox=mailbox, exchange=exchange, back=back, filter_=filter_),
        *_arrows_out(steps, outs, tenant, exchange=exchange, filter_=filter_),
    )
    return Picture(
        key=key,
        title=f"The way of {judgement.message.name} to {judgement.recipient}",
        words=f"{steps.in_words()} Verdict: {judgement.verdict.value}. {why(judgement)}",
        width=width,
        height=verdict.bottom + _MARGIN,
        boxes=(exchange, internet, mailbox, *rules, *outs.values(), back, filter_, verdict),
        arrows=arrows,
    )


class _Steps:
    """The steps of a way with their numbers, from 1."""

    def __init__(self, hops: Iterable[Hop]) -> None:
        self.hops = tuple(enumerate(hops, 1))

    def at(self, place: str, *events: str) -> list[Text]:
        """What happens at a place; of these ``events`` where some are given."""
        return [
            (hop.text, number, False)
            for number, hop in self.hops
            if hop.at == place and (not events or hop.event in events)
        ]

    def of(self, name: str) -> list[Text]:
        """What a rule does."""
        return [(hop.text, number, False) for number, hop in self.hops if hop.at == EXCHANGE and hop.name == name]

    def at_outside(self, place: str) -> list[Text]:
        """Where the message comes from, and where it arrives."""
        found = self.at(place)
        number, first = self.hops[0]
        word = "the internet" if place == INTERNET else "a mailbox"
        return [(first.text, number, False), *found] if word in first.text else found

    def by(self, connector: str) -> list[Text]:
        """What happens at an outbound connector."""
        return [(hop.text, number, False) for number, hop in self.hops if hop.at == OUT and hop.name == connector]

    def rule_names(self) -> set[str]:
        return {hop.name for _, hop in self.hops if hop.at == EXCHANGE and hop.name}

    def numbers(self, place: str, *events: str) -> str:
        found = (str(number) for number, hop in self.hops if hop.at == place and (not events or hop.event in events))
        return ", ".join(found)

    def in_words(self) -> str:
        said = (f"{number}: {f'{shown(hop.name)} ' if hop.name else ''}{hop.text}" for number, hop in self.hops)
        return " ".join(text if text.endswith(".") else f"{text}." for text in said)


def _heading(text: str) -> Text:
    return text, None, True


def _rules(steps: _Steps, tenant: Tenant, left: int) -> tuple[Box, ...]:
    """A box for each rule of ours and each rule that does something, and one line for all the others."""
    named = steps.rule_names()
    acting = {rule.position: rule for rule in tenant.rules}
    boxes: list[Box] = []
    top, others = _TOP + LINE + 2 * PAD, 0
    inside = left + PAD, _RULES - 2 * PAD
    for position, settings in enumerate(tenant.all_rules):
        name = str(settings.get("Name", ""))
        told = acting[position].shown if position in acting else name
        is_ours = not shown(name).startswith("'")
        if not is_ours and told not in named:
            others += 1
            continue
        lines = steps.of(told) or [("is off" if position not in acting else "is not reached", None, False)]
        boxes.append(box(inside[0], top, inside[1], [_heading(shown(name)), *lines]))
        top = boxes[-1].bottom + PAD
    more: list[Text] = []
    if not boxes or others:
        does = f"{counted(others, 'more rule')} {'does' if others == 1 else 'do'} not apply"
        more.append((does if others else "There are no rules.", None, False))
    more += steps.at(EXCHANGE, "released", "ended", "looped")
    if more:
        boxes.append(box(inside[0], top, inside[1], more, look="quiet"))
    return tuple(boxes)


def _outbound(steps: _Steps, tenant: Tenant, left: int) -> dict[str, Box]:
    """A box for each connector that the message takes, and for the one to the filter, by name."""
    used = [hop.name for _, hop in steps.hops if hop.at == OUT and hop.name]
    ours = [connector.name for connector in tenant.connectors if connector.to_filter]
    boxes: dict[str, Box] = {}
    top = _TOP
    for name in dict.fromkeys((*ours[:1], *used)) or ("",):
        heading = f"Outbound connector {shown(name)}" if name else "No outbound connector to the filter"
        boxes[name] = box(left, top, _CONNECTORS, [_heading(heading), *steps.by(name)])
        top = boxes[name].bottom + 2 * _SPACE
    return boxes


def _arrows_out(steps: _Steps, outs: dict[str, Box], tenant: Tenant, *, exchange: Box, filter_: Box) -> Iterator[Arrow]:
    to_filter = {connector.name for connector in tenant.connectors if connector.to_filter}
    for name, out in outs.items():
        numbers = ", ".join(str(number) for _, number, _ in steps.by(name))
        yield Arrow(x=exchange.x + exchange.width, end=out.x, y=out.middle, numbers=numbers)
        if name in to_filter or not name:
            # A message that is in the filter already did not take the way there.
            there = steps.numbers(FILTER) if numbers else ""
            yield Arrow(x=out.x + out.width, end=filter_.x, y=out.middle, numbers=there)


def _inbound(steps: _Steps, tenant: Tenant) -> list[Text]:
    heading = f"Inbound connector {shown(tenant.returns_by)}" if tenant.returns_by else "No inbound connector"
    return [_heading(heading), *steps.at(BACK), *steps.at(EXCHANGE, "returned")]


def _verdict(judgement: Judgement) -> list[Text]:
    return [_heading(f"Verdict: {judgement.verdict.value}"), (why(judgement), None, False)]


def _look(verdict: Verdict) -> str:
    return "good" if verdict in _GOOD else "bad" if verdict in _BAD else ""


def _arrows(steps: _Steps, **at: Box) -> tuple[Arrow, ...]:
    entered, returned = steps.numbers(EXCHANGE, "entered"), steps.numbers(EXCHANGE, "returned")
    source = at["internet"] if steps.at_outside(INTERNET)[:1] and "internet" in steps.hops[0][1].text else at["mailbox"]
    exchange, back, filter_ = at["exchange"], at["back"], at["filter_"]
    back_numbers = ", ".join(filter(None, [steps.numbers(BACK), returned]))
    found = [
        Arrow(x=source.x + source.width, end=exchange.x, y=source.middle - PAD, numbers=entered),
        Arrow(x=filter_.x, end=back.x + back.width, y=back.middle, numbers=back_numbers),
        Arrow(x=back.x, end=exchange.x + exchange.width, y=back.middle, numbers=back_numbers),
    ]
    for place, end in ((INTERNET, at["internet"]), (MAILBOX, at["mailbox"])):
        if numbers := steps.numbers(place):
            found.append(Arrow(x=exchange.x, end=end.x + end.width, y=end.middle + PAD, numbers=numbers))
    return tuple(found)
