"""Laptops may be named as people name them; what the pins are not for is refused."""

from __future__ import annotations

import pytest
from projectenv.failure import Failure
from projectenv.record import replace
from projectenv.settings import TARGETS, Settings
from projectenv.workshop.laptops import from_keys, in_words, laptops

SETTINGS = Settings((3, 11), (3, 14), ("requirements.txt",), "", "auto", "", targets=TARGETS)


def keys(pythons: str | None, targets: str | None, settings: Settings = SETTINGS) -> list[str]:
    """Return the names of what is asked for."""
    return [each.key for each in laptops(pythons, targets, settings)]


@pytest.mark.parametrize("text", ["3.11-3.13", "3.11 - 3.13", "3.11,3.12,3.13", "3.13,3.11-3.12", "3.11\u20133.13"])
def test_pythons_may_be_a_range_or_a_list(text: str) -> None:
    """A range, a list, both, and any dash."""
    assert keys(text, "linux-x64") == ["linux-x64 3.11", "linux-x64 3.12", "linux-x64 3.13"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("win-x64,mac-arm64", ["windows-x64", "mac-arm64"]),
        ("windows-amd64", ["windows-x64"]),
        ("MACOS-ARM64 osx-intel", ["mac-arm64", "mac-x64"]),
        ("linux-x86_64;linux-aarch64", ["linux-x64", "linux-arm64"]),
        ("mac", ["mac-arm64", "mac-x64"]),
        ("linux-x64,linux-x64", ["linux-x64"]),
        ("all", list(TARGETS)),
    ],
)
def test_platforms_have_many_names(text: str, expected: list[str]) -> None:
    """Each spelling stands for one of the lock's own targets, a system alone for all of its processors."""
    assert keys("3.12", text) == [f"{name} 3.12" for name in expected]


def test_without_options_it_is_what_people_bring() -> None:
    """Every Python that the pins are for, on the four usual platforms."""
    assert len(keys(None, None)) == 16
    assert keys("3.12", None) == ["windows-x64 3.12", "mac-arm64 3.12", "mac-x64 3.12", "linux-x64 3.12"]


@pytest.mark.parametrize(
    ("pythons", "targets", "says"),
    [
        ("3.9", None, "Python 3.9"),
        ("3.11-3.15", None, "Python 3.15"),
        ("3.13-3.11", None, "Python 3.13-3.11"),
        ("three", None, "Python 'three'"),
        (None, "amiga", "'amiga'"),
        (None, "win-x64,windows-arm64", "windows-arm64"),
    ],
)
def test_what_the_pins_are_not_for_is_refused(pythons: str | None, targets: str | None, says: str) -> None:
    """The word is named, and the command that would do is told."""
    settings = replace(SETTINGS, targets=("windows-x64", "linux-x64"))
    with pytest.raises(Failure, match=f"the pins are not for {says}") as caught:
        laptops(pythons, targets, settings)
    assert caught.value.next_step == "bootstrap wheelhouse --python 3.11-3.14 --target windows-x64,linux-x64"
    assert caught.value.exit_code == 2


def test_a_python_that_a_platform_never_had_is_left_out() -> None:
    """Windows on ARM begins with 3.11."""
    settings = replace(SETTINGS, oldest=(3, 10))
    assert keys("3.10-3.11", "windows-arm64", settings) == ["windows-arm64 3.11"]


@pytest.mark.parametrize(("pythons", "targets"), [("3.11-3.14", "all"), ("3.11,3.13", "mac"), ("3.12", "win-x64")])
def test_they_can_be_asked_for_again(pythons: str, targets: str) -> None:
    """The options that a message gives ask for the same, and so do the keys of a manifest."""
    wanted = laptops(pythons, targets, SETTINGS)
    words = in_words(wanted).split()
    assert laptops(words[1], words[3], SETTINGS) == wanted
    assert set(from_keys(each.key for each in wanted)) == set(wanted)
