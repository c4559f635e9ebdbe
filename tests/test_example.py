"""The example's header ID: a pack made with it can be looked at, and cannot be approved, signed off or run."""

import json
import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mm365.emulator.tenants import empty_tenant
from mm365.evidence.evidence import check_evidence
from mm365.evidence.summary import as_facts as evidence_facts
from mm365.notebook.review import Review, open_pack
from mm365.notebook.sign_off import DECISIONS, SignOff
from mm365.notebook.walkthrough import Walkthrough
from mm365.pack.contents import build_pack
from mm365.pack.runbook import PATH as RUNBOOK
from mm365.pack.summary import Verdict, made_facts
from mm365.pack.verification import verify_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.comparison import Comparison
from mm365.rehearsal.example import refusing_stages, run_refusals
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.promises import PromiseChecker
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.rehearsal.report import render_report
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.run import Runner
from mm365.rehearsal.sandbox import Sandbox, State
from mm365.rehearsal.summary import summary
from mm365.request.fields import HEADER_ID, NEEDED, UNUSABLE
from mm365.request.file import read_request_file
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts import library
from mm365.scripts.change import Change, build_change
from mm365.scripts.paste_form import PASTE_FORMS
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts
from tests.commands import CHECKOUT, VALUES, run
from tests.shell import new_shell

FILE = CHECKOUT / "templates" / "request.example.yaml"
REFUSES = {"10-preflight", "30-create", "50-enable"}
FORMS_THAT_REFUSE = {"inbound-connector", "outbound-connector", "loop-check", "redirect", "enable-loop-check",
                     "enable-redirect"}  # fmt: skip


def example(**values: str) -> Request:
    return build_request({**read_request_file(FILE), **values}, needs=NEEDED)


CHANGE = build_change(example())
CHANGES = [build_change(example(loop_guard=guard.value)) for guard in LoopGuard]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("example") / "pack"
    write_pack(build_pack(CHANGE), made)
    return made


@pytest.mark.parametrize("text", [HEADER_ID.example, f"{{{HEADER_ID.example.upper()}}}"])
def test_the_examples_header_id_is_known_however_it_is_written(text: str) -> None:
    assert example(header_id=text).is_example


def test_another_header_id_is_not_the_example_whatever_else_is() -> None:
    assert not example(header_id=VALUES["header_id"]).is_example
    assert not build_request({"region": "eu", "tenant": "contoso.onmicrosoft.com"}, needs=()).is_example


def test_the_first_command_of_the_readme_makes_a_pack_and_says_that_it_cannot_be_used(tmp_path: Path) -> None:
    made = run("pack", "--request", FILE, "--output", tmp_path / "pack")
    assert (made.code, made.err) == (0, "")
    said = " ".join(made.text.split())
    assert UNUSABLE in said
    assert f"mm365 rehearse {tmp_path / 'pack'}" in said
    assert "signed" not in said
    assert verify_pack(tmp_path / "pack").intact


def test_a_command_that_is_copied_from_the_documentation_makes_an_example() -> None:
    texts = [CHECKOUT / "README.md", *(CHECKOUT / "generator" / "mm365" / "cli").glob("*.py")]
    named = {found for path in texts for found in re.findall(r"--header-id ([0-9a-f-]{36})", path.read_text("utf-8"))}
    assert named == {HEADER_ID.example}


@pytest.mark.parametrize("path", ["change-request.md", RUNBOOK])
def test_a_document_says_in_its_first_lines_that_it_is_an_example(path: str) -> None:
    text = build_pack(CHANGE).files[path].decode("utf-8")
    assert UNUSABLE in text[:700]


def heads(change: Change) -> list[tuple[str, str]]:
    files = (*render_scripts(change), *render_paste_forms(change))
    blocks = [(file.path, block) for file in files for block in re.split(r"\n\n(?=& \{)", file.text)]
    return [(path, "\n".join(block.splitlines()[:5])) for path, block in blocks if path != library.PATH]


@pytest.mark.parametrize("change", CHANGES)
def test_every_script_and_every_block_says_in_its_head_that_it_is_an_example(change: Change) -> None:
    assert [path for path, head in heads(change) if "EXAMPLE: " not in head] == []


def test_nothing_else_bears_the_mark() -> None:
    files = build_pack(build_change(build_request(VALUES, needs=()))).files
    assert [path for path, data in files.items() if b"EXAMPLE:" in data] == []


def lengths(files: tuple[Rendered, ...]) -> dict[str, int]:
    return {file.path: file.lines for file in files}


@pytest.mark.parametrize("change", CHANGES)
def test_a_block_of_an_example_is_not_longer_or_wider_than_another(change: Change) -> None:
    usable = build_change(build_request({**VALUES, "loop_guard": change.request.loop_guard.value}, needs=()))
    forms = render_paste_forms(change)
    assert lengths(forms) == lengths(render_paste_forms(usable))
    assert [line for form in forms for line in form.text.splitlines() if len(line) > 150] == []


def test_what_brings_the_change_nearer_refuses_and_what_reads_or_takes_back_does_not() -> None:
    assert {script.name for script in CHANGE.scripts if script.refuses_example} == REFUSES
    assert {form.name for form in PASTE_FORMS.values() if form.refuses_example} == FORMS_THAT_REFUSE
    code = {file.path: file.text for file in (*render_scripts(CHANGE), *render_paste_forms(CHANGE))}
    named = [script.path for script in CHANGE.scripts if script.refuses_example]
    named += [form.path for form in PASTE_FORMS.values() if form.refuses_example]
    assert {path for path, text in code.items() if re.search(r"(throw|STOP \+=) 'EXAMPLE: ", text)} == set(named)


