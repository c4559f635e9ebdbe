"""What is assumed where the documents leave it open: said once, and the same in the emulator, the help and a report."""

from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from mm365.cli import rehearse as command
from mm365.emulator.contract import Behaviour as OfTheEmulator
from mm365.errors import RehearsalError
from mm365.rehearsal.assumptions import BEHAVIOURS, assumptions
from mm365.rehearsal.faults import MEANINGS
from mm365.rehearsal.options import read_options

NOT_OPEN = {"throttled", "missing", "prefix"}
"""What the emulator can do besides, which does not answer an open question."""


def test_each_behaviour_is_one_of_the_emulator_with_the_same_values() -> None:
    known = get_type_hints(OfTheEmulator)
    assert set(BEHAVIOURS) == set(known) - NOT_OPEN
    for name, behaviour in BEHAVIOURS.items():
        assert behaviour.number or tuple(behaviour.answers) == get_args(known[name])


def test_help_names_each_with_its_values_and_each_kind_of_fault() -> None:
    words = (command.rehearse.__doc__ or "").replace(",", " ").split()
    for name, behaviour in BEHAVIOURS.items():
        values = [*behaviour.answers, *(["1", "..."] if behaviour.number else [])]
        assert f"{name}={'|'.join(values)}" in words
    assert set(MEANINGS) <= set(words)


def test_every_question_is_a_question_and_every_answer_a_sentence() -> None:
    found = list(assumptions({}))
    assert all(each.question.endswith("?") and each.answer.endswith(".") for each in found)
    assert [each.option for each in found if each.option] == [
        f"{name}={behaviour.default}" for name, behaviour in BEHAVIOURS.items()
    ]
    assert not any(each.chosen for each in found)


def test_what_was_chosen_is_answered_so() -> None:
    found = {each.option: each for each in assumptions({"lateCalls": 5, "routeReadsBackAs": "guid"}) if each.chosen}
    assert list(found) == ["routeReadsBackAs=guid", "lateCalls=5"]
    assert found["lateCalls=5"].answer == "The first 5 calls that look for objects of its kind do not find it."


@pytest.mark.parametrize(
    ("text", "remedy"), [("lateCalls=soon", "lateCalls is a number"), ("language=fr", "language is en or de")]
)
def test_another_value_is_refused_with_what_would_be_right(text: str, remedy: str) -> None:
    with pytest.raises(RehearsalError, match=remedy):
        read_options(pack=Path("pack"), behaviour=[text])
