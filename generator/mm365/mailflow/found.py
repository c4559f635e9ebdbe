"""A snapshot as the model takes it."""

from mm365.errors import SnapshotError
from mm365.exchange.kinds import Kind
from mm365.integration.article import build_integration
from mm365.mailflow.tenant import Found
from mm365.request.request import Request
from mm365.snapshot.completeness import EXPORTS, gaps
from mm365.snapshot.identity import another_tenant
from mm365.snapshot.snapshot import Snapshot


def found_in(snapshot: Snapshot, request: Request) -> Found:
    """What a tenant has. Raises SnapshotError: it is another tenant's, or something is missing that mail depends on."""
    if named := another_tenant(snapshot, request):
        problem = f"is of {named}, and the request is for {request.tenant}"
        raise SnapshotError(problem, "give a snapshot of that tenant", field="snapshot")
    if gap := next(gaps(snapshot, build_integration(request).objects), None):
        remedy = f"export again with: {EXPORTS[gap.kind]}"
        raise SnapshotError(f"is not whole: {gap.subject} {gap.text}", remedy, field="snapshot")
    inbound, outbound, rules = (
        tuple(one.settings for one in snapshot.of_kind(kind)) for kind in (Kind.INBOUND, Kind.OUTBOUND, Kind.RULE)
    )
    return Found(inbound=inbound, outbound=outbound, rules=rules, accepted_domains=snapshot.accepted_domains or ())
