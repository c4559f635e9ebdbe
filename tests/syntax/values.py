"""What an expression stands for: followed through variables, tables and loops, as far as the text alone tells.

A variable that a function sets is that function's own; one that it does not set is the script's. A script block that is
handed over belongs to whoever wrote it down. Where a variable is set more than once, each value counts.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from tests.syntax.tree import File, Node

ANY = "*"
"""The key of an entry whose key only a run can tell."""

_Place = tuple[str, int]
"""A variable's name in lower case, and the function that sets it: the ``id`` of its node, 0 for the script."""


class _Unknown:
    """What only a run can tell."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN = _Unknown()


def constant(node: Node | None) -> object:  # noqa: PLR0911 - one for each kind of node
    """The value that a node stands for in every run: str, int, bool, None or a list of str; else ``UNKNOWN``."""
    match node:
        case Node(kind="StringConstantExpression"):
            return str(node.data["value"])
        case Node(kind="ConstantExpression") if node.data["type"] == "Int32":
            return int(node.text)
        case Node(kind="VariableExpression") if node.value.lower() in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[node.value.lower()]
        case Node(kind="ArrayExpression" | "ArrayLiteral"):
            items = [constant(child) for child in _items(node)]
            return items if all(isinstance(item, str) for item in items) else UNKNOWN
        case Node(kind="InvokeMemberExpression", value="Unescape") if node.children[0].value == "regex":
            return unescape(str(node.children[-1].data["value"]))
        case Node(kind="ParenExpression" | "Pipeline" | "CommandExpression", children=[only]):
            return constant(only)
    return UNKNOWN


def texts(node: Node | None) -> list[str]:
    """The texts of a list, or of a text that stands alone. AssertionError if it is neither."""
    value = constant(node)
    found = value if isinstance(value, list) else [value]
    assert all(isinstance(text, str) for text in found), f"not a list of texts: {value}"
    return [str(text) for text in found]


def _items(node: Node) -> list[Node]:
    literals = [found for found in node.walk() if found.kind == "ArrayLiteral"]
    if literals:
        return literals[0].children
    return [found.children[0] for found in node.walk() if found.kind == "CommandExpression"]


def unescape(text: str) -> str:
    r"""What ``[regex]::Unescape`` makes of text that knows no escape but ``\\`` and ``\uXXXX``."""
    units = re.findall(r"\\u([0-9a-f]{4})|\\(\\)|([^\\])", text)
    codes = [int(code, 16) if code else ord(slash or other) for code, slash, other in units]
    assert "".join(f"\\u{c}" if c else f"\\{s}" if s else o for c, s, o in units) == text, f"no such escape: {text}"
    return b"".join(code.to_bytes(2) for code in codes).decode("utf-16-be")


def function_around(node: Node) -> Node | None:
    """The function in which a node stands."""
    return next((up for up in node.above() if up.kind == "FunctionDefinition"), None)


def simple(node: Node) -> Node:
    """A node without the brackets and pipelines of one element around it."""
    while node.kind in {"ParenExpression", "Pipeline", "CommandExpression"} and len(node.children) == 1:
        node = node.children[0]
    return node


def pairs(table: Node) -> Iterator[tuple[str, Node]]:
    """The entries of a hashtable literal."""
    for key, value in zip(table.children[::2], table.children[1::2], strict=True):
        yield str(constant(key)), simple(value)


class Values:
    """The variables of a file: what each is set to, and what the tables in them hold."""

    def __init__(self, file: File) -> None:
        self._set: dict[_Place, list[Node]] = {}
        self._entries: dict[_Place, dict[str, list[Node]]] = {}
        for unit in file.units:
            for node in unit.tree.all("AssignmentStatement", "Parameter", "ForEachStatement"):
                self._note(node)

    def _note(self, node: Node) -> None:
        if node.kind != "AssignmentStatement":
            # Only a run can tell what is handed over, or what a loop comes to.
            for variable in (child for child in node.children if child.kind == "VariableExpression"):
                self._set.setdefault(_place(variable), []).append(node)
                return
        left, right = node.children[0], simple(node.children[1])
        if left.kind == "ConvertExpression":
            left = left.children[-1]
        if left.kind == "VariableExpression":
            self._set.setdefault(_place(left), []).append(right)
            if (table := _table(right)) is not None:
                for key, value in pairs(table):
                    self._entry(left, key, value)
        elif left.kind in {"MemberExpression", "IndexExpression"} and left.children[0].kind == "VariableExpression":
            name = constant(left.children[1])
            self._entry(left.children[0], name if isinstance(name, str) else ANY, right)

    def _entry(self, variable: Node, key: str, value: Node) -> None:
        self._entries.setdefault(_place(variable), {}).setdefault(key.lower(), []).append(value)

    def assigned(self, variable: Node) -> list[Node]:
        """What a variable may be where it is read: what its function sets it to, else what the script does."""
        own, script = self._places(variable)
        return self._set[own] if own in self._set else self._set.get(script, [])

    def entries(self, variable: Node) -> Mapping[str, list[Node]]:
        """What the table in a variable holds, by key in lower case."""
        own, script = self._places(variable)
        return self._entries.get(own, {}) if own in self._set else self._entries.get(script, {})

    @staticmethod
    def _places(variable: Node) -> tuple[_Place, _Place]:
        return _place(variable), (variable.value.lower(), 0)

    def named(self, name: str) -> list[Node]:
        """What the script sets a variable to, by its name."""
        return self._set.get((name.lower(), 0), [])

    def table(self, name: str) -> Mapping[str, list[Node]]:
        """What the table in a variable of the script holds, by its name."""
        return self._entries.get((name.lower(), 0), {})

    def held(self, key: str) -> list[Node]:
        """What any table holds under a key."""
        return [value for entries in self._entries.values() for value in entries.get(key.lower(), [])]

    def possible(self, node: Node) -> list[Node]:
        """The expressions that a node may stand for, each followed as far as it goes."""
        return self._follow(node, frozenset())

    def _follow(self, node: Node, seen: frozenset[int]) -> list[Node]:
        node = simple(node)
        if id(node) in seen:
            return []
        steps = self._steps(node)
        if not steps:
            return [node]
        return [leaf for step in steps for leaf in self._follow(step, seen | {id(node)})]

    def _steps(self, node: Node) -> list[Node]:
        if node.kind == "VariableExpression":
            return self.assigned(node)
        if node.kind == "MemberExpression" and node.children[0].kind == "VariableExpression":
            held = self.entries(node.children[0])
            return held.get(node.value.lower()) or held.get(ANY) or []
        if node.kind == "IndexExpression" and node.children[0].kind == "Hashtable":
            return [value for _, value in pairs(node.children[0])]
        return []

    def mentions(self, node: Node) -> set[str]:
        """The variables, in lower case, that a node reads in the end, through others."""
        return self._mentions(node, set())

    def _mentions(self, node: Node, seen: set[int]) -> set[str]:
        if id(node) in seen:
            return set()
        seen.add(id(node))
        steps = self._steps(node)
        if node.kind == "VariableExpression":
            found = {node.value.lower()}
        elif steps:
            found = set()
        else:
            steps, found = node.children[1:2] if node.kind == "ForEachStatement" else node.children, set()
        return found.union(*(self._mentions(step, seen) for step in steps))


def _place(variable: Node) -> _Place:
    around = function_around(variable)
    return variable.value.lower(), id(around) if around is not None else 0


def _table(node: Node) -> Node | None:
    """The hashtable literal that a node is, also behind ``[ordered]``."""
    if node.kind == "ConvertExpression":
        node = node.children[-1]
    return node if node.kind == "Hashtable" else None


@cache
def values_of(file: File) -> Values:
    """The variables of a file, worked out once."""
    return Values(file)
