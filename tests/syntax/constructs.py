"""What Windows PowerShell 5.1 refuses, or takes for something else, and PowerShell 7 reads: how a tree shows it.

Each construct stands with snippets that hold it, so that a test can show that its check finds it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.syntax.tree import File, Node, Unit

Find = Callable[[Node], bool]


@dataclass(frozen=True, kw_only=True)
class Construct:
    """A construct: whether a node is one, and texts that hold one each."""

    found: Find
    snippets: tuple[str, ...]


STRINGS = ("StringConstantExpression", "ExpandableStringExpression")
_NUMBER = re.compile(r"[+-]?(0x[0-9a-f]+|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)(l|d)?(kb|mb|gb|tb|pb)?", re.IGNORECASE)
_NEW_TYPES = {"semver", "short", "ushort", "uint", "ulong"}
_NEW_ATTRIBUTES = {"validatenotnullorwhitespace", "argumentcompletions", "experimental"}
_NEW_VARIABLES = {
    "iswindows", "islinux", "ismacos", "iscoreclr", "psstyle", "enabledexperimentalfeatures",
    "psnativecommandargumentpassing", "psnativecommanduseerroractionpreference",
}  # fmt: skip
_ONE_EDITION = {"os", "platform", "gitcommitid", "clrversion", "buildversion"}
_ABSENT_MEMBERS = {
    "sha256": "hashdata", "hmacsha256": "hashdata", "convert": "tohexstring fromhexstring",
    "randomnumbergenerator": "getint32 fill", "random": "shared",
    "path": "getrelativepath join exists ispathfullyqualified trimendingdirectoryseparator",
    "file": "readalltextasync writealltextasync readallbytesasync writeallbytesasync readalllinesasync "
    "writealllinesasync appendalltextasync appendalllinesasync appendallbytes",
    "environment": "processid processpath tickcount64",
    "operatingsystem": "iswindows islinux ismacos", "keyvaluepair": "create", "math": "clamp", "array": "fill",
    "datetime": "unixepoch", "guid": "createversion7", "mailaddress": "trycreate", "regex": "count",
    "encoding": "latin1", "argumentnullexception": "throwifnull",
    "enumerable": "chunk distinctby maxby takelast skiplast tohashset append",
}  # fmt: skip
"""Static members that .NET Framework up to 4.8 lacks, by the last part of their type's name."""
_ABSENT_METHODS = {
    "where", "foreach", "replacelineendings", "tryadd", "getvalueordefault", "enumeraterunes",
}  # fmt: skip
_ABSENT_PROPERTIES = {"argumentlist"}
_ABSENT_TYPES = {
    "priorityqueue", "dateonly", "timeonly", "span", "enumerationoptions", "operatingsystem",
    "valuetuple", "runtimeinformation",
}  # fmt: skip


def _short(name: str) -> str:
    """The last part of a type's name, without its generic arguments."""
    return re.split(r"[\[`]", name)[0].rsplit(".", 1)[-1].lower()


def _static(node: Node, types: dict[str, str]) -> bool:
    if not node.data.get("static") or node.children[0].kind != "TypeExpression":
        return False
    return node.value.lower() in types.get(_short(node.children[0].value), "").split()


def _absent_overload(node: Node) -> bool:
    if node.kind != "InvokeMemberExpression" or not node.children:
        return False
    name, count = node.value.lower(), node.data["arguments"]
    if node.data["static"]:
        # Each has one overload less in .NET Framework: File.Move without overwrite, Path.GetFullPath without base.
        limits = {("file", "move"): 2, ("path", "getfullpath"): 1, ("randomnumbergenerator", "getbytes"): 0}
        return int(count) > limits.get((_short(node.children[0].value), name), 99)
    # In .NET Framework: Contains(x), Replace(x, y), Kill(). Split takes characters there: it is refused whole.
    return name == "split" or int(count) > {"contains": 1, "replace": 2, "kill": 0}.get(name, 99)


