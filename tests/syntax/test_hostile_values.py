"""No accepted value gets out of its string: a script's tree and tokens are those of a harmless request's."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mm365.errors import RequestError
from mm365.powershell import free_text, literal
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts.change import build_change
from mm365.scripts.rendering import render_script
from tests.commands import VALUES
from tests.syntax.scripts import FORMS
from tests.syntax.test_literals import AWKWARD

pytestmark = [pytest.mark.powershell, pytest.mark.xdist_group("syntax")]

SCRIPTS = ("inbound-connector", "transport-rules")
EXAMPLES = 150
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
    """The request of the same region and guard with values that nobody could mistake."""
    values = {**VALUES, "region": request.region.code, "loop_guard": request.loop_guard.value}
    return build_request({**values, "tenant_id": VALUES["header_id"]}, needs=())


@pytest.fixture(scope="module")
def compared(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Request, Any, Any]]:
    """Name, request, what the engine says of the script, and what it says of the harmless one."""
    folder = tmp_path_factory.mktemp("hostile")
    files: dict[str, bytes] = {}
    pairs = []
    for number, request in enumerate(drawn()):
        plain = harmless(request)
        for script in SCRIPTS:
            for form in FORMS:
                name = f"{number}-{script}-{form}"
                reference = f"{plain.region.code}-{plain.loop_guard.value}-{script}-{form}"
                files[name] = render_script(script, build_change(request), form).data
                files[reference] = render_script(script, build_change(plain), form).data
                pairs.append((name, request, reference))
    (folder / "files").mkdir()
    for name, data in files.items():
        (folder / "files" / name).write_bytes(data)
    here = Path(__file__).parent / "compare.ps1"
    command = [pwsh, "-NoProfile", "-NonInteractive", "-File", str(here), "-Folder", str(folder / "files")]
    command += ["-Answer", str(folder / "answer.json")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    answers: dict[str, Any] = json.loads((folder / "answer.json").read_text("utf-8-sig"))
    return [(name, request, answers[name], answers[reference]) for name, request, reference in pairs]


Compared = list[tuple[str, Request, Any, Any]]


def test_there_are_as_many_values_as_are_promised(compared: Compared) -> None:
    assert len(compared) >= 4 * (len(FIXED) + EXAMPLES // 2)


def test_every_script_parses_with_any_value(compared: Compared) -> None:
    assert [(name, request.change) for name, request, answer, _ in compared if answer["errors"]] == []


@pytest.mark.parametrize("what", ["nodes", "kinds", "rest"])
def test_a_value_changes_nothing_but_strings_and_comments(compared: Compared, what: str) -> None:
    differing = [(name, request.change) for name, request, answer, plain in compared if answer[what] != plain[what]]
    assert differing == []


def test_only_the_strings_of_the_request_differ(compared: Compared) -> None:
    for name, request, answer, plain in compared:
        assert len(answer["strings"]) == len(plain["strings"]), name
        differing = {new for new, old in zip(answer["strings"], plain["strings"], strict=True) if new != old}
        quoted = re.fullmatch(r"\[regex\]::Unescape\((.*)\)", free_text(request.change))
        assert quoted is not None
        own = {quoted[1], *(literal(text) for text in (request.tenant, request.tenant_id, request.header_id))}
        assert differing <= own, name


def test_powershell_sees_exactly_the_texts_that_were_given(compared: Compared) -> None:
    for name, request, answer, _ in compared:
        expected = {"Tenant": request.tenant, "TenantId": request.tenant_id, "Change": request.change}
        assert answer["values"] == expected, name


def test_a_value_that_got_out_would_be_seen(compared: Compared) -> None:
    """The same comparison of two scripts that differ in more than values: their prints are not the same."""
    prints = {plain["nodes"] + plain["kinds"] + plain["rest"] for *_, plain in compared}
    assert len(prints) >= len(SCRIPTS) * len(FORMS)
