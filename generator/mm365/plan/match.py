"""Which object of a tenant is which of ours, how it differs, and where rules stand now and afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.snapshot.compare import differences, is_named, names_of
from mm365.snapshot.difference import Difference
from mm365.snapshot.snapshot import Snapshot, TenantObject


@dataclass(frozen=True, kw_only=True)
class Match:
    """One of the four objects and what the tenant has under its name: nothing, one object, or ``twins``."""

    object: ExchangeObject
    twins: tuple[TenantObject, ...]
    differences: tuple[Difference, ...]

    @property
    def found(self) -> TenantObject | None:
        """What the tenant has in its place."""
        return self.twins[0] if self.twins else None

    @property
    def is_right(self) -> bool:
        """Whether it is there and as approved, on or off."""
        return self.found is not None and not self.differences

    @property
    def is_acting(self) -> bool:
        """Whether it is there, on, and does something."""
        return self.found is not None and self.found.acting


@dataclass(frozen=True, kw_only=True)
class Matches:
    """All four. ``others`` are the tenant's other rules, in their order; ``routes`` what a rule calls our connector."""

    inbound: Match
    outbound: Match
    loop_check: Match
    redirect: Match
    others: tuple[TenantObject, ...]
    routes: tuple[str, ...]

    @property
    def all(self) -> tuple[Match, ...]:
        """All four, in the order in which they are created."""
        return (self.inbound, self.outbound, self.loop_check, self.redirect)

    def leads_to_us(self, rule: TenantObject) -> bool:
        """Whether a rule sends mail to our outbound connector, under whatever name."""
        route = str(rule.settings.get("RouteMessageOutboundConnector") or "").casefold()
        return bool(route) and route in {name.casefold() for name in self.routes}


def find(snapshot: Snapshot, integration: Integration) -> Matches:
    """What a tenant has of an integration."""
    twins = {each.key: _named(snapshot, each) for each in integration.objects}
    outbound = twins[integration.outbound.key]
    routes = names_of(outbound[0] if outbound else None, integration.outbound.name)
    inbound, out, loop_check, redirect = (
        Match(
            object=each,
            twins=twins[each.key],
            differences=differences(twins[each.key][0], each, routes) if twins[each.key] else (),
        )
        for each in integration.objects
    )
    ours = (*loop_check.twins, *redirect.twins)
    others = tuple(rule for rule in snapshot.of_kind(Kind.RULE) if rule not in ours)
    return Matches(
        inbound=inbound, outbound=out, loop_check=loop_check, redirect=redirect, others=others, routes=routes
    )


def _named(snapshot: Snapshot, each: ExchangeObject) -> tuple[TenantObject, ...]:
    return tuple(one for one in snapshot.of_kind(each.kind) if is_named(one, each.name))


@dataclass(frozen=True, kw_only=True)
class Order:
    """The rules' names now and after the change, and the places of ours among them, from 0.

    ``loop_check_at`` is where Loop Check is created; None if it is there, or comes to stand at the bottom.
    """

    now: tuple[str, ...]
    after: tuple[str, ...]
    places: Mapping[str, int]
    loop_check_at: int | None

    def above(self, matches: Matches, match: Match) -> tuple[TenantObject, ...]:
        """The rules of others that will stand above one of ours."""
        return tuple(rule for rule in matches.others if self._place(rule) < self.places[match.object.key])

    def below(self, matches: Matches) -> tuple[TenantObject, ...]:
        """The rules of others that will stand below both of ours."""
        return tuple(rule for rule in matches.others if self._place(rule) > max(self.places.values()))

    def _place(self, rule: TenantObject) -> int:
        place = rule.priority or 0
        return place + 1 if self.loop_check_at is not None and place >= self.loop_check_at else place


def order_of(snapshot: Snapshot, matches: Matches) -> Order:
    """The order of the rules: what is created comes to the bottom, and Loop Check above a Redirect that is there."""
    now = [rule.name for rule in snapshot.of_kind(Kind.RULE)]
    loop_check, redirect = matches.loop_check, matches.redirect
    after, at = list(now), None
    places = {match.object.key: _place_of(match) for match in (loop_check, redirect)}
    if loop_check.found is None:
        if redirect.found is not None:
            at = places[redirect.object.key]
            places[redirect.object.key] += 1
        places[loop_check.object.key] = len(now) if at is None else at
        after.insert(places[loop_check.object.key], loop_check.object.name)
    if redirect.found is None:
        places[redirect.object.key] = len(after)
        after.append(redirect.object.name)
    return Order(now=tuple(now), after=tuple(after), places=places, loop_check_at=at)


def _place_of(match: Match) -> int:
    return (match.found.priority or 0) if match.found else 0
