"""Pin files are read for names and versions, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv import pins

TEXT = """\
# Locked by bootstrap
Charset_Normalizer==3.5.2 \\
    --hash=sha256:aa
    # via requests
numpy==2.2.6 ; python_full_version < '3.11' \\
    --hash=sha256:bb
numpy==2.4.1 ; python_full_version >= '3.11'
rich[jupyter]==15.0.0
"""


def test_names_are_normalised_and_forks_are_kept_together() -> None:
    """One name may be pinned to several versions, by markers."""
    assert pins.read_pins(TEXT) == {
        "charset-normalizer": {"3.5.2"},
        "numpy": {"2.2.6", "2.4.1"},
        "rich": {"15.0.0"},
    }


def test_only_pins_without_a_marker_belong_everywhere() -> None:
    """Whether a marker applies is for pip and uv to say."""
    assert pins.always_installed(TEXT) == {"charset-normalizer", "rich"}


def test_differences_name_what_is_missing_and_what_is_another_version() -> None:
    """A marked pin may be absent; its version must be one of its pins when it is there."""
    present = {"charset-normalizer": "3.5.2", "numpy": "1.0"}
    assert pins.differences(TEXT, present) == ["numpy is 1.0, pinned to 2.2.6 or 2.4.1", "rich is not installed"]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("1.0", "1.0.0", True),
        ("2024.01", "2024.1", True),
        ("1.0", "1.1", False),
        ("1.0rc1", "1.0", False),
        ("1_0", "1.0", True),
    ],
)
def test_versions_are_compared_as_they_are_spelt_in_practice(left: str, right: str, same: bool) -> None:
    """Zeros at the end and at the front do not count."""
    assert pins.same_version(left, right) is same


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("<<<<<<< before updating\na==1\n=======\na==2\n>>>>>>> after updating\n", True),
        ("a==1\n", False),
        ("# ======= a heading\n", False),
    ],
)
def test_conflict_markers_are_seen(text: str, marked: bool) -> None:
    """A merge leaves lines that begin with seven signs."""
    assert pins.has_conflict_markers(text) is marked


def test_a_distribution_without_metadata_does_not_count(tmp_path: Path) -> None:
    """A killed installation leaves such folders."""
    (tmp_path / "half-1.0.dist-info").mkdir()
    (tmp_path / "Whole_One-2.0.dist-info").mkdir()
    (tmp_path / "Whole_One-2.0.dist-info" / "METADATA").touch()
    assert pins.installed(tmp_path) == {"whole-one": "2.0"}


def test_pins_written_by_hand_are_not_complete() -> None:
    """They may leave out what their packages need; hashes make pip ask for all of it."""
    assert pins.is_complete("# Locked by bootstrap from pyproject.toml\nsix==1.17.0\n")
    assert pins.is_complete("six==1.17.0 --hash=sha256:00\n")
    assert not pins.is_complete("six==1.17.0\n")
