"""The pictures in docs/pictures show what the commands print now, and need nothing from the network."""

import re
from collections import defaultdict
from xml.etree import ElementTree as ET

import pytest

from tests.pictures import FOLDER, PICTURES, WIDTH, pictures

TEXT = "{http://www.w3.org/2000/svg}text"


def lines(svg: str) -> list[str]:
    """What a picture shows, line by line; another version of Rich may draw the same text otherwise."""
    found: defaultdict[float, str] = defaultdict(str)
    for text in ET.fromstring(svg).iter(TEXT):  # noqa: S314 - a picture that we made
        found[float(text.attrib["y"])] += text.text or ""
    return [found[place].replace("\N{NO-BREAK SPACE}", " ").strip() for place in sorted(found)]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_picture_shows_what_the_command_prints(name: str, made: dict[str, str]) -> None:
    kept = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert lines(kept) == lines(made[name]), "run: python -m tests.pictures"
    assert max(map(len, lines(kept))) <= WIDTH


def test_report_is_a_small_png() -> None:
    data = (FOLDER / "report.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < 200_000


@pytest.mark.parametrize("name", PICTURES)
def test_picture_needs_nothing_from_the_network(name: str, made: dict[str, str]) -> None:
    assert re.findall(r"url\(\"?http|@font-face|href=", made[name]) == []
