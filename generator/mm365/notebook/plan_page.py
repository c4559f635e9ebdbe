"""A plan against a snapshot, as HTML from a template in ``notebook/``: safe to show, header IDs shortened."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from mm365.display import masked, on_one_line
from mm365.documents.html import render_html
from mm365.documents.words import counted
from mm365.plan.plan import Finding, Level, Outcome, Plan, PlannedObject
from mm365.plan.summary import SIGNS, conclusion, snapshot_line
from mm365.plan.words import in_words, known_header_ids
from mm365.request.request import Request

Safe = Callable[[str], str]
_KINDS = {Outcome.CHANGE: "", Outcome.NOTHING: "done", Outcome.REFUSED: "error"}
_AROUND = 4
"""How many rules of others are named above and below ours."""


@dataclass(frozen=True, kw_only=True)
class ObjectRow:
    """What becomes of one of the four objects. ``differences`` are triples: setting, value now, value approved."""

    sign: str
    title: str
    why: str
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A rule with its priority now and afterwards. ``sign`` is empty for rules of others."""

    sign: str
    name: str
    now: str
    after: str


def plan_page(plan: Plan, request: Request) -> Markup:
    """What becomes of each object, the order of the rules, the findings, and what it comes to."""
    known = known_header_ids(request, plan.snapshot)

    def safe(text: str) -> str:
        line = on_one_line(text)
        for each in known:
            line = masked(line, each)
        return line

    findings = [
        (level.value.upper(), [(each.code, safe(each.subject), safe(each.text)) for each in found])
        for level in Level
        if (found := [each for each in plan.findings if each.level is level])
    ]
    return render_html(
        "notebook/plan.html.j2",
        conclusion=" ".join(text for text, _ in conclusion(plan)),
        kind=_KINDS[plan.outcome],
        snapshot=safe(snapshot_line(plan.snapshot)) if plan.snapshot else "",
        objects=[_object(each, plan.findings, safe) for each in plan.objects],
        rules=list(_rules(plan, safe)),
        moves=plan.order_now != plan.order_after,
        findings=findings,
    )


def _object(each: PlannedObject, findings: Collection[Finding], safe: Safe) -> ObjectRow:
    on = ", and turn it on" if each.turned_on else ""
    # What a finding says of it stands among the findings.
    told = any(one.text in each.why for one in findings)
    return ObjectRow(
        sign=SIGNS[each.action],
        title=safe(f"{each.action.value} the {each.object.label} '{each.object.name}'{on}"),
        why="" if told else safe(each.why),
        differences=tuple(
            (one.setting, safe(in_words(one.setting, one.now)), safe(in_words(one.setting, one.approved)))
            for one in each.differences
        ),
    )


def _rules(plan: Plan, safe: Safe) -> Iterator[RuleRow]:
    signs = {each.object.name.casefold(): SIGNS[each.action] for each in plan.objects}
    rows = list(_all_rules(plan, signs, safe))
    places = [place for place, row in enumerate(rows) if row.sign] or [len(rows)]
    first, last = max(0, places[0] - _AROUND), places[-1] + 1 + _AROUND
    if first:
        yield RuleRow(sign="", name=f"{counted(first, 'rule')} of others above", now="", after="")
    yield from rows[first:last]
    if len(rows) > last:
        yield RuleRow(sign="", name=f"{counted(len(rows) - last, 'rule')} of others below", now="", after="")


def _all_rules(plan: Plan, signs: dict[str, str], safe: Safe) -> Iterator[RuleRow]:
    now = 0
    for after, name in enumerate(plan.order_after):
        # What is there keeps its order, so whatever is not the next of these is new.
        is_there = now < len(plan.order_now) and plan.order_now[now] == name
        sign = signs.get(name.casefold(), "")
        yield RuleRow(sign=sign, name=safe(name), now=str(now) if is_there else "not there", after=str(after))
        now += is_there
