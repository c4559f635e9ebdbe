"""What a plan meets in a tenant besides the four objects: rules above and below, other connectors, limits."""

from collections.abc import Iterator, Mapping, Sequence

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import Integration
from mm365.exchange.parameters import ENHANCED_FILTERING
from mm365.integration.rules import HEADER
from mm365.plan.match import Matches, Order
from mm365.plan.plan import Finding, Level
from mm365.plan.tenant_findings import STOP_PROCESSING, stop
from mm365.snapshot.compare import names_of, same
from mm365.snapshot.completeness import ENDING, HEADER_CHANGES, RECIPIENTS, REPEATED
from mm365.snapshot.normal import parameter_types
from mm365.snapshot.snapshot import Snapshot, TenantObject

MOST_RULES = 300
PATTERN_BUDGET = 20 * 1024
"""Bytes for all words and patterns of all rules together (see ``exchange.sources.RULE_SIZE``)."""
_NEAR = 0.9
"""How much of the budget has to be used before somebody is told."""
_BOUNCE = ", and a message with recipients added may bounce the second time (550 5.7.128)"


def of_surroundings(snapshot: Snapshot, integration: Integration, matches: Matches, order: Order) -> Iterator[Finding]:
    """What of the tenant's other rules and connectors, and of its limits, matters to the four objects."""
    yield from _rules_above(matches, order)
    yield from _headers_above(matches, order)
    yield from _routes(snapshot, matches)
    yield from _connectors(snapshot, matches)
    yield from _limits(snapshot, integration, matches, order)
    yield from _hard_to_see(snapshot, matches)
    yield from _rules_below(matches, order)


def of_design(matches: Matches) -> Iterator[Finding]:
    """What holds in every tenant, by the article's design."""
    inbound = matches.inbound
    certificate = inbound.object.values["TlsSenderCertificateName"]
    yield _warn(
        "shared-certificate",
        inbound.object.name,
        f"The certificate's domain {certificate} is not an accepted domain of the tenant, by the article's design. "
        "MC1226222 calls that a bad configuration: mail that comes back is then assigned to the tenant by its sender "
        "or recipient, and that can break without notice.",
    )


def _warn(code: str, subject: str, text: str) -> Finding:
    return Finding(code=code, level=Level.WARN, subject=subject, text=text)


def _set(rule: TenantObject, names: Sequence[str]) -> str:
    return ", ".join(name for name in names if rule.is_set(name))


def _rules_above(matches: Matches, order: Order) -> Iterator[Finding]:
    for rule in order.above(matches, matches.redirect):
        if rule.acting and (how := _set(rule, ENDING)):
            text = (
                f"It stands above and ends processing ({how}): mail that it matches does not reach Redirect and is not "
            )
            yield _warn("ends-processing-above", rule.name, f"{text}filtered. Decide whether that is wanted.")
        elif rule.enabled is True and not rule.acting and rule.is_set(STOP_PROCESSING):
            text = (
                "It stands above in mode Audit and stops rule processing. Whether that counts in this mode is not "
                "documented: mail that it matches may not be filtered. Turn it off, or take the stop away."
            )
            yield _warn("audit-stops-above", rule.name, text)
    for rule in order.above(matches, matches.loop_check):
        if rule.acting and (how := _set(rule, REPEATED)):
            text = (
                f"It stands above and acts twice on a message that goes out and comes back ({how})"
                f"{_BOUNCE if _set(rule, RECIPIENTS) else ''}. Add an exception for the way back."
            )
            yield _warn("acts-twice", rule.name, text)


def _headers_above(matches: Matches, order: Order) -> Iterator[Finding]:
    # Between ours a header only matters where Redirect excepts it too.
    excepts = "ExceptIfHeaderContainsWords" in matches.redirect.object.values
    for rule in order.above(matches, matches.redirect if excepts else matches.loop_check):
        if rule.acting and (how := [name for name in HEADER_CHANGES if same(rule.value(name), HEADER)]):
            text = (
                f"It stands above and changes the header {HEADER} ({', '.join(how)}), by which Loop Check knows mail "
                "that was filtered: with this customer's ID set, mail is not filtered; with another value, or without "
                "the header, mail loops. Remove the action, or add an exception for the way back."
            )
            yield _warn("header-changed-above", rule.name, text)


