"""The walkthrough and the review as a person meets them: in JupyterLab, in a browser."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.pack import build_pack
from generator.request import build_request
from generator.risks import RISKS
from tests.browser.jupyterlab import Server
from tests.commands import tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one server and one browser at a time

OWN = {
    "region": "us",
    "header_id": "11111111-2222-3333-4444-555555555555",
    "tenant": "fabrikam.com",
    "change": "CHG7",
    "loop_guard": "stop-and-except",
}
SECONDS = 60_000
"""For one step on a busy machine, in milliseconds."""


def opened(browser: "Browser", server: Server, notebook: str, width: int = 1400, theme: str = "") -> "Page":
    """A notebook in JupyterLab, run from top to bottom."""
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(SECONDS)
    page.goto(server.page(notebook))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").or_(page.locator('[data-status="idle"]')).first.wait_for()
    run_command(page, "notebook:run-all-cells")
    return page


def run_command(page: "Page", command: str, **arguments: str) -> None:
    """A command of JupyterLab, as its menus would start it."""
    page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [command, arguments])


def picture(page: "Page", name: str) -> None:
    """A screenshot, where a person wants to look: set MM365_SCREENSHOTS to a folder."""
    if folder := os.environ.get("MM365_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_pack_from_the_form_is_byte_for_byte_that_of_the_command_line(browser: "Browser", server: Server) -> None:
    page = opened(browser, server, "walkthrough.ipynb")
    header = page.get_by_label("Header ID")
    header.wait_for()
    write = page.get_by_role("button", name="Write the pack")
    assert write.is_disabled()
    header.fill("no guid")
    page.get_by_text("Header ID 'no guid' is no GUID").first.wait_for()
    header.fill(OWN["header_id"])
    page.get_by_text("Header ID 'no guid' is no GUID").first.wait_for(state="detached")
    page.get_by_label("Tenant", exact=True).fill(OWN["tenant"])
    page.get_by_label("Change").fill(OWN["change"])
    page.get_by_label("Region").select_option(label="us: United States")
    page.get_by_text("m365integrated-array-1.us.mailmarshal.cloud").first.wait_for()
    page.get_by_label(OWN["loop_guard"], exact=True).check()
    for risk in RISKS:
        assert write.is_disabled()
        page.get_by_label(risk.title).check()
    write.click()
    request = build_request(OWN, needs=())
    page.get_by_text(f"Fingerprint: {build_pack(request).fingerprint}").first.wait_for()
    assert tree(server.folder / "output" / "fabrikam.com-us") == build_pack(request).files


def test_keyboard_alone_suffices(browser: "Browser", server: Server) -> None:
    page = opened(browser, server, "walkthrough.ipynb")
    page.get_by_label("Header ID").focus()
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
    write.focus()
    page.keyboard.press("Enter")
    request = build_request({**OWN, "region": "eu", "loop_guard": "stop"}, needs=())
    page.get_by_text(f"Fingerprint: {build_pack(request).fingerprint}").first.wait_for()
    assert tree(server.folder / "output" / "fabrikam.com-eu") == build_pack(request).files
