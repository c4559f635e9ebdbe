"""The walkthrough and the review as a person meets them: in JupyterLab, in a browser.

A page takes seconds to load, so all tests of a notebook share one. Each begins with a run from top to bottom.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mm365.integration.risks import RISKS
from mm365.pack.contents import build_pack
from mm365.pack.writing import write_pack
from mm365.rehearsal.stages import stages_of
from mm365.request.request import build_request
from mm365.scripts.change import build_change
from tests.browser.jupyterlab import Server
from tests.commands import VALUES, tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one server and one browser at a time

OWN = {
    "region": "us",
    "header_id": "11111111-2222-3333-4444-555555555555",
    "tenant": "fabrikam.com",
    "change": "CHG7",
    "loop_guard": "stop-and-except",
}
CHANGE = build_change(build_request(VALUES, needs=()))
STAGES = stages_of(CHANGE, "file")
"""Every run of a script on the way through."""
LABELS = {script.name: f"{script.name}: {script.synopsis}" for script in CHANGE.scripts}
"""The scripts as they are offered to be read."""
PATIENCE = 30_000
"""For one step on a busy machine, in milliseconds."""
WIDER = """async cell => {
    cell.scrollIntoView({block: 'start'});
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
    const fields = Array.from(cell.querySelectorAll('input'), field => field.scrollWidth - field.clientWidth);
    return Math.max(cell.scrollWidth - cell.clientWidth, ...fields, ...Array.from(
        cell.querySelectorAll('.mm365, .mm365 *:not(.wide *, svg *), input, select, button'),
        node => node.getBoundingClientRect().right - cell.getBoundingClientRect().right))
}"""
"""How many pixels an output, a part of it without a scroll bar of its own, or a field's text is too wide."""
KERNEL_IS_READY = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A notebook in a page, what shows that its screens are there, and how long these took the first time."""

    page: "Page"
    first: str
    seconds: float

    def run(self) -> "Page":
        """Run it from top to bottom as if for the first time: with nothing that is left of another run."""
        run_command(self.page, "notebook:clear-all-cell-outputs")
        self.page.get_by_label(self.first, exact=True).wait_for(state="detached")
        run_command(self.page, "notebook:run-all-cells")
        self.page.get_by_label(self.first, exact=True).wait_for()
        return self.page


def opened(browser: "Browser", server: Server, notebook: str, first: str) -> Opened:
    """A notebook in JupyterLab, run from top to bottom until the field ``first`` is there."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.goto(server.page(notebook), wait_until="domcontentloaded")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.wait_for_function(KERNEL_IS_READY)
    run_command(page, "application:toggle-left-area")
    ready = time.monotonic()
    run_command(page, "notebook:run-all-cells")
    page.get_by_label(first, exact=True).wait_for()
    return Opened(page=page, first=first, seconds=time.monotonic() - ready)


@pytest.fixture(scope="module")
def walkthrough(browser: "Browser", server: Server) -> Iterator[Opened]:
    """The walkthrough."""
    found = opened(browser, server, "walkthrough", "Header ID")
    yield found
    found.page.close()


@pytest.fixture(scope="module")
def review(browser: "Browser", server: Server) -> Iterator[Opened]:
    """The review."""
    found = opened(browser, server, "review", "Pack")
    yield found
    found.page.close()


def run_command(page: "Page", command: str, **arguments: str) -> None:
    """A command of JupyterLab, as its menus would start it."""
    script = "([name, args]) => { window.jupyterapp.commands.execute(name, args); }"
    page.evaluate(script, [command, arguments])


def focus(button: "Locator") -> None:
    """Go to a button once it can be pressed: what the kernel says of it comes after what it says of other things."""
    from playwright.sync_api import expect  # noqa: PLC0415 - it may not be installed

    expect(button).to_be_enabled(timeout=PATIENCE)
    button.focus()


