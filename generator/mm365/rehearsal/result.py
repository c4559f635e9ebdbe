"""A rehearsal as plain values for machines. They hold neither the header ID nor any tenant or output."""

from collections.abc import Mapping

from mm365.rehearsal.faults import Case
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.promises import Breach
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.run import Run


def as_facts(done: Result) -> Mapping[str, object]:
    """The values that ``--json`` prints."""
    return {
        "format": "mm365-rehearsal-1",
        "held": done.held,
        "fingerprint": done.fingerprint,
        "example": bool(done.refused),
        "tenant": done.request.tenant,
        "loop_guard": done.request.loop_guard.value,
        "start": done.options.tenant,
        "behaviour": dict(done.options.behaviour),
        "shell": done.options.program,
        "seconds": round(done.seconds, 1),
        "runs": done.runs,
        "refused": [_through_facts(through) for through in done.refused],
        "walks": [_through_facts(through) for through in done.ways],
        "cases": {"run": len(done.outcomes), "held": len(done.outcomes) - len(done.broken), "broken": len(done.broken)},
        "matrix": [
            {"stage": stage, "fault": kind, "run": run, "held": run - broken, "broken": broken}
            for (stage, kind), (run, broken) in done.counts.cells.items()
        ],
        "broken": [_outcome(outcome) for outcome in done.broken],
    }


def _through_facts(through: RunThrough) -> Mapping[str, object]:
    return {
        "way": through.way,
        "held": through.held,
        "came_back": not through.returned,
        "stages": [
            {**_stage(run), "breaches": [_breach(breach) for breach in breaches]}
            for run, breaches in zip(through.stages, through.breaches, strict=True)
        ],
        "breaches_at_the_end": [_breach(breach) for breach in through.returned],
    }


def _stage(run: Run) -> Mapping[str, object]:
    stage = run.stage
    return {
        "stage": stage.key,
        "file": stage.path,
        "arguments": dict(stage.arguments),
        "exit_code": run.ended.exit_code,
        "expected_exit_code": stage.exit_code,
        "seconds": round(run.ended.seconds, 3),
        "calls": [
            {"cmdlet": call["cmdlet"], "whatif": call["whatIf"], "result": call["result"], "changed": call["changed"]}
            for call in run.calls
        ],
    }


def _outcome(outcome: Outcome) -> Mapping[str, object]:
    return {
        "case": outcome.case.name,
        "way": outcome.way,
        "exit_code": outcome.run.ended.exit_code,
        "breaches": [_breach(breach) for breach in outcome.breaches],
    }


def _breach(breach: Breach) -> Mapping[str, str]:
    return {"promise": breach.promise.value, "text": breach.text}


def describe(case: Case) -> str:
    """A case in words: which fault, at which call, in which script."""
    where = f"call {case.nth} of {case.cmdlet}" if case.number else "every call"
    return f"{case.kind} at {where} in {case.run.stage.command}"
