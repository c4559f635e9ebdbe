"""A plan as JSON: see ``schemas/plan.json``. It holds header IDs whole."""

from collections.abc import Sequence

from mm365.plan.plan import Finding, Plan
from mm365.plan.posture import Forecast
from mm365.request.request import Request
from mm365.snapshot.difference import Difference
from mm365.snapshot.snapshot import Snapshot

FORMAT = "mm365-plan-1"


def as_facts(plan: Plan, request: Request, posture: Sequence[Forecast] | None = None) -> dict[str, object]:
    """A plan against a snapshot, as plain values for JSON; ``posture`` is None if nobody asked for it."""
    return {
        "format": FORMAT,
        "tenant": request.tenant,
        "region": request.region.code,
        "loop_guard": request.loop_guard.value,
        "snapshot": plan.snapshot and snapshot_facts(plan.snapshot),
        "outcome": plan.outcome.value,
        "objects": [
            {
                "object": each.name,
                "name": each.object.name,
                "action": each.action.value,
                "turned_on": each.turned_on,
                "differences": [difference_facts(difference) for difference in each.differences],
                "why": each.why,
            }
            for each in plan.objects
        ],
        "rule_order": {"now": list(plan.order_now), "after": list(plan.order_after)},
        "posture": None if posture is None else [each.facts for each in posture],
        "findings": finding_facts(plan.findings),
    }


def snapshot_facts(snapshot: Snapshot) -> dict[str, object]:
    """Where a snapshot is from, as plain values for JSON."""
    return {
        "kind": snapshot.kind,
        "taken_at": snapshot.taken_at,
        "sha256": snapshot.sha256,
        "files": list(snapshot.files),
    }


def finding_facts(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings as plain values for JSON."""
    return [
        {"code": each.code, "level": each.level.value, "subject": each.subject, "text": each.text} for each in findings
    ]


def difference_facts(difference: Difference) -> dict[str, object]:
    """A difference as plain values for JSON."""
    return {
        "setting": difference.setting,
        "now": json_value(difference.now),
        "approved": json_value(difference.approved),
    }


def json_value(value: object) -> object:
    """A setting's value for JSON."""
    return list(value) if isinstance(value, tuple) else value
