"""Pins are renewed on update without a text merge, and nothing is lost when that cannot be done."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from renew import FILES, Pins, preferred, renew

OLD = "# Locked by bootstrap\na==1 \\\n    --hash=sha256:a1\nb==1 ; python_version < '3.11' \\\n    --hash=sha256:b1\nb==2 \\\n    --hash=sha256:b2\n"
NEW = OLD.replace("a==1", "a==2").replace("a1", "a2").replace("b==2", "b==3").replace("b2", "b3")
MINE = OLD + "z==9 \\\n    --hash=sha256:z9\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a template whose history holds the old pins and whose files are the new ones."""
    folder = tmp_path / "template"
    pins = folder / "pins" / "app"
    pins.mkdir(parents=True)
    for name in FILES:
        (pins / name).write_text(OLD, encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"], ["tag", "1"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    for name in FILES:
        (pins / name).write_text(NEW, encoding="utf-8")
    return folder


def project(tmp_path: Path, text: str) -> Path:
    """Make a project with these pins in both files."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def contents(folder: Path) -> set[str]:
    """Return what the pin files hold."""
    return {(folder / name).read_text(encoding="utf-8") for name in FILES}


def fail() -> bool:
    """Stand for a lock that must not be asked."""
    raise AssertionError


def test_shipped_pins_become_the_newly_shipped_ones_without_resolving(source: Path, tmp_path: Path) -> None:
    """Nothing of the person's is in them."""
    folder = project(tmp_path, OLD)
    assert renew(folder, source, "app", "1", fail)
    assert contents(folder) == {NEW}


def test_own_pins_are_locked_again_with_the_new_ones_as_preferences(source: Path, tmp_path: Path) -> None:
    """What lock finds is the person's package beside the new versions of the others."""
    folder = project(tmp_path, MINE)
    seen: list[set[str]] = []

    def lock() -> bool:
        seen.append(contents(folder))
        return True

    assert "locked again" in renew(folder, source, "app", "1", lock)
    assert seen == [{NEW + "z==9 \\\n    --hash=sha256:z9\n"}]


def test_when_locking_fails_every_pin_is_as_it_was(source: Path, tmp_path: Path) -> None:
    """Offline, say; the sentence names the command for later."""
    folder = project(tmp_path, MINE)
    assert "sh bootstrap.sh lock" in renew(folder, source, "app", "1", lambda: False)
    assert contents(folder) == {MINE}


def test_an_update_that_ships_the_same_pins_leaves_all_alone(source: Path, tmp_path: Path) -> None:
    """Whatever the person has done to theirs."""
    for name in FILES:
        (source / "pins" / "app" / name).write_text(OLD, encoding="utf-8")
    folder = project(tmp_path, MINE)
    assert renew(folder, source, "app", "1", fail) == ""
    assert contents(folder) == {MINE}


def test_a_second_update_changes_nothing(source: Path, tmp_path: Path) -> None:
    """Renewed pins are the shipped ones."""
    folder = project(tmp_path, OLD)
    renew(folder, source, "app", "1", fail)
    assert renew(folder, source, "app", "1", fail) == ""


def test_without_the_templates_history_the_pins_count_as_the_persons_own(source: Path, tmp_path: Path) -> None:
    """Nothing is overwritten that may be theirs."""
    folder = project(tmp_path, MINE)
    renew(folder, source, "app", "no-such-version", lambda: True)
    assert contents(folder) == {MINE}


def test_a_pin_that_the_person_changed_stays_theirs() -> None:
    """Only untouched pins are renewed."""
    mine = MINE.replace("a==1", "a==1.5")
    assert "a==1.5" in preferred(Pins(mine, OLD, NEW))
    assert "b==3" in preferred(Pins(mine, OLD, NEW))


def test_a_project_without_these_files_is_left_alone(source: Path, tmp_path: Path) -> None:
    """The starter existing has pin files of its own."""
    (tmp_path / "empty").mkdir()
    assert renew(tmp_path / "empty", source, "existing", "1", fail) == ""
