"""Variables across scopes: a function sees the locals of whoever calls it, and PowerShell's names have no case.

A local ``$objects`` hides the script's ``$Objects`` from every function that is called meanwhile. So a function
that reads a variable of the script may not be called, directly or through others, from one that has a local of
that name; nor may a script block be run there that reads it. Parameters and loop variables are locals as well.
A block that is run by a dot leaves what it sets in the function that runs it.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from tests.syntax.tree import File, Node
from tests.syntax.values import function_around

AUTOMATIC = frozenset(
    [
        "_",
        "true",
        "false",
        "null",
        "psitem",
        "args",
        "input",
        "error",
        "this",
        "host",
        "pscmdlet",
        "psversiontable",
        "psscriptroot",
        "executioncontext",
        "whatifpreference",
        "confirmpreference",
        "erroractionpreference",
        "psdefaultparametervalues",
        "matches",
    ]
)
_Names = dict[str, set[str]]


def _own(node: Node, stop: str = "FunctionDefinition") -> list[Node]:
    """The nodes below one, without those in functions that are defined there."""
    inner = [below for below in node.walk()[1:] if below.kind == stop]
    hidden = {id(each) for function in inner for each in function.walk()}
    return [below for below in node.walk() if id(below) not in hidden]


def assigned(nodes: Iterable[Node], *kinds: str) -> dict[str, str]:
    """The variables that get a value: by assignment, as a parameter or by a loop. By name in lower case."""
    found: dict[str, str] = {}
    for node in nodes:
        if node.kind in (kinds or ("AssignmentStatement", "Parameter", "ForEachStatement")):
            found |= {variable.value.lower(): variable.value for variable in _targets(node)}
    return found


def _targets(node: Node) -> list[Node]:
    """The variables that a node sets."""
    first = node.children[0] if node.kind == "AssignmentStatement" else node
    if first.kind == "ArrayLiteral":
        return [child for child in first.children if child.kind == "VariableExpression"]
    if first.kind == "ConvertExpression":
        first = first.children[-1]
    # $a.b = 1 and $a['b'] = 1 change what $a holds and are no assignments to it.
    if node.kind == "AssignmentStatement":
        return [first] if first.kind == "VariableExpression" else []
    return [child for child in node.children if child.kind == "VariableExpression"][:1]


def _named(nodes: Iterable[Node]) -> set[str]:
    """The variables that a call is told to set: -WarningVariable and the like, also in a table that is splatted."""
    found = set()
    for node in nodes:
        if node.kind == "Hashtable":
            for key, value in zip(node.children[::2], node.children[1::2], strict=True):
                if key.value.endswith("Variable"):
                    found |= {below.value.lower() for below in value.all("StringConstantExpression")}
    return found


def _read(nodes: Iterable[Node]) -> set[str]:
    return {node.value.lower() for node in nodes if node.kind == "VariableExpression"} - AUTOMATIC


class Scopes:
    """The functions of a file: what each keeps to itself, reads from outside, calls and runs."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.functions = file.functions
        bodies = {name: _own(node) for name, node in self.functions.items()}
        self.local: _Names = {name: set(assigned(nodes)) for name, nodes in bodies.items()}
        self.free: _Names = {name: _read(nodes) - self.local[name] for name, nodes in bodies.items()}
        # Parameters and loop variables are named for what they hold, $Key and $key alike.
        self.spelled = {name: assigned(nodes, "AssignmentStatement") for name, nodes in bodies.items()}
        self.calls = {name: self._called(nodes) for name, nodes in bodies.items()}
        self.outside = [node for unit in file.units for node in _outside(unit.tree)]
        self.script = assigned(self.outside)
        self.used = self.reached(self._called(self.outside))
        self.same = {name: self._same(name) for name in self.functions}
        self.blocks = [node for unit in file.units for node in unit.tree.all("ScriptBlockExpression")]

    def _called(self, nodes: Iterable[Node]) -> set[str]:
        names = {node.value.lower() for node in nodes if node.kind == "Command" and node.operator == "Unknown"}
        return names & set(self.functions)

    def reached(self, names: set[str]) -> set[str]:
        """Those functions and all that they call, directly or through others."""
        known: set[str] = set()
        while names:
            known |= names
            names = {called for name in names for called in self.calls[name]} - known
        return known

    def hidden_from_functions(self) -> list[str]:
        return [
            f"{name} has a local ${variable}, which hides the script's from {other}"
            for name in self.functions
            for other in sorted(self.reached(self.calls[name]) - {name})
            for variable in sorted(self.free[other] & self.local[name])
        ]

    def hidden_from_blocks(self) -> list[str]:
        """The script blocks that are handed over and run where a local of a function hides what they read."""
        problems = []
        for block in self.blocks:
            inside = block.walk()
            wanted = (_read(inside) - set(assigned(inside))).union(
                *(self.free[name] for name in self.reached(self._called(inside)))
            )
            hiding = self._hiding(block)
            for name in sorted(hiding):
                problems += [
                    f"a block reads ${variable}, which {name} hides" for variable in sorted(wanted & hiding[name])
                ]
        return problems

    def _hiding(self, block: Node) -> _Names:
        """The locals that hide a variable from a block, by the function that has them."""
        found: _Names = {}
        for outer in (block, *(up for up in block.above() if up.kind == "ScriptBlockExpression")):
            # What a block around this one sets is meant.
            meant = set(assigned(outer.walk())) if outer is not block else set()
            for runners in self._runners(outer):
                for name in runners:
                    found[name] = found.get(name, set()) | (self.local[name] - meant - self.same[name])
        return found

    def _runners(self, block: Node) -> Iterator[set[str]]:
        """For each call to which a block is handed, the functions in whose scope it is run then."""
        command = block.up
        if command is not None and command.kind == "Command":
            yield from self._handed(command, block)
        elif command is not None and (name := _variable_of(block)):
            for other in (node for unit in self.file.units for node in unit.tree.all("Command")):
                for child in other.children:
                    if child.kind == "VariableExpression" and child.value.lower() == name:
                        yield from self._handed(other, child)
        if key := _key_of(block):
            yield self._callers({name for name in self.functions if self._runs_entry(name, key)})

    def _handed(self, command: Node, given: Node) -> Iterator[set[str]]:
        if command.value.lower() in self.functions:
            before = command.children[command.children.index(given) - 1]
            yield self._run_by(command.value.lower(), before.value.lower())

    def _run_by(self, name: str, parameter: str) -> set[str]:
        """The functions in whose scope a block runs that ``name`` takes as ``parameter``."""
        found = {name}
        for command in self.functions[name].all("Command"):
            for before, after in zip(command.children, command.children[1:], strict=False):
                handed = after.kind == "VariableExpression" and after.value.lower() == parameter
                if handed and before.kind == "CommandParameter" and command.value.lower() in self.functions:
                    found |= self._run_by(command.value.lower(), before.value.lower())
        return found

    def _runs_entry(self, name: str, key: str) -> bool:
        """Whether a function calls what a table holds under a key."""
        calls = (node for node in self.functions[name].all("Command") if node.operator != "Unknown")
        return any(node.children[0].kind == "MemberExpression" and node.children[0].value == key for node in calls)

    def _callers(self, names: set[str]) -> set[str]:
        """Those functions, and all from which they can be reached."""
        return {name for name in self.functions if self.reached({name}) & names}

    def _same(self, name: str) -> set[str]:
        """The parameters of a function that hide nothing: each call hands over the variable of that very name."""
        commands = [node for unit in self.file.units for node in unit.tree.all("Command") if node.value.lower() == name]
        if not commands or any(function_around(command) is not None for command in commands):
            return set()
        given = [
            {
                after.value.lower()
                for before, after in zip(command.children, command.children[1:], strict=False)
                if (before.kind, after.kind) == ("CommandParameter", "VariableExpression")
                if before.value.lower() == after.value.lower()
            }
            for command in commands
        ]
        return set.intersection(*given) - set(self.spelled[name])

    def overwritten_by_blocks(self) -> list[str]:
        """What a block that is run by a dot sets, and the function that runs it reads afterwards as its own."""
        problems = []
        for block in self.blocks:
            if _key_of(block):
                continue  # what is held in a table is called by &
            sets = set(assigned(_own(block, "ScriptBlockExpression")))
            for name in {name for runners in self._runners(block) for name in runners}:
                problems += [f"a block sets ${each}, which {name} reads" for each in sorted(sets & self._later(name))]
        return problems

    def _later(self, name: str) -> set[str]:
        """The locals that a function reads after it has run a block by a dot, without setting them again."""
        nodes = _own(self.functions[name])
        dots = [place for place, node in enumerate(nodes) if node.kind == "Command" and node.operator == "Dot"]
        if not dots:
            return set()
        read: set[str] = set()
        again: dict[str, int] = {}
        targets: set[int] = set()
        for node in nodes[dots[0] + 1 :]:
            if node.kind in {"AssignmentStatement", "ForEachStatement"}:
                for target in _targets(node):
                    targets.add(id(target))
                    # What is assigned is worked out before it is set; a loop sets its variable first.
                    again.setdefault(target.value.lower(), node.end if node.kind == "AssignmentStatement" else 0)
            elif node.kind == "VariableExpression" and id(node) not in targets:
                variable = node.value.lower()
                if variable not in again or node.place < again[variable]:
                    read.add(variable)
        return read & self.local[name]

    def other_case(self) -> list[str]:
        """Locals that are spelled like a variable of the file but for case: one name that is meant as two."""
        return [
            f"{name} sets ${spelled}, and the script has ${self.script[variable]}"
            for name, variables in self.spelled.items()
            for variable, spelled in variables.items()
            if variable in self.script and spelled != self.script[variable]
        ]

    def unset(self) -> list[str]:
        """What is read and never set: fatal in strict mode, and nothing at all without it."""
        known = set(self.script) | _named(self.outside)
        problems = [
            f"the script reads ${variable}, which nothing sets" for variable in sorted(_read(self.outside) - known)
        ]
        problems += [
            f"{name} reads ${variable}, which nothing sets"
            for name, variables in self.free.items()
            if name in self.used
            for variable in sorted(variables - known)
        ]
        return problems


