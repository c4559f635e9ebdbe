"""A check as lines for a terminal, a mail or a chat: at most 20."""

from collections.abc import Iterator, Sequence

from mm365.documents.terminal import FAINT, PLAIN, Line
from mm365.documents.words import counted
from mm365.plan.drift import Check, Drift
from mm365.plan.plan import Finding, Level
from mm365.plan.summary import snapshot_line
from mm365.plan.words import CREATE, LOOKS, STOP, in_words, known_header_ids, safe_lines
from mm365.request.request import Request

MOST_LINES = 20
_DRIFTS, _FINDINGS = 8, 6
_FIRST = frozenset({"Name", "Enabled", "Priority"})
_LONGEST = 240
"""Characters of a line: what is longer is in the JSON."""


def check_lines(check: Check, request: Request, command: str) -> Iterator[Line]:
    """At most 20 lines, safe to show. ``command`` makes a new pack, for the last of them if it takes one."""
    lines = safe_lines(_lines(check, request, command), known_header_ids(request, check.snapshot))
    # What stops holds the command that goes on.
    return ((text if len(text) <= _LONGEST or look == STOP else f"{text[:_LONGEST]}...", look) for text, look in lines)


def _lines(check: Check, request: Request, command: str) -> Iterator[Line]:
    if check.as_approved:
        yield f"As approved: {request.tenant}, expected {check.expect.value}", CREATE
    else:
        yield f"NOT AS APPROVED: {request.tenant}, expected {check.expect.value}", STOP
    yield snapshot_line(check.snapshot), FAINT
    # What is missing, off or in the wrong order says most of what becomes of mail.
    drifts = sorted(check.drifts, key=lambda each: each.difference.setting not in _FIRST)
    yield from ((_drift(each), STOP) for each in drifts[:_DRIFTS])
    yield from _more(drifts[_DRIFTS:], "difference")
    yield from ((_finding(each), LOOKS[each.level]) for each in check.findings[:_FINDINGS])
    yield from _more(check.findings[_FINDINGS:], "finding")
    if not check.as_approved:
        yield f"To put it right: {_remedy(check, command)}", PLAIN


def _remedy(check: Check, command: str) -> str:
    if any(each.level is Level.STOP for each in check.findings):
        return "do what each STOP says, export again with 20-backup, and then mm365 check again"
    return " ".join(check.remedies) or command


def _drift(each: Drift) -> str:
    setting = each.difference.setting
    now, approved = (in_words(setting, value) for value in (each.difference.now, each.difference.approved))
    if setting == "Name" and each.difference.now is None:
        return f"! {each.label}: {each.matters}"
    return f"! {each.label}: {setting} is {now}, approved is {approved}. {each.matters}"


def _finding(each: Finding) -> str:
    return f"{each.level.value.upper():<4}  {each.code}: '{each.subject}'. {each.text}"


def _more(left: Sequence[object], what: str) -> Iterator[Line]:
    if left:
        yield f"... and {counted(len(left), f'more {what}')}; --json has all of them", FAINT