def picture(page: "Page", name: str) -> None:
    """A screenshot, where a person wants to look: set MM365_SCREENSHOTS to a folder."""
    if folder := os.environ.get("MM365_SCREENSHOTS"):
        page.wait_for_timeout(150)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_our_start_does_not_ask_whether_to_fetch_news(server: Server) -> None:
    assert server.default("@jupyterlab/apputils-extension:notification", "fetchNews") == "false"


def test_first_useful_screen_comes_within_five_seconds_of_the_kernels_start(walkthrough: Opened) -> None:
    assert walkthrough.seconds < 5


def test_code_is_folded_and_the_risks_are_listed_once(walkthrough: Opened) -> None:
    page = walkthrough.run()
    page.get_by_label(RISKS[-1].title).wait_for()
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0
    assert page.locator(".jp-CodeCell .jp-Placeholder").count() == page.locator(".jp-CodeCell").count() > 1
    seen = page.locator(".jp-Notebook").inner_text()
    for risk in RISKS:
        assert seen.count(risk.why) == 1


def test_pack_from_the_form_is_byte_for_byte_that_of_the_command_line(walkthrough: Opened, server: Server) -> None:
    page = walkthrough.run()
    header = page.get_by_label("Header ID", exact=True)
    write = page.get_by_role("button", name="Write the pack")
    assert write.is_disabled()
    header.fill("no guid")
    page.get_by_text("Header ID 'no guid' is not a GUID").first.wait_for()
    header.fill(OWN["header_id"])
    page.get_by_text("Header ID 'no guid' is not a GUID").first.wait_for(state="detached")
    page.get_by_label("Tenant", exact=True).fill(OWN["tenant"])
    page.get_by_label("Change", exact=True).fill(OWN["change"])
    page.get_by_label("Region").select_option(label="us: United States")
    page.get_by_text("m365integrated-array-1.us.mailmarshal.cloud").first.wait_for()
    page.get_by_label(OWN["loop_guard"], exact=True).check()
    for risk in RISKS:
        assert write.is_disabled()
        page.get_by_label(risk.title).check()
    write.click()
    request = build_request(OWN, needs=())
    page.get_by_text(f"Fingerprint: {build_pack(build_change(request)).fingerprint}").first.wait_for()
    assert tree(server.folder / "output" / "fabrikam.com-us") == build_pack(build_change(request)).files


