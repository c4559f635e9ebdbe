"""The calls of a run in words: the cmdlet, the object, and the result."""

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
"""The kinds of call. Whether a call that failed changed something all the same is said beside it."""


def look_of(call: Call) -> str:
    """The kind of a call."""
    if call["result"] != "ok":
        return FAILED
    if call["changed"]:
        return CHANGED
    return SIMULATED if call["whatIf"] and not call["cmdlet"].startswith("Get-") else READS


def names_of(run: Run) -> Mapping[str, str]:
    """The names of all objects of a run by their Guids, which are what scripts pass as identities."""
    tenants = (run.before.objects, run.after.objects)
    found = (item for tenant in tenants for kind in Kind for item in tenant[kind.plural])
    return {str(item["Guid"]): str(item["Name"]) for item in found}


def call_title(call: Call, known: Mapping[str, str]) -> str:
    """A call on one line: its number, its cmdlet, its object, its result."""
    return f"Call {call['n']}: {subject(call, known)}: {', '.join(result_of(call))}"


def subject(call: Call, known: Mapping[str, str]) -> str:
    """The cmdlet of a call, with the object that it is about if there is one."""
    parameters = call["parameters"]
    about = str(parameters.get("Identity") or parameters.get("Name") or "")
    return f"{call['cmdlet']} '{known.get(about, about)}'" if about else call["cmdlet"]


def result_of(call: Call) -> Iterator[str]:
    """The result of a call: the faults, what it did, and its warnings."""
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
        yield f"returned {counted(call['returned'], 'object')}"
    yield from (f"warning: {text}" for text in call["warnings"])


def call_line(call: Call) -> str:
    """A call as a person would type it."""
    return " ".join([call["cmdlet"], *(_parameter(name, value) for name, value in call["parameters"].items())])


def calls_in_words(run: Run) -> str:
    """The number of calls of each kind, and a line for each call that does more than read."""
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
