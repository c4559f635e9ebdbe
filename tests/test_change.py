"""A change is built once from its request, and handed to every renderer."""

import sys
from types import FrameType

from mm365.integration.article import build_integration
from mm365.pack.contents import build_pack
from mm365.plan.create import build_plan
from mm365.plan.step import Drain
from mm365.request.request import Request
from mm365.scripts.catalogue import pack_scripts
from mm365.scripts.change import build_change
from mm365.scripts.procedure import operator_steps


def test_one_pack_is_made_of_one_integration_one_plan_one_list_of_scripts_and_one_procedure(
    valid_request: Request,
) -> None:
    builders = {made.__code__: made.__name__ for made in (build_integration, build_plan, pack_scripts, operator_steps)}
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
