"""What a rehearsal begins with: the tenant, and the ways in which a pack can be rehearsed."""

import json
from collections.abc import Mapping, Sequence

from mm365.emulator.busy import busy_tenant
from mm365.emulator.from_snapshot import tenant_from_snapshot, tenant_of
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.errors import RehearsalError
from mm365.rehearsal.sandbox import State
from mm365.rehearsal.shells import Way
from mm365.scripts.change import Change
from mm365.scripts.planned import planned_changes

EMPTY, BUSY, SNAPSHOT = "empty", "busy", "snapshot"
"""Tenants by name. A pack that was planned against a snapshot begins with that one in place of an empty tenant."""


def chosen_tenant(name: str, change: Change) -> str:
    """The name, or the file, of the tenant to begin with."""
    return SNAPSHOT if name == EMPTY and change.plan.snapshot is not None else name


def first_state(chosen: str, behaviour: Mapping[str, object], change: Change) -> State:
    """What there is at first: ``chosen`` is one of the names above, or a file."""
    request, snapshot = change.request, change.plan.snapshot
    tenant: Tenant
    if chosen_tenant(chosen, change) == SNAPSHOT and snapshot is not None:
        tenant = tenant_of(snapshot, request)
    elif chosen in {EMPTY, BUSY}:
        make = empty_tenant if chosen == EMPTY else busy_tenant
        tenant = make(request.tenant, accepted_domains=())
        if request.tenant_id:
            tenant["connections"][0]["TenantID"] = request.tenant_id
    else:
        tenant = tenant_from_snapshot(chosen, request)
    tenant["behaviour"] = dict(behaviour)
    return State(tenant=json.dumps({key: value for key, value in tenant.items() if key != "faults"}).encode())


def changes_of(change: Change) -> Mapping[str, Sequence[str]] | None:
    """The settings that a plan changes on objects that were there; None without a snapshot."""
    return planned_changes(change.plan) if change.plan.snapshot is not None else None


def possible_ways(ways: Sequence[Way], change: Change) -> Sequence[Way]:
    """The ways in which all of a change can be made and taken back. Raises RehearsalError where none of these is one.

    The paste forms of a plan against a snapshot may be only some of them: see ``forms_for``.
    """
    if any(form.name == "rollback-rules" for form in change.forms):
        return ways
    if left := tuple(way for way in ways if way != "paste"):
        return left
    raise RehearsalError(
        "cannot be rehearsed: the paste forms cannot carry out this plan", "use file or call", field="way"
    )
