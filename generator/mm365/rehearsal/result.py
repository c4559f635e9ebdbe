"""A rehearsal as plain values for machines. They hold neither the header ID nor any tenant or output."""

from collections.abc import Mapping

from mm365 import __version__
from mm365.rehearsal.assumptions import assumptions
from mm365.rehearsal.faults import Case
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.promises import Breach
from mm365.rehearsal.rehearsal import Result
from mm365.rehearsal.run import Run
from mm365.scripts.change import Change
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts


def as_facts(done: Result) -> Mapping[str, object]:
    """The values that ``--json`` prints."""
    return {
        "format": "mm365-rehearsal-1",
        "generator": f"mailmarshal-m365 {__version__}",
        "begun": done.begun.isoformat(timespec="seconds"),
        "complete": done.complete,
        "held": done.held,
        "fingerprint": done.fingerprint,
        "example": bool(done.refused),
        # By these a pack knows whether it was its PowerShell that was rehearsed.
        "scripts": {file.path: file.sha256 for file in _powershell(done.change)},
        "tenant": done.request.tenant,
        "region": done.request.region.code,
        "loop_guard": done.request.loop_guard.value,
        "start": done.options.tenant,
        "behaviour": dict(done.options.behaviour),
        "assumed": [
            {"question": each.question, "answer": each.answer, "behaviour": each.option}
            for each in assumptions(done.options.behaviour)
        ],
        "shell": done.options.program,
        "powershell": done.shell.version if done.shell else None,
        "powershell_edition": done.shell.edition if done.shell else None,
        "system": done.shell.system if done.shell else None,
        "seconds": round(done.seconds, 1),
        "runs": done.runs,
        "faults": list(done.counts.kinds),
        "refused": [_through_facts(through) for through in done.refused],
        "walks": [_through_facts(through) for through in done.ways],
        "cases": {
            "planned": done.planned,
            "run": len(done.outcomes),
            "held": len(done.outcomes) - len(done.broken),
            "broken": len(done.broken),
        },
        "matrix": [
            {"stage": stage, "fault": kind, "run": run, "held": run - broken, "broken": broken}
            for (stage, kind), (run, broken) in done.counts.cells.items()
        ],
        "broken": [_outcome(outcome) for outcome in done.broken],
    }


def _powershell(change: Change) -> tuple[Rendered, ...]:
    return (*render_scripts(change), *render_paste_forms(change))


def _through_facts(through: RunThrough) -> Mapping[str, object]:
    return {
        "way": through.way,
        "held": through.held and not through.cut,
        "complete": not through.cut,
        "came_back": None if through.cut else not through.returned,
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
