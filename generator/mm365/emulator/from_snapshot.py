"""A tenant made from a snapshot of a real one."""

import copy
import uuid

from mm365.emulator.shapes import INBOUND, OUTBOUND, Object, rule_shape
from mm365.emulator.tenants import MADE, Tenant, empty_tenant
from mm365.errors import RehearsalError, SnapshotError
from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import catalogue
from mm365.request.request import Request
from mm365.snapshot.completeness import EXPORTS, gaps
from mm365.snapshot.identity import another_tenant
from mm365.snapshot.read import read_snapshot
from mm365.snapshot.snapshot import Snapshot, TenantObject

_FIELD = "tenant_state"


def tenant_from_snapshot(file: str, request: Request) -> Tenant:
    """The tenant of an export, with the connection and the accepted domain that the request's scripts expect.

    Raises RehearsalError if the file is not a whole export of all kinds of objects, or is one of another tenant. What
    an export does not hold is as usual: one connection, and an organization that was customized before.
    """
    return tenant_of(_read(file, request), request)


def tenant_of(snapshot: Snapshot, request: Request) -> Tenant:
    """The tenant of a snapshot that holds all kinds of objects: see ``tenant_from_snapshot``."""
    tenant = empty_tenant(request.tenant, accepted_domains=())
    for tenant_id in snapshot.tenant.ids or filter(None, [request.tenant_id]):
        tenant["connections"][0]["TenantID"] = tenant_id
    shapes: dict[Kind, Object] = {
        Kind.INBOUND: INBOUND,
        Kind.OUTBOUND: OUTBOUND,
        Kind.RULE: rule_shape(catalogue()),
    }
    for kind in Kind:
        # Properties that the service did not return, such as those newer than the export, count as not set.
        tenant[kind.plural] = [{**copy.deepcopy(shapes[kind]), **_returned(each)} for each in snapshot.of_kind(kind)]
    return tenant


def _read(file: str, request: Request) -> Snapshot:
    try:
        snapshot = read_snapshot([file])
    except SnapshotError as error:
        [problem] = error.problems
        remedy = f"{problem.remedy}, or empty or busy"
        raise RehearsalError(problem.problem, remedy, field=_FIELD, value=problem.value) from error
    if snapshot.missing:
        kinds = " and ".join(f"{kind}s" for kind in snapshot.missing)
        raise RehearsalError(f"has no {kinds}", "give the file that 20-backup wrote", field=_FIELD, value=file)
    if bad := next((rule for rule in snapshot.rules or () if rule.priority is None or rule.enabled is None), None):
        problem_ = f"does not say the Priority or the State of rule '{bad.name}'"
        raise RehearsalError(problem_, "export it again, with all properties", field=_FIELD, value=file)
    if gap := next(gaps(snapshot, ()), None):
        problem_ = f"is not whole: {gap.subject} {gap.text}"
        raise RehearsalError(problem_, f"export it again with: {EXPORTS[gap.kind]}", field=_FIELD, value=file)
    if named := another_tenant(snapshot, request):
        problem_ = f"is of {named}, and this pack is for {request.tenant}"
        raise RehearsalError(problem_, "give an export of the pack's own tenant", field=_FIELD, value=file)
    return snapshot


def _returned(each: TenantObject) -> Object:
    """An object as the service returns it, which is not in all things as the cmdlets take it."""
    guid = each.guid or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{each.kind}/{each.name}"))
    identity = {
        "Guid": guid,
        "Identity": each.name,
        "ImmutableId" if each.kind is Kind.RULE else "ExchangeObjectId": guid,
    }
    known = {name: value for name, value in each.settings.items() if value is not None}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}
    if each.kind is Kind.RULE:
        values["State"] = "Enabled" if values.pop("Enabled") else "Disabled"
    if each.kind is Kind.INBOUND and isinstance(domains := values.get("SenderDomains"), list):
        values["SenderDomains"] = [_weighted(str(domain)) for domain in domains]
    return {"WhenChanged": MADE, **identity, **copy.deepcopy(values)}


def _weighted(domain: str) -> str:
    return domain if domain.lower().startswith("smtp:") else f"smtp:{domain};1"
