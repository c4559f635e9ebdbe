"""What the change request says of a plan against a snapshot: plain values, safe to show, header IDs shortened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mm365.documents.words import counted
from mm365.plan.plan import Action, Level, Plan, PlannedObject
from mm365.plan.posture import forecast
from mm365.plan.rule_order import rules_around
from mm365.plan.summary import in_numbers, snapshot_line
from mm365.plan.words import in_words, known_header_ids, safe_text
from mm365.scripts.change import Change
from mm365.scripts.paste_form import PASTE_FORMS

Row = dict[str, object]
Safe = Callable[[str], str]

_BECOMES = {
    Action.CREATE: "is created",
    Action.UPDATE: "is changed",
    Action.KEEP: "stays as it is",
    Action.REFUSE: "is refused",
}


@dataclass(frozen=True, kw_only=True)
class PlanSection:
    """What stands in the section; the lists hold its tables' rows."""

    counts: str
    to_accept: str
    snapshot: str
    sha256: str
    objects: tuple[Row, ...]
    differences: tuple[Row, ...]
    order: tuple[Row, ...]
    order_is_kept: bool
    findings: tuple[Row, ...]
    posture: tuple[Row, ...]
    forms_left_out: tuple[str, ...]


def plan_section(change: Change) -> PlanSection | None:
    """The section of a change; None where it was not planned against a snapshot."""
    plan = change.plan
    if plan.snapshot is None:
        return None
    safe = safe_text(known_header_ids(change.request, plan.snapshot))
    accept = sum(finding.level is Level.WARN for finding in plan.findings)
    return PlanSection(
        counts=in_numbers(plan),
        to_accept=counted(accept, "finding"),
        snapshot=safe(snapshot_line(plan.snapshot)),
        sha256=plan.snapshot.sha256,
        objects=tuple(_object(each, safe) for each in plan.objects),
        differences=tuple(_differences(plan, safe)),
        order=tuple(_order(plan, safe)),
        order_is_kept=plan.order_now == plan.order_after,
        findings=tuple(
            {
                "level": each.level.value.upper(),
                "code": each.code,
                "subject": safe(each.subject),
                "text": safe(each.text),
            }
            for each in plan.findings
        ),
        posture=tuple(
            {name: safe(text) for name, text in each.facts.items()}
            for each in forecast(plan, plan.snapshot)
            if each.moves
        ),
        forms_left_out=tuple(form.path for form in PASTE_FORMS.values() if form not in change.forms),
    )


def _object(each: PlannedObject, safe: Safe) -> Row:
    on = ", and is turned on" if each.turned_on else ""
    name = each.before.name if each.before is not None else each.object.name
    return {
        "label": each.object.label,
        "name": safe(name),
        "becomes": f"{_BECOMES[each.action]}{on}",
        "why": safe(each.why),
    }


def _differences(plan: Plan, safe: Safe) -> Iterator[Row]:
    for each in plan.objects:
        for difference in each.differences:
            name = difference.setting
            yield {
                "label": each.object.label,
                "setting": name,
                "now": safe(in_words(name, difference.now)),
                "approved": safe(in_words(name, difference.approved)),
            }


def _order(plan: Plan, safe: Safe) -> Iterator[Row]:
    around = rules_around(plan)
    if around.above:
        above = f"{counted(around.above, 'rule')} of others"
        yield {"after": f"0 to {around.above - 1}", "name": above, "now": "the same order", "is_ours": False}
    for rule in around.rules:
        now = "not there" if rule.now is None else rule.now
        yield {"after": rule.after, "name": safe(rule.name), "now": now, "is_ours": rule.ours is not None}
    if around.below:
        below = f"{counted(around.below, 'rule')} of others"
        last = len(plan.order_after)
        yield {
            "after": f"{last - around.below} to {last - 1}",
            "name": below,
            "now": "the same order",
            "is_ours": False,
        }