@cache
def scopes_of(file: File) -> Scopes:
    """The scopes of a file, worked out once."""
    return Scopes(file)


def taken_over(file: File) -> list[str]:
    """The variables of the shared functions that a script sets as well: it would change them."""
    shared = assigned(node for unit in file.shared for node in _outside(unit.tree))
    own = assigned(node for unit in file.own for node in unit.tree.walk())
    return [f"the script sets ${own[name]}, a variable of the shared functions" for name in sorted(shared.keys() & own)]


def _variable_of(block: Node) -> str:
    """The variable to which a block is assigned, in lower case."""
    up = block.up
    while up is not None and up.kind in {"CommandExpression", "Pipeline"}:
        up = up.up
    is_set = up is not None and up.kind == "AssignmentStatement" and up.children[0].kind == "VariableExpression"
    return up.children[0].value.lower() if is_set and up is not None else ""


def _key_of(block: Node) -> str:
    """The key under which a table holds a block."""
    below, up = block, block.up
    while up is not None and up.kind in {"CommandExpression", "Pipeline"}:
        below, up = up, up.up
    return up.children[up.children.index(below) - 1].value if up is not None and up.kind == "Hashtable" else ""


def _outside(tree: Node) -> list[Node]:
    return [] if tree.kind == "FunctionDefinition" else _own(tree)


