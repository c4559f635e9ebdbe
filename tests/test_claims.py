"""What the product says of Exchange Online or of the vendor has a source, and figures stand in such claims only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mm365.exchange import sources
from mm365.exchange.parameters import MEANINGS, MEANINGS_SOURCE
from mm365.exchange.sources import Source
from mm365.integration.facts import DRAIN_HOURS, FACTS, WAIT_MINUTES
from mm365.integration.questions import QUESTIONS
from mm365.integration.risks import RISKS, STANDING_RISKS
from mm365.mailflow.loop_guard import explain_loop
from mm365.pack.change_request import PATH as CHANGE_REQUEST
from mm365.pack.contents import build_pack
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import Change, build_change
from tests.commands import CHECKOUT, VALUES

SOURCES = {name: value for name, value in vars(sources).items() if isinstance(value, Source)}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement of the product, where it is made, and who says so."""

    place: str
    text: str
    sources: tuple[Source, ...]


def change_of(region: str, guard: LoopGuard) -> Change:
    return build_change(build_request({**VALUES, "region": region, "loop_guard": guard.value}, needs=()))


CHANGES = [change_of(region, guard) for region in REGIONS for guard in LoopGuard]


def of_a_change(change: Change) -> Iterator[Claim]:
    for object_ in change.integration.objects:
        for setting in object_.settings:
            place = f"{object_.label}, {setting.name}"
            yield Claim(place=place, text=f"{setting.note} {setting.why}", sources=setting.sources)
    for step in (*change.plan.steps, *change.plan.undo):
        yield Claim(place=step.title, text=step.why, sources=step.sources)
    loop = explain_loop(change.request.loop_guard)
    rows = " ".join(cell for row in loop.passes for cell in row)
    yield Claim(place=f"loop guard {loop.guard}", text=f"{loop.why} {loop.trade_off} {rows}", sources=loop.sources)


def all_claims() -> Iterator[Claim]:
    """Every claim that the product makes, of all regions and loop guards."""
    for change in CHANGES:
        yield from of_a_change(change)
    for risk in RISKS:
        effects = " ".join(rating.effect for rating in (risk.rating, *risk.under.values()))
        yield Claim(place=f"risk {risk.key}", text=f"{risk.title} {risk.why} {risk.do} {effects}", sources=risk.sources)
    for question in QUESTIONS:
        text = f"{question.text} {question.why}"
        yield Claim(place=f"question {question.key}", text=text, sources=question.sources)
    for fact in FACTS.values():
        yield Claim(place=f"fact {fact.key}", text=fact.text, sources=fact.sources)
    for name, text in MEANINGS.items():
        yield Claim(place=f"meaning of {name}", text=text, sources=(MEANINGS_SOURCE,))


CLAIMS = list(all_claims())
SOURCED = " ".join(claim.text for claim in CLAIMS if claim.sources)


def without_a_source(claims: list[Claim]) -> list[str]:
    named = set(SOURCES.values())
    return [
        f"{claim.place}: {claim.text}" for claim in claims if not claim.sources or not named.issuperset(claim.sources)
    ]


def test_every_claim_names_its_sources_and_all_of_them_are_in_the_table() -> None:
    kinds = {claim.place.split()[0] for claim in CLAIMS}
    assert kinds >= {"inbound", "rule", "risk", "fact", "question", "loop", "meaning", "turn"}
    assert without_a_source(CLAIMS) == []


def test_a_claim_without_a_source_is_found() -> None:
    other = Source(short="somebody", title="somebody said so", date="once")
    made_up = [Claim(place="risk x", text="It rains.", sources=given) for given in ((), (other,), (sources.KB,))]
    assert without_a_source(made_up) == ["risk x: It rains."] * 2


def test_every_source_is_used_and_has_a_name_of_its_own() -> None:
    used = {source for claim in CLAIMS for source in claim.sources}
    # The emulator's notes use these answers; a pack does not rely on them.
    assert {name for name, source in SOURCES.items() if source not in used} == {"CAPTURES"}
    assert len({source.short for source in SOURCES.values()}) == len(SOURCES)


@pytest.mark.parametrize(
    "change", CHANGES, ids=lambda change: f"{change.request.region.code}-{change.request.loop_guard}"
)
def test_change_request_lists_the_sources_of_all_that_it_says(change: Change) -> None:
    text = build_pack(change).files[CHANGE_REQUEST].decode("utf-8")
    listed = text.split("Sources\n")[1].lower()
    cited = {name for names in re.findall(r"\[([^\]`]+)\](?!\()", text) for name in names.split("; ")}
    assert cited
    assert [name for name in cited if f"- {name.lower()}: " not in listed] == []
    for claim in of_a_change(change):
        assert all(f"- {source.short.lower()}: " in listed for source in claim.sources), claim.place


