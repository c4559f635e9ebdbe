"""A plan as lines for a terminal: what becomes of each object, the order of the rules, findings, what to do next."""

from collections.abc import Iterator, Sequence

from mm365.documents.words import counted
from mm365.plan.plan import Action, Outcome, Plan, PlannedObject
from mm365.plan.posture import Forecast
from mm365.plan.words import (
    CHANGE,
    CREATE,
    FAINT,
    PLAIN,
    STOP,
    Line,
    finding_lines,
    in_words,
    known_header_ids,
    safe_lines,
    wrapped,
)
from mm365.request.request import Request
from mm365.snapshot.snapshot import Snapshot

SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.KEEP: "=", Action.REFUSE: "!"}
_LOOKS = {Action.CREATE: CREATE, Action.UPDATE: CHANGE, Action.KEEP: PLAIN, Action.REFUSE: STOP}
_AROUND = 4
"""How many rules of others are named above ours."""


def summary(plan: Plan, request: Request, posture: Sequence[Forecast] | None = None) -> Iterator[Line]:
    """All lines, safe to show."""
    return safe_lines(_lines(plan, request, posture), known_header_ids(request, plan.snapshot))


def _lines(plan: Plan, request: Request, posture: Sequence[Forecast] | None) -> Iterator[Line]:
    yield f"Plan for {request.tenant}, region {request.region.code}, loop guard {request.loop_guard.value}", PLAIN
    if plan.snapshot is not None:
        yield snapshot_line(plan.snapshot), FAINT
    for each in plan.objects:
        yield "", PLAIN
        yield from _object(each)
    yield "", PLAIN
    yield from _order(plan)
    if plan.findings:
        yield "", PLAIN
        yield from finding_lines(plan.findings)
    if posture is not None:
        yield "", PLAIN
        yield from _posture(posture)
    yield "", PLAIN
    yield from _end(plan)


def snapshot_line(snapshot: Snapshot) -> str:
    """Where a snapshot is from."""
    taken = f", taken {snapshot.taken_at}" if snapshot.taken_at else ", which does not say when it was taken"
    identity = snapshot.tenant
    known = identity.names or identity.ids or identity.organization or snapshot.accepted_domains
    whose = (
        "" if known else ", nor of which tenant" if not snapshot.taken_at else ", which does not say of which tenant"
    )
    return f"Snapshot: {snapshot.kind}{taken}{whose} ({', '.join(snapshot.files)})"


def _object(each: PlannedObject) -> Iterator[Line]:
    on = ", and turn it on" if each.turned_on else ""
    yield (
        f"{SIGNS[each.action]} {each.action.value} the {each.object.label} '{each.object.name}'{on}",
        _LOOKS[each.action],
    )
    if each.action is Action.CREATE:
        settings = [setting for setting in each.object.settings if setting.name != "Name"]
        width = max(len(setting.name) for setting in settings)
        for setting in settings:
            yield f"    {setting.name:<{width}} = {in_words(setting.name, setting.value)}", CREATE
    for difference in each.differences:
        now, approved = (in_words(difference.setting, value) for value in (difference.now, difference.approved))
        yield f"    {difference.setting}: {now} -> {approved}", CHANGE
    if each.action is Action.REFUSE:
        yield from ((f"    {line}", STOP) for line in wrapped(each.why))


def _order(plan: Plan) -> Iterator[Line]:
    ours = {each.object.name.casefold(): each for each in plan.objects}
    after = plan.order_after
    places = [place for place, name in enumerate(after) if name.casefold() in ours]
    same = " (as now)" if after == plan.order_now else f" ({len(plan.order_now)} now)"
    yield f"Order of the rules, {counted(len(after), 'rule')}{same}:", PLAIN
    first = max(0, min(places, default=len(after)) - _AROUND)
    last = max(places, default=len(after)) + 1 + _AROUND
    if first:
        yield f"       {counted(first, 'rule')} of others above", FAINT
    for place, name in list(enumerate(after))[first:last]:
        our = ours.get(name.casefold())
        sign = SIGNS[our.action] if our else " "
        yield f"  {sign} {place:>3}  {name}", _LOOKS[our.action] if our else FAINT
    if len(after) > last:
        yield f"       {counted(len(after) - last, 'rule')} of others below", FAINT


def _posture(posture: Sequence[Forecast]) -> Iterator[Line]:
    yield "What assessment tools and detections will say, in the versions that were read:", PLAIN
    for each in posture:
        if not each.moves:
            continue
        yield from (
            (line, CHANGE) for line in wrapped(f"  {each.tool} {each.id} ({each.version}): {each.title}", "    ")
        )
        for word, text in (("before", each.before), ("after", each.after), ("advice", each.advice)):
            yield from ((f"    {line}", PLAIN) for line in wrapped(f"{word}: {text}", "  "))
    still = sum(not each.moves for each in posture)
    yield f"  {counted(still, 'other check')} will say what they said before; --json names them.", FAINT


def _end(plan: Plan) -> Iterator[Line]:
    if plan.outcome is Outcome.REFUSED:
        stops = counted(sum(each.level.value == "stop" for each in plan.findings), "finding")
        yield f"Refused: {stops} of level STOP. Nothing can be planned until they are settled.", STOP
        return
    if plan.outcome is Outcome.NOTHING:
        yield "Nothing to do: by this snapshot, all four objects are as approved and on.", CREATE
        return
    count = {action: sum(each.action is action for each in plan.objects) for action in Action}
    on = sum(each.turned_on for each in plan.objects)
    yield (
        f"Plan: {count[Action.CREATE]} to create, {count[Action.UPDATE]} to change, {count[Action.KEEP]} to keep, "
        f"{on} to turn on. Nothing was changed.",
        PLAIN,
    )
