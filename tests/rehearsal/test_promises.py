"""What a rehearsal finds in scripts that are wrong: each of these was made wrong in one place."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mm365.emulator.tenants import empty_tenant
from mm365.rehearsal import shells
from mm365.rehearsal.beginning import BUSY
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.faults import parse_fault
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.promises import Promise, promised
from mm365.rehearsal.rehearsal import Options, Result, rehearse, rehearse_pack
from mm365.request.request import Request
from mm365.scripts.change import build_change
from mm365.scripts.library import shared_sha256
from tests.rehearsal.mistakes import MISTAKES, SHARED, Mistake
from tests.scripts.objects import NAMES, put

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


Perform = Callable[[Mistake], Result]


@pytest.fixture
def perform_with(finished_pack: Path, request_of_pack: Request, pwsh: str, pool: Pool, tmp_path: Path) -> Perform:
    """Rehearses the pack with a mistake in it; nobody verifies it."""

    def made(mistake: Mistake) -> Result:
        pack = tmp_path / "pack"
        shutil.copytree(finished_pack, pack)
        _replace(pack / mistake.file, mistake.right, mistake.wrong)
        if mistake.file == SHARED:
            # The scripts run the file only if it is the one whose SHA-256 they have.
            sha256 = hashlib.sha256((pack / SHARED).read_bytes()).hexdigest().upper()
            for script in (pack / "scripts").glob("[0-9]*.ps1"):
                _replace(script, shared_sha256(), sha256)
        chosen = (parse_fault(mistake.fault),) if mistake.fault else ()
        options = Options(pack=pack, program=pwsh, ways=(mistake.way,), chosen=chosen, tenant=mistake.tenant)
        return rehearse_pack(options, build_change(request_of_pack), "no fingerprint", pool=pool)

    return made


def _replace(file: Path, right: str, wrong: str) -> None:
    text = file.read_text("ascii")
    assert right in text, f"the mistake's place is not in {file.name}"
    file.write_text(text.replace(right, wrong), encoding="ascii", newline="\n")


@pytest.mark.parametrize("name", MISTAKES)
def test_it_finds(name: str, perform_with: Perform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "PATIENCE", 20.0)
    mistake = MISTAKES[name]
    done = perform_with(mistake)
    assert not done.held
    if mistake.breaks is None:
        assert [through.stopped.stage.key for through in done.ways if through.stopped] == [mistake.shows]
        return
    found = [breach for outcome in done.outcomes for breach in outcome.breaches]
    for through in done.ways:
        found += [breach for breaches in (*through.breaches, through.returned) for breach in breaches]
    assert any(breach.promise == mistake.breaks and mistake.shows in breach.text for breach in found), found


def test_a_script_that_does_not_end_by_itself_is_ended(perform_with: Perform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "PATIENCE", 4.0)
    hanging = Mistake(
        file="scripts/10-preflight.ps1",
        right="    Invoke-Script -Request",
        wrong="    while ($true) { [Threading.Thread]::Sleep(50) }\n    Invoke-Script -Request",
        breaks=Promise.TRUTH,
        shows="it did not end by itself",
    )
    done = perform_with(hanging)
    assert [breach.text for breach in done.ways[0].breaches[0]] == ["it did not end by itself"]


def test_what_was_not_made_wrong_holds(finished_pack: Path, pwsh: str, pool: Pool) -> None:
    kinds = ("differs", "other-takes-name")
    options = Options(pack=finished_pack, program=pwsh, ways=("call", "paste"), kinds=kinds, tenant=BUSY)
    done = rehearse(options, pool=pool)
    assert done.held
    tried = (run for through in done.ways for run in through.stages if not run.stage.again)
    verbs = Counter(call["cmdlet"].partition("-")[0] for run in tried for call in run.changes)
    assert [done.counts.of(kind=kind)[0] for kind in kinds] == [verbs["New"] + verbs["Set"], verbs["New"]]


def test_a_refusal_is_kept_apart_from_a_rollback_that_does_not_come_back(request_of_pack: Request) -> None:
    """What forms may refuse is what differs in a setting, and nothing else: on or off, and the connector's Guid, do."""
    comparison = Comparison(build_change(request_of_pack).integration)
    tenant = put(empty_tenant(), request_of_pack, *NAMES)
    assert comparison.not_as_created(tenant) == {}
    for rule in tenant["transportRules"]:
        rule["State"] = "Enabled"
    tenant["transportRules"][1]["RouteMessageOutboundConnector"] = tenant["outboundConnectors"][0]["Guid"]
    assert comparison.not_as_created(tenant) == {}
    tenant["transportRules"][0]["StopRuleProcessing"] = False
    tenant["transportRules"][1]["HasSenderOverride"] = True
    tenant["inboundConnectors"][0]["EFTestMode"] = True
    assert comparison.not_as_created(tenant) == {
        "LoopCheck": ["StopRuleProcessing"], "Redirect": ["HasSenderOverride"], "Inbound": ["EFTestMode"],
    }  # fmt: skip


@pytest.mark.parametrize("pasted", [False, True])
def test_each_promise_is_said_in_plain_words_for_each_kind_of_run(pasted: bool) -> None:
    assert list(promised(pasted=pasted)) == list(Promise)
    assert all(text.endswith(".") for text in promised(pasted=pasted).values())