def _names_type(node: Node, names: set[str]) -> bool:
    return node.kind in {"TypeExpression", "TypeConstraint"} and _short(node.value) in names


CONSTRUCTS = {
    "a ternary operator": Construct(
        found=lambda node: node.kind == "TernaryExpression",
        snippets=("$x = $a ? 1 : 2", "$x = $(if ($b) { $a ? 1 : 2 })"),
    ),
    "null coalescing": Construct(
        found=lambda node: node.operator in {"QuestionQuestion", "QuestionQuestionEquals"},
        snippets=("$x = $a ?? 1", "$a ??= 1"),
    ),
    "null-conditional access": Construct(
        found=lambda node: bool(node.data.get("nullConditional")),
        snippets=("${a}?.b", "${a}?.m()", "${a}?[0]"),
    ),
    "a pipeline chain": Construct(
        found=lambda node: node.kind == "PipelineChain", snippets=("Get-Date && Get-Date", "Get-Date || Get-Date")
    ),
    "a pipeline in the background": Construct(
        found=lambda node: bool(node.data.get("background")), snippets=("Get-Date &", "Get-Date && Get-Date &")
    ),
    "a clean block": Construct(
        found=lambda node: node.kind == "NamedBlock" and node.data["kind"] == "Clean",
        snippets=("function f { process { } clean { } }", "function f { clean { } }"),
    ),
    "a number with a new suffix": Construct(
        found=lambda node: node.kind == "ConstantExpression" and not _NUMBER.fullmatch(node.text),
        snippets=("$x = 1y", "$x = 1uy", "$x = 1s", "$x = 1us", "$x = 1u", "$x = 1ul", "$x = 1n", "$x = 0b1"),
    ),
    "a new escape": Construct(
        found=lambda node: (
            node.kind in STRINGS
            and node.data["kind"] not in {"SingleQuoted", "SingleQuotedHereString"}
            and re.search(r"(?<!`)(``)*`(e|u\{)", node.text) is not None
        ),
        snippets=('$x = "`e[0m"', '$x = "`u{263A} $a"', 'Write-Host -Object "```e"', "Write-Host -Object a`e"),
    ),
    "a class or an enum": Construct(
        found=lambda node: node.kind == "TypeDefinition",
        snippets=("enum E : byte { A }", "enum E { A }", "class C { }"),
    ),
    "a generic method call": Construct(
        found=lambda node: bool(node.data.get("generic")),
        snippets=("[Linq.Enumerable]::OfType[string]($x)", "$x.M[int](1)"),
    ),
    "foreach -parallel": Construct(
        found=lambda node: (
            node.kind == "CommandParameter" and len(node.value) > 1 and "parallel".startswith(node.value.lower())
        ),
        snippets=("1 | ForEach-Object -Parallel { $_ }", "1 | ForEach-Object -Para { $_ }"),
    ),
    "-replace with a script block": Construct(
        found=lambda node: (
            node.operator in {"Ireplace", "Creplace", "Replace"} and bool(node.children[1].all("ScriptBlockExpression"))
        ),
        snippets=("$a -replace 'b', { 'c' }", "$a -creplace 'b', { 'c' }"),
    ),
    "a range of characters": Construct(
        found=lambda node: node.operator == "DotDot" and any(side.kind in STRINGS for side in node.children),
        snippets=("'a'..'e'", '"a".."e"'),
    ),
    "a new attribute": Construct(
        found=lambda node: (
            (node.kind == "Attribute" and _short(node.value) in _NEW_ATTRIBUTES)
            or (node.kind == "NamedAttributeArgument" and node.value.lower() == "errormessage")
        ),
        snippets=(
            "param([ValidateNotNullOrWhiteSpace()][string]$A)",
            "param([ArgumentCompletions('a')][string]$A)",
            "param([ValidateSet('a', ErrorMessage = 'b')][string]$A)",
        ),
    ),
    "a new type accelerator": Construct(
        found=lambda node: (
            _names_type(node, _NEW_TYPES)
            # [ordered] is syntax in front of a literal, and no type, in 5.1
            or (node.kind == "TypeExpression" and node.value.lower() == "ordered")
        ),
        snippets=("[semver]'1.0.0'", "[ushort]1", "$x -is [ulong]", "[ordered]::new()"),
    ),
    "a using statement": Construct(
        found=lambda node: node.kind == "UsingStatement", snippets=("using namespace System.IO",)
    ),
    "a variable that 5.1 does not have": Construct(
        found=lambda node: node.kind == "VariableExpression" and node.value.lower() in _NEW_VARIABLES,
        snippets=("if ($IsWindows) { }", '"$($PSStyle.Reset)"', "$PSNativeCommandArgumentPassing"),
    ),
    "a member of $PSVersionTable that one edition lacks": Construct(
        found=lambda node: (
            node.kind == "MemberExpression"
            and node.children[0].value.lower() == "psversiontable"
            and node.value.lower() in _ONE_EDITION
        ),
        snippets=("$PSVersionTable.OS", "$PSVersionTable.CLRVersion"),
    ),
    "-ProgressAction": Construct(
        found=lambda node: node.kind == "CommandParameter" and node.value.lower().startswith("prog"),
        snippets=("Get-Date -ProgressAction Ignore", "Get-Date -prog Ignore"),
    ),
    "a .NET member that .NET Framework lacks": Construct(
        found=lambda node: (
            _static(node, _ABSENT_MEMBERS)
            or _absent_overload(node)
            or (node.kind == "InvokeMemberExpression" and node.value.lower() in _ABSENT_METHODS)
            or (node.kind == "MemberExpression" and node.value.lower() in _ABSENT_PROPERTIES)
        ),
        snippets=(
            "[Security.Cryptography.SHA256]::HashData($b)",
            "[Convert]::ToHexString($b)",
            "[IO.Path]::GetRelativePath($a, $b)",
            "[IO.Path]::Join($a, $b)",
            "[IO.File]::Move($a, $b, $true)",
            "[System.IO.File]::AppendAllBytes($a, $b)",
            "'a--b'.Split('--')",
            "'a'.Contains('a', 'Ordinal')",
            "'a'.Replace('a', 'b', 'Ordinal')",
            "[Environment]::ProcessId",
            "$d.TryAdd('a', 1)",
            "@(1).Where({ $_ })",
            "[datetime]::UnixEpoch",
            "[Math]::Clamp(1, 2, 3)",
            "[Security.Cryptography.RandomNumberGenerator]::GetBytes(4)",
        ),
    ),
    "a .NET type that .NET Framework lacks": Construct(
        found=lambda node: (
            _names_type(node, _ABSENT_TYPES)
            or (
                node.kind in {"TypeExpression", "TypeConstraint"}
                and re.search(r"text\.json|collections\.immutable", node.value, re.IGNORECASE) is not None
            )
        ),
        snippets=(
            "[System.Text.Json.JsonSerializer]::Serialize(1)",
            "[DateOnly]::MinValue",
            "[Collections.Generic.PriorityQueue[int,int]]::new()",
            "[OperatingSystem]::IsWindows()",
        ),
    ),
}

