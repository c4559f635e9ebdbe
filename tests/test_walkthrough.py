"""The guided walk, without a browser: what is wrong, what follows, what is written."""

import shlex
from pathlib import Path

import pytest

from mm365.errors import OutputError
from mm365.exchange.parameters import MEANINGS
from mm365.integration.article import build_integration
from mm365.integration.risks import RISKS
from mm365.mailflow.loop_guard import explain_loop
from mm365.notebook.walkthrough import Walkthrough
from mm365.notebook.ways import guard_ways
from mm365.pack.contents import build_pack
from mm365.request.fields import FIELDS, NEEDED, OFFER, label, option
from mm365.request.request import LoopGuard, build_request
from mm365.scripts.change import build_change
from tests.commands import run, tree

OTHER_ID = "11111111-2222-3333-4444-555555555555"
AWKWARD = "CHG 7 $(x) 'a' \"b\" größe"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def all_ticked(walk: Walkthrough) -> Walkthrough:
    for risk in RISKS:
        walk = walk.tick(risk.key)
    return walk


def test_it_begins_with_an_example_that_is_right_and_writes_nothing(tmp_path: Path) -> None:
    walk = Walkthrough()
    assert [walk.problem(name) for name in FIELDS] == [""] * len(FIELDS)
    assert walk.request is not None
    files = build_pack(build_change(walk.request)).files
    scripts = [path for path in files if path in {one.path for one in walk.scripts}]
    assert scripts == [one.path for one in walk.scripts] != []
    assert (walk.may_write, list(tmp_path.iterdir())) == (False, [])


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("region", "ue", "Region 'ue' is not a region; use one of au (Australia), eu (Europe), us (United "),
        ("header_id", "", "Header ID is needed; give the GUID that LevelBlue gave you for the X-MMCloud-ID header."),
        ("tenant", "contoso", "Tenant 'contoso' is not a domain name; use an accepted domain of the tenant such as "),
        ("change", "a\tb", r"Change 'a\tb' holds the character U+0009, which does not show; use one line"),
        ("loop_guard", "none", "Loop guard 'none' is not a loop guard; use one of stop, stop-and-except, kb-literal."),
    ],
)
def test_a_wrong_field_says_what_the_command_line_says(name: str, text: str, problem: str) -> None:
    walk = all_ticked(Walkthrough()).enter(name, text)
    assert walk.problem(name).startswith(problem)
    assert walk.obstacles == (walk.problem(name),)
    assert (walk.request, walk.scripts, walk.command, walk.fingerprint) == (None, (), "", "")
    others = [word for key, known in OFFER.items() if key != name and known for word in (option(key), known)]
    told = run("pack", *others, *([option(name), text] if text else [])).err
    assert told == f"mm365: {option(name)}{walk.problem(name).removeprefix(FIELDS[name].label)}\n"


def test_optional_fields_may_be_empty() -> None:
    walk = Walkthrough().enter("tenant_id", "").enter("change", " ").enter("loop_guard", "")
    assert walk.request is not None
    assert walk.loop == explain_loop(LoopGuard.STOP)


def test_what_a_region_implies_is_known_while_other_fields_are_wrong() -> None:
    walk = Walkthrough().enter("header_id", "x").enter("region", "AU")
    assert walk.region is not None
    assert walk.region.smart_host == "m365integrated-array-1.au.mailmarshal.cloud"
    assert walk.enter("region", "xx").region is None


def test_the_examples_own_values_are_pointed_out_until_they_are_replaced() -> None:
    walk = Walkthrough()
    assert all(walk.notice(name) for name in ("header_id", "tenant"))
    assert walk.enter("header_id", OTHER_ID).notice("header_id") == ""


def test_a_change_makes_a_new_walk_and_leaves_the_old_one() -> None:
    walk = Walkthrough()
    assert walk.enter("tenant", "fabrikam.com").texts["tenant"] == "fabrikam.com"
    assert walk.tick("all_mail").ticked == {"all_mail"}
    assert walk.tick("all_mail").tick("all_mail", understood=False).ticked == frozenset()
    assert walk == Walkthrough()


def test_unknown_fields_and_risks_are_refused() -> None:
    with pytest.raises(KeyError):
        Walkthrough().enter("colour", "red")
    with pytest.raises(KeyError):
        Walkthrough().tick("weather")


