"""Something else in the place of `.venv` is named and left alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its faults are made with links and POSIX layouts")


def a_file(project: Project) -> None:
    """Put a file in the place of the environment."""
    project.venv.write_text("mine\n")


def a_folder(project: Project) -> None:
    """Put somebody's folder in the place of the environment."""
    project.venv.mkdir()
    (project.venv / "notes.txt").write_text("mine\n")


def a_link(project: Project) -> None:
    """Put a link to somebody's environment in the place of the environment."""
    other = project.folder.with_name("other")
    other.mkdir()
    (other / "pyvenv.cfg").write_text("home = /usr/bin\n")
    project.venv.symlink_to(other)


def a_dangling_link(project: Project) -> None:
    """Put a link to nothing in the place of the environment."""
    project.venv.symlink_to("/nowhere/at/all")


STRANGERS: dict[str, Callable[[Project], None]] = {
    stranger.__name__: stranger for stranger in (a_file, a_folder, a_link, a_dangling_link)
}


@situations(
    Situation(
        "`.venv` is a file",
        "left alone, nothing installed",
        ".venv is a file, not a virtual environment. ... leaves this alone. ... Next: move it away (mv .venv .venv-old)",
        code=1,
        modes="B24",
        case="a_file",
    ),
    Situation(
        "`.venv` is a folder that is no environment",
        "left alone, nothing installed",
        ".venv is a folder without pyvenv.cfg, not a virtual environment. ... Next: move it away",
        code=1,
        modes="B24",
        case="a_folder",
    ),
    Situation(
        "`.venv` is a link to a folder elsewhere",
        "link and folder left alone",
        ".venv is a link, not a virtual environment. ... Next: move it away",
        code=1,
        modes="B24",
        case="a_link",
    ),
    Situation(
        "`.venv` is a link to nothing",
        "left alone",
        ".venv is a link, not a virtual environment. ... Next: move it away",
        code=1,
        modes="B24",
        case="a_dangling_link",
    ),
)
@pytest.mark.parametrize("options", [(), ("--recreate",)], ids=["plain", "recreate"])
def test_what_is_not_ours_stays(project: Project, situation: Situation, options: tuple[str, ...]) -> None:
    """Something else in the place of `.venv` is named and never removed, whatever is asked."""
    STRANGERS[situation.case](project)
    before = sorted(project.folder.parent.rglob("*"))
    situation.shown_by(project.run(*options))
    assert sorted(project.folder.parent.rglob("*")) == before
