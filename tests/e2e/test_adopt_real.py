"""What well-known projects declare is adopted: dependency files as they stand in public, locked and installed for real."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.declaration import Layer, read_declaration
from projectenv.failure import Failure
from projectenv.machine import this_machine
from projectenv.settings import Settings

from tests.support.person import ADDRESS, Person, with_a_clone

FILES = Path(__file__).with_name("adopted")
PINS = ("requirements.txt",)

posix = pytest.mark.skipif(os.name == "nt", reason="hosted CI tells this story in PowerShell")


def declared(kind: str) -> Layer:
    """Return what is read as the declaration of a project's first pin file."""
    settings = Settings((3, 10), (3, 15), PINS, "", "auto", "")
    (layer,) = read_declaration(FILES / kind, settings, this_machine(), Console(io.StringIO())).layers
    return layer


@pytest.mark.parametrize(
    ("kind", "source", "built"),
    [
        ("setup-py", "setup.py", True),
        ("setup-cfg", "setup.py", True),
        ("poetry", "pyproject.toml", True),
        ("pep621", "pyproject.toml", False),
        ("pep735", "pyproject.toml", False),
        ("uv", "pyproject.toml", False),
    ],
)
def test_a_declaration_is_found_where_it_stands(kind: str, source: str, built: bool) -> None:
    """Read where it can be read, left to the project's own build where it cannot."""
    layer = declared(kind)
    assert (layer.source, layer.dynamic) == (source, built)


def test_what_stands_in_setup_cfg_counts_where_setup_py_says_nothing() -> None:
    """A change there makes the pins old."""
    assert "install_requires=tokenize-rt>=3.0.1" in declared("setup-cfg").requirements


def test_a_pipfile_is_named_with_what_makes_pins_of_it() -> None:
    """Only pipenv reads it."""
    with pytest.raises(Failure) as failure:
        declared("pipenv")
    assert "pipenv requirements > requirements.txt" in failure.value.next_step


@pytest.mark.parametrize("kind", ["unpinned", "pinned", "hashed"])
def test_requirements_files_are_told_apart_from_pins_of_ours(kind: str) -> None:
    """Nothing of theirs is written over by a lock, unless a tool had written it."""
    if kind == "unpinned":
        with pytest.raises(Failure, match="by hand"):
            declared(kind)
    else:
        with pytest.raises(Failure, match="nothing declares"):
            declared(kind)


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Give a person Copier, and the template at its address."""
    for one in with_a_clone():
        one.has_copier()
        yield one


def adopt(person: Person, kind: str) -> tuple[Path, str]:
    """Lay the template beside what a public project declares, and return the repository and what was said."""
    folder = person.makes(person.home / kind)
    for file in (FILES / kind).iterdir():
        shutil.copy2(file, folder / file.name)
    if os.geteuid() == 0:
        for path in folder.iterdir():
            os.chown(path, folder.stat().st_uid, folder.stat().st_gid)
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "as it was"]):
        assert person.types("git", *words, at=folder).returncode == 0
    done = person.types(
        "copier", "copy", "--trust", "--defaults", "--data", "starter=existing", ADDRESS, ".", at=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


def only_ours_was_added(person: Person, folder: Path) -> bool:
    """Tell that git sees new files of ours, pins where there were none, and not one change of theirs."""
    lines = person.types("git", "status", "--porcelain", at=folder).stdout.splitlines()
    ours = {"bootstrap", "bootstrap.sh", "bootstrap.ps1", "bootstrap.cmd", "ACTIVATE.md", ".copier-answers.yml", *PINS}
    return {line[3:].split("/")[0] for line in lines} <= ours and all(line.startswith("??") for line in lines)


@posix
@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "package", "pinned"),
    [
        ("setup-py", "chardet", "chardet==3.0.4"),
        ("setup-cfg", "tokenize_rt", "tokenize-rt=="),
        ("pep621", "tenacity", "tenacity=="),
        ("uv", "", "colorama=="),
        ("hashed", "pyproject_hooks", "pyproject-hooks==1.0.0"),
        ("unpinned", "trustme", "pytest-cov\n"),
    ],
)
def test_it_bootstraps(person: Person, kind: str, package: str, pinned: str) -> None:
    """The declaration is locked, or installed as it is; nothing else is touched; a second run has nothing to do."""
    folder, said = adopt(person, kind)
    assert pinned in (folder / "requirements.txt").read_text(encoding="utf-8"), said
    assert only_ours_was_added(person, folder)
    assert not package or person.types(".venv/bin/python", "-c", f"import {package}", at=folder).returncode == 0, said
    assert person.types("sh", "bootstrap.sh", at=folder).stdout.startswith("Nothing to do")


@posix
@pytest.mark.network
@pytest.mark.slow
def test_a_poetry_project_bootstraps_for_the_pythons_that_have_wheels(person: Person) -> None:
    """What it needs has no wheel for the newest Python yet; asking for that one is refused with the setting's name."""
    folder, said = adopt(person, "poetry")
    assert (folder / "requirements.txt").exists(), said
    settings = folder / "bootstrap" / "settings.ini"
    text = settings.read_text(encoding="utf-8")
    assert "newest-python = 3.14" in text
    settings.write_text(text.replace("newest-python = 3.14", "newest-python = 3.15"), encoding="utf-8")
    newest = person.types("sh", "bootstrap.sh", "lock", at=folder)
    if newest.returncode != 0:  # until it has one
        assert "narrow oldest-python or newest-python" in newest.stderr
    settings.write_text(text, encoding="utf-8")
    assert person.types("sh", "bootstrap.sh", at=folder).returncode == 0
    assert only_ours_was_added(person, folder)
    assert person.types(".venv/bin/python", "-c", "import crashtest, rapidfuzz", at=folder).returncode == 0
