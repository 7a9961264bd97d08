"""Give tests a workshop that is ready, and put right again what the test before broke."""

from __future__ import annotations

import shutil

import pytest

from tests.support.project import Project
from tests.support.workshop import declare, describe, make_workshop, write_notebook


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a workshop that is ready."""
    project = make_workshop(tmp_path_factory.mktemp("original"))
    ran = project.run("start", "--from", "index")
    assert ran.code == 0, ran.text
    return project


@pytest.fixture
def ready(original: Project) -> Project:
    """Return that workshop, with everything that an earlier test broke put right again."""
    describe(original)
    declare(original, "hello")
    for broken in (original.folder / "notebooks" / "01.ipynb", original.folder / "data" / "rows.csv"):
        shutil.rmtree(broken) if broken.is_dir() else broken.unlink(missing_ok=True)
    write_notebook(original.folder / "notebooks" / "01.ipynb", "1 + 1")
    (original.folder / "data" / "rows.csv").write_bytes(b"a,b\n1,2\n")
    shutil.rmtree(original.folder / ".git", ignore_errors=True)
    original.pin(original.wheel("hello"))
    ran = original.run()
    assert ran.code == 0, ran.text
    return original
