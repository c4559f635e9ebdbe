"""The approver's review: verified, compared with the example pack, signed."""

from pathlib import Path

import pytest

from mm365.errors import OutputError, PackError
from mm365.notebook.review import Review, open_pack
from mm365.notebook.sign_off import SignOff, default_file, save_sign_off, sign_off_html, sign_off_markdown
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.request.fields import OFFER
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts.change import build_change
from tests.commands import tree

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


def test_sign_off_goes_nowhere_it_should_not(review: Review, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    for place in (review.folder / "sign-off.md", tmp_path / "sign-off.pdf", tmp_path / "mine.md"):
        with pytest.raises(OutputError):
            save_sign_off(review, APPROVED, place)
    assert (tmp_path / "mine.md").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.md", "pack"]
