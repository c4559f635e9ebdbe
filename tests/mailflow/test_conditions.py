"""Conditions and exceptions, as the service documents them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm365.mailflow.conditions import Envelope, all_of, conditions_of, is_set, size_in_bytes
from mm365.mailflow.message import Message, MessageType
from mm365.mailflow.words import patterns_in, words_in
from tests.commands import HEADER_ID

MESSAGE = Message(
    name="m",
    sender="Alice@Mail.Example.org",
    recipients=("bob@contoso.com",),
    headers={"x-spam": "Status: YES, score=7"},
    subject="Invoice: overdue (urgent)",
    size=3_000_000,
)


def applies(settings: dict[str, Any], message: Message = MESSAGE) -> bool | None:
    test = all_of(conditions_of(settings, exceptions=False), conditions_of(settings, exceptions=True))
    return test(Envelope(message, message.recipients[0]))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"SenderDomainIs": ("example.org",)}, True),
        ({"SenderDomainIs": ("ample.org", "other.org")}, False),
        ({"SenderDomainIs": "mail.example.org"}, True),
        ({"RecipientDomainIs": ("CONTOSO.com",)}, True),
        ({"From": ("alice@mail.example.org",)}, True),
        ({"From": ("alice@example.org",)}, False),
        ({"From": ("Alice Example",)}, None),
        ({"From": ("Alice Example", "alice@mail.example.org")}, True),
        ({"SentTo": ("bob@contoso.com",)}, True),
        ({"SentTo": ("ann@contoso.com",)}, False),
        ({"FromScope": "NotInOrganization"}, True),
        ({"FromScope": "InOrganization"}, False),
        ({"SentToScope": "inorganization"}, True),
        ({"SentToScope": "ExternalPartner"}, None),
        ({"SubjectContainsWords": ("urgent",)}, True),
        ({"SubjectContainsWords": ("urge", "over")}, False),
        ({"SubjectContainsWords": ("*",)}, False),
        ({"HeaderContainsMessageHeader": "X-Spam", "HeaderContainsWords": ("yes",)}, True),
        ({"HeaderContainsMessageHeader": "X-Spam", "HeaderContainsWords": ("no",)}, False),
        ({"HeaderContainsMessageHeader": "X-Other", "HeaderContainsWords": ("yes",)}, False),
        ({"HeaderContainsMessageHeader": "X-Spam"}, None),
        ({"HeaderMatchesMessageHeader": "X-Spam", "HeaderMatchesPatterns": (r"SCORE=\d",)}, True),
        ({"HeaderMatchesMessageHeader": "X-Spam", "HeaderMatchesPatterns": (r"(unclosed",)}, None),
        ({"MessageSizeOver": 2_999_999}, True),
        ({"MessageSizeOver": 3_000_000}, False),
        ({"MessageSizeOver": "2 MB (2,097,152 bytes)"}, True),
        ({"MessageSizeOver": "3MB"}, False),
        ({"MessageSizeOver": "Unlimited"}, None),
        ({"MessageTypeMatches": "OOF"}, False),
        ({"MessageTypeMatches": "NewType"}, None),
        ({"AttachmentHasExecutableContent": True}, None),
        ({"AttachmentHasExecutableContent": False, "SenderDomainIs": ()}, True),
        ({"SCLOver": 0}, None),
        ({"SenderDomainIs": ("example.org",), "SentTo": ("ann@contoso.com",)}, False),
        ({"SenderDomainIs": ("example.org",), "WithImportance": "High"}, None),
        ({"SenderDomainIs": ("other.org",), "WithImportance": "High"}, False),
        ({"ExceptIfSenderDomainIs": ("example.org",)}, False),
        ({"ExceptIfSenderDomainIs": ("other.org",)}, True),
        ({"ExceptIfSubjectContainsWords": ("urgent",), "WithImportance": "High"}, False),
        ({"ExceptIfWithImportance": "High", "ExceptIfFromScope": "InOrganization"}, None),
    ],
)
def test_when_a_rule_applies(settings: dict[str, Any], expected: bool | None) -> None:
    assert applies(settings) is expected


@pytest.mark.parametrize(("kind", "value"), [(MessageType.OUT_OF_OFFICE, "OOF"), (MessageType.CALENDAR, "Calendaring")])
def test_types_of_messages_that_have_a_value(kind: MessageType, value: str) -> None:
    assert applies({"MessageTypeMatches": value}, replace(MESSAGE, kind=kind)) is True
    assert applies({"MessageTypeMatches": value}, replace(MESSAGE, kind=MessageType.NDR)) is False


@pytest.mark.parametrize("text", [HEADER_ID, f"{{{HEADER_ID}}}", f" {HEADER_ID} ", f"a;{HEADER_ID}."])
def test_the_header_id_is_found_with_what_may_stand_beside_a_word(text: str) -> None:
    assert words_in([HEADER_ID])(text.lower())


@pytest.mark.parametrize("text", [f"x{HEADER_ID}", f"{HEADER_ID}0", HEADER_ID[:-1], "", "é".join(("", HEADER_ID))])
def test_part_of_a_longer_word_is_not_the_word(text: str) -> None:
    assert not words_in([HEADER_ID])(text.lower())


@given(st.text(max_size=20), st.text(max_size=20), st.text("ab-. ", min_size=1, max_size=5))
def test_a_word_between_spaces_is_always_found(before: str, after: str, word: str) -> None:
    assert words_in([word])(f"{before} {word.lower()} {after}".lower())


@given(st.text(alphabet="ab", min_size=1, max_size=4), st.text(alphabet="ab .", max_size=12))
def test_words_are_found_as_a_plain_search_for_words_finds_them(word: str, text: str) -> None:
    assert words_in([word])(text) == (word in text.replace(".", " ").split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25 MB (26,214,400 bytes)", 26_214_400),
        ("1KB", 1024),
        ("1.5 GB", 1_610_612_736),
        ("10", 10),
        ("10 apples", None),
    ],
)
def test_sizes_are_read_as_the_service_and_the_cmdlets_write_them(text: str, expected: int | None) -> None:
    assert size_in_bytes(text) == expected


@pytest.mark.parametrize("value", [None, False, "", (), [], [None], "00000000-0000-0000-0000-000000000000"])
def test_what_counts_as_not_set(value: object) -> None:
    assert not is_set(value)


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(a|a)" * 30 + "b", "a?" * 30 + "a" * 30 + "b", r"(?:a|aa)*b", r"a*a*a*a*a*b", r"([a-z]+)*\."],
)
def test_a_pattern_that_might_search_for_ever_is_not_tried(pattern: str) -> None:
    search = patterns_in([pattern])
    assert search
    assert search("a" * 60 + "!") is None
    many = patterns_in([pattern, "!$"])
    assert many
    assert many("a" * 60 + "!") is True


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"^\[.+\] a", True), (r"(spam|junk): yes", True), ("[a-z]+@[a-z]+", False), (r"\(a\+\)\+", False), ("", True)],
)
def test_patterns_as_people_write_them_are_tried(pattern: str, expected: bool) -> None:
    search = patterns_in([pattern])
    assert search
    assert search("[ext] a message, spam: yes, from somebody") is expected
