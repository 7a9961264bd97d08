"""The pictures show what a terminal shows today, say nothing of the machine they were taken on, and load nothing."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = sorted([*(ROOT / "docs" / "pictures").glob("*.svg"), *(ROOT / "docs" / "reference").glob("*.svg")])
TAKEN = ("questions.svg", "run.svg")
SVG = "{http://www.w3.org/2000/svg}"


def lines(picture: Path) -> list[str]:
    """Return what a picture of a terminal says, line by line."""
    found: dict[float, str] = {}
    for text in ET.parse(picture).iter(f"{SVG}text"):
        if "matrix" not in text.get("class", "") and text.get("clip-path"):
            row = float(text.get("y", "0"))
            found[row] = found.get(row, "") + (text.text or "").replace("\xa0", " ")
    return [found[row].rstrip() for row in sorted(found)]


def timeless(said: list[str]) -> list[str]:
    """Return lines without what differs from run to run, and from one Python and package to the next."""
    return [re.sub(r"\d+(\.\d+)*", "0", re.sub(r"\(/\S*\)", "(python)", line)) for line in said if line]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_loads_nothing_and_shows_nothing_of_the_machine(picture: Path) -> None:
    """No font or image from elsewhere, no script, no home folder, no temporary one, no index."""
    text = picture.read_text(encoding="utf-8")
    spoken = text.replace("http://www.w3.org/2000/svg", "").replace(
        "https://github.com/venv-template/venv-template", ""
    )
    assert not re.search(r"https?:|url\((?!#)|@import|<script|<image|href=\"(?!#)", spoken)
    assert not re.search(r"/(home|root|Users|tmp|var|work)/|localhost|127\.0\.0\.1|simple/", spoken)
    assert os.uname().nodename not in spoken if hasattr(os, "uname") else True


@pytest.mark.parametrize("name", TAKEN)
def test_a_picture_is_small_and_as_wide_as_a_page_shows_it(name: str) -> None:
    """At 800 pixels its letters are at least 15 high, as text around it is."""
    picture = ROOT / "docs" / "pictures" / name
    assert picture.stat().st_size < 40_000
    root = ET.parse(picture).getroot()
    width = float(root.get("viewBox", "").split()[2])
    size = re.search(r"font-size: (\d+)px", picture.read_text(encoding="utf-8"))
    assert size
    assert float(size[1]) * 800 / width >= 15


def test_the_pictures_show_the_commands_that_the_readme_gives() -> None:
    """Who reads both is not told two things."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in TAKEN:
        assert f"docs/pictures/{name}" in readme
        for line in lines(ROOT / "docs" / "pictures" / name):
            if line.startswith(("$ copier", "$ cd", "$ sh")) and " -c " not in line:
                assert line.removeprefix("$ ") in readme, line


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the pictures are of a POSIX terminal")
def test_a_run_of_today_prints_what_the_pictures_show(tmp_path: Path) -> None:
    """Taken again, they differ in times and versions only: else `python3 start.py docs --pictures`."""
    from handbook.pictures import take

    assert sorted(picture.name for picture in take(tmp_path)) == sorted(TAKEN)
    for name in TAKEN:
        assert timeless(lines(tmp_path / name)) == timeless(lines(ROOT / "docs" / "pictures" / name))
    assert "passed" in lines(tmp_path / "run.svg")[-1]
