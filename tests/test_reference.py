"""The page of all commands says what the commands say."""

import re

import pytest

from mm365.cli.main import app
from mm365.cli.reference import main, make_reference
from mm365.request.fields import FIELDS
from tests.commands import CHECKOUT

PAGE = CHECKOUT / "docs" / "cli.md"
COMMANDS = [str(command.name) for command in app.registered_commands]


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_reference(), "run: python -m mm365.cli.reference"
    assert main(["--check"]) == 0


def test_every_command_has_a_section_in_the_order_of_help() -> None:
    assert re.findall(r"^## (\S+)$", make_reference(), re.MULTILINE) == ["mm365", *COMMANDS]


@pytest.mark.parametrize("command", COMMANDS)
def test_section_has_an_example_and_names_every_option(command: str) -> None:
    [section] = [text for text in make_reference().split("\n## ") if text.startswith(f"{command}\n")]
    assert f"```sh\nmm365 {command}" in section
    assert "`-h, --help`" in section
    if "`--request`" in section:
        assert [field.option for field in FIELDS.values() if f"`{field.option}`" not in section] == []
        assert "[required, here or in the file of --request]" in section.replace("\\", "")
