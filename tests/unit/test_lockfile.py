"""Pin files: header, blocks, drift, and the table of what changed."""

from __future__ import annotations

import pytest
from projectenv import lockfile
from projectenv.engines import LOCKED
from projectenv.record import replace
from projectenv.settings import Settings

SETTINGS = Settings((3, 10), (3, 15), ("requirements.txt",), "", "auto", "", targets=("linux-x64", "mac-arm64"))
DIGEST = "ab" * 32
PINS = """\
numpy==2.2.6 ; python_full_version < '3.11' \\
    --hash=sha256:aa
    # via pandas
numpy==2.5.5 ; python_full_version >= '3.11' \\
    --hash=sha256:bb
    # via pandas
rich==15.0.0 \\
    --hash=sha256:cc
    # via pyproject.toml
"""


def test_a_locked_file_begins_as_the_installer_expects() -> None:
    """The first words tell the engines that the file is complete."""
    text = lockfile.header("pyproject.toml", DIGEST, SETTINGS)
    assert text.startswith(LOCKED)
    assert text.isascii()
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("digest", "settings", "why"),
    [
        (DIGEST, SETTINGS, ""),
        ("cd" * 32, SETTINGS, "the declared requirements changed since the pins were locked"),
        (DIGEST, replace(SETTINGS, oldest=(3, 12)), ""),
        (DIGEST, replace(SETTINGS, oldest=(3, 9)), "the pins were locked for Python 3.10 to 3.15"),
        (DIGEST, replace(SETTINGS, newest=(3, 16)), "the pins were locked for Python 3.10 to 3.15"),
        (DIGEST, replace(SETTINGS, targets=("linux-x64",)), ""),
        (DIGEST, replace(SETTINGS, targets=("windows-x64",)), "the pins were not locked for windows-x64"),
    ],
)
def test_drift_is_what_the_pins_do_not_cover(digest: str, settings: Settings, why: str) -> None:
    """Pins for more Pythons and platforms than are asked for serve as well."""
    assert lockfile.drift(lockfile.header("pyproject.toml", DIGEST, SETTINGS) + PINS, digest, settings) == why


def test_a_file_that_nobody_locked_has_no_drift() -> None:
    """Pins written by hand, or by another tool, are not compared."""
    assert lockfile.drift("requests==2.32.0\n", DIGEST, SETTINGS) == ""


def test_what_an_earlier_file_pins_the_same_way_is_left_out() -> None:
    """Another marker makes another pin: it stays in both files."""
    production = "numpy==2.2.6 ; python_full_version < '3.11' \\\n    --hash=sha256:aa\n    # via pyproject.toml\n"
    assert lockfile.without(PINS, [production]) == "".join(lockfile.blocks(PINS)[1:])


def test_preferences_survive_a_merge_that_left_its_markers() -> None:
    """Then hashes may belong to either side, so only names, versions and markers count."""
    merged = f"<<<<<<< ours\n{PINS}=======\nrich==14.0.0 \\\n    --hash=sha256:dd\n>>>>>>> theirs\n"
    assert lockfile.preferences([merged]).splitlines() == [
        "numpy==2.2.6 ; python_full_version < '3.11'",
        "numpy==2.5.5 ; python_full_version >= '3.11'",
        "rich==15.0.0",
        "rich==14.0.0",
    ]
    assert lockfile.preferences([PINS]) == PINS


def test_what_only_the_resolver_needed_is_taken_out() -> None:
    """Neither our constraints file nor a folder of this machine gets into the pins, nor the project's name."""
    told = (
        "a==1\n    # via\n    #   -c all.txt\n    #   b\n"
        "b==1\n    # via\n    #   -c all.txt\n    #   mine (pyproject.toml:dev)\n    #   -r /home/jo/p/requirements.in\n"
    )
    assert lockfile.tidy(told, "/home/jo/p/") == (
        "a==1\n    # via b\nb==1\n    # via\n    #   pyproject.toml:dev\n    #   -r requirements.in\n"
    )


def test_changes_are_named_with_their_reason() -> None:
    """A lower major version is never silent."""
    before = "gone==1.0\nnumpy==3.0.0\nrich==14.0.0\nsame==1.0\n"
    after = PINS + "same==1.0\n"
    assert lockfile.changes(before, after) == [
        lockfile.Change("gone", "1.0", "-"),
        lockfile.Change("numpy", "3.0.0", "2.2.6 / 2.5.5", "WARNING: a lower major version"),
        lockfile.Change("rich", "14.0.0", "15.0.0", "declared"),
    ]


def test_the_table_stands_in_columns() -> None:
    """Every column but the last is as wide as its widest cell."""
    rows = [lockfile.Change("a", "-", "1.10", "declared"), lockfile.Change("longer", "2", "-")]
    assert lockfile.table(rows).splitlines() == [
        "package  from  to    why",
        "a        -     1.10  declared",
        "longer   2     -",
    ]


@pytest.mark.parametrize(("older", "newer"), [("1.9", "1.10"), ("2026.9.1", "2026.10.0"), ("1!0.1", "1!0.2")])
def test_versions_are_ordered_by_number(older: str, newer: str) -> None:
    """Text would put 1.10 before 1.9."""
    assert lockfile.order(older) < lockfile.order(newer)
