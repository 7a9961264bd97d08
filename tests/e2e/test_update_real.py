"""Updates of real pins, from the package index: a project's own packages are locked again, with the shipped pins preferred."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import needs
from tests.support.person import ADDRESS, NOBODY, Person, with_a_clone

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="hosted CI tells this story in PowerShell"),
]

OLD = "certifi==2025.8.3"


def block(text: str, name: str) -> str:
    """Return a package's lines in a pin file."""
    found = re.search(rf"^{name}==.*(?:\n[ \t]+.*)*\n", text, re.MULTILINE)
    assert found, text
    return found[0]


def older() -> str:
    """Return pins of an older certifi, hashes included, as an earlier release would have shipped them."""
    command = [str(needs.uv()), "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate", "-"]
    done = subprocess.run(command, input=OLD, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Give a person Copier, and the template at its address, with a release before this one and its older pins."""
    for one in with_a_clone():
        one.has_copier()
        yield one


def release(person: Person, version: str, pins: str) -> None:
    """Ship these pins for production, and tag the result."""
    file = person.clone / "pins" / "app" / "requirements.txt"
    file.write_text(pins, encoding="utf-8")
    if os.geteuid() == 0:
        os.chown(file, NOBODY, NOBODY)
    commit(person, person.clone, version)
    assert person.types("git", "tag", version).returncode == 0


def commit(person: Person, folder: Path, message: str) -> None:
    """Record all that is in a folder."""
    for words in (["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message", message]):
        assert person.types("git", *words, at=folder).returncode == 0


def test_own_packages_are_locked_again_and_take_the_newly_shipped_versions(person: Person) -> None:
    """What was added stays as pinned, what was shipped is renewed, in the pins and in the environment, once."""
    shipped = (person.clone / "pins" / "app" / "requirements.txt").read_text(encoding="utf-8")
    newest = block(shipped, "certifi")
    via = "    # via requests\n"
    release(person, "0.2.0", shipped.replace(newest, older().rstrip("\n") + "\n" + via))
    project = person.makes(person.home / "mine")
    done = person.types("copier", "copy", "--trust", "--defaults", ADDRESS, ".", at=project)
    assert done.returncode == 0, done.stdout + done.stderr
    done = person.types("sh", "bootstrap.sh", "add", "tabulate==0.9.0", at=project)
    assert done.returncode == 0, done.stdout + done.stderr
    mine = (project / "requirements.txt").read_text(encoding="utf-8")
    assert OLD in mine
    assert "tabulate==0.9.0" in mine
    assert person.types("git", "init", "--quiet", at=project).returncode == 0
    commit(person, project, "mine")

    release(person, "0.3.0", shipped)
    done = person.types("copier", "update", "--trust", "--defaults", at=project)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Your pins were locked again" in said
    now = (project / "requirements.txt").read_text(encoding="utf-8")
    assert block(now, "certifi") == newest
    assert block(now, "tabulate") == block(mine, "tabulate")
    assert said.count("Updating .venv") == 1
    code = "from importlib.metadata import version; print(version('certifi'), version('tabulate'))"
    inside = person.types(".venv/bin/python", "-c", code, at=project).stdout.split()
    assert inside == [newest.split()[0].partition("==")[2], "0.9.0"]
    commit(person, project, "updated")
    assert person.types("copier", "update", "--trust", "--defaults", at=project).returncode == 0
    assert person.types("git", "status", "--porcelain", at=project).stdout == ""
