"""A request from a file, YAML or JSON, with the names that the options have."""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from mm365.display import quoted
from mm365.errors import RequestError
from mm365.request.request import PARSERS

MAX_BYTES = 64 * 1024
"""A request has six short values; anything larger is another file."""


def read_request_file(path: Path) -> dict[str, str]:
    """The texts in a request file, by name. Raises RequestError: unreadable, not flat, unknown or doubled keys.

    A file may be UTF-8, or UTF-16 with its mark, as Windows PowerShell's ``>`` writes it.
    """
    where = path.name
    text = _decoded(where, _bytes(path))
    data = _parsed(where, text, is_json=path.suffix.lower() == ".json")
    if data is None:
        raise RequestError([f"{where} is empty; start from: mm365 pack --print-request"])
    if not isinstance(data, dict):
        raise RequestError([f"{where} is no list of names and values; write lines such as 'region: eu'."])
    problems = [problem for name, value in data.items() if (problem := _problem(where, name, value))]
    if problems:
        raise RequestError(problems)
    return {name: value for name, value in data.items() if value is not None}


def _problem(where: str, name: object, value: object) -> str | None:
    names = ", ".join(PARSERS)
    if not isinstance(name, str) or name not in PARSERS:
        return f"{where}: {quoted(str(name))} is no name of a request; use {names}."
    if isinstance(value, bool):
        return (
            f"{where}: {name} is the truth value {str(value).lower()} (YAML reads no, yes, on, off so); quote the text."
        )
    if value is not None and not isinstance(value, str):
        return f"{where}: {name} is of type {type(value).__name__}, not text; put the value in quotes."
    return None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RequestError([f"--request {quoted(str(path))} cannot be read: {error.strerror}."]) from error
    if len(data) > MAX_BYTES:
        raise RequestError([f"{path.name} is larger than {MAX_BYTES // 1024} KiB; that is no request file."])
    return data


def _decoded(where: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RequestError([f"{where} is no text in UTF-8; save it as UTF-8."]) from error
    if "\0" in text:
        raise RequestError([f"{where} is a binary file; a request is YAML or JSON text."])
    return text


def _parsed(where: str, text: str, *, is_json: bool) -> object:
    try:
        if is_json:
            return json.loads(text, object_pairs_hook=_without_doubles) if text.strip() else None
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}: {error.msg}"
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        problem = f"{line}{error.problem}"
    except RecursionError:
        problem = "nested too deeply"
    except (yaml.YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
    kind = "JSON" if is_json else "YAML"
    raise RequestError([f"{where} is no {kind}: {problem}; start from: mm365 pack --print-request"])


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for name, value in pairs:
        if name in result:
            raise ValueError(f"{quoted(name)} is there twice")
        result[name] = value
    return result


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, with two departures: a key may be there only once, and dates stay text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # Aliases make a small file huge; tags choose a reader that has not been asked for.
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.tag is not None:
            raise yaml.composer.ComposerError(
                None, None, "aliases and tags have no place in a request", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key, yaml.ScalarNode) else False:
                mark = key.start_mark
                raise yaml.constructor.ConstructorError(None, None, f"{quoted(key.value)} is there twice", mark)
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


# A change reference such as 2026-11-23 or 0012345 is text to the person who wrote it without quotes.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def request_as_yaml(values: Mapping[str, object]) -> str:
    """A request file to start from: every name with its value, or with an example where there is none."""
    lines = ["# A request for mm365. Check it, then run: mm365 pack --request request.yaml"]
    for name, (hint, example) in _EXPLAINED.items():
        value = str(values.get(name, example))
        lines += [f"# {hint}", yaml.safe_dump({name: value}, allow_unicode=False, width=10_000).rstrip("\n")]
    return "\n".join(lines) + "\n"


_EXPLAINED = {
    "region": ("au, eu or us: the region of MailMarshal Cloud.", "eu"),
    "header_id": (
        "The customer's value of the X-MMCloud-ID header, from LevelBlue. It works like a password.",
        "3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11",
    ),
    "tenant": (
        "An accepted domain of the tenant; the scripts refuse to run anywhere else.",
        "contoso.onmicrosoft.com",
    ),
    "tenant_id": ("The TenantID, if known; the scripts then check it as well.", ""),
    "change": ("The change reference, shown in all scripts.", "CHG0012345"),
    "loop_guard": (
        "stop, stop-and-except or kb-literal: what keeps returned mail from going out again.",
        "stop",
    ),
}
