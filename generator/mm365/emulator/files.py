"""The files of a tenant, of its faults and of the log."""

import json
from pathlib import Path

from mm365.emulator.contract import Call
from mm365.emulator.shapes import Object
from mm365.emulator.tenants import Tenant
from mm365.exchange.kinds import Kind

MODULES = Path(__file__).resolve().parent
"""The folder in which PowerShell finds the module ExchangeOnlineManagement."""


def write_tenant(tenant: Tenant, path: Path) -> None:
    """Write a tenant's file and, if the tenant has faults, another one beside it."""
    stored = {key: value for key, value in tenant.items() if key != "faults"}
    path.write_text(json.dumps(stored), encoding="utf-8")
    if tenant.get("faults"):
        _faults_file(path).write_text(json.dumps(tenant["faults"]), encoding="utf-8")
    else:
        _faults_file(path).unlink(missing_ok=True)


def read_tenant(path: Path) -> Tenant:
    """A tenant from its file, with the faults as they are now."""
    tenant: Tenant = json.loads(path.read_text(encoding="utf-8"))
    faults = _faults_file(path)
    tenant["faults"] = json.loads(faults.read_text(encoding="utf-8")) if faults.exists() else []
    return tenant


def read_log(path: Path) -> list[Call]:
    """The calls of a log in their order; none if there is no log."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def comparable(tenant: Tenant) -> dict[str, list[Object]]:
    """Each kind's list: connectors by name and rules by priority, without the properties that change by themselves.

    Guids are compared, so equal results mean the same objects and not copies of them. WhenChanged and Size are left
    out, as a rule that only moved for another one counts as unchanged, and so are who changed an object last and a
    rule's Description, which the service writes of its settings: what was set back counts as unchanged too.
    """
    return {kind.plural: sorted((_lasting(each) for each in tenant[kind.plural]), key=_order) for kind in Kind}


def _faults_file(path: Path) -> Path:
    return path.with_suffix(".faults.json")


_DERIVED = frozenset({"Size", "Description", "LastModifiedBy"})


def _lasting(each: Object) -> Object:
    return {key: value for key, value in each.items() if key not in _DERIVED and not key.startswith("WhenChanged")}


def _order(each: Object) -> tuple[int, str]:
    return each.get("Priority", 0), each["Name"]
