"""After the pins have changed, a wheelhouse tells attendees how much they will fetch."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.machine import this_machine
from projectenv.settings import read_settings
from projectenv.workshop.described import pins_digest, read_workshop
from projectenv.workshop.examine import Room
from projectenv.workshop.house import File, House, write_house
from projectenv.workshop.noting import note

from tests.support.project import Project
from tests.support.workshop import PINS, describe, make_workshop

FILES = {
    name: File(name, size * 1_000_000, "0" * 64)
    for name, size in {
        "a-1-py3-none-any.whl": 30,
        "b-1-cp312-cp312-win_amd64.whl": 5,
        "b-1-cp312-cp312-macosx_11_0_arm64.whl": 7,
        "uv-1-py3-none-win_amd64.whl": 20,
        "pip-1-py3-none-any.whl": 2,
    }.items()
}
SETS = {
    "windows-x64 3.12": (
        "a-1-py3-none-any.whl",
        "b-1-cp312-cp312-win_amd64.whl",
        "uv-1-py3-none-win_amd64.whl",
        "pip-1-py3-none-any.whl",
    ),
    "windows-x64 3.13": ("a-1-py3-none-any.whl", "pip-1-py3-none-any.whl"),
    "mac-arm64 3.12": ("a-1-py3-none-any.whl", "b-1-cp312-cp312-macosx_11_0_arm64.whl"),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a workshop whose sizes are for other pins."""
    return make_workshop(tmp_path, cloud="https://example.org", download="mac-x64 3", download_for="0123456789abcdef")


def noted(project: Project, pins: str) -> tuple[str, str]:
    """Note a wheelhouse for some pins; return what settings.ini holds then, and what was said."""
    folder, workshop = project.folder / "wheelhouse", read_workshop(project.folder)
    folder.mkdir(exist_ok=True)
    write_house(folder, House(pins, FILES, SETS))
    settings = project.folder / "bootstrap" / "settings.ini"
    said = io.StringIO()
    assert workshop
    note(Room(workshop, read_settings(settings), this_machine(), Console(said)), folder)
    return settings.read_text(encoding="utf-8"), said.getvalue()


def test_the_sizes_are_noted_for_the_python_that_needs_most_without_the_tools(project: Project) -> None:
    """By platform, with the pins that they are true for; every other line stays."""
    digest = pins_digest(project.folder, PINS)
    text, said = noted(project, digest)
    assert "\ndownload = mac-arm64 37, windows-x64 35\n" in text
    assert f"\ndownload-for = {digest[:16]}\n" in text
    assert "\ncloud = https://example.org\n" in text
    assert "Noted in bootstrap/settings.ini" in said
    assert noted(project, digest) == (text, "")


def test_a_wheelhouse_for_other_pins_says_nothing_about_these(project: Project) -> None:
    """Nor is a number replaced that is still true."""
    assert "download = mac-x64 3\n" in noted(project, "f" * 64)[0]
    digest = pins_digest(project.folder, PINS)
    describe(project, download="mac-x64 4", download_for=digest[:16])
    assert "download = mac-x64 4\n" in noted(project, digest)[0]
