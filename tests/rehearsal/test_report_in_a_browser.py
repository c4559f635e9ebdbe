"""A rehearsal as a page in a browser: at every width, in light and dark, with the keyboard alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The rehearsal is made once for all tests of this group, and so is the browser started once.
pytestmark = [pytest.mark.powershell, pytest.mark.browser, pytest.mark.xdist_group("report")]

POOR_CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), poor = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest('title, desc')) continue;
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [high, low] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    if ((high + .05) / (low + .05) < 4.5) poor.add(element.className + ': ' + node.data.trim().slice(0, 40));
  }
  return [...poor];
}"""


UNFOLD = """() => {
  for (const part of document.querySelectorAll('details')) part.open = true;
  for (const part of document.querySelectorAll('.opened')) part.style.display = 'block';
}"""
LIES_OVER = """() => {
  const cell = document.querySelector('.opened:target');
  const { top, bottom, right } = cell.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight && right <= innerWidth && getComputedStyle(cell).display === 'block';
}"""
FOLDED = "[...document.querySelectorAll('.opened')].every(cell => getComputedStyle(cell).display === 'none')"


@pytest.fixture(scope="module")
def shown(browser: "Browser", page: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Page"]:
    """A page as it opens; nothing may be told on the console."""
    file = tmp_path_factory.mktemp("shown") / "report.html"
    file.write_bytes(page)
    told: list[str] = []
    window = browser.new_page()
    window.on("console", lambda message: told.append(message.text))
    window.on("dialog", lambda dialog: told.append(dialog.message))
    window.goto(file.as_uri())
    yield window
    window.close()
    assert told == []


def test_a_cell_opens_and_closes_with_the_keyboard_and_lies_over_the_table(shown: "Page") -> None:
    shown.set_viewport_size({"width": 480, "height": 900})
    assert shown.evaluate(FOLDED)
    link = shown.locator("a.opens").first
    if not link.count():
        assert shown.locator(".opened").count() == 0
        return
    link.focus()
    shown.keyboard.press("Enter")
    assert shown.evaluate(LIES_OVER)
    # The way of the focus goes on from the cell: its first link closes it.
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOLDED)
    assert shown.evaluate("location.hash").startswith("#at-")


@pytest.fixture(scope="module")
def opened(shown: "Page") -> "Page":
    """The same page with everything unfolded."""
    shown.evaluate(UNFOLD)
    return shown


@pytest.mark.parametrize("width", [420, 480, 1400])
def test_the_page_is_never_wider_than_its_window(opened: "Page", width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 900})
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(opened: "Page", scheme: Any) -> None:
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate(POOR_CONTRAST) == []
