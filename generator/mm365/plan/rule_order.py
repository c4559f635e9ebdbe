"""The rules of a tenant around ours, with the place of each now and after the plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from mm365.plan.plan import Plan, PlannedObject

_AROUND = 4
"""How many rules of others are named above and below ours."""


@dataclass(frozen=True, kw_only=True)
class OrderedRule:
    """A rule with its priority, from 0, now and afterwards; ``now`` is None if it is not there. ``ours`` is what the
    plan says of it, None for a rule of others."""

    name: str
    now: int | None
    after: int
    ours: PlannedObject | None


@dataclass(frozen=True, kw_only=True)
class RulesAround:
    """Our rules and some around them, from the top; ``above`` and ``below`` count the others."""

    above: int
    rules: tuple[OrderedRule, ...]
    below: int


def rules_around(plan: Plan) -> RulesAround:
    """The rules around ours after the plan; all of them may be of others."""
    rules = tuple(_ordered(plan))
    places = [rule.after for rule in rules if rule.ours] or [len(rules)]
    first, last = max(0, places[0] - _AROUND), places[-1] + 1 + _AROUND
    return RulesAround(above=first, rules=rules[first:last], below=max(0, len(rules) - last))


def _ordered(plan: Plan) -> Iterator[OrderedRule]:
    ours = {each.object.name.casefold(): each for each in plan.objects}
    now = 0
    for after, name in enumerate(plan.order_after):
        # What is there keeps its order, so whatever is not the next of these is new.
        is_there = now < len(plan.order_now) and plan.order_now[now] == name
        yield OrderedRule(name=name, now=now if is_there else None, after=after, ours=ours.get(name.casefold()))
        now += is_there
