"""Give each end-to-end test a project of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project, make_project

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
