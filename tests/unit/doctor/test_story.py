"""The story of PEP 668 is told about the reader's own machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.doctor.managers import MANAGERS
from projectenv.doctor.pythons import Found
from projectenv.doctor.story import dependents, tell
from projectenv.machine import Machine

MACHINE = Machine("linux", "x86_64", "debian", 1000, {"PATH": "/nowhere"}, Path("/home/me"))
MANAGED = Found(
    "/usr/bin/python3.13", "3.13.5", "apt", "", managed=True, marker="/usr/lib/python3.13/EXTERNALLY-MANAGED",
    words="To install Python packages system-wide, try apt install python3-xyz.",
    places=("/usr/local/lib/python3.13/dist-packages", "/usr/lib/python3/dist-packages"),
    user="/home/me/.local/lib/python3.13/site-packages",
)  # fmt: skip


def test_the_three_ways_are_told_with_this_machines_places_and_commands() -> None:
    """Marker, environment, package manager, and what each way of forcing would do here."""
    told = tell([MANAGED], MANAGERS[0], MACHINE, "One command: sh bootstrap.sh", lambda text: f"sh {text}")
    assert "| To install Python packages system-wide, try apt install python3-xyz." in told
    assert "1. An environment of the project's own. One command: sh bootstrap.sh" in told
    assert "sudo apt install PACKAGE" in told
    for option in ("--break-system-packages", "--user", "--ignore-installed", "sudo pip"):
        assert option in told
    assert "/usr/local/lib/python3.13/dist-packages" in told
    assert "system-packages = yes" in told


def test_without_a_marker_there_is_no_story() -> None:
    """On a machine whose Pythons nobody manages, pip would refuse none."""
    plain = Found("/opt/python/bin/python3", "3.13.5", "unknown", "")
    assert "pip would refuse none of them" in tell([plain], None, MACHINE, "", str)


def test_a_python_that_did_not_say_where_its_packages_are_has_a_story_too() -> None:
    """The second look at a Python may fail; the first one told that it is managed."""
    silent = Found("/usr/bin/python3", "3.13.5", "apt", "", managed=True)
    assert "installs into its own folder" in tell([silent], None, MACHINE, "", str).replace(
        "as you may not write to ", ""
    )


def test_without_a_manager_the_story_is_still_told() -> None:
    """A marker of uv's, say, and no package manager at all."""
    assert "None that is known here was found." in tell([MANAGED], None, MACHINE, "", str)


def test_a_manager_that_does_not_answer_is_told_within_the_story() -> None:
    """What the marker protects is then said in general."""
    assert "the programs that use it (apt-cache does not start" in tell([MANAGED], MANAGERS[0], MACHINE, "", str)


@pytest.mark.parametrize(
    ("manager", "output", "expected"),
    [
        # apt 2.6 on Debian 12, `apt-cache rdepends --installed python3`, shortened.
        ("apt", "python3\nReverse Depends:\n  nodejs\n  python3-yaml\n  python3-yaml\n |python3-dev\n", ["nodejs", "python3-dev", "python3-yaml"]),
        # pacman on Arch, the shape of fosskers/aura's recording; a field goes on in the next line, indented.
        ("pacman", "Required By     : base  bzip2  gzip\n                  sed\nOptional For    : None\n", ["base", "bzip2", "gzip", "sed"]),
        ("pacman", "Required By     : None\n", []),
        # rpm -q --qf '%{NAME}\n': the format asked for; no recording needed.
        ("dnf", "dnf\nfirewalld\nfirewalld\n", ["dnf", "firewalld"]),
    ],
)  # fmt: skip
def test_dependents_are_read_as_the_managers_tell_them(manager: str, output: str, expected: list[str]) -> None:
    """Each name once."""
    assert dependents(manager, output) == expected
