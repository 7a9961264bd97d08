"""The pip that the bootstrap plants is the one that pip would have installed."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tests.support.project import Project, pip_version

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there pip installs itself")


def library(project: Project) -> Path:
    """Return the environment's site-packages."""
    return next((project.venv / "lib").glob("python3*/site-packages"))


def recorded(project: Project) -> dict[str, tuple[str, str]]:
    """Return what pip's own RECORD says: path -> hash and size, programs without, as their text is a matter of taste."""
    record = library(project) / f"pip-{pip_version()}.dist-info" / "RECORD"
    rows = list(csv.reader(record.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len({row[0] for row in rows})
    return {row[0]: ("", "") if row[0].startswith("..") else (row[1], row[2]) for row in rows}


def by_pip_itself(project: Project) -> None:
    """Make the environment again with a pip folder in the cache that does not agree with its wheel."""
    cache = Path(project.environ["VENV_TEMPLATE_CACHE"])
    damaged = cache / f"pip-{pip_version()}" / "pip" / "py.typed"
    damaged.write_text("damaged", encoding="utf-8")
    ran = project.run("--recreate")
    assert ran.code == 0, ran.text


@pytest.fixture
def alone(project: Project, tmp_path: Path) -> Project:
    """Return a project with a cache of its own, which a test may damage."""
    shared = Path(project.environ["VENV_TEMPLATE_CACHE"])
    own = tmp_path / "own-cache" / "wheels"
    own.mkdir(parents=True)
    for wheel in (shared / "wheels").glob("pip-*.whl"):
        (own / wheel.name).write_bytes(wheel.read_bytes())
    project.environ["VENV_TEMPLATE_CACHE"] = str(own.parent)
    return project


def test_planted_pip_is_what_pip_would_install(alone: Project) -> None:
    """Both ways leave the same files, with the same hashes, and a file that is damaged in the cache is never linked."""
    assert alone.run().code == 0
    planted = recorded(alone)
    typed = library(alone) / "pip" / "py.typed"
    assert typed.stat().st_nlink > 1, "not linked: this test would compare pip with itself"
    by_pip_itself(alone)
    assert typed.stat().st_nlink == 1
    assert b"damaged" not in typed.read_bytes()
    assert planted == recorded(alone)


def test_planted_pip_can_replace_itself_and_leaves_the_cache_alone(alone: Project) -> None:
    """Uninstalling it removes every file of it, and none of those in the cache."""
    assert alone.run().code == 0
    kept = Path(alone.environ["VENV_TEMPLATE_CACHE"]) / f"pip-{pip_version()}" / "pip" / "__main__.py"
    ran = alone.finish([str(alone.venv / "bin" / "pip"), "uninstall", "--yes", "pip"])
    assert ran.code == 0, ran.text
    assert not list(library(alone).glob("pip*"))
    assert not list((alone.venv / "bin").glob("pip*"))
    assert kept.is_file()