def test_preflight_stops_and_gives_the_reason_beside_its_other_findings(pwsh: str, tmp_path: Path) -> None:  # noqa: ARG001
    done = new_shell(tmp_path, example()).run("10-preflight")
    assert done.exit_code == 1
    assert f"STOP  {UNUSABLE}" in done.output
    assert "OK, 0 WARN, 1 STOP." in done.output


def test_an_operator_who_skips_preflight_cannot_create(pwsh: str, tmp_path: Path) -> None:  # noqa: ARG001
    shell = new_shell(tmp_path, example())
    done = shell.run("30-create")
    assert done.exit_code == 1
    assert f"STOPPED  Nothing was changed. {UNUSABLE}" in done.output
    assert [call for call in shell.calls if call["cmdlet"].startswith("New-")] == []


def test_verify_pack_says_that_it_is_an_example(folder: Path) -> None:
    verdict = Verdict(report=verify_pack(folder))
    assert (verdict.good, UNUSABLE in verdict.lines) == (True, True)


def test_evidence_of_an_example_is_not_as_approved(folder: Path) -> None:
    filled = folder / "state" / "runbook.ipynb"
    filled.parent.mkdir(exist_ok=True)
    shutil.copy(folder / RUNBOOK, filled)
    checked = check_evidence(filled, folder)
    assert (checked.as_approved, checked.verdict) == (False, UNUSABLE)


@pytest.mark.parametrize("is_example", [True, False])
def test_what_machines_read_says_whether_it_is_an_example(is_example: bool, tmp_path: Path) -> None:
    request = example() if is_example else build_request(VALUES, needs=())
    pack = build_pack(build_change(request))
    write_pack(pack, tmp_path / "pack")
    filled = Path(shutil.copy(tmp_path / "pack" / RUNBOOK, tmp_path / "filled.ipynb"))
    facts = [
        made_facts(pack, tmp_path / "pack", request),
        Verdict(report=verify_pack(tmp_path / "pack")).facts,
        evidence_facts(check_evidence(filled, tmp_path / "pack")),
    ]
    assert [said["example"] for said in facts] == [is_example] * 3


@pytest.fixture(scope="module")
def review(folder: Path) -> Review:
    return open_pack(folder)


def test_review_says_that_it_is_an_example_and_finds_nothing_else(review: Review) -> None:
    assert review.findings == (UNUSABLE,)
    assert (review.as_generated, review.may_be_approved) == (True, False)


def test_an_example_can_be_rejected_and_not_signed_off(review: Review) -> None:
    signed = {word: SignOff(name="A", date="2026-01-02", decision=word).problems(review) for word in DECISIONS}
    assert signed == {"Approved": (UNUSABLE,), "Rejected": ()}


def test_the_walk_says_so_as_it_is_filled_in_until_there_is_another_header_id() -> None:
    walk = Walkthrough()
    assert walk.notice("header_id") == UNUSABLE
    assert walk.enter("header_id", f" {HEADER_ID.example.upper()}").notice("header_id") == UNUSABLE
    assert walk.enter("header_id", VALUES["header_id"]).notice("header_id") == ""


@pytest.fixture(scope="module")
def rehearsed(folder: Path, pwsh: str) -> Result:
    return rehearse(Options(pack=folder, program=pwsh))


def test_an_example_is_rehearsed_to_see_that_it_refuses_and_how_the_rest_goes(rehearsed: Result, folder: Path) -> None:
    [refused], [through] = rehearsed.refused, rehearsed.ways
    assert {run.stage.path for run in refused.stages} == {f"scripts/{name}.ps1" for name in REFUSES}
    assert {run.ended.exit_code for run in refused.stages} == {1}
    assert (rehearsed.held, through.stages[-1].ended.exit_code) == (True, 0)
    assert rehearsed.fingerprint == verify_pack(folder).fingerprint


def test_a_rehearsal_says_that_the_pack_is_an_example(rehearsed: Result) -> None:
    said = [text for text, _ in summary(rehearsed)]
    assert UNUSABLE in said
    assert "The pack is an example and refuses to run, as it has to." in said
    assert "refuses to run, as it has to." in render_report(rehearsed).decode("utf-8")
    assert as_facts(rehearsed)["example"] is True


def test_a_rehearsal_does_not_hold_where_an_example_is_not_refused(rehearsed: Result) -> None:
    [refused] = rehearsed.refused
    ran = replace(refused.stages[1], ended=replace(refused.stages[1].ended, exit_code=0))
    done = replace(rehearsed, refused=(replace(refused, stages=(refused.stages[0], ran, *refused.stages[2:])),))
    assert not done.held
    assert "The pack is an example, and does not refuse everything that it has to." in dict(summary(done))
    assert "30-create -WhatIf: exit code 0, expected 1" in render_report(done).decode("utf-8")


def test_a_script_of_an_example_that_does_not_refuse_is_found(pwsh: str, folder: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(folder, pack)
    script = pack / "scripts" / "30-create.ps1"
    script.write_text(script.read_text().replace(f"    throw '{UNUSABLE}'\n", ""), newline="\n")
    comparison = Comparison(CHANGE.integration)
    start = State(tenant=json.dumps(empty_tenant()).encode())
    checker = PromiseChecker(comparison, comparison.everything(start.objects))
    with closing(Pool(pwsh)) as shells, shells.shell("call") as shell:
        runner = Runner(pack, shell, Sandbox(tmp_path / "sandbox"), comparison)
        create = [stage for stage in refusing_stages(CHANGE, "call") if stage.command == "30-create"]
        found = run_refusals(runner, create, start, checker)
    assert not found.held
    assert [breach.text for breach in found.breaches[0]] == [
        "it has the example's header ID, and it changed the tenant",
        "it does not say that it is an example",
    ]
