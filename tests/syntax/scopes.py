"""Variables across scopes: a function sees the locals of whoever calls it, and PowerShell's names have no case.

A local ``$objects`` hides the script's ``$Objects`` from every function that is called meanwhile. So a function
that reads a variable of the script may not be called, directly or through others, from one that has a local of
that name; nor may a script block be run there that reads it. Parameters and loop variables are locals as well.
"""

from tests.syntax.tree import File, Node

AUTOMATIC = frozenset(
    {
        "_",
        "true",
        "false",
        "null",
        "psitem",
        "args",
        "input",
        "error",
        "this",
        "psversiontable",
        "psscriptroot",
        "executioncontext",
        "whatifpreference",
        "confirmpreference",
        "erroractionpreference",
        "matches",
    }
)
_Names = dict[str, set[str]]


def _own(node: Node, stop: str = "FunctionDefinition") -> list[Node]:
    """The nodes below one, without those in functions that are defined there."""
    inner = [below for below in node.walk()[1:] if below.kind == stop]
    hidden = {id(each) for function in inner for each in function.walk()}
    return [below for below in node.walk() if id(below) not in hidden]


def assigned(nodes: list[Node], *kinds: str) -> dict[str, str]:
    """The variables that get a value: by assignment, as a parameter or by a loop. By name in lower case."""
    found: dict[str, str] = {}
    for node in nodes:
        if node.kind in (kinds or ("AssignmentStatement", "Parameter", "ForEachStatement")):
            variables = [child for child in node.children if child.kind == "VariableExpression"]
            # $a.b = 1 and $a['b'] = 1 change what $a holds and are no assignments to it.
            found |= {variable.value.lower(): variable.value for variable in variables[:1]}
    return found


def _read(nodes: list[Node]) -> set[str]:
    return {node.value.lower() for node in nodes if node.kind == "VariableExpression"} - AUTOMATIC


class Scopes:
    """The functions of a file: what each keeps to itself, reads from outside, calls and runs."""

    def __init__(self, file: File) -> None:
        self.functions = file.functions
        bodies = {name: _own(node) for name, node in self.functions.items()}
        self.local: _Names = {name: set(assigned(nodes)) for name, nodes in bodies.items()}
        self.free: _Names = {name: _read(nodes) - self.local[name] for name, nodes in bodies.items()}
        # Parameters and loop variables are named for what they hold, $Key and $key alike.
        self.spelled = {name: assigned(nodes, "AssignmentStatement") for name, nodes in bodies.items()}
        self.calls = {name: self._called(nodes) for name, nodes in bodies.items()}
        outside = [node for unit in file.units for node in _outside(unit.tree)]
        self.script = assigned(outside)
        self.used = self.reached(self._called(outside))
        self.blocks = [node for unit in file.units for node in unit.tree.all("ScriptBlockExpression")]

    def _called(self, nodes: list[Node]) -> set[str]:
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
        """The script blocks that a function is given and that it runs where a local of its own hides something."""
        problems = []
        for block in self.blocks:
            runner = self._runner(block)
            if not runner:
                continue
            inside = block.walk()
            wanted = (_read(inside) - set(assigned(inside))).union(
                *(self.free[name] for name in self.reached(self._called(inside)))
            )
            for name in sorted(self._run_by(*runner)):
                problems += [
                    f"a block reads ${name_}, which {name} hides" for name_ in sorted(wanted & self.local[name])
                ]
        return problems

    def _runner(self, block: Node) -> tuple[str, str] | None:
        """The function of the script's own that is given a block, and the parameter that takes it."""
        command = block.up
        if command is None or command.kind != "Command" or command.value.lower() not in self.functions:
            return None
        before = command.children[command.children.index(block) - 1]
        return command.value.lower(), before.value.lower()

    def _run_by(self, name: str, parameter: str) -> set[str]:
        """The functions in whose scope a block runs that ``name`` takes as ``parameter``."""
        found = {name}
        for command in self.functions[name].all("Command"):
            for before, after in zip(command.children, command.children[1:], strict=False):
                handed = after.kind == "VariableExpression" and after.value.lower() == parameter
                if handed and before.kind == "CommandParameter" and command.value.lower() in self.functions:
                    found |= self._run_by(command.value.lower(), before.value.lower())
        return found

    def other_case(self) -> list[str]:
        """Locals that are spelled like a variable of the script but for case: one name that is meant as two."""
        return [
            f"{name} sets ${spelled}, and the script has ${self.script[variable]}"
            for name, variables in self.spelled.items()
            for variable, spelled in variables.items()
            if variable in self.script and spelled != self.script[variable]
        ]

    def unset(self) -> list[str]:
        """What a function that is called reads and neither it nor the script ever sets: fatal in strict mode."""
        return [
            f"{name} reads ${variable}, which nothing sets"
            for name, variables in self.free.items()
            if name in self.used
            for variable in sorted(variables - set(self.script))
        ]


def _outside(tree: Node) -> list[Node]:
    return [] if tree.kind == "FunctionDefinition" else _own(tree)


SNIPPETS = {
    "a local hides": "$Objects = @{}\nfunction Get-A { $Objects.Keys }\nfunction Get-B { Get-A }\n"
    "function Get-C { $objects = 1; Get-B }\nfunction Get-D { param($Objects) Get-A }",
    "a block is hidden from": "$Key = 1\nfunction Invoke-A { param($Do, $Key) & $Do }\n"
    "function Invoke-B { param($What) Invoke-A -Do $What }\nInvoke-B -What { $Key }",
    "never set": "function Get-A { $Nobody }\nGet-A",
}
