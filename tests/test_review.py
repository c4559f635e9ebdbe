"""The approver's review: verified, compared with the example pack, signed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mm365.errors import OutputError, PackError
from mm365.integration.risks import RISKS
from mm365.notebook.hypertext import risk_list
from mm365.notebook.review import Review, open_pack
from mm365.notebook.sign_off import SignOff, default_file, looked_at, save_sign_off, sign_off_html, sign_off_markdown
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.outcomes import RunThrough
from mm365.rehearsal.promises import Breach, Promise
from mm365.rehearsal.rehearsal import Options, Result
from mm365.request.fields import OFFER
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts.change import build_change
from tests.commands import tree
from tests.exports import INTEGRATION, REQUEST, made, plan, tenant_with
from tests.rehearsed import rehearsed

if TYPE_CHECKING:
    from ipywidgets import VBox

    from mm365.notebook.review_screen import ReviewScreen

APPROVED = SignOff(name="A. Approver", role="CAB", date="2026-01-02", decision="Approved", remark="fine")
OWN = {
    "region": "us",
    "header_id": "11111111-2222-3333-4444-555555555555",
    "tenant": "a-rather-long-name-that-breaks-comments-elsewhere.of-a-tenant.onmicrosoft.com",
    "tenant_id": "22222222-2222-3333-4444-555555555555",
}
CHANGES = ["", "a", "The", "# Loop", "CHG #> * _x_ [q] 'a' \"b\" größe 😀 \\n " + "and words  " * 14]


def reviewed(folder: Path, **values: str) -> Review:
    write_pack(build_pack(build_change(build_request({**OWN, **values}, needs=()))), folder)
    return open_pack(folder)


@pytest.fixture
def review(pack_folder: Path) -> Review:
    return open_pack(pack_folder)


@pytest.mark.parametrize("guard", LoopGuard)
@pytest.mark.parametrize("region", REGIONS)
def test_nothing_but_values_differs_from_the_example(region: str, guard: LoopGuard, tmp_path: Path) -> None:
    found = reviewed(tmp_path / "pack", region=region, loop_guard=guard.value, change="CHG7")
    assert found.differences
    assert found.nothing_but_values
    assert (found.may_be_approved, found.findings) == (True, ())


@pytest.mark.parametrize("held", [True, False])
def test_a_rehearsal_in_the_pack_is_not_a_difference(held: bool, tmp_path: Path) -> None:
    change = build_change(build_request({**OWN, "change": "CHG7"}, needs=()))
    write_pack(build_pack(change, rehearsed(change, held=held)), tmp_path / "pack")
    found = open_pack(tmp_path / "pack")
    assert (found.may_be_approved, found.findings) == (True, ())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("tenant_id", ["", OWN["tenant_id"]])
def test_values_are_known_as_values_however_they_are_written(change: str, tenant_id: str, tmp_path: Path) -> None:
    found = reviewed(tmp_path / "pack", change=change, tenant_id=tenant_id)
    assert [difference for difference in found.differences if not difference.only_values] == []


def test_pack_of_the_examples_own_values_differs_nowhere(tmp_path: Path) -> None:
    review = reviewed(tmp_path / "pack", **OFFER)
    assert (review.differences, review.nothing_but_values) == ((), True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$true", "$false"),
        ("us.mailmarshal.cloud", "us.mailmarshal.cl0ud"),
        (OWN["tenant"], "evil.com"),
        ("Set-StrictMode -Version Latest\n", ""),
    ],
)
def test_one_altered_place_is_found_and_named(old: str, new: str, tmp_path: Path) -> None:
    reviewed(tmp_path / "pack", change="CHG7")
    script = tmp_path / "pack" / "scripts" / "30-create.ps1"
    script.write_text(script.read_text().replace(old, new, 1), newline="\n")
    found = open_pack(tmp_path / "pack")
    assert (found.report.intact, found.nothing_but_values, found.may_be_approved) == (False, False, False)
    assert {difference.path for difference in found.differences if not difference.only_values} == {
        "scripts/30-create.ps1"
    }
    assert found.findings[0] == "scripts/30-create.ps1 is changed."
    assert "differs in more than values" in found.findings[1]


def test_file_that_was_added_or_taken_away_is_found(pack_folder: Path) -> None:
    (pack_folder / "scripts" / "60-stop.ps1").unlink()
    (pack_folder / "scripts" / "80-more.ps1").write_text("Remove-Mailbox *")
    found = open_pack(pack_folder)
    others = {difference.path for difference in found.differences if not difference.only_values}
    assert others == {"scripts/60-stop.ps1", "scripts/80-more.ps1"}
    assert not found.may_be_approved
    assert found.request is not None
    names = [script.name for script in build_change(found.request).scripts]
    assert [one.script.name for one in found.scripts] == [name for name in names if name != "60-stop"]


def test_signed_script_counts_as_generated(pack_folder: Path) -> None:
    script = pack_folder / "scripts" / "30-create.ps1"
    block = b"# SIG # Begin signature block\r\n# AAAA\r\n# SIG # End signature block\r\n"
    script.write_bytes(script.read_bytes() + block)
    assert open_pack(pack_folder).may_be_approved


def test_request_that_cannot_be_read_leaves_a_review_that_says_so(pack_folder: Path) -> None:
    (pack_folder / "request.json").write_text("no json")
    found = open_pack(pack_folder)
    assert (found.request, found.scripts, found.differences, found.may_be_approved) == (None, (), (), False)
    assert "request.json cannot be read as a request; make the pack again." in found.findings


def test_folder_that_is_no_pack_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(PackError):
            open_pack(folder)


def test_nothing_on_the_screen_holds_the_whole_header_id(tmp_path: Path) -> None:
    found = reviewed(tmp_path / "pack", change="CHG7")
    shown = [line for difference in found.differences for line in (*difference.example, *difference.pack)]
    shown += [one.text for one in found.scripts]
    assert OWN["header_id"] not in "".join(shown)


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_sign_off_holds_the_fingerprint_and_leaves_the_pack_alone(
    suffix: str, review: Review, valid_request: Request
) -> None:
    saved = save_sign_off(review, APPROVED, default_file(review, suffix))
    assert saved == review.folder.parent / f"pack-sign-off{suffix}"
    text = saved.read_text(encoding="utf-8")
    assert build_pack(build_change(valid_request)).fingerprint in text
    assert "A. Approver" in text
    assert valid_request.header_id not in text
    assert tree(review.folder) == build_pack(build_change(valid_request)).files
    assert open_pack(review.folder).report.intact


def test_what_is_typed_into_a_sign_off_cannot_draw_on_it(review: Review) -> None:
    typed = SignOff(name="<b>A</b> | B `c` [d](e)", date="2026", decision="Rejected")
    assert "<b>" not in sign_off_html(review, typed)
    assert r"\<b\>A\</b\> \| B \`c\` \[d\](e)" in sign_off_markdown(review, typed)


def test_sign_off_needs_a_name_a_date_and_a_decision(review: Review) -> None:
    assert SignOff(name="a\nb").problems(review) == (
        "Name holds the character U+000A, which does not show; use one line of readable text.",
        "Date is needed.",
        "Choose one of Approved, Rejected.",
    )
    with pytest.raises(PackError, match="Date is needed"):
        sign_off_markdown(review, SignOff(name="A"))


def test_altered_pack_can_be_rejected_and_not_approved(pack_folder: Path, tmp_path: Path) -> None:
    (pack_folder / "change-request.md").write_text("all is well")
    found = open_pack(pack_folder)
    with pytest.raises(PackError, match="cannot be approved"):
        save_sign_off(found, APPROVED, tmp_path / "yes.md")
    rejected = SignOff(name="A", date="2026", decision="Rejected")
    assert "NOT all as generated" in save_sign_off(found, rejected, tmp_path / "no.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [sign_off_markdown, sign_off_html])
def test_sign_off_says_which_scripts_were_opened_and_that_nothing_was_rehearsed(
    text: Callable[[Review, SignOff], str], review: Review
) -> None:
    paths = [one.path for one in review.scripts]
    assert f"read 0 of {len(paths)} scripts; rehearsed: no" in text(review, APPROVED)
    most = replace(APPROVED, opened=frozenset(paths) - {"scripts/60-stop.ps1", "scripts/80-trace.ps1"})
    said = f"read {len(paths) - 2} of {len(paths)} scripts (not 60-stop, 80-trace); rehearsed: no"
    assert said in text(review, most)
    every = replace(APPROVED, opened=frozenset([*paths, "scripts/of-another-pack.ps1"]))
    assert f"read {len(paths)} of {len(paths)} scripts; rehearsed: no" in text(review, every)


def rehearsal_of(review: Review, **values: object) -> Result:
    """A rehearsal of the pack as it might end, with one way through in which nothing ran."""
    assert review.request is not None
    way = RunThrough(way="file", stages=(), breaches=(), returned=())
    done = Result(
        options=Options(pack=review.folder, program="pwsh"),
        change=build_change(review.request),
        fingerprint=review.report.fingerprint,
        begun=datetime(2026, 12, 1, tzinfo=UTC),
        shell=None,
        ways=(way,),
        outcomes=(),
        planned=0,
        runs=11,
        seconds=7.25,
    )
    return replace(done, **values)  # type: ignore[arg-type]


def test_sign_off_says_what_was_rehearsed_and_whether_it_held(review: Review) -> None:
    def said(**values: object) -> str:
        return looked_at(review, replace(APPROVED, rehearsal=rehearsal_of(review, **values))).partition("; ")[2]

    assert said() == "rehearsed: yes, 11 runs from the tenant empty, without faults: all held"
    options = Options(pack=review.folder, program="pwsh", tenant="state/b\x1b.json", kinds=("error", "kill"))
    assert said(options=options) == (
        "rehearsed: yes, 11 runs from the tenant 'state/b\\x1b.json', with the faults error, kill: all held"
    )
    breach = Breach(promise=Promise.BYSTANDERS, text="a rule is gone")
    broken = RunThrough(way="file", stages=(), breaches=(), returned=(breach,))
    assert said(ways=(broken,)).endswith(": NOT all held")


def test_rehearsal_of_another_pack_does_not_count(review: Review) -> None:
    other = replace(APPROVED, rehearsal=rehearsal_of(review, fingerprint="1"))
    assert looked_at(review, other).endswith("rehearsed: no")


def said_by(section: "VBox") -> str:
    """The HTML that a section of a screen shows, behind its style sheet."""
    return "".join(str(child.value) for child in section.children[1:] if "mm365" in str(getattr(child, "value", "")))


@pytest.fixture
def screen(pack_folder: Path) -> "ReviewScreen":
    """The review's screen on a pack, with each of its cells run, without a browser."""
    pytest.importorskip("ipywidgets")
    from mm365.notebook.review_screen import start  # noqa: PLC0415 - it may not be installed

    return start(str(pack_folder))


