"""Rehearsals to report, and a page taken apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm365.emulator.busy import busy_tenant
from mm365.emulator.tenants import Tenant, add_rule, transport_rule
from mm365.exchange.kinds import Kind
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import MEANINGS, ChosenFault, cases_of
from mm365.rehearsal.outcomes import Outcome, RunThrough
from mm365.rehearsal.promises import Breach, Promise
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.request.request import Request, build_request
from mm365.scripts.change import build_change
from mm365.snapshot.formats import BACKUP_FORMAT
from tests.commands import HEADER_ID, VALUES

if TYPE_CHECKING:
    from mm365.rehearsal.shells import Way

HOSTILE = "<img src=x onerror=alert(1)>"
FAULTS = (
    ChosenFault(stage="", cmdlet="Enable-TransportRule", nth=1, kind="lost"),
    ChosenFault(stage="backup", cmdlet="Get-TransportRule", nth=1, kind="error"),
)
VOID = {"meta"}


@dataclass
class Found(HTMLParser):
    """The elements of a page and its texts, and what is not balanced."""

    open: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> on line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def words(self, *, of: str = "") -> str:
        """The text that one reads, or that of one kind of element."""
        return " ".join(text for tag, text in self.texts if tag != "style" and (not of or tag == of))


def read(page: bytes) -> Found:
    found = Found()
    found.feed(page.decode("utf-8"))
    found.close()
    return found


def backup_with_a_hostile_name(request: Request) -> dict[str, Any]:
    tenant: Tenant = busy_tenant(request.tenant, accepted_domains=())
    add_rule(tenant, transport_rule(HOSTILE, StopRuleProcessing=True))
    owner = {"format": BACKUP_FORMAT, "tenant": request.tenant, "tenantId": tenant["connections"][0]["TenantID"]}
    return owner | {kind.plural: tenant[kind.plural] for kind in Kind}


def rehearsed(pwsh: str, folder: Path) -> Result:
    """A rehearsal of scripts and forms with a few faults, in which nothing broke; as if there had been a third way."""
    request = build_request(VALUES, needs=())
    write_pack(build_pack(build_change(request)), folder / "pack")
    saved = folder / "backup-of-today.json"
    saved.write_text(json.dumps(backup_with_a_hostile_name(request)))
    ways: tuple[Way, ...] = ("call", "paste")
    made = rehearse(Options(pack=folder / "pack", program=pwsh, ways=ways, tenant=str(saved), chosen=FAULTS))
    assert made.held
    called, pasted = made.ways
    return replace(made, ways=(called, replace(called, way="file"), pasted))


def with_breaches(done: Result) -> Result:
    """The same with two cases and one way that broke promises."""
    outcomes = list(done.outcomes)
    outcomes[0] = replace(outcomes[0], breaches=(Breach(promise=Promise.MAIL, text=f"'{HOSTILE}' lets mail loop"),))
    outcomes[-1] = replace(outcomes[-1], breaches=(Breach(promise=Promise.TRUTH, text=f"it says {HEADER_ID.upper()}"),))
    return replace(done, outcomes=tuple(outcomes), ways=(done.ways[0], ended_badly(done.ways[1]), done.ways[2]))


def ended_badly(through: RunThrough) -> RunThrough:
    stages = list(through.stages)
    stages[6] = replace(
        stages[6], ended=replace(stages[6].ended, exit_code=None, output=f"STOP {HOSTILE}\x1b[2J\u202e")
    )
    return replace(through, stages=tuple(stages), returned=(Breach(promise=Promise.RETURN, text="a rule is left"),))


def with_every_fault(done: Result, *, broken: Sequence[str] = ()) -> Result:
    """The same as if every fault had been tried and had done nothing, except that cases of these kinds broke a promise.

    It has every cell that a matrix can have.
    """
    comparison = Comparison(done.change.integration)
    breach = Breach(promise=Promise.TRUTH, text="it ended with 0, and Inbound is 'not there', not 'there, on'")
    outcomes = [
        Outcome(case=case, way=through.way, run=run, breaches=(breach,) if case.kind in broken else ())
        for through in done.ways
        for run in through.stages
        for case in cases_of(run, comparison, tuple(MEANINGS))
    ]
    return replace(done, outcomes=tuple(outcomes), planned=len(outcomes))
