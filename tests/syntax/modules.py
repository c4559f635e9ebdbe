"""The PowerShell that the package runs itself, which must run in Windows PowerShell 5.1 as well."""

from pathlib import Path

import mm365
from tests.syntax.constructs import METHODS, STATIC, TYPES, LookedUp

PACKAGE = Path(mm365.__file__).parent
SUFFIXES = (".ps1", ".psm1", ".psd1")


def module_files() -> list[Path]:
    """Every such file, whichever folder of the package it is in."""
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in SUFFIXES)


def write_modules(folder: Path) -> None:
    """Copy them, in their folders."""
    for path in module_files():
        copy = folder / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())


_STATIC = {
    "Array": {"Sort"},
    "Console": {"Out"},
    "Convert": {"ToBase64String"},
    "Diagnostics.Process": {"GetCurrentProcess", "GetProcessById"},
    "Diagnostics.Stopwatch": {"StartNew"},
    "Environment": {"OSVersion", "SetEnvironmentVariable"},
    "Globalization.DateTimeStyles": {"RoundtripKind"},
    "IO.Directory": {"Exists"},
    "IO.File": {"AppendAllText", "Delete", "ReadAllBytes", "WriteAllBytes"},
    "IO.Path": {"ChangeExtension"},
    "Math": {"Min"},
    "StringComparer": {"Ordinal"},
    "StringComparison": {"Ordinal"},
    "Text.Encoding": {"ASCII", "UTF8", "Unicode"},
    "Threading.Thread": {"Sleep"},
    "Threading.Timeout": {"Infinite"},
    "datetime": {"Parse"},
    "guid": {"NewGuid"},
    "int": {"MaxValue"},
    "object": {"ReferenceEquals"},
    "powershell": {"Create"},
    "regex": {"Escape", "IsMatch"},
    "runspace": {"DefaultRunspace"},
    "runspacefactory": {"CreateRunspace"},
    "timespan": {"FromMilliseconds", "FromSeconds"},
}
"""Static members that only modules use, all looked up in .NET Framework 4.6.2. ``new`` is a constructor."""
_CONSTRUCTED = {
    "Collections.Hashtable", "IO.DirectoryInfo", "IO.MemoryStream", "IO.StreamWriter", "InvalidOperationException",
    "Management.Automation.CommandNotFoundException", "psnoteproperty",
}  # fmt: skip
_TYPES = {
    "Collections.Generic.List[object]", "Collections.IList", "Management.Automation.ErrorRecord",
    "Management.Automation.PSCmdlet", "Management.Automation.Runspaces.PipelineResultTypes",
    "Text.RegularExpressions.MatchEvaluator", "array", "byte[]", "decimal", "double",
    "pscustomobject", "ref", "string", "switch",
}  # fmt: skip
_MADE = {"Collections.Generic.List[object]", "Collections.Generic.List[psobject]"}
_METHODS = {
    "Add", "AddDays", "AddCommand", "AddParameters", "Clear", "Clone", "Copy", "Dispose", "Flush", "GetVariable",
    "ImportPSModule", "Invoke", "MergeMyResults", "Open", "Restart", "WriteLine",
    "GetBytes", "GetFiles", "GetString", "IndexOf", "Insert",
    "IsMatch", "Kill", "Remove", "Replace", "ShouldProcess", "StartsWith", "Substring", "ThrowTerminatingError",
    "ToArray", "Trim", "Write",
}  # fmt: skip


def _looked_up() -> LookedUp:
    static = {name: STATIC.get(name, set()) | _STATIC.get(name, set()) for name in {*STATIC, *_STATIC}}
    static |= {name: static.get(name, set()) | {"new"} for name in _CONSTRUCTED}
    return LookedUp(static=static, methods=METHODS | _METHODS, types=TYPES | set(static) | _TYPES, made=_MADE)


BY_MODULES = _looked_up()