@pytest.mark.notebook
def test_only_what_a_person_opens_counts_and_only_until_a_pack_is_opened_again(screen: "ReviewScreen") -> None:
    chooser, shown = screen.read_scripts().children[1:]
    sign = screen.sign()
    assert (screen.sign_off.opened, shown.value) == (frozenset(), ""), "nothing is shown before it is chosen"
    for name in ("30-create", "70-rollback", "30-create", ""):
        chooser.value = name
    assert screen.sign_off.opened == {"scripts/30-create.ps1", "scripts/70-rollback.ps1"}
    assert "In this review: read 2 of 8 scripts" in said_by(sign)
    chooser.value = "30-create"
    screen.open().children[2].click()
    assert (chooser.value, shown.value, screen.sign_off.opened) == ("", "", frozenset())
    assert "In this review: read 0 of 8 scripts" in said_by(sign)


@pytest.mark.notebook
def test_every_risk_of_the_change_is_shown_once_with_what_to_do(screen: "ReviewScreen") -> None:
    shown = unescape(said_by(screen.show_risks()))
    for risk in RISKS:
        assert [shown.count(text) for text in (f"<strong>{risk.title}</strong>", risk.why, risk.do)] == [1, 1, 1]


def test_no_risks_are_known_of_a_request_that_cannot_be_read(pack_folder: Path) -> None:
    (pack_folder / "request.json").write_text("no json")
    found = open_pack(pack_folder)
    assert found.risks == ()
    assert "it is not known what can go wrong" in risk_list(found.risks)


