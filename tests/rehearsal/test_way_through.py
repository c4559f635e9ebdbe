"""The way through a pack: every script and paste form as it is, in the three ways in which people run them."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mm365.pack.contents import build_pack
from mm365.pack.rehearsed import rehearsal_of
from mm365.rehearsal.cases import trace
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.rehearsal import Options, Result, rehearse
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.sandbox import State
from mm365.rehearsal.shells import WAYS, Job
from mm365.rehearsal.stages import stages_of
from mm365.request.request import Request
from mm365.scripts.change import build_change
from mm365.scripts.paste_form import PASTE_FORMS
from tests.commands import tree

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


def test_scripts_go_every_step_of_the_operator_and_then_back(request_of_pack: Request) -> None:
    change = build_change(request_of_pack)
    steps = [step.key for step in change.procedure if step.script and not step.standby]
    waiting = steps.index("enable-redirect")
    assert [stage.key for stage in stages_of(change, "file")] == [
        *steps[:waiting], "enable-redirect-early", *steps[waiting:],
        "stop", "enable-redirect-again", "rollback-early", "rollback",
    ]  # fmt: skip


def test_what_stands_by_after_rollback_is_run_and_nothing_is_turned_on_again(request_of_pack: Request) -> None:
    change = build_change(request_of_pack)
    preflight = next(step for step in change.procedure if step.key == "preflight")
    later = replace(preflight, key="later", standby=True)
    stages = stages_of(replace(change, procedure=(*change.procedure, later)), "file")
    assert [stage.key for stage in stages[-3:]] == ["rollback-early", "rollback", "later"]


def test_every_form_is_pasted_as_a_simulation_and_as_it_is_in_the_order_of_the_procedure(
    request_of_pack: Request,
) -> None:
    change = build_change(request_of_pack)
    stages = [stage for stage in stages_of(change, "paste") if not stage.exit_code and not stage.again]
    pasted = dict.fromkeys(stage.path for stage in stages if not stage.simulated)
    assert list(pasted) == [form.path for form in PASTE_FORMS.values()]
    simulated = dict.fromkeys(stage.path for stage in stages if stage.simulated)
    assert list(simulated) == [form.path for form in PASTE_FORMS.values() if "WhatIf" in form.variables]
    steps = [step for step in change.procedure if step.forms]
    assert {path for step in steps for path in (form.path for form in step.forms)} == set(pasted)


def test_what_has_to_wait_is_tried_too_early_and_what_follows_it_refuses(clean: Result) -> None:
    ended = {
        (run.stage.label, run.ended.exit_code)
        for through in clean.ways
        for run in through.stages
        if run.stage.exit_code
    }
    assert ended == {
        ("enable-redirect-early", 2), ("rollback-early", 2),
        ("enable-redirect-early, pasted", 2), ("rollback-connectors-1-early, pasted", 2),
        ("rollback-connectors-2-early, pasted", 1), ("rollback-connectors-3-early, pasted", 1),
    }  # fmt: skip


def test_all_three_ways_go_through_and_end_where_they_began(clean: Result) -> None:
    assert clean.held
    for through in clean.ways:
        assert [run.ended.exit_code for run in through.stages] == [run.stage.exit_code for run in through.stages]
        assert through.returned == ()
    assert [through.way for through in clean.ways] == list(WAYS)


def test_scripts_make_the_same_calls_and_write_the_same_files_as_files_and_called(clean: Result) -> None:
    as_files, called, pasted = map(trace, clean.ways)
    assert as_files == called != pasted


def test_scripts_and_forms_create_the_same_objects(clean: Result) -> None:
    found = [
        {call["parameters"]["Name"]: call["parameters"] for run in through.stages for call in run.changes
         if call["cmdlet"].startswith("New-")}
        for through in clean.ways
    ]  # fmt: skip
    plain = [{name: without_common(values) for name, values in each.items()} for each in found]
    assert len(plain[0]) == 4
    assert plain[0] == plain[1] == plain[2]


def without_common(parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters without those that say how a call is made."""
    common = {"WhatIf", "Confirm", "ErrorAction", "WarningAction", "WarningVariable"}
    return {name: value for name, value in parameters.items() if name not in common}


def test_forms_keep_no_notes_and_the_operator_writes_the_time_down(clean: Result) -> None:
    stages = clean.ways[2].stages
    assert {run.after.notes for run in stages} == {None}
    written = {run.stage.key: run.after.off_since for run in stages}
    assert written["simulate-stop"] == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", written["stop"])
    assert written["rollback-rules"] != written["rollback-connectors-1"], "26 hours have passed in between"


