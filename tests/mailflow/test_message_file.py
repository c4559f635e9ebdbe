"""message.yaml: all keys are read, and whatever is wrong is one clear line."""

from pathlib import Path

import pytest

from mm365.errors import RequestError
from mm365.mailflow.message import Filter, MessageType
from mm365.mailflow.message_file import read_message

WHOLE = """
from: Alice@Example.org
to: [bob@contoso.com, ann@contoso.com, bob@contoso.com]
headers: {X-MMCloud-ID: "abc", Subject-2: 12}
subject: Größe
size: 20000
type: out-of-office
filter: {stamps: other}
"""


def read(tmp_path: Path, text: str) -> str:
    """What is wrong with a file."""
    file = tmp_path / "message.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        read_message(file)
    assert "\n" not in caught.value.said()
    return caught.value.said()


def test_every_key_is_read(tmp_path: Path) -> None:
    file = tmp_path / "message.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    message = read_message(file)
    assert message.name == "message.yaml"
    assert message.sender == "Alice@example.org"
    assert message.recipients == ("bob@contoso.com", "ann@contoso.com")
    assert message.headers == {"x-mmcloud-id": "abc", "subject-2": "12"}
    assert (message.subject, message.size) == ("Größe", 20_000)
    assert (message.kind, message.filter) == (MessageType.OUT_OF_OFFICE, Filter.OTHER)


@pytest.mark.parametrize("sender", ["''", "'<>'"])
def test_all_but_from_and_to_may_be_left_out_and_the_sender_may_be_empty(sender: str, tmp_path: Path) -> None:
    file = tmp_path / "message.yaml"
    file.write_text(f"from: {sender}\nto: [bob@contoso.com]\nfilter: down\n")
    message = read_message(file)
    assert (message.sender, message.filter, message.kind) == ("", Filter.DOWN, MessageType.NORMAL)


def test_json_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_text('{"from": "a@example.org", "to": ["b@contoso.com"], "size": 5}')
    assert read_message(file).size == 5


GOOD = "from: a@example.org\nto: [b@contoso.com]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("to: [b@contoso.com]", "from is needed"),
        ("from: a@example.org", "to is needed"),
        ("from: a@example.org\nto: []", "has no recipient"),
        ("from: nobody\nto: [b@contoso.com]", "which is not an address"),
        ("from: a@example.org\nto: [b@-]", "whose domain is not a domain name"),
        (f"{GOOD}sender: x", "'sender' is not a key of a message; use from, to, headers"),
        (f"{GOOD}from: b@example.org", "is there twice"),
        (f"{GOOD}size: many", "is not a number of bytes"),
        (f"{GOOD}size: -1", "is not a number of bytes"),
        (f"{GOOD}type: oof", "is not a type of message; use normal, ndr"),
        (f"{GOOD}type: yes", "is the truth value true"),
        (f"{GOOD}filter: up", "is not what a filter can do; write filter: down"),
        (f"{GOOD}filter: {{stamps: [ours]}}", "is not what a filter can do"),
        (f"{GOOD}filter: {{stamps: down}}", "is not what a filter can do"),
        (f"{GOOD}headers: [a]", "are not names and values"),
        (f"{GOOD}headers: {{X-A: 1, x-a: 2}}", "hold x-a twice"),
        (f"{GOOD}headers: {{'X A': 1}}", "is not the name of a header"),
        (f"{GOOD}headers: {{X-A: [1]}}", "whose value is of type list"),
        (f"{GOOD}subject: [1]", "is of type list, not text"),
        ("- a\n- b", "is not a list of names and values"),
        ("", "is empty"),
        ("from: [", "is not YAML"),
        ("from: &a x\nto: *a", "aliases and tags cannot stand in such a file"),
    ],
)
def test_what_is_wrong_is_told_on_one_line(text: str, said: str, tmp_path: Path) -> None:
    assert said in read(tmp_path, text)


def test_a_file_that_is_not_there_is_told_with_the_option(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        read_message(tmp_path / "none.yaml")
    assert caught.value.problems[0].field == "message"