def test_sign_off_goes_nowhere_it_should_not(review: Review, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    for place in (review.folder / "sign-off.md", tmp_path / "sign-off.pdf", tmp_path / "mine.md"):
        with pytest.raises(OutputError):
            save_sign_off(review, APPROVED, place)
    assert (tmp_path / "mine.md").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.md", "pack"]


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """The folder of a pack that was made against a snapshot."""
    other = made(INTEGRATION.outbound, on=False, TlsDomain="*.us.mailmarshal.cloud")
    change = build_change(REQUEST, plan(tmp_path, tenant_with(other), adopt=True))
    write_pack(build_pack(change), tmp_path / "pack")
    return tmp_path / "pack"


def test_pack_of_a_plan_is_compared_with_itself_rendered_again(planned: Path) -> None:
    found = open_pack(planned)
    assert found.plan is not None
    assert [each.action.value for each in found.plan.objects] == ["create", "update", "create", "create"]
    assert (found.plan_is_right, found.differences, found.findings) == (True, (), ())
    assert found.may_be_approved
    assert [one.path for one in found.scripts if not one.text] == []


def test_plan_that_is_not_what_the_request_and_the_snapshot_give_is_told(planned: Path) -> None:
    path = planned / "plan.json"
    path.write_text(path.read_text().replace('"update"', '"keep"'))
    found = open_pack(planned)
    assert (found.plan_is_right, found.nothing_but_values, found.may_be_approved) == (False, False, False)
    assert "plan.json is not the plan that the pack's request and snapshot give." in found.findings
    assert [each.path for each in found.differences] == ["plan.json"]


@pytest.mark.parametrize("text", ["", "[]", "null"])
def test_snapshot_in_a_pack_that_cannot_be_read_is_told(text: str, planned: Path) -> None:
    (planned / "scripts" / "Snapshot.json").write_text(text)
    found = open_pack(planned)
    assert (found.plan, found.scripts, found.nothing_but_values, found.may_be_approved) == (None, (), False, False)
    assert "scripts/Snapshot.json is not what was generated; make the pack again." in found.findings


def test_sign_off_of_a_plan_says_with_what_it_was_compared(planned: Path) -> None:
    text = sign_off_markdown(open_pack(planned), APPROVED)
    assert "| Against the pack rendered again | nothing differs |" in text


def test_screen_of_the_review_shows_the_plan_and_whether_plan_json_is_that(planned: Path) -> None:
    screens = pytest.importorskip("mm365.notebook.review_screen")
    shown = screens.start(str(planned)).show_plan().children[-1].value
    assert "plan.json is the plan that the pack&#39;s request and snapshot give." in shown
    assert "update the outbound connector" in shown
    (planned / "plan.json").write_text("{}")
    assert "This is what they give" in screens.start(str(planned)).show_plan().children[-1].value
    (planned / "scripts" / "Snapshot.json").write_text("{}")
    assert "cannot be made again" in screens.start(str(planned)).show_plan().children[-1].value


def test_screen_of_the_review_says_that_a_pack_was_made_without_a_snapshot(pack_folder: Path) -> None:
    screens = pytest.importorskip("mm365.notebook.review_screen")
    shown = screens.start(str(pack_folder)).show_plan().children[-1].value
    assert "made without a snapshot" in shown
