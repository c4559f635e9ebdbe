"""The way through a pack: every script as it is, in the three ways in which people run them."""

import json
from pathlib import Path

import pytest

from mm365.pack.contents import build_pack
from mm365.rehearsal.pool import Pool
from mm365.rehearsal.rehearsal import Options, Result, rehearse, trace
from mm365.rehearsal.result import as_facts
from mm365.rehearsal.shells import WAYS, Job
from mm365.rehearsal.stages import stages_of
from mm365.request.request import Request
from mm365.scripts.change import build_change
from tests.commands import tree

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("rehearsal")]


def test_it_goes_every_step_of_the_operator_and_then_back(request_of_pack: Request) -> None:
    procedure = build_change(request_of_pack).procedure
    steps = [step.key for step in procedure if step.script and not step.standby]
    assert [stage.key for stage in stages_of(procedure)] == [
        *steps, "stop", "enable-redirect-again", "rollback", "rollback-again",
    ]  # fmt: skip


def test_all_three_ways_go_through_and_end_where_they_began(clean: Result) -> None:
    assert clean.held
    for through in clean.ways:
        assert [run.ended.exit_code for run in through.stages] == [run.stage.exit_code for run in through.stages]
        assert through.returned == ()
    assert [through.way for through in clean.ways] == list(WAYS)


def test_all_three_ways_make_the_same_calls_and_write_the_same_files(clean: Result) -> None:
    assert len({trace(through) for through in clean.ways}) == 1


def test_a_script_run_as_a_file_has_the_global_scope_and_one_that_is_called_has_not(pool: Pool, tmp_path: Path) -> None:
    script = tmp_path / "scope.ps1"
    script.write_text('$mine = 1\n"$(Test-Path -Path variable:global:mine)"\nexit 7\n', encoding="ascii")
    said = {}
    for way in ("file", "call"):
        with pool.shell(way) as shell:
            ended = shell.run(Job(script=script, paste=script, environment={}))
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
    assert [run.stage.key for run in through.stages[-2:]] == ["rollback", "rollback-again"]
    assert through.returned == ()


def test_what_machines_read_holds_no_header_id(clean: Result, request_of_pack: Request) -> None:
    text = json.dumps(as_facts(clean))
    assert request_of_pack.header_id not in text
    assert json.loads(text)["held"] is True
