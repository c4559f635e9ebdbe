"""The tenant as the model sees it: its connectors and rules at each stage of the change."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mm365.exchange.objects import ExchangeObject, Integration
from mm365.integration.article import build_integration
from mm365.mailflow.conditions import Settings, is_set
from mm365.mailflow.message import domain_of
from mm365.mailflow.rule import Rule, compiled, headers_read, subject_read
from mm365.request.request import Request


class Stage(StrEnum):
    """How far the change is. Before it and after rollback the tenant is as it was found."""

    BEFORE = "before"
    CREATED = "created"
    LOOP_CHECK = "loop-check"
    REDIRECT = "redirect"
    STOPPED = "stopped"
    ROLLED_BACK = "rolled-back"


AS_FOUND = (Stage.BEFORE, Stage.ROLLED_BACK)
PROPAGATING = ("loop_check", "redirect")
"""The rules of which it can be left open whether they work everywhere yet."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a tenant has: settings by the cmdlets' own names, rules in their order."""

    inbound: tuple[Settings, ...] = ()
    outbound: tuple[Settings, ...] = ()
    rules: tuple[Settings, ...] = ()
    accepted_domains: tuple[str, ...] = ()


EMPTY = Found()
"""A tenant without connectors and rules."""


@dataclass(frozen=True, kw_only=True)
class Connector:
    """An outbound connector. ``to_filter``: its smart host is the region's. ``domains``: what it carries by itself."""

    name: str
    guid: str
    enabled: bool
    tests_only: bool
    to_filter: bool
    keeps_headers: bool
    domains: tuple[str, ...]

    def rank(self, domain: str) -> int | None:
        """How closely it fits a recipient's domain, the smaller the closer; None if it does not.

        An exact domain goes before a pattern (Microsoft's mail-flow pages); of patterns, the longest is taken.
        """
        fitting = [
            0 if pattern == domain else 1000 - len(pattern)
            for pattern in self.domains
            if pattern in {domain, "*"} or (pattern.startswith("*.") and f".{domain}".endswith(pattern[1:]))
        ]
        return min(fitting, default=None)


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A tenant at one stage, ready to follow messages through. ``all_rules`` are those that do not act as well."""

    accepted_domains: frozenset[str]
    header_id: str
    rules: tuple[Rule, ...]
    connectors: tuple[Connector, ...]
    returns_by: str
    keeps_headers: bool
    headers_read: frozenset[str]
    subject_read: bool
    all_rules: tuple[Settings, ...] = field(repr=False)

    def connector(self, named: str) -> Connector | None:
        """The outbound connector of a name or Guid; how the service compares names is not documented."""
        wanted = named.casefold()
        return next((one for one in self.connectors if wanted in {one.name.casefold(), one.guid.casefold()}), None)

    def for_domain(self, address: str) -> Connector | None:
        """The connector that carries mail to an address without a rule."""
        domain = domain_of(address)
        ranked = [(rank, one) for one in self.connectors if one.enabled and (rank := one.rank(domain)) is not None]
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def tenant_at(  # noqa: PLR0913 - each says one thing of the tenant
    stage: Stage,
    request: Request,
    *,
    found: Found = EMPTY,
    domains: Iterable[str] = (),
    propagating: Collection[str] = (),
    off: str = "",
) -> Tenant:
    """The tenant of a request at a stage.

    ``domains`` are accepted domains besides those of the request and of what was found. ``propagating``, of
    ``PROPAGATING``, leaves open whether the last change of these rules is everywhere yet: where they were turned on,
    they may not work, and where they were turned off or removed, they may still work. ``off`` is what somebody
    has turned off of ours: inbound, outbound or loop_check.
    """
    integration = build_integration(request)
    objects = found if stage in AS_FOUND else _changed(found, integration, stage, off)
    if stage in {Stage.STOPPED, Stage.ROLLED_BACK}:
        objects = replace(objects, rules=_still_working(objects.rules, integration, propagating))
    names = {"loop_check": integration.loop_check.name, "redirect": integration.redirect.name}
    host, certificate = request.region.smart_host.lower(), request.region.certificate_name.lower()
    back = next((one for one in objects.inbound if _returns(one, certificate)), None)
    return Tenant(
        accepted_domains=frozenset(map(str.lower, (request.tenant, *domains, *found.accepted_domains))),
        header_id=request.header_id,
        rules=compiled(objects.rules, propagating=[names[rule] for rule in propagating], watched=names.values()),
        connectors=tuple(_connector(one, host) for one in objects.outbound),
        returns_by="" if back is None else str(back["Name"]),
        keeps_headers=back is not None and back.get("CloudServicesMailEnabled") is True,
        headers_read=headers_read(objects.rules),
        subject_read=subject_read(objects.rules),
        all_rules=objects.rules,
    )


def _changed(found: Found, integration: Integration, stage: Stage, off: str) -> Found:
    """What was found, with our objects in it as the stage has them. Those that are there keep their place."""
    check, redirect = integration.loop_check, integration.redirect
    check_on = _is_on(found.rules, check) or stage in {Stage.LOOP_CHECK, Stage.REDIRECT, Stage.STOPPED}
    check_on = check_on and off != "loop_check"
    redirect_on = (_is_on(found.rules, redirect) and stage is not Stage.STOPPED) or stage is Stage.REDIRECT
    # Loop Check goes above Redirect where that is there already, and both go below all others where it is not.
    rules = tuple(_with(found.rules, redirect, on=redirect_on))
    rules = tuple(_with(rules, check, on=check_on, above=redirect.name))
    return Found(
        inbound=tuple(_with(found.inbound, integration.inbound, on=off != "inbound")),
        outbound=tuple(_with(found.outbound, integration.outbound, on=off != "outbound")),
        rules=rules,
    )


def _still_working(
    rules: tuple[Settings, ...], integration: Integration, propagating: Collection[str]
) -> tuple[Settings, ...]:
    """The rules with those that may still work although they are off or gone."""
    if "redirect" in propagating:
        rules = tuple(_with(rules, integration.redirect, on=True))
    if "loop_check" in propagating:
        rules = tuple(_with(rules, integration.loop_check, on=True, above=integration.redirect.name))
    return rules


def _with(found: tuple[Settings, ...], ours: ExchangeObject, *, on: bool, above: str = "") -> Iterator[Settings]:
    """The objects with ours among them: where it was, else above the one that is named, else at the end."""
    there = _find(found, ours)
    made = {**ours.values, "Guid": "" if there is None else there.get("Guid", ""), "Enabled": on}
    for one in found:
        if there is None and above and _same_name(one, above):
            yield made
        yield made if one is there else one
    if there is None and not any(above and _same_name(one, above) for one in found):
        yield made


def _find(objects: tuple[Settings, ...], ours: ExchangeObject) -> Settings | None:
    return next((one for one in objects if _same_name(one, ours.name)), None)


def _same_name(one: Settings, name: str) -> bool:
    return str(one.get("Name", "")).casefold() == name.casefold()


def _is_on(objects: tuple[Settings, ...], ours: ExchangeObject) -> bool:
    there = _find(objects, ours)
    return there is not None and there.get("Enabled") is True


def _returns(inbound: Settings, certificate: str) -> bool:
    """Whether an inbound connector is on and carries the region's certificate."""
    return inbound.get("Enabled") is True and str(inbound.get("TlsSenderCertificateName") or "").lower() == certificate


def _connector(settings: Settings, host: str) -> Connector:
    domains = settings.get("RecipientDomains") or ()
    scoped = settings.get("IsTransportRuleScoped") is True
    hosts = settings.get("SmartHosts") or ()
    return Connector(
        name=str(settings.get("Name", "")),
        guid=str(settings.get("Guid") or ""),
        enabled=settings.get("Enabled") is True,
        tests_only=settings.get("TestMode") is True,
        to_filter=any(str(one).lower() == host for one in ([hosts] if isinstance(hosts, str) else hosts)),
        keeps_headers=settings.get("CloudServicesMailEnabled") is True,
        domains=() if scoped or not is_set(domains) else tuple(str(one).lower() for one in domains),
    )
