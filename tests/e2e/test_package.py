"""A package, end to end, as a plain user: made, tested, built, checked, and put into an image's folder."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.person import SYSTEM_PYTHON, Person, with_a_clone

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="hosted CI tells this story in PowerShell"),
]


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Give a person a clone of what is in the work tree."""
    yield from with_a_clone()


@pytest.fixture(scope="module")
def package(person: Person) -> Path:
    """Make a package with all that can be asked for."""
    answers = ["--data", "starter=package", "--data", "extras=[direnv, dockerfile]"]
    answers += ["--data", "project_name=Weather report", "--data", "license=BSD-3-Clause"]
    done = person.types(SYSTEM_PYTHON, "start.py", "new", "../weather", "--defaults", *answers)
    assert done.returncode == 0, done.stdout + done.stderr
    return person.home / "weather"


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_it_is_installed_with_its_pins_by_both_engines(person: Person, package: Path, installer: str) -> None:
    """Its own program is there, and a second run has nothing to do."""
    done = person.types("sh", "bootstrap.sh", "--recreate", "--installer", installer, at=package)
    assert done.returncode == 0, done.stdout + done.stderr
    done = person.types(".venv/bin/weather-report", at=package)
    assert "requests" in done.stdout, done.stderr
    assert person.types("sh", "bootstrap.sh", at=package).stdout.startswith("Nothing to do")


@pytest.mark.parametrize(
    "command",
    ["ruff check", "ruff format --check", "mypy", "pytest -q -p no:cacheprovider", "prek run --all-files"],
)
def test_what_ci_and_hooks_run_passes_from_the_start(person: Person, package: Path, command: str) -> None:
    """Its tests build sdist and wheel and validate their metadata."""
    if command.startswith("prek"):
        person.types("git", "init", "--quiet", at=package)
        person.types("git", "add", "--all", at=package)
    done = person.types("sh", "bootstrap.sh", "run", *command.split(), at=package)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_would_be_published_holds_what_it_should(person: Person, package: Path) -> None:
    """Built as publish.yml builds it, with no network: the backend is pinned."""
    build = ["python", "-m", "build", "--no-isolation"]
    done = person.types("sh", "bootstrap.sh", "run", *build, at=package)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (package / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read("weather_report-0.1.0.dist-info/METADATA").decode()
    assert {"weather_report/py.typed", "weather_report-0.1.0.dist-info/licenses/LICENSE"} <= names
    assert "License-Expression: BSD-3-Clause" in metadata
    assert len(list((package / "dist").glob("*.tar.gz"))) == 1


def test_a_new_version_is_known_after_the_next_run(person: Person, package: Path) -> None:
    """It stands in pyproject.toml, once; importlib.metadata tells it."""
    file = package / "pyproject.toml"
    before = file.read_text(encoding="utf-8")
    assert before.count("0.1.0") == 1
    file.write_text(before.replace('version = "0.1.0"', 'version = "0.2.0"'), encoding="utf-8")
    try:
        code = "import importlib.metadata as m; print(m.version('weather-report'))"
        done = person.types("sh", "bootstrap.sh", "run", "python", "-c", code, at=package)
        assert done.stdout == "0.2.0\n", done.stderr
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("starter", ["package", "app"])
def test_the_steps_of_the_image_give_a_program_without_tools(person: Person, package: Path, starter: str) -> None:
    """Each COPY and RUN of the first stage, in a folder of its own; then the program as the image starts it."""
    project, stage = package, person.home / f"stage-{starter}"
    if starter == "app":
        project = person.home / "app"
        copier = str(person.clone / ".venv" / "bin" / "copier")
        words = ["copy", "--skip-tasks", "--defaults", "--data", "extras=[dockerfile]", "--vcs-ref", "HEAD"]
        done = person.types(copier, *words, str(person.clone), str(project))
        assert done.returncode == 0, done.stderr
    stages = re.split(r"^FROM .*\n", (project / "Dockerfile").read_text().replace("\\\n", ""), flags=re.M)
    person.types("mkdir", "-p", str(stage / "path"), at=project)
    person.types("ln", "-s", SYSTEM_PYTHON, str(stage / "path" / "python"), at=project)
    for verb, words in re.findall(r"^(COPY|RUN) (.*)$", stages[1], re.M):
        *sources, target = words.split()
        command = f"cp -R {' '.join(sources)} {stage}/{target}" if verb == "COPY" else f"PATH=$PWD/path:$PATH\n{words}"
        done = person.types("sh", "-euc", command, at=project if verb == "COPY" else stage)
        assert done.returncode == 0, f"{verb} {words}: {done.stdout}{done.stderr}"
    module = re.findall(r'^ENTRYPOINT .*"-m", "(.*)"\]', stages[2], re.M)[0]
    if starter == "package":
        shutil.rmtree(stage / "src")
    done = person.types(".venv/bin/python", "-m", module, at=stage)
    assert "requests" in done.stdout, done.stderr
    assert not list(stage.glob(".venv/lib/*/site-packages/pytest"))