STATIC = {
    "Console": {"IsOutputRedirected"},
    "Globalization.CultureInfo": {"InvariantCulture"},
    "IO.Directory": {"CreateDirectory"},
    "IO.File": {"Exists", "Move", "ReadAllText", "Replace", "WriteAllText"},
    "IO.Path": {"Combine", "GetDirectoryName"},
    "NullString": {"Value"},
    "StringComparison": {"OrdinalIgnoreCase"},
    "Text.Encoding": {"UTF8"},
    "datetime": {"ParseExact", "SpecifyKind", "UtcNow"},
    "regex": {"Escape", "Replace", "Unescape"},
    "scriptblock": {"Create"},
    "string": {"Equals"},
}
"""Static members that the scripts use, all looked up in .NET Framework 4.6.2. A new one is looked up first."""
METHODS = {
    "AddHours", "AddMinutes", "Contains", "ContainsKey", "GetBytes", "GetEnumerator",
    "GetUnresolvedProviderPathFromPSPath", "ShouldProcess", "ToLowerInvariant", "ToString", "ToUniversalTime",
    "TrimEnd",
}  # fmt: skip
"""The same for methods of objects."""
TYPES = set(STATIC) | {
    "Collections.IDictionary", "Collections.IEnumerable", "Globalization.DateTimeStyles",
    "Management.Automation.PSCustomObject", "bool", "char", "int", "long", "object", "object[]", "ordered", "string[]",
    "timespan",
}  # fmt: skip
"""Types that the scripts name, all there in 5.1."""
MADE = {"IO.MemoryStream"}
"""Types of which New-Object makes an object."""


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """What may be named: static members by type, methods of objects, types."""

    static: Mapping[str, set[str]]
    methods: set[str]
    types: set[str]
    made: set[str] = field(default_factory=set)


