"""The four objects as a tenant holds them, for tests that begin with some of them there."""

from typing import Any

from mm365.emulator.busy import busy_tenant
from mm365.emulator.contract import Fault
from mm365.emulator.tenants import Tenant, add_rule, inbound_connector, outbound_connector, transport_rule
from mm365.exchange.kinds import Kind
from mm365.integration.article import build_integration
from mm365.request.request import Request

INBOUND = "From MailMarshal Cloud Integrated"
OUTBOUND = "To MailMarshal Cloud Integrated"
LOOP_CHECK = "MailMarshal Cloud Integrated Loop Check"
REDIRECT = "MailMarshal Cloud Integrated Redirect"
NAMES = (INBOUND, OUTBOUND, LOOP_CHECK, REDIRECT)


def modest_tenant(*faults: Fault) -> Tenant:
    """A busy tenant with its connectors but only two of its rules: for tests with many runs."""
    tenant = busy_tenant(faults=list(faults))
    del tenant["transportRules"][2:]
    return tenant


def put(tenant: Tenant, request: Request, *names: str, on: bool | None = None, **changes: Any) -> Tenant:
    """Put these of the four objects into a tenant, as the request wants them but for ``changes``.

    ``on`` switches them; without it connectors are on and rules off, as created.
    """
    for item in build_integration(request).objects:
        if item.name not in names:
            continue
        values: dict[str, Any] = {key: list(v) if isinstance(v, tuple) else v for key, v in item.values.items()}
        del values["Name"]
        as_created = bool(values.pop("Enabled"))
        enabled = as_created if on is None else on
        values |= changes
        if item.kind is Kind.INBOUND:
            values["SenderDomains"] = [f"smtp:{domain};1" for domain in values["SenderDomains"]]
            tenant["inboundConnectors"].append(inbound_connector(item.name, Enabled=enabled, **values))
        elif item.kind is Kind.OUTBOUND:
            tenant["outboundConnectors"].append(outbound_connector(item.name, Enabled=enabled, **values))
        else:
            add_rule(tenant, transport_rule(item.name, enabled=enabled, **values))
    return tenant


def ours(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """Those of the four objects that are in a tenant, by name."""
    everything = tenant["inboundConnectors"] + tenant["outboundConnectors"] + tenant["transportRules"]
    return {item["Name"]: item for item in everything if item["Name"] in NAMES}


def rule_order(tenant: Tenant) -> list[str]:
    """The names of all rules, from the top."""
    return [rule["Name"] for rule in sorted(tenant["transportRules"], key=lambda rule: int(rule["Priority"]))]
