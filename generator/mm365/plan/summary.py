"""A plan as lines for a terminal: what becomes of each object, the order of the rules, findings, what to do next."""

from collections.abc import Iterator, Sequence

from mm365.documents.terminal import FAINT, PLAIN, Line
from mm365.documents.words import counted
from mm365.exchange.kinds import Kind
from mm365.plan.plan import Action, Finding, Level, Outcome, Plan, PlannedObject
from mm365.plan.posture import Forecast
from mm365.plan.rule_order import rules_around
from mm365.plan.words import CHANGE, CREATE, STOP, finding_lines, in_words, known_header_ids, safe_lines
from mm365.request.request import Request
from mm365.snapshot.snapshot import Snapshot

SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.KEEP: "=", Action.REFUSE: "!"}
_LOOKS = {Action.CREATE: CREATE, Action.UPDATE: CHANGE, Action.KEEP: PLAIN, Action.REFUSE: STOP}


def summary(plan: Plan, request: Request, posture: Sequence[Forecast] | None = None) -> Iterator[Line]:
    """All lines, safe to show."""
    return safe_lines(_lines(plan, request, posture), known_header_ids(request, plan.snapshot))


def _lines(plan: Plan, request: Request, posture: Sequence[Forecast] | None) -> Iterator[Line]:
    yield f"Plan for {request.tenant}, region {request.region.code}, loop guard {request.loop_guard.value}", PLAIN
    if plan.snapshot is not None:
        yield snapshot_line(plan.snapshot), FAINT
    for each in plan.objects:
        yield "", PLAIN
        yield from _object(each, plan.findings)
    yield "", PLAIN
    yield from _order(plan)
    if plan.findings:
        yield "", PLAIN
        yield from finding_lines(plan.findings)
    if posture is not None:
        yield "", PLAIN
        yield from _posture(posture)
    yield "", PLAIN
    yield from conclusion(plan)


def snapshot_line(snapshot: Snapshot) -> str:
    """Where a snapshot is from."""
    identity = snapshot.tenant
    named = identity.names or identity.ids or identity.organization or snapshot.accepted_domains
    said = (("when it was taken", snapshot.taken_at), ("of which tenant", named))
    unsaid = " or ".join(word for word, known in said if not known)
    taken = f", taken {snapshot.taken_at}" if snapshot.taken_at else ""
    silent = f"; it does not say {unsaid}" if unsaid else ""
    return f"Snapshot: {snapshot.kind}{taken} ({', '.join(snapshot.files)}){silent}"


def _object(each: PlannedObject, findings: Sequence[Finding]) -> Iterator[Line]:
    on = ", and turn it on" if each.turned_on else ""
    yield (
        f"{SIGNS[each.action]} {each.action.value} the {each.object.label} '{each.object.name}'{on}",
        _LOOKS[each.action],
    )
    if each.action is Action.CREATE:
        # A rule is created off; that it is turned on stands in the line above.
        left_out = {"Name", "Enabled"} if each.object.kind is Kind.RULE else {"Name"}
        settings = [setting for setting in each.object.settings if setting.name not in left_out]
        width = max(len(setting.name) for setting in settings)
        for setting in settings:
            yield f"    {setting.name:<{width}} = {in_words(setting.name, setting.value)}", CREATE
    for difference in each.differences:
        now, approved = (in_words(difference.setting, value) for value in (difference.now, difference.approved))
        yield f"    {difference.setting}: {now} -> {approved}", CHANGE
    # What a finding says of it stands below.
    if each.action is Action.REFUSE and not any(one.text in each.why for one in findings):
        yield f"    {each.why}", STOP


def _order(plan: Plan) -> Iterator[Line]:
    same = " (as now)" if plan.order_after == plan.order_now else f" ({len(plan.order_now)} now)"
    yield f"Order of the rules, {counted(len(plan.order_after), 'rule')}{same}:", PLAIN
    around = rules_around(plan)
    if around.above:
        yield f"       {counted(around.above, 'rule')} of others above", FAINT
    for rule in around.rules:
        sign, look = (SIGNS[rule.ours.action], _LOOKS[rule.ours.action]) if rule.ours else (" ", FAINT)
        yield f"  {sign} {rule.after:>3}  {rule.name}", look
    if around.below:
        yield f"       {counted(around.below, 'rule')} of others below", FAINT


def _posture(posture: Sequence[Forecast]) -> Iterator[Line]:
    yield "What assessment tools and detections will say, in the versions that were read:", PLAIN
    for each in posture:
        if not each.moves:
            continue
        yield f"  {each.tool} {each.id} ({each.version}): {each.title}", CHANGE
        told = (("before", each.before), ("after", each.after), ("advice", each.advice), ("source", each.source))
        for word, text in told:
            yield f"    {word + ':':<7}  {text}", PLAIN
    still = sum(not each.moves for each in posture)
    yield f"  {counted(still, 'other check')} will say what they said before; --json names them.", FAINT


def conclusion(plan: Plan) -> Iterator[Line]:
    """What a plan comes to."""
    if plan.outcome is Outcome.REFUSED:
        stops = sum(each.level is Level.STOP for each in plan.findings)
        what = f"{counted(stops, 'finding')} of level STOP"
        settled = "it is settled" if stops == 1 else "they are settled"
        yield f"Refused: {what}. Nothing can be planned until {settled}.", STOP
        return
    if plan.outcome is Outcome.NOTHING:
        yield "Nothing to do: by this snapshot, all four objects are as approved and on.", CREATE
        return
    yield f"Plan: {in_numbers(plan)}. Nothing was changed.", PLAIN


def in_numbers(plan: Plan) -> str:
    """How many objects are created, changed, kept and turned on."""
    count = {action: sum(each.action is action for each in plan.objects) for action in Action}
    on = sum(each.turned_on for each in plan.objects)
    return (
        f"{count[Action.CREATE]} to create, {count[Action.UPDATE]} to change, {count[Action.KEEP]} to keep, "
        f"{on} to turn on"
    )
