"""The table of a request's fields: what is in it, and that options, files, notebooks and errors follow it."""

import ast
import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.display import quoted
from mm365.errors import Problem, RequestError
from mm365.notebook.walkthrough import Walkthrough
from mm365.request.fields import FIELDS, NEEDED, OFFER, label, option
from mm365.request.file import request_as_yaml
from mm365.request.parsers import MAX_CHANGE
from mm365.request.regions import REGIONS, Region
from mm365.request.request import Request, build_request, parse_values
from tests.commands import CHECKOUT, plain_environment, run

PACKAGE = CHECKOUT / "generator" / "mm365"
TABLE = PACKAGE / "request" / "fields.py"
WITH_REQUEST = ["inbound-connector", "outbound-connector", "transport-rules", "rollback", "pack"]
ADDED = (
    "from mm365.request.regions import REGIONS, Region\n"
    "REGIONS['nz'] = Region(code='nz', place='New Zealand')\n"
    "from mm365.cli.main import main\n"
    "main()\n"
)
"""A program that is mm365 with one more region."""


@pytest.fixture
def _one_more_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGIONS, "nz", Region(code="nz", place="New Zealand"))


def with_one_more_region(*arguments: str, **env: str) -> str:
    """What mm365 prints on both streams, words apart by single spaces: help breaks its lines anywhere."""
    command = [sys.executable, "-c", ADDED, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, env=plain_environment(**env)
    )
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def strings(source: str) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(source)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


def test_every_field_of_a_request_is_in_the_table_and_nothing_else() -> None:
    assert set(FIELDS) == {field.name for field in dataclasses.fields(Request)}


def test_fields_without_a_default_are_those_that_a_pack_needs() -> None:
    without = {field.name for field in dataclasses.fields(Request) if field.default is dataclasses.MISSING}
    assert without <= set(NEEDED)


@pytest.mark.parametrize("name", FIELDS)
def test_example_and_offer_of_a_field_are_values_of_it(name: str) -> None:
    field = FIELDS[name]
    assert str(field.parse(field.example)) == field.example
    assert field.offer in {field.example, ""}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_says_what_it_is_and_what_to_give(name: str) -> None:
    field = FIELDS[name]
    assert all((field.label, field.about.endswith("."), field.hint, field.metavar))


# "loop_guard" is also a name in formats of ours for machines, whatever the field is called.
@pytest.mark.parametrize(
    "path", sorted(set(PACKAGE.rglob("*.py")) - {TABLE}), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_field_is_stated_in_the_table_and_nowhere_else(path: Path) -> None:
    # These write or read what machines read, where the keys are the names of fields.
    machines = {PACKAGE / "pack" / f"{name}.py" for name in ("contents", "rehearsed", "summary")}
    machines |= {PACKAGE / room / name for room, name in (("rehearsal", "result.py"), ("plan", "result.py"))}
    machines |= {PACKAGE / "mailflow" / "facts.py"}
    names = {"header_id", "tenant_id"} | (set() if path in machines else {"loop_guard"})
    texts = {text for field in FIELDS.values() for text in (field.about, field.give) if text}
    found = list(strings(path.read_text(encoding="utf-8")))
    assert [text for text in found if text in names or any(known in text for known in texts)] == []


@pytest.mark.parametrize("command", WITH_REQUEST)
def test_help_follows_a_region_that_is_added(command: str) -> None:
    shown = with_one_more_region(command, "--help", COLUMNS="160")
    assert "--region au|eu|us|nz " in shown
    assert "Give one of au (Australia), eu (Europe), us (United States), nz (New Zealand)." in shown


def test_error_of_the_command_line_follows_a_region_that_is_added() -> None:
    told = with_one_more_region("inbound-connector", "--region", "uk", "--tenant", "contoso.com")
    assert told == (
        "mm365: --region 'uk' is not a region; use one of au (Australia), eu (Europe), us (United States), nz (New "
        "Zealand)."
    )


def test_list_of_regions_follows_a_region_that_is_added() -> None:
    assert "nz New Zealand m365integrated-array-1.nz.mailmarshal.cloud *.nz.mailmarshal.cloud" in (
        with_one_more_region("regions")
    )


@pytest.mark.usefixtures("_one_more_region")
def test_request_file_follows_a_region_that_is_added() -> None:
    assert "us (United States), nz (New Zealand)." in request_as_yaml({})


@pytest.mark.usefixtures("_one_more_region")
def test_notebook_follows_a_region_that_is_added() -> None:
    screen = pytest.importorskip("mm365.notebook.walkthrough_screen").start()
    offered = screen._field("region").options  # noqa: SLF001 - what a person can choose
    assert ("nz: New Zealand", "nz") in offered
    screen.walk = Walkthrough().enter("region", "nz")
    assert "m365integrated-array-1.nz.mailmarshal.cloud" in screen._note("region")  # noqa: SLF001
    assert "nz (New Zealand)" in Walkthrough().enter("region", "uk").problem("region")
    assert "nz (New Zealand)" in Walkthrough().enter("region", "").problem("region")


@pytest.mark.usefixtures("_one_more_region")
def test_request_takes_a_region_that_is_added() -> None:
    assert build_request({**OFFER, "region": "NZ"}, needs=NEEDED).region.place == "New Zealand"


@pytest.mark.parametrize("command", WITH_REQUEST)
def test_every_command_with_a_request_has_an_option_for_each_field(command: str) -> None:
    shown = run(command, "--help").text
    assert [word for word in shown.split() if word in {field.option for field in FIELDS.values()}][-len(FIELDS) :] == [
        field.option for field in FIELDS.values()
    ]


def test_name_that_is_not_a_field_is_not_overlooked() -> None:
    with pytest.raises(KeyError, match="regoin"):
        parse_values({"regoin": "eu"})


@given(name=st.sampled_from(sorted(FIELDS)), text=st.text(max_size=2 * MAX_CHANGE))
def test_words_for_a_wrong_value_show_it_safely_in_the_command_line_and_in_the_notebook(name: str, text: str) -> None:
    try:
        parse_values({name: text})
    except RequestError as error:
        told = error.said(option)
        noted = Walkthrough().enter(name, text).problem(name)
        assert told.startswith(f"{option(name)} {quoted(text)} ")
        assert noted.startswith(f"{label(name)} {quoted(text)} ")
        assert (told + noted).isprintable()
        assert not noted.startswith(option(name))


@given(place=st.text(min_size=1), value=st.text(), problem=st.text())
def test_problem_is_told_on_one_line_whatever_is_in_it(place: str, value: str, problem: str) -> None:
    assert Problem(problem=problem, value=value, place=place).said().isprintable()


def test_problem_in_a_file_names_the_file_and_the_field_as_the_file_calls_it() -> None:
    problem = Problem(problem="is not a region", field="region", value="uk", place="request.yaml")
    assert problem.said(option) == "request.yaml: region 'uk' is not a region."
