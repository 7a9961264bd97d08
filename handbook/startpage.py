"""Take pictures of a workshop's start page, as attendees of each system see it: real pages in a real browser."""

from __future__ import annotations

import tempfile
from pathlib import Path

from copier import run_copy

from tests.support.browser import AGENTS, browser

ROOT = Path(__file__).resolve().parent.parent
NAME = "Seedlings and statistics"


def render(folder: Path) -> Path:
    """Render a workshop into a folder, without its environment, and return its start page."""
    answers = {"starter": "workshop", "project_name": NAME}
    run_copy(str(ROOT), folder, data=answers, defaults=True, quiet=True, skip_tasks=True, unsafe=True, vcs_ref="HEAD")
    return folder / "START-HERE.html"


def take(folder: Path) -> list[Path]:
    """Write one picture for each system, that of Linux by night; return the files."""
    files = []
    with tempfile.TemporaryDirectory() as place, browser() as chromium:
        page = render(Path(place) / "workshop").as_uri()
        for system in ("windows", "mac", "linux"):
            name = f"start-here-{system}.png"
            with chromium.new_context(
                user_agent=AGENTS[system],
                color_scheme="dark" if system == "linux" else "light",
                viewport={"width": 720, "height": 900},
            ) as context:
                shown = context.new_page()
                shown.goto(page)
                shown.screenshot(path=folder / name, full_page=True)
            files.append(folder / name)
    return files
