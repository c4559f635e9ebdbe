"""A change is built once from its request, and handed to every renderer."""

import sys
from dataclasses import replace
from types import FrameType

import pytest

from mm365.pack.contents import build_pack
from mm365.plan.create import build_plan
from mm365.plan.step import Drain
from mm365.request.request import Request
from mm365.scripts.catalogue import pack_scripts
from mm365.scripts.change import build_change
from mm365.scripts.procedure import operator_steps
from tests.commands import CHECKOUT


def test_one_pack_is_made_of_one_plan_one_list_of_scripts_and_one_procedure(
    valid_request: Request,
) -> None:
    builders = {made.__code__: made.__name__ for made in (build_plan, pack_scripts, operator_steps)}
    calls: list[str] = []

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in builders:
            calls.append(builders[frame.f_code])

    sys.setprofile(count)
    try:
        build_pack(build_change(valid_request))
    finally:
        sys.setprofile(None)
    assert sorted(calls) == sorted(builders.values())


def test_the_inverse_of_the_inverse_of_a_step_is_the_step(valid_request: Request) -> None:
    plan = build_change(valid_request).plan
    assert [step.inverse.inverse for step in plan.steps] == list(plan.steps)


def test_undo_is_the_mirror_of_the_plan_with_one_wait_behind_its_first_step(valid_request: Request) -> None:
    plan = build_change(valid_request).plan
    waits = [place for place, step in enumerate(plan.undo) if isinstance(step, Drain)]
    assert waits == [1]
    assert [step for step in plan.undo if not isinstance(step, Drain)] == [
        step.inverse for step in reversed(plan.steps)
    ]


def test_every_script_has_a_template_and_every_template_an_entry(valid_request: Request) -> None:
    folder = CHECKOUT / "templates" / "scripts"
    names = {script.name for script in build_change(valid_request).scripts}
    templates = {path.name.removesuffix(".ps1.j2") for path in folder.iterdir()}
    missing = [f"templates/scripts/{name}.ps1.j2 is missing" for name in sorted(names - templates)]
    missing += [
        f"templates/scripts/{name}.ps1.j2 has no entry in scripts/catalogue.py" for name in sorted(templates - names)
    ]
    assert missing == []


def test_every_script_is_run_by_a_step_of_the_procedure(valid_request: Request) -> None:
    change = build_change(valid_request)
    assert {step.script.name for step in change.procedure if step.script} == {script.name for script in change.scripts}


def test_a_script_that_no_step_names_stands_behind_the_step_that_it_is_after(valid_request: Request) -> None:
    change = build_change(valid_request)
    added = replace(change.scripts[0], name="45-new-report", after="verify-created")
    steps = operator_steps(change.plan, [*change.scripts, added])
    keys = [step.key for step in steps]
    [step] = [step for step in steps if step.script is added]
    assert (step.key, step.title) == ("new-report", "New report")
    assert keys[keys.index("new-report") - 1] == "verify-created"
    assert [key for key in keys if key != "new-report"] == [step.key for step in change.procedure]


def test_a_script_that_no_step_runs_is_refused_with_the_places_named(valid_request: Request) -> None:
    change = build_change(valid_request)
    added = replace(change.scripts[0], name="45-new-report", after="")
    with pytest.raises(ValueError, match=r"no step runs 45-new-report: .*scripts/catalogue\.py.*scripts/procedure\.py"):
        operator_steps(change.plan, [*change.scripts, added])
