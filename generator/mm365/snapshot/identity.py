"""Whether a snapshot is of the tenant that a request names."""

from mm365.request.request import Request
from mm365.snapshot.snapshot import Snapshot


def another_tenant(snapshot: Snapshot, request: Request) -> str:
    """The tenant that a snapshot names, if it is another one than the request's; empty if not, or not known.

    A request names one of its tenant's accepted domains, a file perhaps another one: only where the accepted domains
    or both TenantIDs are known, or both names are initial domains, is it certain.
    """
    tenant = snapshot.tenant
    if request.tenant_id and tenant.ids:
        return "" if request.tenant_id in tenant.ids else f"TenantID {', '.join(sorted(tenant.ids))}"
    named = tenant.names | set(snapshot.accepted_domains or ())
    if request.tenant in named:
        return ""
    if named:
        return ", ".join(sorted(tenant.names or named))
    initial = ".onmicrosoft." in request.tenant
    return tenant.organization if initial and tenant.organization != request.tenant else ""
