"""Verdicts as lines for a terminal, which fit its width and are the same in a pipe."""

import textwrap
from collections.abc import Iterator, Sequence

from mm365.display import masked, on_one_line
from mm365.documents.terminal import table_lines
from mm365.documents.words import counted
from mm365.mailflow.assumptions import explained
from mm365.mailflow.flow import MailFlow
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.reasons import shown, why
from mm365.mailflow.tenant import Stage
from mm365.mailflow.verdict import Verdict

NARROWEST, WIDEST = 40, 160
"""Columns that the lines fit."""
_TABLE = 88
"""Columns from which on there is a table; a narrower terminal gets a paragraph for each message."""


def lines(flow: MailFlow, *, width: int, trace: bool = False) -> list[str]:
    """What becomes of the messages, why, what stands out, and what that rests on; hop by hop with ``trace``."""
    width = max(NARROWEST, min(width, WIDEST))
    parts = [_head(flow, width)]
    if trace:
        parts += [_trace(one, width) for one in flow.judgements]
    parts.append(_guards(flow, width) if flow.others else _verdicts(flow, width))
    if flow.findings:
        parts.append(["Findings", *_findings(flow, width)])
    rests = [_wrapped(f"- {text} [{sources}]", width, "  ", first="") for text, sources in rests_on(flow)]
    if rests:
        parts.append(["What the verdicts rest on", *(line for wrapped in rests for line in wrapped)])
    parts.append(_wrapped(conclusion(flow), width))
    told = [line for part in parts for line in (*part, "")][:-1]
    return [masked(line, flow.request.header_id) for line in told]


def conclusion(flow: MailFlow) -> str:
    """What it comes to, and what was looked at."""
    looked = f"{counted(len(flow.judgements), 'verdict')} at stage {flow.situation.stage.value}"
    redirects = flow.situation.stage is Stage.REDIRECT
    if flow.against:
        told = [_possible("loop", Verdict.LOOPED, flow)]
        told += [_possible("bypass", Verdict.UNFILTERED, flow)] if redirects else []
        return f"{' '.join(filter(None, told))} Looked at: {looked}."
    what = "No loop or bypass" if redirects else "No loop"
    counts = "" if redirects else "; mail is not meant to be filtered yet or any more"
    dangers = "; messages that are made to show a danger do not count" if _has_dangers(flow) else ""
    return f"{what} in {looked}{counts}{dangers}."


def _possible(what: str, verdict: Verdict, flow: MailFlow) -> str:
    names = dict.fromkeys(on_one_line(one.message.name) for one in flow.against if verdict in one.verdicts)
    return f"A {what} is possible: {', '.join(names)}." if names else ""


def _has_dangers(flow: MailFlow) -> bool:
    return any(one.message.danger for one in flow.judgements)


def _head(flow: MailFlow, width: int) -> list[str]:
    situation = flow.situation
    late = f", not everywhere yet: {', '.join(situation.propagating)}" if situation.propagating else ""
    text = f"Mail of {flow.request.tenant} at stage {situation.stage.value}, loop guard {flow.request.loop_guard.value}"
    return _wrapped(text + late, width)


def called(one: Judgement) -> str:
    """A message's name, with the recipient where it has several."""
    name = on_one_line(one.message.name)
    return f"{name} to {on_one_line(one.recipient)}" if len(one.message.recipients) > 1 else name


def _verdicts(flow: MailFlow, width: int) -> list[str]:
    rows = [(called(one), one.verdict.value, why(one)) for one in flow.judgements]
    if width >= _TABLE:
        return _columns([_two_columns(row) for row in rows], ("MESSAGE", "VERDICT AND REASON"), width)
    found = []
    for name, verdict, reason in rows:
        found += [*_wrapped(f"{name}: {verdict}", width), *_wrapped(reason, width, "  ")]
    return found


def _two_columns(row: tuple[str, str, str]) -> tuple[str, str]:
    return row[0], f"{row[1]}: {row[2]}"


def compared(flow: MailFlow) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The names of the loop guards, and for each message its name and the verdict under each of them."""
    by_guard = {flow.request.loop_guard: flow.judgements, **flow.others}
    rows = (
        (called(one), tuple(_short(judgements[at]) for judgements in by_guard.values()))
        for at, one in enumerate(flow.judgements)
    )
    return tuple(guard.value for guard in by_guard), tuple(rows)


def _guards(flow: MailFlow, width: int) -> list[str]:
    """The verdicts under each loop guard, side by side."""
    guards, rows = compared(flow)
    if width >= _TABLE:
        head = ("MESSAGE", *(guard.upper() for guard in guards))
        return _columns([(name, *verdicts) for name, verdicts in rows], head, width)
    found = []
    for name, verdicts in rows:
        found += _wrapped(name, width)
        for guard, verdict in zip(guards, verdicts, strict=True):
            found += _wrapped(f"{guard}: {verdict}", width, "  ")
    return found


def _short(one: Judgement) -> str:
    if not one.ends:
        return one.verdict.value
    return " or ".join(sorted("not documented" if end == "depends" else end for end in one.verdicts))


def _trace(one: Judgement, width: int) -> list[str]:
    told = _wrapped(f"{on_one_line(one.message.name)} to {on_one_line(one.recipient)}: {one.verdict.value}", width)
    if one.ends:
        told += _wrapped("There are several ways; this is the worst of them.", width, "  ")
    for number, hop in enumerate(one.hops, 1):
        place = f"{hop.at}, pass {hop.number}" if hop.number else hop.at
        name = f" {shown(hop.name)}" if hop.name else ""
        told += _wrapped(f"{number:>2}  {place}:{name} {hop.text}", width, "    ", first="")
    return told


def _findings(flow: MailFlow, width: int) -> Iterator[str]:
    for one in flow.findings:
        subject = on_one_line(one.subject)
        yield from _wrapped(f"- {one.level}: {one.code}, {subject}. {one.text}", width, "  ", first="")


def rests_on(flow: MailFlow) -> Iterator[tuple[str, str]]:
    """What the verdicts rest on, each a sentence and its sources."""
    everything = (*flow.judgements, *(one for judgements in flow.others.values() for one in judgements))
    codes = [code for one in everything for code in one.assumptions]
    codes += [code for one in everything for _, named in one.ends for code in named]
    # Both ways of a question, and whatever it is about, are told in one sentence.
    for text, sources in dict.fromkeys(map(explained, codes)):
        yield text, "; ".join(source.short for source in sources)


def _columns(rows: Sequence[Sequence[str]], head: Sequence[str], width: int) -> list[str]:
    return table_lines(list(rows), head=head, width=width)


def _wrapped(text: str, width: int, indent: str = "", *, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
