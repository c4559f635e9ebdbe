"""The plan against a tenant as it is: the smallest change that reaches the goal, or a refusal that says who decides."""

from collections.abc import Collection

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import Integration
from mm365.plan.create import plan_steps
from mm365.plan.match import Match, Matches, find, order_of
from mm365.plan.other_findings import of_design, of_surroundings
from mm365.plan.plan import Action, Finding, Level, Plan, PlannedObject
from mm365.plan.tenant_findings import of_gaps, of_objects, of_tenant
from mm365.request.request import Request
from mm365.snapshot.snapshot import Snapshot

_LEVELS = tuple(Level)


def plan_against(snapshot: Snapshot, request: Request, integration: Integration, *, adopt: bool = False) -> Plan:
    """What it takes to bring an integration into the tenant of a snapshot and to turn it on.

    An object that is there with other settings is refused or, to ``adopt`` it, changed; the plan's steps know the
    values of before. A plan with a finding of level stop has no steps, and leaves the rules where they are.
    """
    matches = find(snapshot, integration)
    findings, kinds = findings_of(snapshot, request, integration, matches, adopt=adopt)
    refused = any(finding.level is Level.STOP for finding in findings)
    planned = tuple(_planned(match, findings, kinds, refused=refused) for match in matches.all)
    order = order_of(snapshot, matches)
    return Plan(
        steps=() if refused else plan_steps(integration, planned, order.loop_check_at),
        objects=planned,
        order_now=order.now,
        order_after=order.now if refused else order.after,
        findings=findings,
        snapshot=snapshot,
    )


def findings_of(
    snapshot: Snapshot, request: Request, integration: Integration, matches: Matches, *, adopt: bool
) -> tuple[tuple[Finding, ...], frozenset[Kind]]:
    """All findings, what stops first; and the kinds of objects of which the snapshot does not say enough.

    Where it does not, nothing else is said of the tenant: it would be a guess.
    """
    lacking, kinds = of_gaps(snapshot, integration)
    found = [*of_tenant(snapshot, request), *lacking, *of_design(matches)]
    if not lacking:
        found += of_objects(matches, request.header_id, adopt=adopt)
        found += of_surroundings(snapshot, integration, matches, order_of(snapshot, matches))
    return tuple(sorted(found, key=lambda finding: _LEVELS.index(finding.level))), kinds


def _planned(match: Match, findings: Collection[Finding], kinds: Collection[Kind], *, refused: bool) -> PlannedObject:
    action, why = _action(match, findings, kinds)
    off = match.object.kind is Kind.RULE if match.found is None else match.found.enabled is not True
    turned_on = off and action is not Action.REFUSE and not refused
    if turned_on and action is Action.KEEP:
        why = "It is as approved, and off: it is turned on."
    return PlannedObject(
        object=match.object,
        action=action,
        turned_on=turned_on,
        differences=() if match.object.kind in kinds else match.differences,
        why=why,
        before=match.found,
    )


def _action(match: Match, findings: Collection[Finding], kinds: Collection[Kind]) -> tuple[Action, str]:
    if match.object.kind in kinds:
        return Action.REFUSE, "The snapshot does not say enough of it."
    stops = [each for each in findings if each.level is Level.STOP and _is_about(each, match)]
    if stops:
        return Action.REFUSE, " ".join(each.text for each in stops)
    if match.found is None:
        return Action.CREATE, "The tenant does not have it."
    if match.differences:
        return Action.UPDATE, "It was found with other settings, which rollback sets back."
    return Action.KEEP, "It is as approved."


def _is_about(finding: Finding, match: Match) -> bool:
    return finding.subject.casefold() == match.object.name.casefold()
