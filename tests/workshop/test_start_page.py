"""The start page in a real browser: it knows the system, copies commands, and fetches nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from copier import run_copy
from playwright.sync_api import Browser, Page, PdfMargins

from tests.support.browser import AGENTS, browser
from tests.support.sharing import make_house, sharing

pytestmark = pytest.mark.slow

COMMANDS = {
    "windows": [".\\start-windows.cmd", ".\\bootstrap.cmd open"],
    "mac": ["sh start-mac.command", "sh bootstrap.sh open", "rm -r ~/Library/Caches/venv-template"],
    "linux": ["sh start-linux.sh", "sh bootstrap.sh open", "rm -r ~/.cache/venv-template"],
}
EVERY = [
    ".\\start-windows.cmd",
    "sh start-mac.command",
    "sh start-linux.sh",
    ".\\bootstrap.cmd open",
    "sh bootstrap.sh open",
    "rm -r ~/Library/Caches/venv-template",
    "rm -r ~/.cache/venv-template",
]
ROOM = "room.test"
"""A name that a browser does not take for its own machine, as it does with loopback's."""
COPIED = "navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def page_file(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the start page of a workshop whose folder has a blank and an accent in its name."""
    folder = tmp_path_factory.mktemp("stick") / "my wörkshop"
    run_copy(
        str(template), folder, data={"starter": "workshop"}, defaults=True, quiet=True, unsafe=True, skip_tasks=True
    )
    return folder / "START-HERE.html"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return one browser for all."""
    with browser(f"--host-resolver-rules=MAP {ROOM} 127.0.0.1") as running:
        yield running


@contextmanager
def opened(
    chromium: Browser, address: str, system: str = "linux", *, scripts: bool = True, **more: str
) -> Iterator[tuple[Page, list[str]]]:
    """Open the page as the browser of a system does; the list fills with all that it asks for, and all that goes wrong."""
    with chromium.new_context(
        user_agent=AGENTS[system],
        java_script_enabled=scripts,
        permissions=["clipboard-read"],
        **more,  # type: ignore[arg-type]
    ) as context:
        asked: list[str] = []
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))
        page.on("console", lambda message: asked.append(f"{message.type}: {message.text}"))
        page.goto(address)
        yield page, asked


def commands(page: Page) -> list[str]:
    """Return the commands that can be seen."""
    return [each.inner_text() for each in page.locator(".command code").all() if each.is_visible()]


@pytest.mark.parametrize("system", COMMANDS)
def test_it_shows_what_is_for_this_system_and_asks_for_nothing_else(
    chromium: Browser, page_file: Path, system: str
) -> None:
    """From a stick: one request, for the page itself, and not a word on the console."""
    with opened(chromium, page_file.as_uri(), system) as (page, asked):
        assert commands(page) == COMMANDS[system]
        assert page.get_by_role("radio", checked=True).get_attribute("value") == system
        assert asked == [page_file.as_uri()]


def test_the_system_can_be_chosen_with_the_keyboard(chromium: Browser, page_file: Path) -> None:
    """Who prepares somebody else's laptop, or is guessed wrongly."""
    with opened(chromium, page_file.as_uri(), "windows") as (page, _):
        page.get_by_role("radio", name="Windows").focus()
        page.keyboard.press("ArrowRight")
        assert commands(page) == COMMANDS["mac"]


def test_a_phone_is_told_that_it_is_none_of_the_three(chromium: Browser, page_file: Path) -> None:
    """And shown everything, for whoever reads there and works elsewhere."""
    with opened(chromium, page_file.as_uri(), "phone") as (page, _):
        assert "needs a laptop" in page.get_by_role("alert").inner_text()
        assert commands(page) == EVERY


def test_without_scripts_every_system_is_shown(chromium: Browser, page_file: Path) -> None:
    """No choice that does nothing, no button that does nothing."""
    with opened(chromium, page_file.as_uri(), "windows", scripts=False) as (page, _):
        assert page.get_by_role("radio").count() == 0
        assert page.get_by_role("button").count() == 0
        assert page.locator(".command").count() == len(EVERY)


