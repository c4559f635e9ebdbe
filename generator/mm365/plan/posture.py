"""What assessment tools and detections will say before and after a plan.

``posture.json`` has one row a check: what it tests, what it says without the integration and with it, what of the
integration makes it say so (``cause``), and the source that was read, with its version. Nothing of it was run against
a tenant. What can be counted in a snapshot is said of that tenant instead.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mm365.documents.words import counted
from mm365.exchange.kinds import Kind
from mm365.plan.plan import Plan
from mm365.snapshot.compare import same
from mm365.snapshot.snapshot import UNKNOWN, Snapshot, TenantObject

POSTURE_FILE = Path(__file__).parent / "posture.json"
_KEYS = ("tool", "id", "version", "title", "before", "after", "advice")
_STILL = ("not touched", "watch", "probably not touched")
"""How the verdicts begin of checks that the four objects do not move."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a check says before and after. ``moves`` is whether the plan makes it say something else.

    ``source`` is the file that was read, with its commit, or the page.
    """

    tool: str
    id: str
    version: str
    title: str
    before: str
    after: str
    advice: str
    source: str
    moves: bool

    @property
    def facts(self) -> dict[str, str]:
        """As plain values for JSON."""
        return {key: getattr(self, key) for key in _KEYS}


def forecast(plan: Plan, snapshot: Snapshot) -> tuple[Forecast, ...]:
    """Every check that was read, in the order of the table: first those that change."""
    return tuple(_forecast(row, plan, snapshot) for row in _table())


@cache
def _table() -> tuple[Mapping[str, str], ...]:
    return tuple(json.loads(POSTURE_FILE.read_text(encoding="utf-8")))


def _forecast(row: Mapping[str, str], plan: Plan, snapshot: Snapshot) -> Forecast:
    counted_here = _COUNTED.get((row["tool"], row["id"]))
    before, after = (row["after"] if there else row["before"] for there in _CAUSES[row["cause"]](plan))
    if counted_here and (said := counted_here(plan, snapshot)):
        before, after = said
    moves = before != after and not row["verdict"].startswith(_STILL)
    texts = {key: row[key] for key in (*_KEYS, "source")}
    return Forecast(**{**texts, "before": before, "after": after}, moves=moves)


def _holds(before: Callable[[Plan], bool]) -> Callable[[Plan], tuple[bool, bool]]:
    """Something that holds after every plan that has steps, and otherwise if it held before."""
    return lambda plan: (before(plan), before(plan) or bool(plan.steps))


def _there(*keys: str) -> Callable[[Plan], tuple[bool, bool]]:
    return _holds(lambda plan: all(_before(plan, key) is not None for key in keys))


def _before(plan: Plan, key: str) -> TenantObject | None:
    return next(each.before for each in plan.objects if each.object.key == key)


def _inbound_is_on(plan: Plan) -> bool:
    found = _before(plan, "Inbound")
    return found is not None and found.enabled is True


def _mail_is_sent(plan: Plan) -> bool:
    found = _before(plan, "Redirect")
    return found is not None and found.acting


_CAUSES: Mapping[str, Callable[[Plan], tuple[bool, bool]]] = {
    "inbound": _holds(_inbound_is_on),
    "connectors": _there("Inbound", "Outbound"),
    "rules": _there("LoopCheck", "Redirect"),
    "objects": _there("Inbound", "Outbound", "LoopCheck", "Redirect"),
    "mail": _holds(_mail_is_sent),
    "creation": lambda plan: (False, bool(_new(plan, Kind.INBOUND) and _new(plan, Kind.RULE))),
    "change": lambda plan: (False, bool(plan.steps)),
}
"""Whether what makes a check say something else holds before a plan, and afterwards.

That is: our inbound connector is there and on; both connectors, both rules or all four are there; mail goes to the
filter; an inbound connector and a rule are created; anything is changed.
"""


Said = tuple[str, str] | None
"""What a check says before and after; None where the snapshot does not hold what it looks at."""


def _new(plan: Plan, kind: Kind) -> int:
    return sum(step.object.kind is kind for step in plan.creations)


def _enhanced_filtering(plan: Plan, snapshot: Snapshot) -> Said:
    """CIPP's ORCA233_1: every enabled inbound connector for all senders needs Enhanced Filtering."""
    read = ("Enabled", "SenderDomains", "EFSkipLastIP", "EFSkipIPs", "EFTestMode", "EFUsers")
    if snapshot.inbound_connectors is None or _lacks(snapshot.inbound_connectors, read):
        return None
    failing = [each.name for each in snapshot.inbound_connectors if _fails_filtering(each)]
    inbound = plan.objects[0]
    comes = inbound.before is None or (inbound.turned_on and not _has_filtering(inbound.before))
    new = [inbound.object.name] if comes and plan.steps else []
    return _passed(failing), _passed([*failing, *new])