def _routes(snapshot: Snapshot, matches: Matches) -> Iterator[Finding]:
    connectors = snapshot.of_kind(Kind.OUTBOUND)
    known = {name.casefold() for each in connectors for name in names_of(each, each.name)}
    for rule in snapshot.of_kind(Kind.RULE):
        route = str(rule.settings.get("RouteMessageOutboundConnector") or "")
        if not route:
            continue
        if route.casefold() not in known:
            text = (
                f"It sends mail to the connector '{route}', which is not in the export. Export all connectors, also "
                "those in test mode, or mend the rule."
            )
            yield _warn("dangling-route", rule.name, text)
        if rule in matches.others and rule.acting and not matches.leads_to_us(rule):
            text = (
                f"It sends mail to the connector '{route}'. Which connector wins for a message that Redirect sends too "
                "is not documented: add an exception to one of them."
            )
            yield _warn("routes-elsewhere", rule.name, text)


def _connectors(snapshot: Snapshot, matches: Matches) -> Iterator[Finding]:
    inbound = matches.inbound
    for each in snapshot.of_kind(Kind.OUTBOUND):
        if each not in matches.outbound.twins and each.is_set("RouteAllMessagesViaOnPremises"):
            text = "It sends all mail by the servers on the premises (hybrid). Test with a mailbox there."
            yield _warn("hybrid", each.name, text)
    if inbound.found is not None and (how := _set(inbound.found, ENHANCED_FILTERING)):
        text = f"Enhanced Filtering is set on it ({how}). That is the tenant's to decide, and stays."
        yield Finding(code="enhanced-filtering", level=Level.NOTE, subject=inbound.found.name, text=text)


def _limits(snapshot: Snapshot, integration: Integration, matches: Matches, order: Order) -> Iterator[Finding]:
    rules = len(order.after)
    if rules > MOST_RULES:
        text = f"There would be {rules} rules, and a tenant has room for {MOST_RULES}. Remove rules that nobody needs."
        yield stop("rule-limit", integration.redirect.name, text)
    missing = [match.object.values for match in (matches.loop_check, matches.redirect) if match.found is None]
    used = sum(map(_budget, (*(rule.settings for rule in snapshot.of_kind(Kind.RULE)), *missing)))
    if used > PATTERN_BUDGET * _NEAR:
        text = f"The words and patterns of all rules take {used} bytes after the change; {PATTERN_BUDGET} is the limit."
        yield _warn("pattern-budget", integration.loop_check.name, text)


def _budget(settings: Mapping[str, object]) -> int:
    """The bytes of a rule's words and patterns."""
    return sum(
        len(str(item).encode(errors="replace"))
        for name, type_ in parameter_types(Kind.RULE).items()
        if type_ in {"Word[]", "Pattern[]"} and isinstance(value := settings.get(name), tuple)
        for item in value
    )


def _hard_to_see(snapshot: Snapshot, matches: Matches) -> Iterator[Finding]:
    for each in snapshot.of_kind(Kind.OUTBOUND):
        if each.is_set("TestMode"):
            text = "It is in test mode: Get-OutboundConnector leaves such connectors out unless it is asked for them."
            yield _warn("hard-to-see", each.name, text)
    for match in (matches.loop_check, matches.redirect):
        if match.found is not None and str(match.found.settings.get("Mode") or "Enforce").casefold() != "enforce":
            text = f"It is in mode {match.found.settings['Mode']}: it only notes what it would do."
            yield _warn("hard-to-see", match.found.name, text)


def _rules_below(matches: Matches, order: Order) -> Iterator[Finding]:
    if below := order.below(matches):
        names = ", ".join(f"'{rule.name}'" for rule in below[:3])
        more = f" and {len(below) - 3} more" if len(below) > 3 else ""  # noqa: PLR2004 - as many as are named
        text = f"Below it stand {names}{more}. They still run for messages that Redirect sends out."
        yield Finding(code="not-at-bottom", level=Level.NOTE, subject=matches.redirect.object.name, text=text)
