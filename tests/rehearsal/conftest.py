"""The browser that the other tests of pages use."""

from tests.browser.conftest import browser, chromium

__all__ = ["browser", "chromium"]
