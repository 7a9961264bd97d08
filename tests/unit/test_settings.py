"""settings.ini is read strictly and complained about plainly."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.failure import Failure
from projectenv.settings import read_settings

GOOD = "[environment]\noldest-python = 3.10\nnewest-python = 3.15\npins = a.txt b.txt\n"


def written(folder: Path, text: str) -> Path:
    """Write a settings file and return its path."""
    file = folder / "settings.ini"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_short_file_has_sensible_defaults(tmp_path: Path) -> None:
    """Only Pythons and pins must be said."""
    settings = read_settings(written(tmp_path, GOOD))
    assert (settings.oldest, settings.newest, settings.pins) == ((3, 10), (3, 15), ("a.txt", "b.txt"))
    assert (settings.installer, settings.source, settings.allowed) == ("auto", "", "3.10 to 3.15")


def test_a_mark_of_utf_8_at_the_front_is_no_harm(tmp_path: Path) -> None:
    """Windows' editors put one there."""
    assert read_settings(written(tmp_path, "\ufeff" + GOOD)).oldest == (3, 10)


def test_percent_signs_are_plain_text(tmp_path: Path) -> None:
    """Nothing is interpolated."""
    assert read_settings(written(tmp_path, GOOD + "try = echo 100%\n")).try_it == "echo 100%"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[environment]\n", "oldest-python"),
        (GOOD.replace("3.10", "three"), "'three' is not a Python version"),
        (GOOD + "installer = conda\n", "installer is 'conda'"),
        ("no section\n", "settings.ini cannot be used"),
        (GOOD + "pins = c.txt\n", "already exists"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, named: str) -> None:
    """The sentence names the line, the next step mends it."""
    with pytest.raises(Failure) as caught:
        read_settings(written(tmp_path, text))
    assert named in caught.value.what
    assert caught.value.next_step


def test_a_missing_file_says_how_to_get_it_back(tmp_path: Path) -> None:
    """It is in the repository, so git has it."""
    with pytest.raises(Failure, match="is missing") as caught:
        read_settings(tmp_path / "settings.ini")
    assert "git checkout" in caught.value.next_step


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("no", False)])
def test_system_packages_is_yes_or_no(tmp_path: Path, said: str, meant: bool) -> None:
    """Whether the environment sees the system's packages is said in one word."""
    assert read_settings(written(tmp_path, f"{GOOD}system-packages = {said}\n")).system_packages is meant


def test_another_word_for_system_packages_is_refused(tmp_path: Path) -> None:
    """A word that is neither is named."""
    with pytest.raises(Failure, match="'maybe', not yes or no"):
        read_settings(written(tmp_path, f"{GOOD}system-packages = maybe\n"))
