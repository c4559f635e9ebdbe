"""Whether a tenant still is as approved: what differs, why that matters, and what puts it right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import Integration
from mm365.exchange.parameters import MEANINGS
from mm365.integration.rules import LOOP_CHECK_NAME
from mm365.plan.against import findings_of
from mm365.plan.match import Match, Matches, find
from mm365.plan.plan import OBJECT_NAMES, Finding, Level
from mm365.plan.result import difference_facts, finding_facts
from mm365.plan.tenant_findings import is_settable
from mm365.request.request import Request
from mm365.snapshot.compare import EXCEPTION, conditions
from mm365.snapshot.difference import Difference
from mm365.snapshot.snapshot import Snapshot

FORMAT = "mm365-check-1"


class Expect(StrEnum):
    """What the tenant is expected to be: created but with both rules off, or turned on."""

    CREATED = "created"
    ENABLED = "enabled"


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A setting that is other than approved. A missing object is the setting ``Name``, without a value now."""

    object: str
    label: str
    difference: Difference
    matters: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a snapshot says against what was approved. Findings of level warn or note do not make it drift."""

    expect: Expect
    drifts: tuple[Drift, ...]
    findings: tuple[Finding, ...]
    snapshot: Snapshot

    @property
    def remedies(self) -> tuple[str, ...]:
        """What puts it right without a new pack, if that is enough; nothing where it takes one."""
        found = tuple(dict.fromkeys(each.remedy for each in self.drifts))
        if _BY_HAND in found:
            return (_BY_HAND,)
        return () if _PLAN in found else found

    @property
    def adopts(self) -> bool:
        """Whether a new pack has to change what is there, rather than to create what is missing."""
        return any(each.remedy == _PLAN and each.difference.setting not in {"Name", "Enabled"} for each in self.drifts)

    @property
    def as_approved(self) -> bool:
        """Whether all of it is as approved, and nothing stops a plan."""
        return not self.drifts and not any(each.level is Level.STOP for each in self.findings)


def check_against(snapshot: Snapshot, request: Request, integration: Integration, expect: Expect) -> Check:
    """What of the four objects is other than approved; dates, comments and others' objects are not compared."""
    matches = find(snapshot, integration)
    findings, kinds = findings_of(snapshot, request, integration, matches, adopt=False)
    known = (match for match in matches.all if match.object.kind not in kinds)
    return Check(
        expect=expect,
        drifts=tuple(drift for match in known for drift in _drifts(match, matches, expect)),
        # What it says of an object stands in the differences.
        findings=tuple(each for each in findings if each.code != "different-settings"),
        snapshot=snapshot,
    )


_PLAN = "Make a pack from this snapshot, with --adopt for settings: mm365 plan shows what it does."
_BY_HAND = (
    "No command sets it: whoever made it has to change it by hand or to remove the object. Then export again with "
    "20-backup, and mm365 check again."
)
_STATE_REMEDIES: Mapping[tuple[bool, str], str] = {
    # 50-enable turns only rules on, and 60-stop turns only Redirect off.
    (True, "Inbound"): _PLAN,
    (True, "Outbound"): _PLAN,
    (True, "LoopCheck"): "Find out who turned it off; then run 50-enable of the approved pack.",
    (True, "Redirect"): "Find out who turned it off; then run 50-enable of the approved pack.",
    (False, "LoopCheck"): "When Redirect is off and no mail is under way to the filter, run: "
    f"Disable-TransportRule -Identity '{LOOP_CHECK_NAME}'",
    (False, "Redirect"): "Run 60-stop of the approved pack.",
}


def _drifts(match: Match, matches: Matches, expect: Expect) -> Iterator[Drift]:
    values = match.object.values
    if match.found is None:
        lost = f"It is missing. {match.object.purpose}"
        yield _drift(match, Difference(setting="Name", now=None, approved=values["Name"]), lost, _PLAN)
        return
    reasons = {setting.name: setting.why for setting in match.object.settings}
    for each in match.differences:
        matters = reasons.get(each.setting) or f"Nothing that was approved sets it. {_meaning(match, each.setting)}"
        yield _drift(match, each, matters, _PLAN if is_settable(match.object.kind, each.setting) else _BY_HAND)
    wanted = True if match.object.kind is not Kind.RULE else expect is Expect.ENABLED
    if match.found.enabled is not wanted:
        difference = Difference(setting="Enabled", now=match.found.enabled, approved=wanted)
        state = (wanted, match.object.key)
        yield _drift(match, difference, _STATES[state], _STATE_REMEDIES[state])
    if match is matches.redirect and matches.loop_check.found is not None:
        place, above = match.found.priority, matches.loop_check.found.priority
        if place is not None and above is not None and place < above:
            difference = Difference(setting="Priority", now=place, approved=above)
            yield _drift(match, difference, _ORDER, "Move Redirect below Loop Check, or run 60-stop until it is.")


def _meaning(match: Match, setting: str) -> str:
    """What a setting does, or what settings of its sort do."""
    kind = match.object.kind
    if setting in MEANINGS or kind is not Kind.RULE:
        return MEANINGS.get(setting, _OF_CONNECTORS.get(kind, ""))
    if setting.startswith((EXCEPTION, "Exceptions")):
        return "It is an exception: the rule leaves out messages that meet it."
    if setting in conditions() or setting == "Conditions":
        return "It is a condition: the rule then works only for messages that meet it."
    if setting.endswith("Date"):
        return "The rule works only from or until that date."
    return "It is an action: it happens to every message that the rule applies to."


_OF_CONNECTORS: Mapping[Kind, str] = {
    Kind.INBOUND: "It bears on which mail the connector takes, and how.",
    Kind.OUTBOUND: "It bears on which mail the connector sends, and how.",
}


def _drift(match: Match, difference: Difference, matters: str, remedy: str) -> Drift:
    return Drift(
        object=OBJECT_NAMES[match.object.key],
        label=match.object.label,
        difference=difference,
        matters=matters,
        remedy=remedy,
    )


_ORDER = "Redirect stands above Loop Check: filtered mail that comes back is sent out again."
_STATES: Mapping[tuple[bool, str], str] = {
    (True, "Inbound"): "Mail that comes back from the filter is not accepted as the tenant's own.",
    (True, "Outbound"): "Mail that Redirect sends out has no way to the filter.",
    (True, "LoopCheck"): "Mail that comes back from the filter is not recognised and goes out again.",
    (True, "Redirect"): "Mail is not filtered.",
    (False, "LoopCheck"): "It was approved to be off until 50-enable turns it on.",
    (False, "Redirect"): "Mail is sent to the filter, and that was not approved yet.",
}


def as_facts(check: Check, request: Request) -> dict[str, object]:
    """A check as plain values for JSON: see ``schemas/check.json``. It holds header IDs whole."""
    return {
        "format": FORMAT,
        "tenant": request.tenant,
        "as_approved": check.as_approved,
        "expect": check.expect.value,
        "differences": [
            {
                "object": each.object,
                **difference_facts(each.difference),
                "matters": each.matters,
                "remedy": each.remedy,
            }
            for each in check.drifts
        ],
        "findings": finding_facts(check.findings),
    }
