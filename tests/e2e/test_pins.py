"""Pins that changed, are missing, or hold what a merge left."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from projectenv.console import Console
from projectenv.declaration import read_declaration
from projectenv.lockfile import header
from projectenv.machine import this_machine
from projectenv.settings import read_settings

from tests.support.project import Project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its faults are made with links and POSIX layouts")


@situations(
    Situation(
        "a merge left conflict markers in the pins",
        "nothing is installed, the environment stays",
        "requirements.txt holds merge-conflict markers (<<<<<<<), so nothing was installed. ... Next: sh bootstrap.sh lock",
        code=1,
    )
)
def test_conflict_markers_in_the_pins(made: Project, situation: Situation) -> None:
    """Pins with conflict markers are refused before anything is changed."""
    pins = made.folder / "requirements.txt"
    pins.write_text(f"<<<<<<< before updating\n{pins.read_text()}=======\n>>>>>>> after updating\n")
    situation.shown_by(made.run())
    assert made.installed() == {"hello": "1.0", "pip": pip_version()}


@situations(
    Situation(
        "a pin file that settings.ini names is missing",
        "nothing is installed",
        "requirements.txt is missing. ... Next: ",
        code=1,
    )
)
def test_missing_pins(project: Project, situation: Situation) -> None:
    """A missing pin file is named."""
    (project.folder / "requirements.txt").unlink()
    situation.shown_by(project.run())
    assert not project.venv.exists()


@situations(
    Situation(
        "the pins changed: one is new, one newer, one gone",
        "exactly that is changed; what was installed by hand is kept",
        "requirements.txt changed since the environment was made. ... Updating .venv ... Done in",
    )
)
def test_changed_pins(made: Project, situation: Situation) -> None:
    """A sync follows the pins and keeps what a person installed."""
    by_hand, gone = made.wheel("by-hand"), made.wheel("gone")
    made.pin(made.wheel("hello"), gone)
    assert made.run().code == 0
    made.finish([str(made.python), "-m", "pip", "install", "--no-deps", str(by_hand.path)])

    made.pin(made.wheel("hello", "2.0"), made.wheel("new"))
    situation.shown_by(made.run())

    assert made.installed() == {"hello": "2.0", "new": "1.0", "by-hand": "1.0", "pip": pip_version()}
    assert "Installed by hand, and kept: by-hand." in made.run("check").out


def test_locked_pins_in_conflict_are_locked_anew(made: Project) -> None:
    """A lock takes both sides as preferences, so that is what is told, by doctor too."""
    pins = made.folder / "requirements.txt"
    pins.write_text(f"# Locked by bootstrap\n<<<<<<< one\n{pins.read_text()}=======\n>>>>>>> other\n")
    for ran in (made.run(), made.run("doctor")):
        assert "bootstrap.sh lock" in ran.text, ran.text
        assert "--theirs" not in ran.text


def test_nobody_is_said_to_have_installed_what_unhashed_pins_brought(made: Project) -> None:
    """Such pins do not name what their packages require."""
    made.finish([str(made.python), "-m", "pip", "install", "--no-deps", str(made.wheel("brought").path)])
    assert "Installed by hand, and kept: brought." in made.run("check").out
    (made.folder / "requirements.txt").write_text("hello==1.0\n")
    assert made.run().code == 0
    ran = made.run("check")
    assert (ran.code, "by hand" in ran.out) == (0, False), ran.text


def test_a_package_without_its_files_is_noticed(made: Project) -> None:
    """Doing nothing does not look that closely; check does, and tells what helps."""
    (file,) = made.venv.glob("lib/python3*/site-packages/hello.py")
    file.unlink()
    ran = made.run("check")
    assert ran.code == 1
    assert "hello is installed, and its hello.py is gone." in ran.out
    assert "--recreate" in ran.out
    assert made.run("--recreate").code == 0
    assert made.run("check").code == 0


@situations(
    Situation(
        "the environment's own Python makes the environment anew",
        "made anew from the Python behind it",
        "Making .venv with Python ... Done in",
        modes="B32 B33",
    )
)
def test_rebuilding_from_inside(made: Project, situation: Situation) -> None:
    """A rebuild from within the activated environment takes the Python behind it."""
    path = f"{made.venv / 'bin'}{os.pathsep}{made.environ['PATH']}"
    inside = {"VIRTUAL_ENV": str(made.venv), "PATH": path}
    situation.shown_by(made.finish([str(made.python), "-I", "-B", "bootstrap", "--recreate"], inside))
    assert made.installed() == {"hello": "1.0", "pip": pip_version()}


@situations(
    Situation(
        "git looks at a fresh environment",
        "it is ignored, whatever Python made it",
        "Done in",
        modes="E15",
    )
)
def test_git_ignores_it(project: Project, situation: Situation) -> None:
    """The environment carries its own .gitignore."""
    situation.shown_by(project.run())
    assert (project.venv / ".gitignore").read_text().splitlines()[-1] == "*"


def test_dependencies_that_were_declared_by_hand_are_told_once(made: Project) -> None:
    """Pins that are behind are no reason to stop, and edits of other things are no reason to speak."""
    declared = made.folder / "pyproject.toml"
    declared.write_text('[project]\nname = "mine"\ndependencies = ["hello"]\n')
    pins = made.folder / "requirements.txt"
    settings = read_settings(made.folder / "bootstrap" / "settings.ini")
    digest = read_declaration(made.folder, settings, this_machine(), Console(io.StringIO()), offline=True).digest
    pins.write_text(header("pyproject.toml", digest, settings) + pins.read_text())
    assert made.run().code == 0
    assert made.run().out.startswith("Nothing to do")

    declared.write_text(declared.read_text() + "# a comment\n")
    assert "has changed" not in made.run().text
    declared.write_text(declared.read_text().replace('"hello"', '"hello", "new"'))
    told = made.run()
    assert "pyproject.toml has changed since the pins. Next: sh bootstrap.sh lock" in told.text, told.text
    assert "Nothing to do" in told.out
    assert "has changed" not in made.run().text
