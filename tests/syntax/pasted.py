"""What a block that is pasted may not have, with a snippet for each in which a check has to find it."""

from collections.abc import Callable, Iterator, Mapping

from tests.syntax.tree import Node

TYPES = {"datetime", "timespan"}
"""What constrained language mode can convert to, and what the forms need."""
LISTED_WHOLE = {"Get-ConnectionInformation", "Get-OrganizationConfig"}
"""What reads and has no -ResultSize."""

FORBIDDEN: Mapping[str, Callable[[Node], bool]] = {
    "a function": lambda node: node.kind == "FunctionDefinition",
    "a call of a method": lambda node: node.kind == "InvokeMemberExpression",
    "a static member": lambda node: bool(node.data.get("static")),
    "a type": lambda node: node.kind in {"TypeExpression", "TypeConstraint"} and node.value.lower() not in TYPES,
    "New-Object": lambda node: node.kind == "Command" and node.value.lower() == "new-object",
    "a here-string": lambda node: "HereString" in str(node.data.get("kind")),
    "a script block made of text": lambda node: node.kind == "Command" and node.value.lower() == "invoke-expression",
    "a module that is loaded": lambda node: node.kind == "Command" and node.value.lower() == "import-module",
    "a file": lambda node: node.kind == "Command" and node.value.lower().endswith(("-content", "-item", "out-file")),
    "a redirection": lambda node: "Redirection" in node.kind,
}

SNIPPETS = {
    "a function": "function Get-A { 1 }",
    "a call of a method": "$a.Trim()",
    "a static member": "$b = [datetime]::UtcNow",
    "a type": "[regex]'a'\n$a -is [string]",
    "New-Object": "New-Object -TypeName 'IO.MemoryStream'",
    "a here-string": "@'\na\n'@",
    "a script block made of text": "Invoke-Expression -Command 'a'",
    "a module that is loaded": "Import-Module -Name 'a'",
    "a file": "Set-Content -Path 'a' -Value 'b'",
    "a redirection": "1 > 'a'",
}
CUT_LISTS = "Get-TransportRule -ErrorAction Stop\nGet-InboundConnector -ResultSize 100 -ErrorAction Stop"


def snippets() -> Iterator[tuple[str, str]]:
    """A name for the file of each snippet, and its text."""
    yield from ((f"pasted {what}", text) for what, text in SNIPPETS.items())
    yield "pasted a cut list", CUT_LISTS
