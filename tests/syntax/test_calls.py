"""Every command that a script calls is there in Windows PowerShell 5.1, and its parameters are named."""

import pytest

from tests.syntax.calls import POWERSHELL, by_position, calls, unknown_parameters
from tests.syntax.draw import USED, USED_BY_MODULES
from tests.syntax.scopes import scopes_of
from tests.syntax.tree import Description, File, Node
from tests.syntax.values import function_around, simple, values_of

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

ALIASES_OF_5_1 = frozenset(
    [
        "%",
        "?",
        "ac",
        "asnp",
        "cat",
        "cd",
        "cfs",
        "chdir",
        "clc",
        "clear",
        "clhy",
        "cli",
        "clp",
        "cls",
        "clv",
        "cnsn",
        "compare",
        "copy",
        "cp",
        "cpi",
        "cpp",
        "curl",
        "cvpa",
        "dbp",
        "del",
        "diff",
        "dir",
        "dnsn",
        "ebp",
        "echo",
        "epal",
        "epcsv",
        "epsn",
        "erase",
        "etsn",
        "exsn",
        "fc",
        "fhx",
        "fl",
        "foreach",
        "ft",
        "fw",
        "gal",
        "gbp",
        "gc",
        "gcb",
        "gci",
        "gcm",
        "gcs",
        "gdr",
        "ghy",
        "gi",
        "gin",
        "gjb",
        "gl",
        "gm",
        "gmo",
        "gp",
        "gps",
        "gpv",
        "group",
        "gsn",
        "gsnp",
        "gsv",
        "gtz",
        "gu",
        "gv",
        "gwmi",
        "h",
        "history",
        "icm",
        "iex",
        "ihy",
        "ii",
        "ipal",
        "ipcsv",
        "ipmo",
        "ipsn",
        "irm",
        "ise",
        "iwmi",
        "iwr",
        "kill",
        "lp",
        "ls",
        "man",
        "md",
        "measure",
        "mi",
        "mount",
        "move",
        "mp",
        "mv",
        "nal",
        "ndr",
        "ni",
        "nmo",
        "npssc",
        "nsn",
        "nv",
        "ogv",
        "oh",
        "popd",
        "ps",
        "pushd",
        "pwd",
        "r",
        "rbp",
        "rcjb",
        "rcsn",
        "rd",
        "rdr",
        "ren",
        "ri",
        "rjb",
        "rm",
        "rmdir",
        "rmo",
        "rni",
        "rnp",
        "rp",
        "rsn",
        "rsnp",
        "rujb",
        "rv",
        "rvpa",
        "rwmi",
        "sajb",
        "sal",
        "saps",
        "sasv",
        "sbp",
        "sc",
        "scb",
        "select",
        "set",
        "shcm",
        "si",
        "sl",
        "sleep",
        "sls",
        "sort",
        "sp",
        "spjb",
        "spps",
        "spsv",
        "start",
        "stz",
        "sujb",
        "sv",
        "swmi",
        "tee",
        "trcm",
        "type",
        "wget",
        "where",
        "wjb",
        "write",
    ]
)


def aliases(described: Description, file: File) -> list[str]:
    known = described.aliases | ALIASES_OF_5_1
    return [unit.place(call.node) for unit, call in calls(file) if call.name.lower() in known]


def given_by_position(file: File) -> list[str]:
    return [unit.place(node) for unit, call in calls(file) for node in by_position(call)]


def unknown(file: File) -> list[str]:
    return [f"{unit.place(call.node)}: {text}" for unit, call in calls(file) for text in unknown_parameters(call, file)]


def test_no_script_uses_an_alias(described: Description) -> None:
    assert [place for file in described.scripts for place in aliases(described, file)] == []


def test_an_alias_is_seen(described: Description) -> None:
    assert len(aliases(described, described.snippet("an alias"))) == 1


def test_every_argument_has_its_name(described: Description) -> None:
    assert [place for file in described.scripts for place in given_by_position(file)] == []


def test_an_argument_without_a_name_is_seen(described: Description) -> None:
    assert len(given_by_position(described.snippet("by position"))) == 4
    assert given_by_position(described.snippet("known by position")) == []


def test_every_command_and_parameter_is_in_5_1_or_in_exchange(described: Description) -> None:
    assert [text for file in described.scripts for text in unknown(file)] == []


def test_what_is_not_in_5_1_is_seen(described: Description) -> None:
    assert [text.split(": ", 1)[-1] for text in unknown(described.snippet("not in 5.1"))] == [
        "Get-Uptime is not a command of the script, of 5.1 or of Exchange",
        "Sort-Object has no -Top in 5.1",
        "Get-A is not a command of the script, of 5.1 or of Exchange",
        "Sort-Object has no -top in 5.1",
        "Sort-Object: @Nobody is not a table that stands in the script",
    ]
    assert len(unknown(described.snippet("no such value"))) == 3


def called_otherwise(file: File) -> list[str]:
    """The calls by ``&`` or ``.`` of anything but a script block, a variable that has one, or what was compared."""
    found = []
    used = {id(file.functions[name]) for name in scopes_of(file).used}
    for unit in file.units:
        for node in unit.tree.all("Command"):
            around = function_around(node)
            if node.operator == "Unknown" or (around is not None and id(around) not in used):
                continue
            kinds = [child.kind for child in node.children]
            known = kinds in (["VariableExpression"], ["ScriptBlockExpression"])
            if not known and not _is_block_in_table(node, file) and not _is_compared_text(node, file):
                found.append(unit.place(node))
    return found


def _is_block_in_table(node: Node, file: File) -> bool:
    """Whether a node calls an entry of a table by a name under which the tables of the script hold only blocks."""
    what = node.children[0]
    held = values_of(file).held(what.value) if what.kind == "MemberExpression" else []
    return bool(held) and all(value.kind == "ScriptBlockExpression" for value in held)


def _is_compared_text(node: Node, file: File) -> bool:
    """Whether a node is ``. ([scriptblock]::Create($Text))`` in a script that stops where $Text has another hash."""
    made = simple(node.children[0])
    if (made.kind, made.value) != ("InvokeMemberExpression", "Create") or made.children[0].value != "scriptblock":
        return False
    stops = [unit.tree for unit in file.own if unit.tree.kind == "IfStatement" and unit.tree.all("ThrowStatement")]
    return [child.value for child in made.children[2:]] == ["Text"] and any(
        {"text", "sha256"} <= values_of(file).mentions(stop) for stop in stops
    )


def test_a_command_is_called_by_a_name_that_stands_there(described: Description) -> None:
    """What is called by ``&`` or ``.`` is a script block or a variable that holds one: no name put together.

    The shared functions are the one text that is run, and only after it was compared: see tests.test_reading.
    """
    assert [place for file in described.scripts for place in called_otherwise(file)] == []


def test_a_name_that_is_put_together_is_seen(described: Description) -> None:
    assert len(called_otherwise(described.snippet("a name put together"))) == 5


def test_the_catalogue_of_5_1_holds_what_the_scripts_use_and_no_more(described: Description) -> None:
    used = {call.name for file in described.scripts for _, call in calls(file)}
    assert set(POWERSHELL["cmdlets"]) == {*USED, *USED_BY_MODULES}
    assert set(USED) - used == set()
    assert set(USED_BY_MODULES) & used == set()
