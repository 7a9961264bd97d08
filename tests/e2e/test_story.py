"""The main job, end to end, as a plain user with a bare Python: real packages from the package index."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.person import SYSTEM_PYTHON, Person, with_a_clone

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="hosted CI tells this story in PowerShell"),
]


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file below a folder."""
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Give a person a clone of what is in the work tree, tagged as a release is."""
    yield from with_a_clone()


@pytest.fixture(scope="module")
def demo(person: Person) -> Path:
    """Make the project that the README promises."""
    before = tree(person.home)
    done = person.types(SYSTEM_PYTHON, "start.py", "new", "../demo", "--defaults")
    assert done.returncode == 0, done.stdout + done.stderr
    outside = {
        path
        for path in set(tree(person.home).items()) ^ set(before.items())
        if not path[0].startswith(
            tuple(
                str(person.home / name) for name in ("demo/", ".cache/", "venv-template/.venv/", "venv-template/.git/")
            )
        )
    }
    assert not outside, "nothing but the clone's .venv, the project and the cache may change"
    assert "Activate it" in done.stdout
    return person.home / "demo"


def test_one_command_gives_a_project_in_which_the_packages_work(person: Person, demo: Path) -> None:
    """start.py new, then import requests."""
    done = person.types(".venv/bin/python", "-c", "import requests, rich, pytest, pip; print('works')", at=demo)
    assert done.stdout == "works\n", done.stderr


def test_a_second_run_does_nothing_and_says_so(person: Person, demo: Path) -> None:
    """And touches no file."""
    before = tree(demo)
    done = person.types("sh", "bootstrap.sh", at=demo)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "Nothing to do")
    assert tree(demo) == before


def test_the_projects_own_tests_pass_through_run(person: Person, demo: Path) -> None:
    """Type sh bootstrap.sh run pytest."""
    done = person.types("sh", "bootstrap.sh", "run", "pytest", "-q", "-p", "no:cacheprovider", at=demo)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_the_program_runs(person: Person, demo: Path) -> None:
    """The command that the last message names."""
    done = person.types("sh", "bootstrap.sh", "run", "python", "-m", "demo", at=demo)
    assert done.returncode == 0, done.stderr
    assert "requests" in done.stdout


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_both_engines_install_the_shipped_pins(person: Person, demo: Path, installer: str) -> None:
    """--recreate with each, the environment holding pip afterwards."""
    done = person.types("sh", "bootstrap.sh", "--recreate", "--installer", installer, at=demo)
    assert done.returncode == 0, done.stdout + done.stderr
    done = person.types(".venv/bin/python", "-m", "pip", "--version", at=demo)
    assert done.stdout.startswith("pip "), done.stderr


def test_copier_from_a_git_address_gives_the_same_project(person: Person, demo: Path) -> None:
    """Copier copy --trust URL, byte for byte but for the answers file."""
    copier = str(person.clone / ".venv" / "bin" / "copier")
    address = f"git+file://{person.clone}"
    done = person.types(copier, "copy", "--trust", "--defaults", "--data", "project_name=demo", address, "../by-copier")
    assert done.returncode == 0, done.stderr
    other = person.home / "by-copier"
    for path in (path for path in demo.rglob("*") if path.is_file()):
        name = path.relative_to(demo)
        if name.parts[0] not in (".venv", ".copier-answers.yml") and "__pycache__" not in name.parts:
            assert path.read_bytes() == (other / name).read_bytes(), name
    assert (other / ".venv" / "bin" / "pip").exists()


def test_without_trust_skip_tasks_gives_a_complete_project_and_one_command(person: Person, demo: Path) -> None:
    """Copier copy --skip-tasks, then sh bootstrap.sh."""
    copier = str(person.clone / ".venv" / "bin" / "copier")
    done = person.types(copier, "copy", "--skip-tasks", "--defaults", f"git+file://{person.clone}", "../untrusted")
    assert done.returncode == 0, done.stderr
    project = person.home / "untrusted"
    assert not (project / ".venv").exists()
    done = person.types("sh", "bootstrap.sh", at=project)
    assert done.returncode == 0, done.stderr
    assert (project / ".venv" / "bin" / "pip").exists()


def test_the_system_python_meets_pep_668_itself_and_is_left_alone(person: Person, demo: Path) -> None:
    """Where the marker is, the project works all the same: that is the whole point."""
    marker = Path(f"/usr/lib/python3.{sys.version_info[1]}/EXTERNALLY-MANAGED")
    if not marker.exists():
        pytest.skip("this machine's Python carries no EXTERNALLY-MANAGED marker")
    config = (demo / ".venv" / "pyvenv.cfg").read_text(encoding="utf-8")
    assert "home = /usr/bin" in config
