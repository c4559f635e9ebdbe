"""The kinds of fault, by the names that a user gives, and the cases: which fault is tried at which call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm365.emulator.contract import Call, Fault
from mm365.errors import RehearsalError
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import Integration
from mm365.rehearsal.comparison import FOREIGN, OTHERS_RULE, Comparison
from mm365.rehearsal.run import Run

MEANINGS = {
    "error": "the call fails and nothing was changed",
    "lost": "the change was made, and then the answer was lost",
    "kill": "the process is killed before the call",
    "kill-after": "the process is killed after the change was made",
    "warning": "the service warns",
    "delay": "the answer takes longer",
    "throttle": "the service refuses once for too many requests, and the module asks again",
    "differs": "the service stores something else than it was asked to",
    "other-creates": "another administrator creates a rule above all others just before the call",
    "other-disables": "another administrator turns Loop Check off just before the call",
    "other-removes": "another administrator removes the inbound connector just before the call",
    "other-takes-name": "another administrator creates an object of the same name just before the call",
}
"""Every kind of fault with its meaning."""

HARMLESS = frozenset({"warning", "delay", "throttle"})
"""Kinds that must not change how a script ends. They are tried at all calls of a script at once."""

KILLS = frozenset({"kill", "kill-after"})
OTHERS = frozenset(kind for kind in MEANINGS if kind.startswith("other-"))
"""Kinds in which another administrator does something just before a call."""

EVERY_CALL = 0
_SHORT_MS = 5
"""How long a delay is that comes at every call: no script measures it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One run with something going wrong: at call ``number`` of ``run``, or at every call (0)."""

    run: Run
    number: int
    cmdlet: str
    nth: int
    kind: str
    fault: Fault

    @property
    def name(self) -> str:
        """Its name as ``--fault`` takes it, with the stage."""
        where = f"{self.cmdlet}#{self.nth}" if self.number else "*"
        return f"{self.run.stage.key}/{where}:{self.kind}"


def cases_of(run: Run, comparison: Comparison, kinds: Sequence[str]) -> Iterator[Case]:
    """The faults that make a difference in a stage, which ``run`` ran without any.

    A call that only reads has no change that could be lost. Killing the process before a call is the same as before
    the next one if neither the tenant nor a file changed in between. What another administrator does is the same
    before any call up to the next one that reads such an object; of these calls, the last is taken.
    """
    for kind in kinds:
        if kind in HARMLESS:
            yield _case(run, EVERY_CALL, kind, comparison.integration)
            continue
        for number in range(1, len(run.calls) + 1):
            if _matters(run, number, kind, comparison):
                yield _case(run, number, kind, comparison.integration)


_SEEN_BY = {
    "other-creates": ("-TransportRule", "Remove-OutboundConnector"),
    "other-disables": ("-TransportRule", "Remove-OutboundConnector"),
    "other-removes": ("-InboundConnector",),
}
"""How the cmdlets end that show, or depend on, what somebody else did."""
_VERBS = {"differs": ("New-", "Set-"), "other-takes-name": ("New-",)}
"""How the cmdlets begin that store settings, and that take a name."""
_TARGETS = {"other-disables": "LoopCheck", "other-removes": "Inbound"}


def _matters(run: Run, number: int, kind: str, comparison: Comparison) -> bool:
    call = run.calls[number - 1]
    if kind in {"lost", "kill-after"}:
        return call["changed"]
    if kind == "kill":
        return number == 1 or run.calls[number - 2].get("watched") != call.get("watched")
    if kind in _VERBS:
        return call["changed"] and call["cmdlet"].startswith(_VERBS[kind])
    if kind in _TARGETS and not comparison.is_on(_TARGETS[kind], _tenant_at(run, number)):
        return False
    if kind in _SEEN_BY:
        return call["cmdlet"].endswith(_SEEN_BY[kind]) or number == len(run.calls)
    return True


def _tenant_at(run: Run, number: int) -> dict[str, list[dict[str, object]]]:
    """The tenant before a call: as it was at the beginning, or at the end if a call before this one changed it."""
    changed = any(call["changed"] for call in run.calls[: number - 1])
    return (run.after if changed else run.before).objects


def _case(run: Run, number: int, kind: str, integration: Integration) -> Case:
    if number == EVERY_CALL:
        return Case(
            run=run,
            number=0,
            cmdlet="",
            nth=0,
            kind=kind,
            fault={"kind": kind, "nth": 0, "ms": _SHORT_MS},  # type: ignore[typeddict-item]
        )
    call = run.calls[number - 1]
    nth = sum(1 for earlier in run.calls[:number] if earlier["cmdlet"] == call["cmdlet"])
    return Case(
        run=run,
        number=number,
        cmdlet=call["cmdlet"],
        nth=nth,
        kind=kind,
        fault=_fault(kind, number, call, integration),
    )


def _fault(kind: str, number: int, call: Call, integration: Integration) -> Fault:
    match kind:
        case "other-creates":
            target = {"kind": Kind.RULE.short, "name": OTHERS_RULE, "values": {"Comments": FOREIGN}}
            return {"kind": "interfere", "nth": number, "change": {"create": target}}  # type: ignore[typeddict-item]
        case "other-disables":
            target = {"kind": Kind.RULE.short, "name": integration.loop_check.name, "values": {"State": "Disabled"}}
            return {"kind": "interfere", "nth": number, "change": {"set": target}}  # type: ignore[typeddict-item]
        case "other-removes":
            target = {"kind": Kind.INBOUND.short, "name": integration.inbound.name}
            return {"kind": "interfere", "nth": number, "change": {"remove": target}}  # type: ignore[typeddict-item]
        case "other-takes-name":
            of = next(kind for kind in Kind if call["cmdlet"].endswith(f"-{kind}"))
            off = (
                {"State": "Disabled", "Comments": FOREIGN}
                if of is Kind.RULE
                else {"Enabled": False, "Comment": FOREIGN}
            )
            target = {"kind": of.short, "name": call["parameters"]["Name"], "values": off}
            return {"kind": "interfere", "nth": number, "change": {"create": target}}  # type: ignore[typeddict-item]
    return {"kind": kind, "nth": number}  # type: ignore[typeddict-item]


_SPEC = re.compile(r"(?:(?P<stage>[a-z0-9-]+)/)?(?P<cmdlet>[A-Za-z]+-[A-Za-z]+)#(?P<nth>[1-9][0-9]*):(?P<kind>[a-z-]+)")


@dataclass(frozen=True, kw_only=True)
class ChosenFault:
    """A fault that a user asked for: at the nth call of a cmdlet, in one stage or, if that is empty, in all."""

    stage: str
    cmdlet: str
    nth: int
    kind: str


def parse_fault(text: str) -> ChosenFault:
    """Read ``[STAGE/]CMDLET#N:KIND``. Raises RehearsalError, which says what would be right."""
    found = _SPEC.fullmatch(text.strip())
    if found is None:
        remedy = "write it as in New-TransportRule#2:error"
        raise RehearsalError("is not CMDLET#N:KIND", remedy, field="fault", value=text)
    if found["kind"] not in MEANINGS:
        problem = f"asks for {found['kind']}, which is not a kind of fault"
        raise RehearsalError(problem, f"use one of {', '.join(MEANINGS)}", field="fault", value=text)
    return ChosenFault(stage=found["stage"] or "", cmdlet=found["cmdlet"], nth=int(found["nth"]), kind=found["kind"])


