"""A message from a file, YAML or JSON: ``message.yaml``."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from mm365.errors import InvalidValueError, Problem, RequestError
from mm365.mailflow.message import Filter, Message, MessageType
from mm365.request.file import read_data_file
from mm365.request.parsers import parse_domain

_START = "write lines such as 'from: alice@example.org' and 'to: [bob@contoso.com]'"
_HEADER_NAME = re.compile(r"[!-9;-~]{1,126}")
"""The printable ASCII characters without the colon (RFC 5322)."""


def read_message(path: Path) -> Message:
    """The message in a file. Raises RequestError with a problem for each key that is unknown, missing or wrong."""
    data = read_data_file(path, kind="message", remedy=_START)
    if not isinstance(data, dict):
        raise RequestError([Problem(problem="is not a list of names and values", remedy=_START, place=path.name)])
    values: dict[str, object] = {}
    problems = list(_read(data, values, path.name))
    if problems:
        raise RequestError(problems)
    # Each reader returns the type of the field that it is named for.
    return Message(name=path.name, **values)  # type: ignore[arg-type]


def _read(data: Mapping[object, object], values: dict[str, object], place: str) -> Iterator[Problem]:
    for key in data:
        if key not in _KEYS:
            remedy = f"use {', '.join(_KEYS)}"
            yield Problem(problem="is not a key of a message", remedy=remedy, value=str(key), place=place)
    for key, (name, reader) in _KEYS.items():
        if data.get(key) is None:
            if key in {"from", "to"}:
                remedy = "write from: '' for an empty sender" if key == "from" else "name one recipient or more"
                yield Problem(problem="is needed", remedy=remedy, field=key, place=place)
            continue
        try:
            values[name] = reader(data[key])
        except InvalidValueError as error:
            given = data[key]
            shown = given if isinstance(given, str) else None
            yield Problem(problem=error.problem, remedy=error.remedy, field=key, value=shown, place=place)


def _text(value: object) -> str:
    if isinstance(value, bool):
        problem = f"is the truth value {str(value).lower()} (YAML reads no, yes, on, off so)"
        raise InvalidValueError(problem, "put the text in quotes")
    if not isinstance(value, str):
        raise InvalidValueError(f"is of type {type(value).__name__}, not text", "put the value in quotes")
    return value


def _sender(value: object) -> str:
    text = _text(value).strip()
    return "" if text in {"", "<>"} else _address(text)


def _recipients(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return (_address(_text(value)),)
    if not value:
        raise InvalidValueError("has no recipient", "name one recipient or more")
    found = tuple(_address(_text(one)) for one in value)
    return tuple(dict.fromkeys(found))


def _address(text: str) -> str:
    right = "write an address such as bob@contoso.com"
    local, at, domain = text.strip().rpartition("@")
    if not at or not re.fullmatch(r"[^\s\x00-\x1f\x7f<>@]+|\"[^\"\x00-\x1f\x7f]+\"", local):
        raise InvalidValueError(f"holds {text!a}, which is not an address" if text else "is not an address", right)
    try:
        return f"{local}@{parse_domain(domain)}"
    except InvalidValueError as error:
        raise InvalidValueError(f"holds {text!a}, whose domain {error.problem}", right) from error


def _headers(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise InvalidValueError("are not names and values", "write headers: {X-MMCloud-ID: '...'}")
    found: dict[str, str] = {}
    for name, text in value.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise InvalidValueError(f"hold {str(name)!a}, which is not the name of a header")
        if name.lower() in found:
            raise InvalidValueError(f"hold {name} twice", "names are compared without case: give each once")
        try:
            found[name.lower()] = _text(text)
        except InvalidValueError as error:
            raise InvalidValueError(f"hold {name}, whose value {error.problem}", error.remedy) from error
    return found


def _size(value: object) -> int:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,15}", text.strip()):
        raise InvalidValueError("is not a number of bytes", "write digits such as 20000")
    return int(text)


def _type(value: object) -> MessageType:
    text = _text(value).strip().lower()
    if text not in {*MessageType}:
        raise InvalidValueError("is not a type of message", f"use {', '.join(MessageType)}")
    return MessageType(text)


def _filter(value: object) -> Filter:
    right = f"write filter: down, or filter: {{stamps: {'|'.join(one for one in Filter if one is not Filter.DOWN)}}}"
    stamps = value["stamps"] if isinstance(value, dict) and list(value) == ["stamps"] else None
    if value == Filter.DOWN:
        return Filter.DOWN
    if not isinstance(stamps, str) or stamps not in {Filter.OURS, Filter.OTHER, Filter.NONE}:
        raise InvalidValueError("is not what a filter can do", right)
    return Filter(stamps)


_KEYS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "from": ("sender", _sender),
    "to": ("recipients", _recipients),
    "headers": ("headers", _headers),
    "subject": ("subject", _text),
    "size": ("size", _size),
    "type": ("kind", _type),
    "filter": ("filter", _filter),
}
"""The keys of a file, each with the field of a message and what reads its value."""