def test_keyboard_alone_suffices(walkthrough: Opened, server: Server) -> None:
    page = walkthrough.run()
    page.get_by_label("Header ID", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(OWN["header_id"])
    for text in (OWN["tenant"], "", OWN["change"]):
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(text) if text else None
    page.get_by_label(RISKS[0].title).focus()
    for _ in RISKS:
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    write = page.get_by_role("button", name="Write the pack")
    page.get_by_text(f"{len(RISKS)} of {len(RISKS)} understood.").first.wait_for()
    focus(write)
    page.keyboard.press("Enter")
    request = build_request({**OWN, "region": "eu", "loop_guard": "stop"}, needs=())
    page.get_by_text(f"Fingerprint: {build_pack(build_change(request)).fingerprint}").first.wait_for()
    assert tree(server.folder / "output" / "fabrikam.com-eu") == build_pack(build_change(request)).files


def test_pack_is_reviewed_and_signed_with_what_was_opened(review: Opened, server: Server) -> None:
    pack = build_pack(build_change(build_request(OWN, needs=())))
    write_pack(pack, server.folder / "pack")
    page = review.run()
    page.get_by_label("Pack", exact=True).fill("pack")
    page.get_by_role("button", name="Open the pack").click()
    page.get_by_text("All of it is what was generated").first.wait_for()
    page.get_by_text("all that differs are values").first.wait_for()
    page.get_by_text("read 0 of 8 scripts; rehearsed: no").first.wait_for()
    page.get_by_label("Script").select_option(label=LABELS["50-enable"])
    page.get_by_text("read 1 of 8 scripts").first.wait_for()
    page.get_by_label("Decision").select_option(label="Approved")
    page.get_by_label("Name").fill("A. Approver")
    page.get_by_role("button", name="Save as Markdown").click()
    page.get_by_text("Saved: pack-sign-off.md").first.wait_for()
    signed = (server.folder / "pack-sign-off.md").read_text(encoding="utf-8")
    assert pack.fingerprint in signed
    assert "read 1 of 8 scripts" in signed
    assert tree(server.folder / "pack") == pack.files


@pytest.mark.powershell
def test_pack_is_rehearsed_by_keys_alone_with_a_bar_and_stopped_and_the_kernel_stays_free(
    walkthrough: Opened,
) -> None:
    page = walkthrough.run()
    page.get_by_label("Header ID", exact=True).fill(VALUES["header_id"])
    begin = page.get_by_role("button", name="Rehearse")
    # With every fault it takes minutes, so it is still running when it is stopped.
    page.get_by_label("How far", exact=True).select_option(label="the way through and every fault")
    focus(begin)
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"The way through\. \d+ of \d+ done")).first.wait_for()
    page.locator(".progress-bar").first.wait_for()
    page.get_by_label("Header ID", exact=True).fill("no guid")
    page.get_by_text("Header ID 'no guid' is not a GUID").first.wait_for()
    focus(page.get_by_role("button", name="Stop"))
    page.keyboard.press("Enter")
    page.get_by_label("Header ID", exact=True).fill(VALUES["header_id"])
    page.get_by_text("Stopped. Nothing is left of it").first.wait_for()
    page.get_by_label("How far", exact=True).select_option(label="the way through")
    begin.click()
    page.get_by_text(f"All held: {len(STAGES)} runs in").first.wait_for()
    page.get_by_text("No tenant was touched.").first.wait_for()
    page.get_by_role("region", name="The way through").get_by_text("70-rollback").first.wait_for()
    assert cut_off(page, "rehearsed") == []


@pytest.mark.parametrize("notebook", ["walkthrough", "review"])
def test_nothing_is_cut_off_at_the_side_wide_or_narrow_light_or_dark(
    notebook: str, request: pytest.FixtureRequest
) -> None:
    shared: Opened = request.getfixturevalue(notebook)
    page = shared.run()
    if notebook == "walkthrough":
        page.get_by_label("Header ID", exact=True).fill("no guid")
        page.get_by_text("Header ID 'no guid' is not a GUID").first.wait_for()
        picture(page, "walkthrough-error")
        page.get_by_label("Header ID", exact=True).fill(OWN["header_id"])
        page.get_by_label("Snapshot", exact=True).fill("tenant.json")
        page.get_by_role("region", name="Order of the rules").wait_for()
        page.set_viewport_size({"width": 480, "height": 1000})
        assert cut_off(page, "walkthrough-plan-480") == []
        page.get_by_label("Snapshot", exact=True).fill("")
        page.get_by_role("region", name="Order of the rules").wait_for(state="detached")
        page.get_by_label(OWN["loop_guard"], exact=True).check()
        page.get_by_role("region", name="Picture of loop-check-late").wait_for()
    else:
        page.get_by_label("Script").select_option(label=LABELS["30-create"])
    page.get_by_label("Explanation of 30-create").wait_for()
    for theme in ("Light", "Dark"):
        run_command(page, "apputils:change-theme", theme=f"JupyterLab {theme}")
        page.locator(f'body[data-jp-theme-name="JupyterLab {theme}"]').wait_for(state="attached")
        for width in (480, 1400):
            page.set_viewport_size({"width": width, "height": 1000})
            assert cut_off(page, f"{notebook}-{theme.lower()}-{width}") == []


def cut_off(page: "Page", name: str) -> list[str]:
    """The outputs that are wider than their place."""
    found = []
    for number, cell in enumerate(page.locator(".jp-CodeCell .jp-OutputArea-output").all()):
        wider = cell.evaluate(WIDER)
        picture(page, f"{name}-{number}")
        found += [f"output {number} of {name} is {wider} pixels wider than its place"] if wider > 1 else []
    return found
