"""Make the environments that the shells activate, once each, and write down which cells of the matrix ran."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.shells.matrix import CREATORS, write_matrix
from tests.support import needs
from tests.support.project import BASE_PYTHON, Project, make_project, shared_cache

HOSTILE = "';&&e-$ èрт🚒♞中片-j" if os.name == "nt" else "'\";&&e-$ èрт🚒♞中片-j"
OLDEST, NEWEST = (3, 10), (3, 15)


@functools.cache
def version_of(python: str) -> tuple[int, int] | None:
    """Return the version that a Python tells of itself; None when it does not answer or makes no environments."""
    code = "import sys, venv, ssl; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"(\d+) (\d+)$", done.stdout.strip())
    return (int(found[1]), int(found[2])) if found else None


def pythons() -> list[str]:
    """Return the oldest and the newest supported Python of this machine, and the system's own."""
    names = ["/usr/bin/python3", str(BASE_PYTHON)]
    names += [found for minor in range(NEWEST[1], OLDEST[1] - 1, -1) if (found := shutil.which(f"python3.{minor}"))]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    names += [str(each) for each in sorted(root.glob("versions/3.*/bin/python3"))]
    versions: dict[tuple[int, int], str] = {}
    for name in names:
        version = version_of(name)
        if version and OLDEST <= version <= NEWEST:
            versions.setdefault(version, name)
    chosen = {min(versions), max(versions), version_of(names[0]) or min(versions)}
    return [versions[version] for version in sorted(chosen & versions.keys())]


PYTHONS = pythons()


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Project]:
    """Return a function that makes a project with its environment: by venv and pip or by uv, with this Python."""

    @functools.cache
    def make(creator: str, python: str) -> Project:
        project = make_project(tmp_path_factory.mktemp("shells"), HOSTILE)
        installer = CREATORS[creator]
        extra: dict[str, str | None] = {}
        if installer == "uv":
            extra["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
            extra["UV_FIND_LINKS"] = f"{shared_cache() / 'wheels'},{project.wheels}"
        ran = project.run("--installer", installer, "--python", python, **extra)
        assert ran.code == 0, ran.text
        return project

    return make


CELLS: dict[tuple[str, str, str], str] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note the outcome of each cell."""
    report = yield
    cell = dict(report.user_properties).get("cell")
    if isinstance(cell, tuple) and (report.when == "call" or report.outcome != "passed"):
        CELLS[cell] = report.outcome
    return report


def pytest_sessionfinish() -> None:
    """Write the matrix where SHELL_MATRIX says."""
    place = os.environ.get("SHELL_MATRIX")
    if place and CELLS:
        versions = [".".join(map(str, version_of(python) or ())) for python in PYTHONS]
        write_matrix(Path(place), CELLS, versions, sys.platform)