def test_a_button_copies_its_command_and_says_so(chromium: Browser, page_file: Path) -> None:
    """To the eye and to a screen reader."""
    with opened(chromium, page_file.as_uri(), "linux") as (page, _):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy sh start-linux.sh").click()
        assert page.evaluate(COPIED) == "sh start-linux.sh"
        assert page.get_by_role("status").inner_text() == "Copied: sh start-linux.sh"


def test_served_in_the_room_it_names_the_room_and_still_copies(
    chromium: Browser, page_file: Path, tmp_path: Path
) -> None:
    """A plain address is no secure context, where the clipboard's own interface is missing: the older way serves."""
    house = make_house(tmp_path / "wheelhouse", b"a wheel")
    with sharing(tmp_path / "wheelhouse", house, page_file) as server:
        address = f"http://{ROOM}:{server.server_address[1]}"
        _looked_at(chromium, address)


def _looked_at(chromium: Browser, address: str) -> None:
    with opened(chromium, f"{address}/", "windows") as (page, asked):
        command = f".\\start-windows.cmd --from {address}"
        assert commands(page) == [command, COMMANDS["windows"][1]]
        assert page.evaluate("isSecureContext") is False
        page.get_by_role("button", name="Copy .").first.click()
        assert page.get_by_role("status").inner_text() == f"Copied: {command}"
        page.evaluate("document.body.append(document.createElement('textarea'))")
        page.locator("textarea").focus()
        page.keyboard.press("Control+V")
        assert page.locator("textarea").input_value() == command
        assert asked == [f"{address}/"]


def test_printed_it_has_all_systems_and_no_buttons(chromium: Browser, page_file: Path) -> None:
    """On two sheets at the most, for the wall."""
    with opened(chromium, page_file.as_uri(), "mac") as (page, _):
        page.emulate_media(media="print")
        assert commands(page) == EVERY
        assert page.locator("button:visible, fieldset:visible").count() == 0
        margin: PdfMargins = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}
        sheets = page.pdf(format="A4", margin=margin).count(b"/Type /Page\n")
        assert sheets in (1, 2)


def test_out_of_a_zip_it_says_so(chromium: Browser, page_file: Path, tmp_path: Path) -> None:
    """Windows shows what is in a ZIP like a folder, and opens single files from it."""
    folder = tmp_path / "Temp1_workshop-main.zip" / "workshop-main"
    folder.mkdir(parents=True)
    (folder / page_file.name).write_bytes(page_file.read_bytes())
    with opened(chromium, (folder / page_file.name).as_uri(), "windows") as (page, _):
        assert "still inside the ZIP" in page.get_by_role("alert").inner_text()
    with opened(chromium, page_file.as_uri(), "windows") as (page, _):
        assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_and_everything_has_a_name(chromium: Browser, page_file: Path, scheme: str) -> None:
    """Contrast of 4.5 and more (WCAG 2.2, AA); one title; headings in order; no control without a name; 320 pixels do."""
    with opened(chromium, page_file.as_uri(), "linux", color_scheme=scheme) as (page, _):
        assert page.evaluate(_CONTRAST) >= 4.5
        assert page.get_by_role("heading", level=1).count() == 1
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(each => +each.tagName[1])")
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        for role in ("button", "radio", "link"):
            for each in page.get_by_role(role).all():
                assert each.evaluate("each => each.ariaLabel || each.innerText || each.parentElement.innerText").strip()
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


_CONTRAST = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((each) => (each /= 255) <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (each) => {
    const colour = getComputedStyle(each).backgroundColor;
    return /, 0\\)$/.test(colour) && each.parentElement ? ground(each.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll("main *")].filter((each) => each.offsetParent &&
    [...each.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  return Math.min(...texts.map((each) => {
    const [dark, bright] = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }));
}"""
