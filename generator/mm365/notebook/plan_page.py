"""A plan against a snapshot, as HTML from a template in ``notebook/``: safe to show, header IDs shortened."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from mm365.documents.html import render_html
from mm365.documents.words import counted
from mm365.plan.plan import Finding, Level, Outcome, Plan, PlannedObject
from mm365.plan.rule_order import rules_around
from mm365.plan.summary import SIGNS, conclusion, snapshot_line
from mm365.plan.words import in_words, known_header_ids, safe_text
from mm365.request.request import Request

Safe = Callable[[str], str]
_KINDS = {Outcome.CHANGE: "", Outcome.NOTHING: "done", Outcome.REFUSED: "error"}


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
    safe = safe_text(known_header_ids(request, plan.snapshot))
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
    around = rules_around(plan)
    if around.above:
        yield RuleRow(sign="", name=f"{counted(around.above, 'rule')} of others above", now="", after="")
    for rule in around.rules:
        sign = SIGNS[rule.ours.action] if rule.ours else ""
        now = "not there" if rule.now is None else str(rule.now)
        yield RuleRow(sign=sign, name=safe(rule.name), now=now, after=str(rule.after))
    if around.below:
        yield RuleRow(sign="", name=f"{counted(around.below, 'rule')} of others below", now="", after="")
