"""The environment is made once by a copy and once by an update, in the real project only (FACTS, Copier)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from copier import run_copy, run_recopy, run_update

COUNTING_HOOK = """
import os, sys
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(os.getcwd() + "\\n")
"""


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it says."""
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str, tag: str = "") -> None:
    """Record all that is in a folder, and tag it if asked."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    if tag:
        git(folder, "tag", tag)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Name the file in which the hook notes where it ran."""
    return tmp_path / "log"


@pytest.fixture
def versions(template: Path, tmp_path: Path, log: Path) -> Path:
    """Make a template repository with two tags, whose hook only notes where it runs."""
    repository = tmp_path / "template"
    shutil.copytree(template, repository)
    (repository / "hooks" / "populate.py").write_text(COUNTING_HOOK.format(log=str(log)), encoding="utf-8")
    git(repository, "init", "--quiet")
    commit(repository, "one", "1.0.0")
    tools = repository / "template" / "bootstrap" / "tools.txt"
    tools.write_text(tools.read_text(encoding="utf-8") + "# refreshed\n", encoding="utf-8")
    commit(repository, "two", "2.0.0")
    return repository


def where(log: Path) -> list[str]:
    """Return the folders in which the hook ran."""
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.fixture
def project(versions: Path, tmp_path: Path) -> Path:
    """Make a project from the first tag, recorded in git."""
    folder = tmp_path / "project"
    run_copy(str(versions), folder, vcs_ref="1.0.0", unsafe=True, defaults=True, quiet=True)
    git(folder, "init", "--quiet")
    commit(folder, "begin")
    return folder


def test_a_copy_runs_the_hook_once_in_the_project(project: Path, log: Path) -> None:
    """One task, run in the new project's folder."""
    assert where(log) == [str(project)]


def test_an_update_runs_the_hook_once_in_the_project(project: Path, log: Path) -> None:
    """Not in the two temporary copies that Copier makes for comparing."""
    log.unlink()
    run_update(project, unsafe=True, defaults=True, quiet=True, overwrite=True)
    assert (project / "bootstrap" / "tools.txt").read_text(encoding="utf-8").endswith("# refreshed\n")
    assert where(log) == [str(project)]


def test_a_recopy_runs_the_hook_once_in_the_project(project: Path, log: Path) -> None:
    """A recopy counts as copy."""
    log.unlink()
    run_recopy(project, unsafe=True, defaults=True, quiet=True, overwrite=True)
    assert where(log) == [str(project)]


def test_skip_tasks_runs_no_hook_and_needs_no_trust(versions: Path, tmp_path: Path, log: Path) -> None:
    """Without trust there is still a complete project, and one command to run."""
    command = [sys.executable, "-m", "copier", "copy", "--skip-tasks", "--defaults", str(versions), str(tmp_path / "p")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert where(log) == []
    assert (tmp_path / "p" / "bootstrap.sh").is_file()
    assert "sh bootstrap.sh" in done.stderr


def test_without_trust_copier_refuses_and_makes_nothing(versions: Path, tmp_path: Path, log: Path) -> None:
    """Exit 4 is Copier's own."""
    command = [sys.executable, "-m", "copier", "copy", "--defaults", str(versions), str(tmp_path / "p")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 4
    assert where(log) == []
    assert not (tmp_path / "p").exists()


def test_an_update_keeps_git_ignored_files_of_the_person(project: Path) -> None:
    """What only the person made is not deleted with the temporary copies (the data-loss trap in FACTS)."""
    (project / ".venv").mkdir()
    (project / ".venv" / "mine").write_text("kept", encoding="utf-8")
    run_update(project, unsafe=True, defaults=True, quiet=True, overwrite=True)
    assert (project / ".venv" / "mine").read_text(encoding="utf-8") == "kept"


def test_an_updated_project_equals_a_fresh_one(project: Path, versions: Path, tmp_path: Path) -> None:
    """Nothing differs but git's own folder."""
    run_update(project, unsafe=True, defaults=True, quiet=True, overwrite=True)
    fresh = tmp_path / "fresh"
    run_copy(str(versions), fresh, vcs_ref="2.0.0", unsafe=True, defaults=True, quiet=True)

    def contents(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    assert contents(project) == contents(fresh)
