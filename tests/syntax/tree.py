"""Syntax trees as ``describe.ps1`` writes them, to be asked from Python."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm365.scripts import library
from tests.syntax.scripts import is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DESCRIBE = Path(__file__).parent / "describe.ps1"


@dataclass(eq=False, repr=False, kw_only=True)
class Node:
    """A node of a syntax tree. ``kind`` is the engine's name of it without ``Ast``; ``line`` counts within its unit.

    ``data`` holds what ``describe.ps1`` says of this kind: ``value`` is its name or text, if it has one.
    """

    kind: str
    line: int
    data: Mapping[str, Any]
    up: Node | None
    children: list[Node] = field(default_factory=list)
    unit: list[Node] = field(default_factory=list)
    place: int = 0
    end: int = 0

    @property
    def value(self) -> str:
        return str(self.data.get("value", ""))

    @property
    def text(self) -> str:
        return str(self.data.get("text", ""))

    @property
    def operator(self) -> str:
        return str(self.data.get("operator", ""))

    def walk(self) -> list[Node]:
        """This node and all below it, in the order of the text: a slice of its unit."""
        return self.unit[self.place : self.end]

    def above(self) -> Iterator[Node]:
        """The nodes around this one, inner first."""
        node = self.up
        while node is not None:
            yield node
            node = node.up

    def all(self, *kinds: str) -> list[Node]:
        return [node for node in self.walk() if node.kind in kinds]


@dataclass(eq=False, repr=False, kw_only=True)
class Unit:
    """A statement, and the first file and line that it stands on."""

    tree: Node
    file: str
    line: int

    def place(self, node: Node) -> str:
        return f"{self.file}:{self.line + node.line} {node.kind} {node.value or node.text or node.operator}".rstrip()


@dataclass(eq=False, repr=False, kw_only=True)
class File:
    """A described file. ``block`` holds the statements of its ``& { }``, ``root`` those beside it.

    ``shared`` are the statements of the functions that a script shares with others, which it runs inside its block.
    """

    name: str
    errors: list[str]
    incomplete: bool
    pipes: list[int]
    requires: str
    help: Mapping[str, Any] | None
    statements: list[str]
    root: list[Unit]
    block: list[Unit]
    shared: list[Unit] = field(default_factory=list)

    @property
    def own(self) -> list[Unit]:
        """What stands in the file itself."""
        return self.root + self.block

    @property
    def units(self) -> list[Unit]:
        """All that is run, the shared functions first."""
        return self.shared + self.own

    @property
    def is_pasted(self) -> bool:
        return "/paste/" in self.name

    @cached_property
    def functions(self) -> dict[str, Node]:
        """The functions that it defines, by name in lower case."""
        return {node.value.lower(): node for unit in self.units for node in unit.tree.all("FunctionDefinition")}


@dataclass(eq=False, repr=False, kw_only=True)
class Description:
    """All files by name, and the aliases that the engine has."""

    files: Mapping[str, File]
    aliases: frozenset[str]

    @cached_property
    def texts(self) -> list[File]:
        """Every file of a pack as it stands there; a block of a paste form counts as a file."""
        return [file for name, file in self.files.items() if not name.startswith(("snippets/", "modules/"))]

    @cached_property
    def scripts(self) -> list[File]:
        """What is run: each script with the shared functions of its pack, and each block of a paste form."""
        return [self._joined(file) for file in self.texts if not is_shared(file.name)]

    def _joined(self, file: File) -> File:
        if file.is_pasted:
            return file
        beside = file.name.rpartition("/")[0].removesuffix("scripts")
        names = (beside + path for path in (library.PATH, library.SNAPSHOT_PATH))
        return replace(file, shared=[unit for name in names if name in self.files for unit in self.files[name].units])

    @property
    def modules(self) -> list[File]:
        """The package's own modules, as scripts are run against them or by them."""
        return [file for name, file in self.files.items() if name.startswith("modules/")]

    @property
    def units(self) -> list[Unit]:
        """Each statement of a pack once, however many files hold it."""
        return list({id(unit): unit for file in self.texts for unit in file.units}.values())

    def snippet(self, name: str) -> File:
        return self.files[f"snippets/{name}.txt"]


def describe(pwsh: str, folder: Path, answer: Path) -> Description:
    """All files below ``folder``, described in one PowerShell process."""
    command = [pwsh, "-NoProfile", "-NonInteractive", "-File", str(DESCRIBE), "-Folder", str(folder)]
    done = subprocess.run(
        [*command, "-Answer", str(answer)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    loaded = json.loads(answer.read_text("utf-8-sig"))
    trees = [_tree(nodes) for nodes in loaded["units"]]
    units: dict[int, Unit] = {}
    files = {}
    for name, file in sorted(loaded["files"].items()):
        places: dict[str, list[Unit]] = {"root": [], "block": []}
        for part in file["parts"]:
            number = part["unit"]
            unit = units.setdefault(number, Unit(tree=trees[number], file=name, line=part["line"]))
            places[part["place"]].append(unit)
        files[name] = File(
            name=name,
            errors=file["errors"],
            incomplete=file["incomplete"],
            pipes=file["pipes"],
            requires=file["requires"],
            help=file["help"],
            statements=file["root"],
            **places,
        )
    return Description(files=files, aliases=frozenset(alias.lower() for alias in loaded["aliases"]))


def _tree(nodes: list[dict[str, Any]]) -> Node:
    made: list[Node] = []
    for data in nodes:
        up = made[data["up"]] if data["up"] >= 0 else None
        kind = data["node"].removesuffix("Ast")
        node = Node(kind=kind, line=data["line"], data=data, up=up, unit=made, place=len(made))
        if up is not None:
            up.children.append(node)
        made.append(node)
        for around in (node, *node.above()):
            around.end = len(made)
    return made[0]
