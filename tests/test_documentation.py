"""What the documentation says is what there is."""

import re

from mm365.cli.main import app
from mm365.request.file import request_as_yaml
from tests.commands import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_example_request_is_what_print_request_prints() -> None:
    example = (CHECKOUT / "templates" / "request.example.yaml").read_text(encoding="utf-8")
    assert example == request_as_yaml({})


def test_the_readme_names_every_command() -> None:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert names
    for name in names:
        assert f"`{name}`" in README or f"mm365 {name}" in README


def test_links_lead_to_files_that_are_there() -> None:
    for document in CHECKOUT.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (CHECKOUT / target).exists(), f"{document.name}: {target}"


def test_every_module_has_its_line_in_contributing() -> None:
    table = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in (CHECKOUT / "generator").iterdir():
        module = path.suffix == ".py" or (path / "__init__.py").is_file()
        assert not module or path.stem == "__init__" or f"`{path.stem}`" in table, path.stem