SNIPPETS = {
    "a local hides": "$Objects = @{}\nfunction Get-A { $Objects.Keys }\nfunction Get-B { Get-A }\n"
    "function Get-C { $objects = 1; Get-B }\nfunction Get-D { param($Objects) Get-A }",
    "a block is hidden from": "$Key = 1\nfunction Invoke-A { param($Do, $Key) & $Do }\n"
    "function Invoke-B { param($What) Invoke-A -Do $What }\nInvoke-B -What { $Key }",
    "a block of another is hidden from": "$Key = 1\nfunction Invoke-A { param($Do) $key = 2; . $Do; $key }\n"
    "function Invoke-B { param($Do) & $Do }\nInvoke-A -Do { $other = 1; Invoke-B -Do { $Key; $other } }",
    "a block in a variable is hidden from": "$Key = 1\nfunction Invoke-A { param($Do, $Key) & $Do }\n"
    "$Block = { $Key }\nInvoke-A -Do $Block",
    "a block in a table is hidden from": "$Key = 1\nfunction Invoke-A { $key = 2; Invoke-B }\n"
    "function Invoke-B { & $Run.Ask }\n$Run = @{ Ask = { $Key } }\nInvoke-A",
    "the same variable": "$Key = 1\nfunction Invoke-A { param($Do, $Key) & $Do }\nInvoke-A -Key $Key -Do { $Key }",
    "a block overwrites": "function Invoke-A { param($Do, $Next) $key = 1; . $Do; $Next; $key = 2; $key }\n"
    "Invoke-A -Next 1 -Do { $next = 2; $key = 3 }",
    "never set": "function Get-A { $Nobody }\nGet-A\n$Somebody = 1\n$Someone, $Somebody",
}