def test_a_pack_may_be_written_when_the_last_risk_is_ticked_and_not_before() -> None:
    walk = Walkthrough()
    for left in range(len(RISKS), 0, -1):
        assert walk.obstacles == (f"{left} of {len(RISKS)} risks are not ticked yet.",)
        with pytest.raises(OutputError, match="Nothing was written"):
            walk.write()
        walk = walk.tick(walk.unticked[0])
    assert walk.may_write
    assert not Path("output").exists()


@pytest.mark.parametrize("guard", LoopGuard)
def test_every_setting_has_its_line_its_meaning_its_reason_and_its_source(guard: LoopGuard) -> None:
    walk = Walkthrough().enter("loop_guard", guard.value)
    created = next(one for one in walk.scripts if one.script.name == "30-create")
    lines = created.text.splitlines()
    assert walk.request is not None
    expected = [setting.name for thing in build_integration(walk.request).objects for setting in thing.settings]
    assert [item.name for item in created.settings] == expected
    for item in created.settings:
        assert lines[item.line - 1].split("=")[0].strip() == item.name
        assert item.what.endswith(".")
        assert item.why.endswith(".")
        assert item.what != item.why
        assert item.sources


def test_a_setting_is_explained_by_its_own_meaning() -> None:
    created = next(one for one in Walkthrough().scripts if one.script.name == "30-create")
    what = {item.name: item.what for item in created.settings}
    assert what["SmartHosts"] == "The host that mail is handed to."
    assert what["RemoveHeader"] == "The header that the rule takes off a message it matches."


def test_there_is_a_meaning_for_every_setting_and_no_other() -> None:
    requests = [build_request({**OFFER, "loop_guard": guard.value}, needs=()) for guard in LoopGuard]
    objects = [each for request in requests for each in build_integration(request).objects]
    used = {setting.name for each in objects for setting in each.settings}
    assert used == set(MEANINGS), "the table MEANINGS in exchange/parameters.py has a line for each of them"


def guarded(guard: LoopGuard) -> Walkthrough:
    return Walkthrough().enter("loop_guard", guard.value)


def test_scripts_on_the_screen_hold_only_the_beginning_of_the_header_id() -> None:
    walk = Walkthrough().enter("header_id", OTHER_ID)
    shown = "".join(one.text + "".join(item.value for item in one.settings) for one in walk.scripts)
    assert OTHER_ID not in shown
    assert "11111111-..." in shown


@pytest.mark.parametrize("folder", ["", "a folder/for it"])
def test_pack_is_byte_for_byte_that_of_the_command_line(folder: str, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    walk = all_ticked(Walkthrough()).enter("change", AWKWARD).enter("region", "us").in_folder(folder)
    done = walk.write()
    written = tree(tmp_path / done.folder)
    assert done.folder == Path(folder or "output/contoso.onmicrosoft.com-us")
    assert walk.request is not None
    assert written == build_pack(build_change(walk.request)).files
    assert done.fingerprint == walk.fingerprint
    told = run(*shlex.split(walk.replacing(wanted=True).command)[1:])
    assert (told.code, told.err) == (0, "")
    assert done.fingerprint in told.text
    assert tree(tmp_path / done.folder) == written


def test_pack_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    walk = all_ticked(Walkthrough())
    walk.write()
    before = tree(tmp_path)
    with pytest.raises(OutputError) as told:
        walk.enter("change", "other").write()
    assert told.value.said(label) == (
        f"'{Path('output', 'contoso.onmicrosoft.com-eu')}' is there already; choose another folder, or have the pack "
        "replaced."
    ), "a notebook has no options"
    assert tree(tmp_path) == before
    assert walk.enter("change", "other").replacing(wanted=True).write().fingerprint != walk.fingerprint


@pytest.mark.parametrize(
    ("guard", "verdicts"),
    [
        (LoopGuard.STOP, ("delivered-filtered", "depends")),
        (LoopGuard.STOP_AND_EXCEPT, ("delivered-filtered", "delivered-filtered")),
        (LoopGuard.KB_LITERAL, ("looped", "looped")),
    ],
)
def test_pictures_of_a_loop_guard_are_those_of_the_model(guard: LoopGuard, verdicts: tuple[str, str]) -> None:
    page = guard_ways(guard)
    assert page.count("<svg") == 2
    for name, verdict in zip(("inbound", "loop-check-late"), verdicts, strict=True):
        assert f"Verdict: {verdict}." in page.split(f"The way of {name} to ")[1]


def test_example_is_a_request_with_nothing_wrong_in_it() -> None:
    assert build_request(OFFER, needs=NEEDED).loop_guard is LoopGuard.STOP
