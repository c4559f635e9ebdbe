"""What a rehearsal finds in scripts that are wrong: each of these was made wrong in one place."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mm365.rehearsal import shells
from mm365.rehearsal.faults import parse_fault
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.promises import Promise
from mm365.rehearsal.rehearsal import BUSY, EMPTY, Options, Result, rehearse, rehearse_pack
from mm365.request.request import Request

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A text in a script and what somebody wrote in its place; the fault, if one is needed to see it."""

    script: str
    right: str
    wrong: str
    breaks: Promise
    shows: str
    fault: str = ""
    tenant: str = EMPTY


MISTAKES = {
    "an exit code that is always 0": Mistake(
        script="30-create",
        right="$outcome = @{ ExitCode = 1 }",
        wrong="$outcome = @{ ExitCode = 0 }",
        fault="create/New-InboundConnector#1:error",
        breaks=Promise.TRUTH,
        shows="it ended with 0, and Inbound is 'not there', not 'there, on'",
    ),
    "no reason for an exit code of 1": Mistake(
        script="20-backup",
        right='Write-Line -Text "STOPPED  $($_.Exception.Message)"',
        wrong="$null = $_",
        fault="backup/Get-TransportRule#1:error",
        breaks=Promise.TRUTH,
        shows="it ended with 1 and does not say why",
    ),
    "a message that is not so": Mistake(
        script="50-enable",
        right="elseif (Test-On -Key $key) { 'there, on' }",
        wrong="elseif ($true) { 'there, on' }",
        breaks=Promise.TRUTH,
        shows="it says 'there, on' of Redirect, which is 'there, off'",
    ),
    "a look at the tenant that turns somebody's rule off": Mistake(
        script="40-verify",
        right="$problems = @(Get-Problem)",
        wrong="Disable-TransportRule -Identity ([string]$Lists['TransportRule'][0].Guid) -Confirm:$false",
        tenant=BUSY,
        breaks=Promise.BYSTANDERS,
        shows="'[EXT] mark *' in transportRules differs in State",
    ),
    "a rollback that takes everything of that name for its own": Mistake(
        script="70-rollback",
        right="return 'foreign'\n    }",
        wrong="return 'ours'\n    }",
        fault="create/New-OutboundConnector#1:other-takes-name",
        breaks=Promise.BYSTANDERS,
        shows="which somebody else made, is gone",
    ),
    "a rollback that forgets an object": Mistake(
        script="70-rollback",
        right="Remove-TenantObject -Key 'Inbound' -Call {",
        wrong="$null = & { $args } {",
        breaks=Promise.RETURN,
        shows="'From MailMarshal Cloud Integrated' is left in inboundConnectors",
    ),
    "a rollback that does not wait for mail under way": Mistake(
        script="70-rollback",
        right="            Wait-Drained\n",
        wrong="",
        breaks=Promise.MAIL,
        shows="was called while mail was under way",
    ),
    "turning the wrong rule on": Mistake(
        script="50-enable",
        right="if (Test-On -Key 'LoopCheck') { Write-Line -Text 'Loop Check is on already.' }",
        wrong="Enable-TransportRule -Identity ([string]$Have['Redirect'].Guid) -Confirm:$false -ErrorAction Stop\n"
        "            if ($false) { }",
        fault="enable-loopcheck/Enable-TransportRule#1:kill-after",
        breaks=Promise.MAIL,
        shows="Redirect is on and LoopCheck is there, off",
    ),
}

Perform = Callable[[Mistake], Result]


@pytest.fixture
def perform_with(finished_pack: Path, request_of_pack: Request, pwsh: str, pool: Pool, tmp_path: Path) -> Perform:
    """Rehearses the pack with a mistake in it; nobody verifies it."""

    def made(mistake: Mistake) -> Result:
        pack = tmp_path / "pack"
        shutil.copytree(finished_pack, pack)
        script = pack / "scripts" / f"{mistake.script}.ps1"
        text = script.read_text("ascii")
        assert mistake.right in text, "the mistake's place is not in the script"
        script.write_text(text.replace(mistake.right, mistake.wrong), encoding="ascii", newline="\n")
        chosen = (parse_fault(mistake.fault),) if mistake.fault else ()
        options = Options(pack=pack, program=pwsh, ways=("call",), chosen=chosen, tenant=mistake.tenant)
        return rehearse_pack(options, request_of_pack, "no fingerprint", pool=pool)

    return made


@pytest.mark.parametrize("name", MISTAKES)
def test_it_finds(name: str, perform_with: Perform) -> None:
    mistake = MISTAKES[name]
    done = perform_with(mistake)
    assert not done.held
    found = [breach for outcome in done.outcomes for breach in outcome.breaches]
    for through in done.ways:
        found += [breach for breaches in (*through.breaches, through.returned) for breach in breaches]
    assert any(breach.promise == mistake.breaks and mistake.shows in breach.text for breach in found), found


def test_a_script_that_does_not_end_by_itself_is_ended(perform_with: Perform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "PATIENCE", 4.0)
    hanging = Mistake(
        script="10-preflight",
        right="Confirm-Tenant\n",
        wrong="while ($true) { [Threading.Thread]::Sleep(50) }\n",
        breaks=Promise.TRUTH,
        shows="it did not end by itself",
    )
    done = perform_with(hanging)
    assert [breach.text for breach in done.ways[0].breaches[0]] == ["it did not end by itself"]


def test_what_was_not_made_wrong_holds(finished_pack: Path, pwsh: str, pool: Pool) -> None:
    kinds = ("differs", "other-takes-name")
    done = rehearse(Options(pack=finished_pack, program=pwsh, ways=("call",), kinds=kinds, tenant=BUSY), pool=pool)
    assert done.held
    assert len(done.outcomes) == 4 + 4
