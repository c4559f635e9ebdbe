"""Tenants with objects of ours in them, and what each tool would export of them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mm365.emulator.shapes import Object
from mm365.emulator.tenants import (
    Tenant,
    add_rule,
    empty_tenant,
    inbound_connector,
    outbound_connector,
    transport_rule,
)
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.integration.article import build_integration
from mm365.plan.against import plan_against
from mm365.plan.plan import Plan
from mm365.request.request import Request, build_request
from mm365.snapshot.read import read_snapshot
from mm365.snapshot.snapshot import Snapshot
from tests.commands import VALUES

REQUEST = build_request(VALUES, needs=())
INTEGRATION = build_integration(REQUEST)
INBOUND, OUTBOUND, LOOP_CHECK, REDIRECT = (each.name for each in INTEGRATION.objects)
MAKERS: Mapping[Kind, Callable[..., Object]] = {
    Kind.INBOUND: inbound_connector,
    Kind.OUTBOUND: outbound_connector,
    Kind.RULE: transport_rule,
}
LISTS = {kind.plural: f"{kind}s" for kind in Kind}


def made(each: ExchangeObject, *, on: bool = True, **settings: object) -> Object:
    """One of ours as the service returns it; ``settings`` are what is other than approved."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in each.values.items()}
    given: dict[str, object] = values | settings
    name = str(given.pop("Name"))
    if each.kind is Kind.RULE:
        given.pop("Enabled")
        return transport_rule(name, enabled=on, **given)
    given["Enabled"] = on
    if each.kind is Kind.INBOUND:
        given["SenderDomains"] = [f"smtp:{domain};1" for domain in given["SenderDomains"]]  # type: ignore[attr-defined]
    return MAKERS[each.kind](name, **given)


def tenant_with(
    *ours: Object, above: tuple[Object, ...] = (), below: tuple[Object, ...] = (), request: Request = REQUEST
) -> Tenant:
    """A tenant with these objects; rules of others stand above and below those among them."""
    tenant = empty_tenant(request.tenant)
    for each in ours:
        if "SmartHosts" in each:
            tenant[Kind.OUTBOUND.plural].append(each)
        elif "SenderDomains" in each:
            tenant[Kind.INBOUND.plural].append(each)
    for rule in (*above, *(each for each in ours if "Priority" in each), *below):
        add_rule(tenant, rule)
    return tenant


def ours(*, on: bool = True, rules_on: bool | None = None, request: Request = REQUEST) -> dict[str, Object]:
    """All four as approved, by key; both rules on or, with ``rules_on`` False, off."""
    state = on if rules_on is None else rules_on
    return {
        each.key: made(each, on=state if each.kind is Kind.RULE else on) for each in build_integration(request).objects
    }


def backup(tenant: Tenant) -> Object:
    """What 20-backup saves."""
    return {
        "format": "mm365-backup-1",
        "tenant": tenant["organization"]["Name"],
        "tenantId": tenant["connections"][0]["TenantID"],
        "takenAt": "2026-11-24 10:15:00Z",
        **{kind.plural: tenant[kind.plural] for kind in Kind},
    }


def convert_to_json(tenant: Tenant) -> Object:
    """The three Get cmdlets in one object."""
    return {f"{kind}s": tenant[kind.plural] for kind in Kind}


def rest(tenant: Tenant, kind: Kind) -> Object:
    """An answer of the service, with the types beside the values."""
    return {
        "@odata.context": "https://outlook.office365.com/adminapi/beta/x/$metadata#Collection(Exchange)",
        "@adminapi.warnings": [],
        "value": [{**each, "Guid@data.type": "System.Guid"} for each in tenant[kind.plural]],
    }


