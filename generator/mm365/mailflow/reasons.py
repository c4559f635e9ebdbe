"""Why a verdict is what it is, in a sentence."""

from mm365.display import on_one_line
from mm365.documents.words import counted
from mm365.integration.rules import LOOP_CHECK_NAME, REDIRECT_NAME
from mm365.mailflow.assumptions import OPEN_ENDS, briefly, explained
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.verdict import ATTRIBUTION_CODE, EXPIRED_HOURS, LOOP_CODE, Verdict


def why(one: Judgement) -> str:
    """Why a verdict is what it is, with names made safe to show."""
    name = shown(one.decided_by[1]) if one.decided_by else ""
    if one.verdict is Verdict.DEPENDS:
        return _either(one)
    if one.verdict is Verdict.FILTERED:
        ended = f"{name} stops rule processing when it returns" if name else "no rule sends it out again"
        times = "once" if one.passes == 1 else counted(one.passes, "time")
        return f"It passes the filter {times}; {ended}."
    if one.verdict is Verdict.REJECTED:
        return _rejected(one, name)
    return {
        Verdict.UNFILTERED: f"{name} stops rule processing before it is sent to the filter."
        if name
        else "No rule sends it to the filter.",
        Verdict.LOOPED: f"{name} sends it out again each time it returns, until the service ends that ({LOOP_CODE}).",
        Verdict.DELETED: f"{name} deletes it.",
        Verdict.QUARANTINED: f"{name} puts it into quarantine.",
        Verdict.HELD: f"{name} holds it for approval.",
        Verdict.QUEUED: "The filter does not answer: the message is tried again for "
        f"{EXPIRED_HOURS} hours, then returned to its sender.",
        Verdict.ELSEWHERE: f"{name} sends it another way.",
    }[one.verdict]


def _rejected(one: Judgement, name: str) -> str:
    if one.code == ATTRIBUTION_CODE:
        return f"Nothing makes it this tenant's mail when it returns from the filter ({ATTRIBUTION_CODE})."
    code = f" ({on_one_line(one.code)})" if one.code else ""
    return f"{name} rejects it{code}." if name else "Its size is looked at before the rules."


def _either(one: Judgement) -> str:
    """The verdicts of the ways that are open, each with what the shortest of its ways rests on."""
    told = []
    for verdict in dict.fromkeys(verdict for verdict, _ in one.ends):
        codes = min((codes for other, codes in one.ends if other is verdict), key=len)
        own = " and ".join(filter(None, map(briefly, codes)))
        told.append(f"{_open_end(codes) if verdict is Verdict.DEPENDS else verdict.value}{f' if {own}' if own else ''}")
    return f"{'; '.join(told)}."


def _open_end(codes: tuple[str, ...]) -> str:
    """Why the model cannot follow a way to its end."""
    code = next(code for code in codes if code.partition(":")[0] in OPEN_ENDS)
    return explained(code)[0].removesuffix(".")


def shown(name: str) -> str:
    """The name of a rule or connector, made safe to show; ours as they are called in all documents."""
    short = {LOOP_CHECK_NAME: "Loop Check", REDIRECT_NAME: "Redirect"}.get(name)
    return short or f"'{on_one_line(name)}'"
