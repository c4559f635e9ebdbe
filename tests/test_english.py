"""Phrases that were weeded out: each reads as translated, has to be decoded, or says more than is known."""

import re
from pathlib import Path

import pytest

from tests.commands import CHECKOUT

# What not to write, and what to write in its place.
WEEDS = {
    r"(?<![Tt]here )\b(?:is|are|was|were|be) no\b(?! longer\b| more\b)": "is not a region, rather than is no region",
    r"\bits old way\b": "mail is no longer sent to the filter",
    r"\b(?:has|have) no place in\b": "cannot stand in",
    r"\bWho (?:has|knows|wants|reads|pastes|runs|sees)\b[^?.]*\.": "whoever knows it, or: if you know it",
    r"\b(?:un)?asked-for\b|\bunasked\b": "that nobody asked for",
    r"\bknown by a\b": "identified by a",
    r"\bas good as\b": "nearly",
    r"\bNothing to do(?=[ ']*[\"'`])": "Nothing to do: and why, so that it is clear what was looked at",
    r"\bgoes its way\b|\bgo their way\b": "is delivered",
    r"\bis the switch of\b|\bhas its say\b|\bof itself\b": "a plain verb",
    r"\b(?:fix|do) what stands above\b": "settle what is reported above",
    r"\b[Tt]o approve\b[^.]{0,20}\bis to\b": "whoever approves it accepts",
    r"(?i:\b(?:before|after|in) the window are)\b": "the subject first: 2 of the runs are before the window",
    r"\bis there because of this\b": "why, as a question or a sentence",
    r"\bby so much\b": "by as much",
    r"(?<![\w.~}/])/(?:home|root|Users|work|mnt|tmp|opt|srv)/[\w.]": "no path of a machine",
}

FOLDERS = ("generator", "templates", "notebooks", "docs", ".ci", ".github", "benchmarks", "output")
KINDS = {".py", ".md", ".j2", ".ps1", ".psm1", ".psd1", ".css", ".yaml", ".yml", ".ipynb"}
TEXTS = sorted(
    [*CHECKOUT.glob("*.md")]
    + [path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*") if path.suffix in KINDS and path.is_file()]
)


def on_one_line(text: str) -> str:
    """The words of a text; comment marks and quotes between the lines of a sentence are left out."""
    return re.sub(r"\s+(?:#+ |//? |\"|')?", " ", text)


def weeds(text: str) -> list[str]:
    return [
        f"'{found.group()}': write {instead}"
        for phrase, instead in WEEDS.items()
        for found in re.finditer(phrase, on_one_line(text))
    ]


def made_packs(folder: Path) -> bool:
    return folder.is_relative_to(CHECKOUT / "output") and folder.name != "README.md"


@pytest.mark.parametrize(
    "path", [path for path in TEXTS if not made_packs(path)], ids=lambda path: path.relative_to(CHECKOUT).as_posix()
)
def test_weeded_phrases_do_not_come_back(path: Path) -> None:
    assert weeds(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "'xx' is no region",
        "these are\n    # no calls",
        "Mail goes its old way again.",
        "Who knows it can pass.",
        "Show-Line -Text 'Nothing to do'",
        "see /home/jane/notes",
        "fix what stands above and run it again",
        "To approve this change is to accept them.",
        "Before the window are 2 of these runs.",
        "The wait is there because of this:",
        "sets its times back by so much",
    ],
)
def test_weeds_are_found(text: str) -> None:
    assert len(weeds(text)) == 1


@pytest.mark.parametrize(
    "text", ["There is no PowerShell", "it is no longer on", "Nothing to do: it is off.", "Who: A."]
)
def test_plain_english_is_left_alone(text: str) -> None:
    assert weeds(text) == []