def scubagear(tenant: Tenant) -> Object:
    """ScubaGear's export, in which an empty list is a list of null."""
    return {
        "timestamp_zulu": "2026-08-20T10:00:00Z",
        "tenant_details": [
            {"DomainName": tenant["organization"]["Name"], "TenantId": tenant["connections"][0]["TenantID"]}
        ],
        "transport_rule": tenant[Kind.RULE.plural] or [None],
        "inbound_connectors": tenant[Kind.INBOUND.plural] or [None],
        "outbound_connectors": tenant[Kind.OUTBOUND.plural] or [None],
        "accepted_domains": tenant["acceptedDomains"],
        "exo_unsuccessful_commands": [None],
    }


def m365dsc(tenant: Tenant) -> list[Object]:
    """Microsoft365DSC's JSON report: nothing that is unset, Enabled for State, Priority as a text."""
    return [
        {"ResourceName": f"EXO{kind}", "ResourceInstanceName": f"EXO{kind}-{each['Name']}", **_desired(kind, each)}
        for kind in Kind
        for each in tenant[kind.plural]
    ]


def utcm(tenant: Tenant) -> Object:
    """A UTCM snapshot."""
    return {
        "id": "1",
        "displayName": "x",
        "resources": [
            {
                "displayName": f"EXO{kind}-{each['Name']}",
                "resourceType": f"microsoft.exchange.{str(kind).lower()}",
                "properties": {**_desired(kind, each), "Priority@odata.type": "#Int64"},
            }
            for kind in Kind
            for each in tenant[kind.plural]
        ],
    }


def _desired(kind: Kind, each: Object) -> Object:
    lost = (
        "Guid", "ImmutableId", "ExchangeObjectId", "Conditions", "Actions", "Exceptions", "Description", "State",
        "DistinguishedName", "WhenChanged", "WhenCreated", "WhenChangedUTC", "WhenCreatedUTC", "CreatedBy", "Size",
    )  # fmt: skip
    kept = {key: value for key, value in each.items() if value not in (None, [], "") and key not in lost}
    if kind is Kind.RULE:
        return {**kept, "Priority": str(each["Priority"]), "Enabled": each["State"] == "Enabled", "Ensure": "Present"}
    if kind is Kind.OUTBOUND:
        kept["UseMxRecord"] = kept.pop("UseMXRecord", None)
    return {**kept, "Identity": each["Name"]}


EXPORTS: Mapping[str, Callable[[Tenant], tuple[object, ...]]] = {
    "mm365-backup": lambda tenant: (backup(tenant),),
    "convertto-json": lambda tenant: (convert_to_json(tenant),),
    "rest": lambda tenant: tuple(rest(tenant, kind) for kind in Kind),
    "scubagear": lambda tenant: (scubagear(tenant),),
    "m365dsc": lambda tenant: (m365dsc(tenant),),
    "utcm": lambda tenant: (utcm(tenant),),
}
"""Each kind of export, as the documents that its files hold."""


def written(folder: Path, *documents: object) -> list[str]:
    """Files that hold these: JSON, or the bytes as they are."""
    paths = [folder / f"export-{number}.json" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return [str(path) for path in paths]


def snapshot(folder: Path, tenant: Tenant) -> Snapshot:
    """What 20-backup would say of a tenant."""
    return read_snapshot(written(folder, backup(tenant)))


def plan(folder: Path, tenant: Tenant, *, adopt: bool = False, request: Request = REQUEST) -> Plan:
    """The plan against a tenant."""
    return plan_against(snapshot(folder, tenant), request, build_integration(request), adopt=adopt)


def actions(made_plan: Plan) -> dict[str, str]:
    """What becomes of each object, and whether it is turned on."""
    return {each.name: each.action + (", on" if each.turned_on else "") for each in made_plan.objects}


def codes(made_plan: Any) -> set[str]:
    """The findings, without the one that every tenant has."""
    return {each.code for each in made_plan.findings} - {"shared-certificate"}


def levels(made_plan: Any) -> dict[str, str]:
    """The findings' codes with their levels."""
    return {each.code: each.level.value for each in made_plan.findings}