def _fails_filtering(each: TenantObject) -> bool:
    return each.enabled is True and same(each.value("SenderDomains"), ("*",)) and not _has_filtering(each)


def _has_filtering(each: TenantObject) -> bool:
    limited = each.is_set("EFTestMode") or each.is_set("EFUsers")
    return not limited and (each.is_set("EFSkipLastIP") or each.is_set("EFSkipIPs"))


def _unauthenticated_relay(plan: Plan, snapshot: Snapshot) -> Said:
    """M365-Assess EXO-DIRECTSEND-001: an enabled inbound connector needs RequireTls or a limit to addresses."""
    connectors = snapshot.inbound_connectors
    if connectors is None or _lacks(connectors, ("Enabled", "RequireTls", "RestrictDomainsToIPAddresses")):
        return None
    failing = [
        each
        for each in connectors
        if each.enabled and not each.is_set("RequireTls") and not each.is_set("RestrictDomainsToIPAddresses")
    ]
    mended = {step.object.name.casefold() for step in plan.changes}
    left = [each.name for each in failing if each.name.casefold() not in mended]
    return _passed([each.name for each in failing]), _passed(left)


def _passed(failing: list[str]) -> str:
    names = ", ".join(f"'{name}'" for name in failing)
    return f"Failed: {names}" if failing else "Passed"


def _bypass_rules(plan: Plan, snapshot: Snapshot) -> Said:
    """CIPP's checks of rules are skipped where there is none."""
    if snapshot.rules is None or snapshot.rules:
        return None if snapshot.rules is None else ("Its former verdict", "Its former verdict")
    return "Skipped: there are no rules", "Passed" if _new(plan, Kind.RULE) else "Skipped: there are no rules"


def _a_finding_a_rule(fails: Callable[[TenantObject], bool], read: tuple[str, ...]) -> Callable[[Plan, Snapshot], Said]:
    """Prowler's checks have one finding for each rule."""

    def said(plan: Plan, snapshot: Snapshot) -> Said:
        if snapshot.rules is None or _lacks(snapshot.rules, read):
            return None
        failing = sum(map(fails, snapshot.rules))
        now, new = len(snapshot.rules), _new(plan, Kind.RULE)
        before, after = (f"{counted(number, 'finding')}, {failing} of them FAIL" for number in (now, now + new))
        return before, after

    return said


def _rule_created(plan: Plan, _: Snapshot) -> Said:
    number = _new(plan, Kind.RULE)
    return "Silent", f"Fires {counted(number, 'time')}, for each New-TransportRule" if number else "Silent"


def _lacks(objects: tuple[TenantObject, ...], names: tuple[str, ...]) -> bool:
    return any(each.value(name) is UNKNOWN for each in objects for name in names)


_COUNTED: Mapping[tuple[str, str], Callable[[Plan, Snapshot], Said]] = {
    ("CIPP tests", "ORCA233_1"): _enhanced_filtering,
    ("M365-Assess", "EXO-DIRECTSEND-001"): _unauthenticated_relay,
    ("CIPP tests", "ORCA118_2, ORCA118_4, ORCA189, ORCA189_2, CIS_6_2_2"): _bypass_rules,
    ("Prowler", "exchange_transport_rules_mail_forwarding_disabled"): _a_finding_a_rule(
        lambda rule: rule.is_set("RedirectMessageTo"), ("RedirectMessageTo",)
    ),
    ("Prowler", "exchange_transport_rules_whitelist_disabled"): _a_finding_a_rule(
        lambda rule: rule.is_set("SenderDomainIs") and str(rule.settings.get("SetSCL")) == "-1",
        ("SenderDomainIs", "SetSCL"),
    ),
    ("Elastic Security", "ff4dd44a-0ac6-44c4-8609-3f81bc820f02"): _rule_created,
}
"""The checks whose verdict can be counted in a snapshot."""
