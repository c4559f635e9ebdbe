"""No accepted value gets out of its string: a script's tree and tokens are those of a harmless request's.

Text that is ASCII is a plain literal, other text is an expression; a harmless request has text of the same shape.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mm365.errors import RequestError
from mm365.powershell import literal
from mm365.request.request import LoopGuard, Request, build_request
from tests.commands import VALUES
from tests.syntax.scripts import is_shared, texts_of
from tests.syntax.test_literals import AWKWARD

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

EXAMPLES = 60
HARMLESS = {True: "CHG0012345", False: "CHG\u00e4"}
"""A change that nobody could mistake, by whether it is ASCII."""
OTHER_ID = "7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13"
FREE = ("tenant", "tenant_id", "header_id", "change")
"""The fields of a request whose values are free; of the others there is a closed set."""
FIXED = (
    "'; Remove-TransportRule -Identity * #",
    "\u2019); Remove-TransportRule -Identity * #",
    "\u2018\u2019\u201a\u201b'",
    '\u201c\u201d\u201e"',
    "#> exit 7 <#",
    "##>> x",
    "$(throw 1) ${x} $x `$x `",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "%TEMP% %s {0}",
    "\\u0027 \\x27 \\ \\\\ \\n",
    "\u2013Force \u2014 \u2015",
    "'@",
    "\U0001f600\U0001f468 \u4e2d\u6587",
    ".SYNOPSIS",
    ".EXTERNALHELP x",
    "#Requires -Version 99",
    "SIG # Begin signature block",
    "new email signature block",
    "signatureblock",
    "egin signature block",
    "S1G # Begim signture b1ock",
    "[SIG # Begin signature block",
    "& | ; && || > < @( ) [ ] =",
    "e\u0301 \u00a0\u3000x \u0130\u0131",
    "\ufffe\uffff",
    "a" * 200,
    "'" * 200,
    "\U0001f600" * 200,
)
label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True)
changes = st.lists(
    st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"])),
    max_size=60,
).map("".join)
guids = st.uuids().map(str)
requests = st.fixed_dictionaries(
    {
        "region": st.sampled_from(["au", "eu", "us"]),
        "loop_guard": st.sampled_from([guard.value for guard in LoopGuard]),
        "header_id": st.one_of(guids, guids.map(str.upper), guids.map(lambda text: f"{{{text}}}")),
        "tenant_id": st.one_of(guids, st.just("")),
        "tenant": st.lists(label, min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "example"])),
        "change": changes,
    }
)


def drawn() -> list[Request]:
    """The fixed changes, each with its own region and guard, and as many requests as hypothesis is asked for."""
    guards = list(LoopGuard)
    found = [
        build_request({**VALUES, "change": text, "loop_guard": guards[number % 3]}, needs=())
        for number, text in enumerate(FIXED)
    ]

    reasons: list[str] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(requests)
    def collect(values: dict[str, str]) -> None:
        try:
            found.append(build_request(values, needs=()))
        except RequestError as refused:
            reasons.append(str(refused))

    collect()
    # Nothing that is drawn is refused but for its length.
    assert all("characters; use one line" in reason or "empty GUID" in reason for reason in reasons), reasons
    return found


def harmless(request: Request) -> Request:
    """The request of the same region and guard with values of the same shape that nobody could mistake."""
    values = {**VALUES, "region": request.region.code, "loop_guard": request.loop_guard.value}
    values["change"] = HARMLESS[request.change.isascii()] if request.change else ""
    return build_request({**values, "tenant_id": OTHER_ID if request.tenant_id else ""}, needs=())


def rendered(request: Request) -> dict[str, str]:
    """The scripts and the blocks of the paste forms; the shared functions hold no value of a request."""
    return {path: text for path, text in texts_of(request.as_dict()) if not is_shared(path)}


@pytest.fixture(scope="module")
def compared(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Request, Any, Any]]:
    """Name, request, what the engine says of the script, and what it says of the harmless one."""
    folder = tmp_path_factory.mktemp("hostile")
    files: dict[str, str] = {}
    shapes: dict[Request, str] = {}
    pairs = []
    for number, request in enumerate(drawn()):
        plain = harmless(request)
        if plain not in shapes:
            shapes[plain] = f"harmless-{len(shapes)}"
            files |= {f"{shapes[plain]}/{path}": text for path, text in rendered(plain).items()}
        for path, text in rendered(request).items():
            files[f"{number}/{path}"] = text
            pairs.append((f"{number}/{path}", request, f"{shapes[plain]}/{path}"))
    for name, text in files.items():
        file = folder / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("ascii"))
    here = Path(__file__).parent / "compare.ps1"
    command = [pwsh, "-NoProfile", "-NonInteractive", "-File", str(here), "-Folder", str(folder / "files")]
    command += ["-Answer", str(folder / "answer.json")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    answers: dict[str, Any] = json.loads((folder / "answer.json").read_text("utf-8-sig"))
    return [(name, request, answers[name], answers[reference]) for name, request, reference in pairs]


Compared = list[tuple[str, Request, Any, Any]]


def test_there_are_values_of_both_shapes_in_every_file(compared: Compared) -> None:
    for shape in (True, False):
        requests = {id(request) for _, request, *_ in compared if request.change and request.change.isascii() == shape}
        assert len(requests) >= len(FIXED) // 3
    assert len({id(request) for _, request, *_ in compared}) >= len(FIXED) + EXAMPLES // 2
    kinds = {name.partition("/")[2] for name, *_ in compared}
    assert len(compared) == len(kinds) * len({id(request) for _, request, *_ in compared})


def test_every_script_parses_with_any_value(compared: Compared) -> None:
    assert [(name, request.change) for name, request, answer, _ in compared if answer["errors"]] == []


@pytest.mark.parametrize("what", ["nodes", "kinds", "rest"])
def test_a_value_changes_nothing_but_strings_and_comments(compared: Compared, what: str) -> None:
    differing = [(name, request.change) for name, request, answer, plain in compared if answer[what] != plain[what]]
    assert differing == []


def test_a_string_differs_by_the_values_of_the_request_and_by_nothing_else(compared: Compared) -> None:
    """Some stand in a longer text, such as the header and its ID, with which a rule is compared."""
    for name, request, answer, plain in compared:
        usual, given = harmless(request).as_dict(), request.as_dict()
        assert len(answer["strings"]) == len(plain["strings"]), name
        for new, old in zip(answer["strings"], plain["strings"], strict=True):
            expected = old
            for field in FREE:
                expected = expected.replace(inside(usual[field]), inside(given[field])) if usual[field] else expected
            assert new == expected, name


def inside(value: str) -> str:
    """What stands between the quotes of the literal of a value, or of the literal in its expression."""
    code = literal(value).removeprefix("[regex]::Unescape(")
    return code[1:-1] if code.endswith("'") else code[1:-2]


def test_powershell_sees_exactly_the_texts_that_were_given(compared: Compared) -> None:
    for name, request, answer, _ in compared:
        given = {
            "Tenant": request.tenant, "TenantId": request.tenant_id, "Change": request.change,
            "Region": request.region.code, "HeaderId": request.header_id, "LoopGuard": request.loop_guard.value,
        }  # fmt: skip
        assert answer["values"]["Tenant"] == request.tenant, name
        assert answer["values"].items() <= given.items(), name
        assert "/paste/" in name or "Change" in answer["values"], name


def test_a_value_that_got_out_would_be_seen(compared: Compared) -> None:
    """The same comparison of two scripts that differ in more than values: their prints are not the same."""
    prints = {plain["nodes"] + plain["kinds"] + plain["rest"] for *_, plain in compared}
    assert len(prints) >= len({name.partition("/")[2] for name, *_ in compared})