def test_hours_pass_for_notes_marks_and_tenant_alike_and_for_what_was_written_down() -> None:
    rule = {"Name": "r", "WhenChanged": "2026-11-24T20:25:55.1234567Z", "WhenCreated": "2026-11-24T20:25:55Z"}
    tenant = {"inboundConnectors": [], "outboundConnectors": [], "transportRules": [rule]}
    notes = {"loopCheckOn": "2026-11-24 20:25:56Z", "loopCheckMark": f"changed {rule['WhenChanged']}", "drained": ""}
    before = State(tenant=json.dumps(tenant).encode(), notes=json.dumps(notes).encode(), off_since="2026-11-24 20:26")
    after = before.later(26.5)
    [moved] = after.objects["transportRules"]
    assert moved == {**rule, "WhenChanged": "2026-11-23T17:55:55.1234567Z"}
    assert after.notes is not None
    assert json.loads(after.notes) == {
        "loopCheckOn": "2026-11-23 17:55:56Z", "loopCheckMark": f"changed {moved['WhenChanged']}", "drained": "",
    }  # fmt: skip
    assert after.off_since == "2026-11-23 17:56"
    assert before.later(0) is before


def test_a_script_run_as_a_file_has_the_global_scope_and_one_that_is_called_has_not(pool: Pool, tmp_path: Path) -> None:
    script = tmp_path / "scope.ps1"
    script.write_text('$mine = 1\n"$(Test-Path -Path variable:global:mine)"\nexit 7\n', encoding="ascii")
    said = {}
    for way in ("file", "call"):
        with pool.shell(way) as shell:
            ended = shell.run(Job(path=script, environment={}))
        said[way] = (ended.exit_code, ended.output.strip())
    assert said == {"file": (7, "True"), "call": (7, "False")}


def test_the_pack_is_as_it_was_afterwards(clean: Result, finished_pack: Path, request_of_pack: Request) -> None:
    assert clean.held
    assert tree(finished_pack) == build_pack(build_change(request_of_pack)).files


def test_a_tenant_in_which_the_change_cannot_go_in_is_told_and_left_as_it_was(
    finished_pack: Path, pwsh: str, pool: Pool
) -> None:
    options = Options(pack=finished_pack, program=pwsh, ways=("call",), behaviour={"inboundCreation": "refused"})
    done = rehearse(options, pool=pool)
    through = done.ways[0]
    assert not done.held
    assert through.stopped is not None
    assert through.stopped.stage.key == "simulate"
    assert [(run.stage.key, run.as_expected) for run in through.stages[-2:]] == [
        ("simulate", False),
        ("rollback", True),
    ]
    assert through.returned == ()


def test_when_a_form_stops_the_rollback_forms_follow_and_wait(finished_pack: Path, pwsh: str, pool: Pool) -> None:
    options = Options(pack=finished_pack, program=pwsh, ways=("paste",), behaviour={"inboundCreation": "disabled"})
    [through] = rehearse(options, pool=pool).ways
    assert through.stopped is not None
    assert through.stopped.stage.key == "inbound-connector"
    assert [(run.stage.key, run.ended.exit_code) for run in through.stages[2:]] == [
        ("rollback-rules", 0), ("rollback-connectors-1", 2), ("rollback-connectors-1", 0),
        ("rollback-connectors-2", 0), ("rollback-connectors-3", 0),
    ]  # fmt: skip
    assert all(run.as_expected for run in through.stages[2:])
    assert through.returned == ()


def test_what_machines_read_holds_no_header_id(clean: Result, request_of_pack: Request) -> None:
    text = json.dumps(as_facts(clean))
    assert request_of_pack.header_id not in text
    assert json.loads(text)["held"] is True


def test_the_pack_takes_in_what_machines_read(clean: Result, request_of_pack: Request) -> None:
    read = rehearsal_of(json.loads(json.dumps(as_facts(clean))))
    assert re.fullmatch(r"PowerShell \d+\.\d+\S*", read.program)
    assert (read.held, read.start, read.ways) == (True, clean.options.tenant, dict.fromkeys(clean.options.ways, True))
    assert b"not rehearsed" not in build_pack(build_change(request_of_pack), read).files["change-request.md"]
