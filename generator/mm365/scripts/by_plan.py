"""What scripts and the procedure take from a plan: cmdlets, a sentence, and what a script says of the tenant."""

from collections.abc import Callable

from mm365.exchange.kinds import Kind
from mm365.plan.plan import Plan, PlannedObject
from mm365.plan.step import Create, TurnOn, Update


def set_calls(plan: Plan) -> tuple[str, ...]:
    """The cmdlets that change objects that were there."""
    kinds = [step.object.kind for step in plan.changes if not isinstance(step, Create)]
    return tuple(f"Set-{kind}" for kind in Kind if kind in kinds)


def what_is_created(plan: Plan) -> str:
    """What 30-create does, in a sentence."""
    if len(plan.creations) == len(plan.objects):
        return "Creates both connectors (on), then both rules (off) at the bottom of the list."
    labels = {
        verb: [step.object.label for step in plan.changes if isinstance(step, kind)]
        for verb, kind in (("creates", Create), ("changes", Update), ("turns on", TurnOn))
    }
    parts = [f"{verb} {', '.join(found)}" for verb, found in labels.items() if found]
    return f"By the plan: {'; '.join(parts) or 'changes nothing, and notes what is there'}."


def set_back_calls(plan: Plan) -> tuple[str, ...]:
    """The cmdlets that set objects back that were there; 50-enable may have set the mode of Redirect."""
    kept = {each.object.key for each in plan.objects} - {step.object.key for step in plan.creations}
    mode = ("Set-TransportRule",) if any(step.object.key in kept for step in plan.enablings) else ()
    return tuple(dict.fromkeys((*set_calls(plan), *mode)))


def now_in_tenant(plan: Plan, *on: str, off: str = "") -> tuple[str, ...]:
    """What a script says of the tenant when everything is there and these rules have been turned on, or one off."""

    def condition(each: PlannedObject) -> str:
        key = each.object.key
        was_on = each.before is not None and each.before.enabled is True
        is_on = each.object.kind is not Kind.RULE or key in on or (was_on and key != off)
        return "there, on" if is_on else "there, off"

    return _tenant(plan, condition)


def before_the_change(plan: Plan) -> tuple[str, ...]:
    """What a script says of the tenant before the change, or after rollback."""

    def condition(each: PlannedObject) -> str:
        if each.before is None:
            return "not there"
        return "there, on" if each.before.enabled else "there, off"

    return _tenant(plan, condition)


def _tenant(plan: Plan, condition: Callable[[PlannedObject], str]) -> tuple[str, ...]:
    lines = (f"  {each.object.label} '{each.object.name}': {condition(each)}" for each in plan.objects)
    return ("Now in the tenant:", *lines)