BY_SCRIPTS = LookedUp(static=STATIC, methods=METHODS, types=TYPES, made=MADE)


def not_looked_up(node: Node, known: LookedUp = BY_SCRIPTS) -> bool:
    """Whether a node names a type or a member that is in none of these lists."""
    if node.kind in {"TypeExpression", "TypeConstraint"}:
        return node.value not in known.types
    if node.kind == "Command" and node.value.lower() == "new-object":
        # A name that only a run can tell was not looked up.
        return all(child.value not in known.made for child in node.children[1:])
    if node.data.get("static") and node.children[0].kind == "TypeExpression":
        return node.value not in known.static.get(node.children[0].value, set())
    return node.kind == "InvokeMemberExpression" and node.value not in known.methods


REFUSED = {
    "workflow": "workflow w { }",
    "configuration": "configuration c { }",
    "parallel": "foreach -parallel ($a in 1) { }",
    "an open string": "$a = 'x",
    "a line that begins with a method": "$a = 'x'\n.Trim()",
}
"""Keywords of 5.1 that 7 does not know, and texts with no end: the parser itself refuses them."""

PIPES = {"a pipe": "Get-Date\n| Out-Null", "a pipe after a comment": "Get-Date\n# why\n    | Out-Null"}
"""A line that begins with a pipe: only the tokens show it."""


OTHERS = {
    "an object of a type": "New-Object -TypeName 'Net.WebClient'\nNew-Object -TypeName $x",
    "formats": "$a.ToString('d')\n[datetime]::Parse('1.2.2026')\n'{0:d}' -f $a\n'{0,-5} {1:n2}' -f 1, 2\n"
    "Get-Date -Format 'd'\n'{0,-5} {1:x4} {2:o}' -f 1, 2, $a\n"
    "$a.ToString('d', [Globalization.CultureInfo]::InvariantCulture)\nGet-Date -Format 'zzz'",
}
"""What is found by what it is given."""


def snippet_names() -> Iterator[tuple[str, str]]:
    """A name for the file of each snippet, and its text."""
    for name, construct in CONSTRUCTS.items():
        for number, text in enumerate(construct.snippets):
            yield f"{name} {number}".replace("/", " "), text
    for texts in (REFUSED, PIPES, OTHERS):
        yield from texts.items()


def findings(construct: Construct, units: list[Unit]) -> list[str]:
    """Where a construct stands, one place each."""
    return [unit.place(node) for unit in units for node in unit.tree.walk() if construct.found(node)]


def found_in(construct: Construct, file: File) -> bool:
    assert not file.errors, file.errors
    return bool(findings(construct, file.units))
