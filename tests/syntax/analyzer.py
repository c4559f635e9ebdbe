"""Rules of PSScriptAnalyzer that are on by default, asked of the trees: it cannot be run where the tests are.

Each rule has the name that PSScriptAnalyzer gives it, and a snippet in which it has to find something.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.syntax.calls import POWERSHELL, calls
from tests.syntax.tree import File, Node, Unit

Find = Callable[[File], Iterator[str]]

VERBS = frozenset(
    [
        "Add",
        "Clear",
        "Close",
        "Copy",
        "Enter",
        "Exit",
        "Find",
        "Format",
        "Get",
        "Hide",
        "Join",
        "Lock",
        "Move",
        "New",
        "Open",
        "Optimize",
        "Pop",
        "Push",
        "Redo",
        "Remove",
        "Rename",
        "Reset",
        "Resize",
        "Search",
        "Select",
        "Set",
        "Show",
        "Skip",
        "Split",
        "Step",
        "Switch",
        "Undo",
        "Unlock",
        "Watch",
        "Connect",
        "Disconnect",
        "Read",
        "Receive",
        "Send",
        "Write",
        "Backup",
        "Checkpoint",
        "Compare",
        "Compress",
        "Convert",
        "ConvertFrom",
        "ConvertTo",
        "Dismount",
        "Edit",
        "Expand",
        "Export",
        "Group",
        "Import",
        "Initialize",
        "Limit",
        "Merge",
        "Mount",
        "Out",
        "Publish",
        "Restore",
        "Save",
        "Sync",
        "Unpublish",
        "Update",
        "Debug",
        "Measure",
        "Ping",
        "Repair",
        "Resolve",
        "Test",
        "Trace",
        "Approve",
        "Assert",
        "Complete",
        "Confirm",
        "Deny",
        "Disable",
        "Enable",
        "Install",
        "Invoke",
        "Register",
        "Request",
        "Restart",
        "Resume",
        "Start",
        "Stop",
        "Submit",
        "Suspend",
        "Uninstall",
        "Unregister",
        "Wait",
        "Block",
        "Grant",
        "Protect",
        "Revoke",
        "Unblock",
        "Unprotect",
        "Use",
    ]
)
"""What Get-Verb of Windows PowerShell 5.1 lists."""
STATE_CHANGING = frozenset(["New", "Set", "Remove", "Start", "Stop", "Restart", "Reset", "Update"])
SINGULAR = ("ss", "us", "is")
"""Endings with an s that are not a plural's."""
AUTOMATIC = frozenset(
    [
        "?",
        "true",
        "false",
        "host",
        "psculture",
        "error",
        "executioncontext",
        "home",
        "pid",
        "psedition",
        "pshome",
        "psuiculture",
        "psversiontable",
        "shellid",
        "iscoreclr",
        "islinux",
        "ismacos",
        "iswindows",
        "_",
        "allnodes",
        "args",
        "consolefilename",
        "event",
        "eventargs",
        "eventsubscriber",
        "foreach",
        "input",
        "matches",
        "myinvocation",
        "nestedpromptlevel",
        "profile",
        "psboundparameters",
        "pscmdlet",
        "pscommandpath",
        "psitem",
        "psscriptroot",
        "pssenderinfo",
        "pwd",
        "reporterrorshowexceptionclass",
        "sender",
        "stacktrace",
        "switch",
        "this",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a rule finds in a file, and a text in which it finds as much as ``count``."""

    found: Find
    snippet: str
    count: int = 1


def _nodes(file: File, *kinds: str) -> Iterator[tuple[Unit, Node]]:
    return ((unit, node) for unit in file.units for node in unit.tree.all(*kinds))


def _functions(file: File) -> Iterator[tuple[Unit, Node, str, str]]:
    for unit, node in _nodes(file, "FunctionDefinition"):
        verb, _, noun = node.value.partition("-")
        yield unit, node, verb, noun


def _level(node: Node) -> Iterator[Node]:
    """A node and what is below it, but for functions and blocks that stand there."""
    yield node
    for child in node.children:
        if child.kind not in {"FunctionDefinition", "ScriptBlockExpression"}:
            yield from _level(child)


def _blocks(file: File) -> Iterator[list[Node]]:
    """The nodes of each script block, without those of blocks in it: of the file, of functions, of blocks."""
    yield [node for unit in file.root if unit.tree.kind != "FunctionDefinition" for node in _level(unit.tree)]
    for _, block in _nodes(file, "FunctionDefinition", "ScriptBlockExpression"):
        yield [node for child in block.children for node in _level(child)]


def _verbs(file: File) -> Iterator[str]:
    return (unit.place(node) for unit, node, verb, noun in _functions(file) if verb not in VERBS or not noun)


def _nouns(file: File) -> Iterator[str]:
    for unit, node, _, noun in _functions(file):
        if noun.endswith("s") and not noun.endswith(SINGULAR):
            yield unit.place(node)


def _state_changing(file: File) -> Iterator[str]:
    return (unit.place(node) for unit, node, verb, _ in _functions(file) if verb in STATE_CHANGING)


def _overwriting(file: File) -> Iterator[str]:
    known = {name.lower() for name in POWERSHELL["cmdlets"]}
    return (unit.place(node) for unit, node, *_ in _functions(file) if node.value.lower() in known)


def _unused_parameters(file: File) -> Iterator[str]:
    for nodes in _blocks(file):
        is_suppressed = any(
            node.kind == "Attribute"
            and node.value == "Diagnostics.CodeAnalysis.SuppressMessageAttribute"
            and node.children[0].value == "PSReviewUnusedParameter"
            for node in nodes
        )
        used = Counter(node.value.lower() for node in nodes if node.kind == "VariableExpression")
        for parameter in (node for node in nodes if node.kind == "Parameter" and not is_suppressed):
            name = _name_of(parameter)
            if used[name.lower()] < 2:
                yield f"{file.name}: ${name} is not used where it is declared"


def _suppressed_parameters(file: File) -> Iterator[str]:
    """Parameters that are used nowhere at all, whatever is suppressed."""
    used = Counter(node.value.lower() for _, node in _nodes(file, "VariableExpression"))
    for _, parameter in _nodes(file, "Parameter"):
        name = _name_of(parameter)
        if used[name.lower()] < 2:
            yield f"{file.name}: ${name} is not used"


def _name_of(parameter: Node) -> str:
    """The name of a parameter; a variable behind it is its default."""
    return next(child for child in parameter.children if child.kind == "VariableExpression").value


def _unused_variables(file: File) -> Iterator[str]:
    used = Counter(node.value.lower() for _, node in _nodes(file, "VariableExpression"))
    for unit, node in _nodes(file, "AssignmentStatement"):
        name = node.children[0].value.lower()
        is_plain = node.children[0].kind == "VariableExpression" and name not in {"null", *SETTINGS}
        if is_plain and used[name] < 2:
            yield unit.place(node.children[0])


SETTINGS = ("erroractionpreference", "psdefaultparametervalues")
"""Variables that PowerShell itself reads."""


def _automatic(file: File) -> Iterator[str]:
    for unit, node in _nodes(file, "AssignmentStatement", "Parameter", "ForEachStatement"):
        left = node.children[0]
        if node.kind == "Parameter":
            left = next(child for child in node.children if child.kind == "VariableExpression")
        if left.kind == "VariableExpression" and left.value.lower() in AUTOMATIC:
            yield unit.place(left)


def _empty_catch(file: File) -> Iterator[str]:
    for unit, node in _nodes(file, "CatchClause"):
        if not node.children[-1].children:
            yield unit.place(node)


def _null_on_the_right(file: File) -> Iterator[str]:
    for unit, node in _nodes(file, "BinaryExpression"):
        if node.operator in {"Ieq", "Ine", "Ceq", "Cne"} and node.children[1].value.lower() == "null":
            yield unit.place(node)


def _global(file: File) -> Iterator[str]:
    for unit, node in _nodes(file, "VariableExpression"):
        if node.value.lower().startswith("global:"):
            yield unit.place(node)


def _positional(file: File) -> Iterator[str]:
    return (unit.place(call.node) for unit, call in calls(file) if len(call.positional) >= 3)


def _assigned_condition(file: File) -> Iterator[str]:
    for unit, node in _nodes(file, "IfStatement", "WhileStatement"):
        if any(child.kind == "AssignmentStatement" for child in node.children):
            yield unit.place(node)


RULES: Mapping[str, Rule] = {
    "PSUseApprovedVerbs": Rule(found=_verbs, snippet="function Reset { 1 }\nfunction Do-Thing { 1 }", count=2),
    "PSUseSingularNouns": Rule(found=_nouns, snippet="function Get-Things { 1 }\nfunction Get-Status { 1 }"),
    "PSUseShouldProcessForStateChangingFunctions": Rule(
        found=_state_changing, snippet="function Set-Thing { 1 }\nfunction Save-Thing { 1 }"
    ),
    "PSAvoidOverwritingBuiltInCmdlets": Rule(found=_overwriting, snippet="function Write-Host { 1 }"),
    "PSReviewUnusedParameter": Rule(
        found=_unused_parameters,
        snippet="function Get-A([string]$B, [string]$C) { 1 | ForEach-Object { $B }; $C }\n& { param($D) 1 }",
        count=2,
    ),
    "a parameter that nothing uses": Rule(
        found=_suppressed_parameters,
        snippet="[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '')]\n"
        "param($A, $B)\n& { $A }",
    ),
    "PSUseDeclaredVarsMoreThanAssignments": Rule(found=_unused_variables, snippet="$a = 1\n$b = 2\n$b"),
    "PSAvoidAssignmentToAutomaticVariable": Rule(
        found=_automatic,
        snippet="$input = 1\nforeach ($event in 1) { $event }\nfunction Get-A($Args) { $Args }",
        count=3,
    ),
    "PSAvoidUsingEmptyCatchBlock": Rule(found=_empty_catch, snippet="try { 1 } catch { }\ntry { 1 } catch { 2 }"),
    "PSPossibleIncorrectComparisonWithNull": Rule(
        found=_null_on_the_right, snippet="if ($a -eq $null) { }\nif ($null -eq $a) { }"
    ),
    "PSAvoidGlobalVars": Rule(found=_global, snippet="$global:a = 1"),
    "PSAvoidUsingPositionalParameters": Rule(found=_positional, snippet="Get-A 1 2 3\nGet-A 1 2"),
    "PSPossibleIncorrectUsageOfAssignmentOperator": Rule(
        found=_assigned_condition, snippet="if ($a = 1) { }\nif ($a -eq 1) { $b = 1 }"
    ),
}


def told_on_screen(file: File) -> Iterator[str]:
    """The functions that use Write-Host, which PSAvoidUsingWriteHost wants to have a reason."""
    for _, call in calls(file):
        if call.name == "Write-Host":
            around = [up.value for up in call.node.above() if up.kind == "FunctionDefinition"]
            yield around[0] if around else "the script"


def says_why(text: str) -> bool:
    """Whether a comment gives the reason for Write-Host."""
    return re.search(r"#.*Write-Host is the point", text) is not None
