"""Give each end-to-end test a project of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project, make_project
from tests.support.template import Template, hello, make_template

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a small project, nothing made yet."""
    return make_project(tmp_path)


@pytest.fixture
def made(project: Project) -> Project:
    """Return a small project whose environment is made."""
    ran = project.run()
    assert ran.code == 0, ran.text
    return project


@pytest.fixture
def versions(template: Path, tmp_path: Path) -> Template:
    """Make a template with one release, which pins hello 1.0."""
    made = make_template(template, tmp_path)
    made.release("1.0.0", hello(made, "1.0"))
    return made
