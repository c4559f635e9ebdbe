"""What the documentation says is what there is."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from mm365 import __version__
from mm365.cli.main import app
from mm365.mailflow.loop_guard import guard_table
from mm365.request.fields import LOOP_GUARD
from mm365.request.file import request_as_yaml
from mm365.request.parsers import TRADE_OFFS
from mm365.request.request import build_request
from mm365.scripts.paste_form import PASTE_FORMS
from tests.commands import CHECKOUT, VALUES
from tests.test_architecture import ROOMS

DOCUMENTS = sorted(CHECKOUT.glob("*.md"))
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_example_request_is_what_print_request_prints() -> None:
    example = (CHECKOUT / "templates" / "request.example.yaml").read_text(encoding="utf-8")
    assert example == request_as_yaml({}), "run: mm365 pack --print-request > templates/request.example.yaml"


def test_commands_that_a_document_names_exist() -> None:
    """``mm365 --help`` lists them all, so a new command needs no line in a document."""
    names = {command.name for command in app.registered_commands}
    shown = {
        name for path in DOCUMENTS for name in re.findall(r"\bmm365 ([a-z]+(?:-[a-z]+)*)", path.read_text("utf-8"))
    }
    assert "pack" in shown
    assert shown <= names


def test_the_readme_names_every_paste_form() -> None:
    assert [
        form.name for form in PASTE_FORMS.values() if f"`{form.path.removeprefix('paste/')[:-4]}`" not in README
    ] == []


def test_the_readme_says_who_needs_it_what_it_saves_and_what_it_does_not_do_in_its_first_lines() -> None:
    first = "\n".join(README.splitlines()[:10])
    assert [
        words for words in ("**Who needs it.**", "**What it saves.**", "**What it will not do.**") if words not in first
    ] == []


def test_nothing_is_installed_from_an_index_in_which_the_package_is_not() -> None:
    named = re.compile(r"(?:pip|pipx|uvx|uv tool)\b[^\n]*[\s\"']mailmarshal-m365")
    texts = [*DOCUMENTS, *(CHECKOUT / "templates").rglob("*.md.j2"), *(CHECKOUT / "generator").rglob("*.py")]
    assert [path.name for path in texts if named.search(path.read_text(encoding="utf-8"))] == []


def test_loop_guards_and_what_they_cost_stand_where_one_is_chosen() -> None:
    notebook = (CHECKOUT / "notebooks" / "walkthrough.ipynb").read_text(encoding="utf-8")
    for guard, text in TRADE_OFFS.items():
        assert f"{guard.value} {text}" in LOOP_GUARD.help
        assert f"`{guard.value}` {text}" in notebook


def test_the_table_of_loop_guards_in_the_readme_is_what_the_model_says() -> None:
    default = build_request(VALUES, needs=()).loop_guard
    rows = [
        f"| `{guard}`{' (default)' if guard == default else ''} | {check} | {redirect} | {trade_off} |"
        for guard, check, redirect, trade_off in guard_table()
    ]
    assert re.findall(r"^\| `(?:stop|kb).*", README, re.MULTILINE) == rows


def test_the_changelog_has_the_version_with_a_date_and_room_for_the_next() -> None:
    text = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(__version__)} - \d{{4}}-\d\d-\d\d", heads[1])
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_links_lead_to_files_that_are_there() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (CHECKOUT / target).exists(), f"{document.name}: {target}"


def test_every_package_has_its_line_in_contributing_in_the_order_of_imports() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == ROOMS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_in_documents_are_those_of_files_that_are_there(document: Path) -> None:
    named = re.findall(
        r"`((?:generator|templates|tests|notebooks|\.ci)/[\w./-]*\w)`", document.read_text(encoding="utf-8")
    )
    assert [path for path in named if not (CHECKOUT / path).exists()] == []


@pytest.mark.parametrize(
    "form", sorted((CHECKOUT / ".github" / "ISSUE_TEMPLATE").iterdir()), ids=lambda path: path.name
)
def test_issue_form_has_what_github_asks_for(form: Path) -> None:
    asked = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert asked["name"]
    assert asked["description"]
    fields = [entry for entry in asked["body"] if entry["type"] != "markdown"]
    assert fields
    assert all(entry["attributes"]["label"] for entry in fields)
    assert len({entry["id"] for entry in fields}) == len(fields)


def test_workflow_runs_what_contributors_run_on_the_oldest_python_that_is_promised() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    [job] = workflow["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {})]
    assert [f">={version}" for version in versions] == [project["requires-python"]]
