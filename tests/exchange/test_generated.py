"""What is generated from the catalogue, and the shapes of objects."""

import re

import pytest

from mm365.emulator import build
from mm365.emulator.draw import catalogue_text
from mm365.emulator.files import MODULES
from mm365.emulator.shapes import INBOUND, OUTBOUND, rule_shape
from mm365.emulator.tenants import outbound_connector
from mm365.exchange import parameters


def test_the_generated_cmdlets_are_up_to_date() -> None:
    assert build.main(["--check"]) == 0


def test_the_catalogue_on_disk_is_in_the_form_that_the_build_writes() -> None:
    assert parameters.CATALOGUE_FILE.read_text(encoding="utf-8") == catalogue_text(parameters.catalogue())


def test_comments_cite_headings_of_the_notes_and_every_heading_is_cited() -> None:
    headings = set(re.findall(r"^## (.+)$", (MODULES / "NOTES.md").read_text(encoding="utf-8"), re.MULTILINE))
    code = [path for path in MODULES.rglob("*") if path.suffix in {".ps1", ".psm1", ".py"}]
    cited = {name for path in code for name in re.findall(r'NOTES\.md, "([^"]+)"', path.read_text(encoding="utf-8"))}
    assert cited - {"..."} == headings - {"Sources"}


def test_no_line_of_the_emulator_is_other_than_ascii() -> None:
    files = [path for path in MODULES.rglob("*") if path.suffix in {".ps1", ".psm1", ".psd1", ".py", ".json", ".md"}]
    assert files
    assert [path.name for path in files if not path.read_bytes().isascii()] == []


def test_a_setting_that_no_object_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no such property: Enable"):
        outbound_connector("x", Enable=True)


def test_every_setting_of_new_and_set_has_its_place_in_the_objects() -> None:
    catalogue = parameters.catalogue()
    shapes = {
        "InboundConnector": INBOUND,
        "OutboundConnector": OUTBOUND,
        "TransportRule": rule_shape(catalogue),
    }
    # Enabled reads back as State; the others are not stored.
    apart = {"Identity", "Enabled", "UseLegacyRegex"}
    for noun, shape in shapes.items():
        for verb in ("New", "Set"):
            assert catalogue["cmdlets"][f"{verb}-{noun}"]["parameters"].keys() - shape.keys() <= apart
