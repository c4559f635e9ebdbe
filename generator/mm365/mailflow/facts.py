"""Verdicts as plain values, for machines."""

from collections.abc import Mapping

from mm365.mailflow.findings import Finding
from mm365.mailflow.flow import MailFlow
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.way import Hop

FORMAT = "mm365-mailflow-1"


def as_facts(flow: MailFlow) -> Mapping[str, object]:
    """All of it, under ``verdicts`` and ``findings``; ``guards`` has the other loop guards, where they are compared."""
    others = [
        {"loop_guard": guard.value, "verdicts": [_verdict(one) for one in judgements]}
        for guard, judgements in flow.others.items()
    ]
    return {
        "format": FORMAT,
        "tenant": flow.request.tenant,
        "loop_guard": flow.request.loop_guard.value,
        "stage": flow.situation.stage.value,
        "verdicts": [_verdict(one) for one in flow.judgements],
        "findings": [_finding(one) for one in flow.findings],
        "guards": others or None,
    }


def _verdict(one: Judgement) -> Mapping[str, object]:
    decided = {"kind": one.decided_by[0], "name": one.decided_by[1]} if one.decided_by else None
    ends = [{"verdict": verdict.value, "assumptions": list(named)} for verdict, named in one.ends]
    return {
        "message": one.message.name,
        "recipient": one.recipient,
        "verdict": one.verdict.value,
        "code": one.code,
        "passes": one.passes,
        "decided_by": decided,
        "assumptions": list(one.assumptions),
        "ends": ends or None,
        "hops": [_hop(hop) for hop in one.hops],
    }


def _hop(hop: Hop) -> Mapping[str, object]:
    return {"at": hop.at, "pass": hop.number, "event": hop.event, "name": hop.name, "text": hop.text}


def _finding(one: Finding) -> Mapping[str, str]:
    return {"code": one.code, "level": one.level, "subject": one.subject, "text": one.text}