def parse_kinds(text: str) -> tuple[str, ...]:
    """Read ``all``, or kinds separated by commas. Raises RehearsalError."""
    if text.strip() == "all":
        return tuple(MEANINGS)
    kinds = [kind.strip() for kind in text.split(",")]
    for kind in kinds:
        if kind not in MEANINGS:
            remedy = f"use all, or some of {', '.join(MEANINGS)}"
            raise RehearsalError("is not a kind of fault", remedy, field="faults", value=kind)
    return tuple(dict.fromkeys(kinds))


def case_of(chosen: ChosenFault, through: Sequence[Run], comparison: Comparison) -> list[Case]:
    """The cases that a user asked for, one for each stage with such a call; none where there is no such stage."""
    made = []
    for run in through:
        if chosen.stage and chosen.stage != run.stage.key:
            continue
        at = [n for n, call in enumerate(run.calls, start=1) if call["cmdlet"].lower() == chosen.cmdlet.lower()]
        if len(at) >= chosen.nth:
            made.append(_case(run, at[chosen.nth - 1], chosen.kind, comparison.integration))
    return made


def no_such_call(chosen: ChosenFault) -> RehearsalError:
    """The error for a fault that a user asked for and that no stage has in any of the ways."""
    problem = f"No script makes call {chosen.nth} of {chosen.cmdlet}"
    return RehearsalError(problem, "the calls are in the output for machines", options=("json",))
