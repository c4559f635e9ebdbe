"""Calls of a run in words: what each was for, on which object, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mm365.documents.words import counted
from mm365.emulator.contract import Call
from mm365.exchange.kinds import Kind
from mm365.rehearsal.run import Run

READS, SIMULATED, CHANGED, FAILED = "read", "simulated", "changed", "failed"
LOOKS = {
    READS: "reads, and changes nothing",
    SIMULATED: "only asks what a change would do (-WhatIf)",
    CHANGED: "changes the tenant",
    FAILED: "fails",
}
"""What a call can be; of a call that fails it is said beside if it changed something all the same."""


def look_of(call: Call) -> str:
    """Which of the four a call is."""
    if call["result"] != "ok":
        return FAILED
    if call["changed"]:
        return CHANGED
    return SIMULATED if call["whatIf"] and not call["cmdlet"].startswith("Get-") else READS


def names_of(run: Run) -> Mapping[str, str]:
    """The names of all objects of a run by their Guids, by which scripts call them."""
    tenants = (run.before.objects, run.after.objects)
    found = (item for tenant in tenants for kind in Kind for item in tenant[kind.plural])
    return {str(item["Guid"]): str(item["Name"]) for item in found}


def call_title(call: Call, known: Mapping[str, str]) -> str:
    """A call in a line: its number, its cmdlet, its object, what it is."""
    return f"Call {call['n']}: {subject(call, known)}: {', '.join(result_of(call))}"


def subject(call: Call, known: Mapping[str, str]) -> str:
    """A cmdlet, and the object that it is about if there is one."""
    parameters = call["parameters"]
    about = str(parameters.get("Identity") or parameters.get("Name") or "")
    return f"{call['cmdlet']} '{known.get(about, about)}'" if about else call["cmdlet"]


def result_of(call: Call) -> Iterator[str]:
    """What came of a call."""
    if call["faults"]:
        yield f"with the fault {', '.join(call['faults'])}"
    if call["result"] != "ok":
        yield {"error": "failed", "stopped": "stopped", "killed": "the process was killed"}[call["result"]]
        yield "it did change the tenant" if call["changed"] else "it changed nothing"
        if call.get("error"):
            yield call["error"]
    elif call["changed"]:
        yield "it changed the tenant"
    elif look_of(call) == SIMULATED:
        yield "simulated"
    else:
        yield f"gave {counted(call['returned'], 'object')}"
    yield from (f"warning: {text}" for text in call["warnings"])


def call_line(call: Call) -> str:
    """A call as one would type it."""
    return " ".join([call["cmdlet"], *(_parameter(name, value) for name, value in call["parameters"].items())])


def calls_in_words(run: Run) -> str:
    """All calls of a run, and which of them are more than reading."""
    count = Counter(look_of(call) for call in run.calls)
    kinds = ((READS, "reading"), (SIMULATED, "simulated"), (CHANGED, "changing"), (FAILED, "failed"))
    sums = ", ".join(f"{count[kind]} {word}" for kind, word in kinds if count[kind])
    known = names_of(run)
    more = [call_title(call, known) for call in run.calls if look_of(call) != READS]
    return ". ".join([f"{counted(len(run.calls), 'call')}: {sums}" if sums else "no calls", *more])


def _parameter(name: str, value: object) -> str:
    return f"-{name}:{_value(value)}" if isinstance(value, bool) else f"-{name} {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return f"${str(value).lower()}"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case list():
            return ", ".join(map(_value, value)) or "@()"
        case None:
            return "$null"
    return str(value)
