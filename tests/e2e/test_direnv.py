"""direnv itself reads the .envrc that is made on request."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import needs
from tests.support.project import TEMPLATE, Project

pytestmark = pytest.mark.slow


@pytest.fixture
def entered(project: Project) -> Project:
    """Give a project with the .envrc, allowed."""
    direnv = shutil.which("direnv")
    needs.need("direnv", have=direnv is not None)
    project.environ["PATH"] += f"{os.pathsep}{Path(str(direnv)).parent}"
    shutil.copy(TEMPLATE / ".envrc", project.folder / ".envrc")
    assert project.finish(["direnv", "allow"]).code == 0
    return project


def test_entering_the_folder_makes_and_activates_the_environment(entered: Project) -> None:
    """For a folder in which nothing was made yet."""
    ran = entered.finish(["direnv", "exec", ".", "python", "-c", "import hello, os; print(os.environ['VIRTUAL_ENV'])"])
    assert ran.code == 0, ran.text
    assert ran.out.strip().splitlines()[-1] == str(entered.venv)


def test_new_pins_are_installed_on_the_way_in(entered: Project) -> None:
    """The pins are among the files that direnv watches."""
    assert entered.finish(["direnv", "exec", ".", "hello"]).code == 0
    entered.pin(entered.wheel("other"))
    assert entered.finish(["direnv", "exec", ".", "python", "-c", "import other"]).code == 0