# A number with a unit, a code of a failure, a message of Microsoft's: what a reader would look up.
FIGURE = re.compile(
    r"\b(?:\d[\d,]*|ten|twenty) (?:hours?|minutes?|days?|iterations?|queries|messages|transport rules)\b"
    r"|(?<![\d.])[45]\.\d\.\d+(?![\d.])|\bMC\d+\b"
)
OURS = {f"{WAIT_MINUTES} minutes", f"{DRAIN_HOURS} hours"}
"""Waits that this project chose; why, stands in ``integration.facts``."""


def texts() -> list[Path]:
    """Everything of which a user reads a part: documents, templates, and the modules whose words stand in packs."""
    package = CHECKOUT / "generator" / "mm365"
    modules = [package / "scripts" / f"{name}.py" for name in ("catalogue", "procedure", "paste_form", "operator_step")]
    modules += [package / "plan" / "create.py", *(package / "cli").glob("*.py")]
    templates = [path for path in (CHECKOUT / "templates").rglob("*") if path.suffix in {".j2", ".ps1"}]
    return sorted([*modules, *templates, CHECKOUT / "README.md"])


def figures_without_a_source(text: str) -> list[str]:
    return [found for found in FIGURE.findall(text) if found not in SOURCED and found not in OURS]


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_figures_in_texts_are_those_of_claims_with_a_source(path: Path) -> None:
    assert figures_without_a_source(path.read_text(encoding="utf-8")) == []


def test_a_figure_without_a_source_is_found() -> None:
    assert figures_without_a_source("It takes 17 minutes (5.9.99), as MC999 says; 24 hours.") == [
        "17 minutes", "5.9.99", "MC999",
    ]  # fmt: skip


PROSE = sorted([CHECKOUT / "templates" / "change-request.md.j2", *(CHECKOUT / "templates").glob("*/*.md.j2")])
"""Templates of documents: a figure, or that something is not documented, comes from the tables of claims."""


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_documents_take_figures_from_the_tables(path: Path) -> None:
    own_words = re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert FIGURE.findall(own_words) == []
    assert "documented" not in own_words.replace("it follows from documented facts and is not itself documented", "")


# What earlier versions said and no source supports, each with what is true.
WITHDRAWN = {
    r"as the service does": "how the service compares names is not documented",
    r"takes? up to 30 minutes(?!, in some cases longer)": "in some cases it takes longer",
    r"within 30 minutes": "in some cases it takes longer",
    r"hop limit is not documented": "Microsoft's NDR page names 20 iterations",
    r"everything switched off": "the inbound connector works from its creation",
    r"[Nn]othing changes for mail": "the inbound connector works from its creation",
    r"no effect on mail until": "the inbound connector works from its creation",
    r"24 hours later": "draining takes 25 hours: a day after the change works everywhere",
    r"MailMarshal Cloud stamps(?! it on what it has filtered is inferred)": "the article does not say so",
    r"goes? by the default of RequireTls": "the reference describes that default for Partner connectors only",
}


def places() -> Iterator[tuple[str, str]]:
    for path in texts():
        yield path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")
    for claim in CLAIMS:
        yield claim.place, claim.text
    for path in sorted((CHECKOUT / "notebooks").glob("*.ipynb")):
        yield path.name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", WITHDRAWN)
def test_withdrawn_claims_do_not_come_back(phrase: str) -> None:
    found = [place for place, text in places() if re.search(phrase, " ".join(text.split()))]
    assert found == [], f"say instead: {WITHDRAWN[phrase]}"


def test_preflight_says_how_many_risks_hold_in_every_tenant() -> None:
    text = build_pack(CHANGES[0]).files["scripts/10-preflight.ps1"].decode("ascii")
    said = re.findall(r'(\d+) risks hold in every tenant: see "([^"]+)" in the change request', text)
    assert said == [(str(len(STANDING_RISKS)), "What can go wrong")]


def test_waits_in_scripts_and_paste_forms_are_those_of_the_table() -> None:
    files = {path: data.decode("utf-8") for path, data in build_pack(CHANGES[0]).files.items()}
    assert f"$WaitMinutes = {WAIT_MINUTES}" in files["scripts/50-enable.ps1"]
    assert f"$WaitMinutes = {WAIT_MINUTES} " in files["paste/07-enable-redirect.txt"]
    assert f"$DrainHours = {DRAIN_HOURS}" in files["scripts/70-rollback.ps1"]
    assert f"$DrainHours = {DRAIN_HOURS} " in files["paste/10-rollback-connectors.txt"]
