"""The files of a tenant, of its faults and of the log."""

import json
from pathlib import Path

from mm365.emulator.contract import Call
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import KINDS, Kind, Tenant

MODULES = Path(__file__).resolve().parent
"""The folder in which PowerShell finds the module ExchangeOnlineManagement."""


def write_tenant(tenant: Tenant, path: Path) -> None:
    """Write a tenant's file, and beside it one with its faults, if it has any."""
    stored = {key: value for key, value in tenant.items() if key != "faults"}
    path.write_text(json.dumps(stored), encoding="utf-8")
    if tenant.get("faults"):
        _faults_file(path).write_text(json.dumps(tenant["faults"]), encoding="utf-8")
    else:
        _faults_file(path).unlink(missing_ok=True)


def read_tenant(path: Path) -> Tenant:
    """A tenant from its file, with its faults as they are now."""
    tenant: Tenant = json.loads(path.read_text(encoding="utf-8"))
    faults = _faults_file(path)
    tenant["faults"] = json.loads(faults.read_text(encoding="utf-8")) if faults.exists() else []
    return tenant


def read_log(path: Path) -> list[Call]:
    """The calls in order; none if there was no call."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def comparable(tenant: Tenant) -> dict[Kind, list[Object]]:
    """Connectors (by name) and rules (by priority) without what changes by itself.

    Two equal results mean the same objects, not copies: Guids are part of it. WhenChanged and Size are not,
    as a rule that only made way for another one counts as untouched.
    """
    return {kind: sorted((_lasting(each) for each in tenant[kind]), key=_order) for kind in KINDS}


def _faults_file(path: Path) -> Path:
    return path.with_suffix(".faults.json")


def _lasting(each: Object) -> Object:
    return {key: value for key, value in each.items() if key != "Size" and not key.startswith("WhenChanged")}


def _order(each: Object) -> tuple[int, str]:
    return each.get("Priority", 0), each["Name"]
