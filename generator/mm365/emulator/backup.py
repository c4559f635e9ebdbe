"""A tenant made from the file in which 20-backup saved a real one."""

import copy
import json
from pathlib import Path
from typing import Any

from mm365.emulator.shapes import INBOUND, OUTBOUND, Object, rule_shape
from mm365.emulator.tenants import Tenant, empty_tenant
from mm365.errors import RehearsalError
from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import catalogue
from mm365.request.request import Request

FORMAT = "mm365-backup-1"


def tenant_from_backup(path: Path, request: Request) -> Tenant:
    """The tenant that a backup holds, with the connection and the accepted domain that the request's scripts expect.

    Raises RehearsalError if the file is not such a backup, or is a backup of another tenant. What a backup does not
    hold is as usual: one connection, and an organization that was customized before.
    """
    backup = _read(path)
    theirs, their_id = str(backup.get("tenant", "")), str(backup.get("tenantId", ""))
    same_name = theirs.lower() == request.tenant.lower()
    if not same_name or (request.tenant_id and their_id.lower() != request.tenant_id.lower()):
        raise RehearsalError(
            f"{path} is a backup of {theirs} ({their_id}), and this pack is for {request.tenant}; "
            "give a backup of the pack's own tenant."
        )
    tenant = empty_tenant(request.tenant, accepted_domains=())
    tenant["connections"][0]["TenantID"] = their_id
    shapes: dict[Kind, Object] = {
        Kind.INBOUND: INBOUND,
        Kind.OUTBOUND: OUTBOUND,
        Kind.RULE: rule_shape(catalogue()),
    }
    for kind in Kind:
        # Properties that the service did not return, such as those newer than the backup, count as not set.
        tenant[kind.plural] = [{**copy.deepcopy(shapes[kind]), **item} for item in _objects(path, backup, kind)]
    tenant[Kind.RULE.plural].sort(key=lambda rule: int(rule["Priority"]))
    return tenant


def _read(path: Path) -> Object:
    try:
        backup: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise RehearsalError(
            f"{path} cannot be read: {error.strerror}; give empty, busy, or a file that 20-backup wrote."
        ) from error
    except (ValueError, RecursionError) as error:
        raise RehearsalError(f"{path} is not JSON; give empty, busy, or a file that 20-backup wrote.") from error
    if not isinstance(backup, dict) or backup.get("format") != FORMAT:
        raise RehearsalError(
            f"{path} is not a backup of a tenant; give a file state/backup-....json that 20-backup wrote."
        )
    return backup


def _objects(path: Path, backup: Object, kind: Kind) -> list[Object]:
    items = backup.get(kind.plural)
    if not isinstance(items, list) or not all(_is_object(item, kind) for item in items):
        raise RehearsalError(
            f"{path}: {kind.plural} is not a list of what the tenant has; let 20-backup write it again."
        )
    return items


def _is_object(item: object, kind: Kind) -> bool:
    if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in ("Name", "Guid")):
        return False
    return kind is not Kind.RULE or isinstance(item.get("Priority"), int)
