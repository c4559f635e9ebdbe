"""A request from a file, YAML or JSON, with the names of the table of fields; and the reading of other such files."""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from mm365.errors import Problem, RequestError
from mm365.request.fields import FIELDS, OFFER

MAX_BYTES = 64 * 1024
"""A request has a few short values, and so has a message; anything larger is another file."""

_START = "start from what mm365 pack --print-request prints"


def read_data_file(path: Path, *, kind: str, remedy: str) -> object:
    """What a small YAML or JSON file holds, with numbers and dates as text. Raises RequestError.

    ``kind`` is the name of the option that the file was given for and what a file of it is called; ``remedy`` says
    what would be right. A file may be UTF-8, or UTF-16 with its mark, as Windows PowerShell's ``>`` writes it. It may
    not be empty, hold a key twice, an alias or a tag.
    """
    where = path.name
    text = _decoded(where, _bytes(path, kind), kind)
    data = _parsed(where, text, remedy, is_json=path.suffix.lower() == ".json")
    if data is None:
        raise RequestError([Problem(problem="is empty", remedy=remedy, place=where)])
    return data


def read_request_file(path: Path) -> dict[str, str]:
    """The texts in a request file, by name. Raises RequestError: unreadable, not flat, unknown or doubled keys."""
    where = path.name
    data = read_data_file(path, kind="request", remedy=_START)
    if not isinstance(data, dict):
        name, example = next(iter(OFFER.items()))
        remedy = f"write lines such as '{_line(name, example)}'"
        raise RequestError([Problem(problem="is not a list of names and values", remedy=remedy, place=where)])
    problems = [problem for name, value in data.items() if (problem := _problem(where, name, value))]
    if problems:
        raise RequestError(problems)
    return {name: value for name, value in data.items() if value is not None}


def _problem(where: str, name: object, value: object) -> Problem | None:
    if not isinstance(name, str) or name not in FIELDS:
        remedy = f"use {', '.join(FIELDS)}"
        return Problem(problem="is not a field of a request", remedy=remedy, value=str(name), place=where)
    if isinstance(value, bool):
        found = f"is the truth value {str(value).lower()} (YAML reads no, yes, on, off so)"
        return Problem(problem=found, remedy="put the text in quotes", field=name, place=where)
    if value is not None and not isinstance(value, str):
        found = f"is of type {type(value).__name__}, not text"
        return Problem(problem=found, remedy="put the value in quotes", field=name, place=where)
    return None


def _bytes(path: Path, kind: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise RequestError([Problem(problem=problem, remedy="give another file", field=kind, value=path)]) from error
    if len(data) > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES // 1024} KiB"
        raise RequestError([Problem(problem=problem, remedy=f"a {kind} file is shorter", place=path.name)])
    return data


def _decoded(where: str, data: bytes, kind: str) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RequestError([Problem(problem="is not text in UTF-8", remedy="save it as UTF-8", place=where)]) from error
    if "\0" in text:
        remedy = f"a {kind} is YAML or JSON text"
        raise RequestError([Problem(problem="is a binary file", remedy=remedy, place=where)])
    return text


def _parsed(where: str, text: str, remedy: str, *, is_json: bool) -> object:
    kind, line = ("JSON" if is_json else "YAML"), 0
    try:
        return _json(where, text) if is_json else _yaml(where, text)
    except json.JSONDecodeError as error:
        problem, line = error.msg, error.lineno
    except yaml.MarkedYAMLError as error:
        problem, line = str(error.problem), error.problem_mark.line + 1 if error.problem_mark else 0
    except RecursionError:
        problem = "nested too deeply"
    except (yaml.YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
    raise RequestError([Problem(problem=f"is not {kind}: {problem}", remedy=remedy, place=_place(where, line))])


def _place(where: str, line: int) -> str:
    return f"{where} line {line}" if line else where


def _json(where: str, text: str) -> object:
    def without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
        result: dict[str, object] = {}
        for name, value in pairs:
            if name in result:
                raise RequestError([_double(name, where)])
            result[name] = value
        return result

    return json.loads(text, object_pairs_hook=without_doubles) if text.strip() else None


def _yaml(where: str, text: str) -> object:
    loader = _Loader(text)
    loader.where = where
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _double(name: str, place: str) -> Problem:
    return Problem(problem="is there twice", remedy="give it once", value=name, place=place)


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, with two departures: a key may be there only once, and dates stay text."""

    where = ""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # Aliases make a small file huge; tags choose a reader that has not been asked for.
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.tag is not None:
            raise yaml.composer.ComposerError(
                None, None, "aliases and tags cannot stand in such a file", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise RequestError([_double(key.value, _place(self.where, key.start_mark.line + 1))])
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


# A change reference such as 2026-11-23 or 0012345 is text to the person who wrote it without quotes.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def request_as_yaml(values: Mapping[str, object]) -> str:
    """A request file to start from: every field with its value, or with an example where there is none."""
    lines = ["# A request for mm365. Check it, then run: mm365 pack --request request.yaml"]
    for name, field in FIELDS.items():
        comments = (field.summary, *(f"  {text}" for text in field.trade_offs))
        lines += [*(f"# {text}" for text in comments), _line(name, str(values.get(name, field.offer)))]
    return "\n".join(lines) + "\n"


def _line(name: str, value: str) -> str:
    return yaml.safe_dump({name: value}, allow_unicode=False, width=10_000).rstrip("\n")
