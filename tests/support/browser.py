"""A real browser without a screen: Chromium, as the system's own package manager installs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support import needs

AGENTS = {
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
    "mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
    "linux": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "phone": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
}
"""What browsers call themselves, by system."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# It asks its maker for news otherwise, whoever looks at a page on the disk.
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def chromium() -> str | None:
    """Return where Chromium is, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser(*options: str) -> Iterator[Browser]:
    """Start Chromium, and end it."""
    program = chromium()
    needs.need("Chromium", have=program is not None)
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=[*_QUIET, *options])
        try:
            yield running
        finally:
            running.close()
