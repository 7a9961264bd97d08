"""A bootstrap that runs again does not compile itself again, and leaves the project's folder as it was."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.project import BASE_PYTHON, Project


def test_bytecode_goes_to_the_cache_and_only_ours(project: Project, tmp_path: Path) -> None:
    """One run keeps the bytecode of the bootstrap, none of the standard library's, and writes none into the project."""
    cache = tmp_path / "kept"
    project.run("check", VENV_TEMPLATE_CACHE=str(cache))
    kept = {file.name.rpartition("-")[0] for file in (cache / "bytecode").glob("*/*")}
    assert {"projectenv.quick", "projectenv.stamp", "projectenv.cli", "projectenv.commands.check"} <= kept
    assert all(name.startswith("projectenv.") for name in kept)
    assert not list((project.folder / "bootstrap").rglob("__pycache__"))


def test_changed_source_is_compiled_again(project: Project) -> None:
    """What was kept never wins over a source that has changed since."""
    project.run("check")
    module = project.folder / "bootstrap" / "projectenv" / "commands" / "check.py"
    module.write_text(module.read_text(encoding="utf-8") + "\nraise SystemExit(77)\n", encoding="utf-8")
    assert project.run("check").code == 77


@pytest.mark.parametrize("typed", ["bootstrap", "./bootstrap", "../another/bootstrap"])
def test_what_one_project_compiled_serves_every_other(project: Project, tmp_path: Path, typed: str) -> None:
    """However the folder is named when it is started, and wherever it stands: the same source is compiled once."""
    cache = tmp_path / "kept"
    project.run("check", VENV_TEMPLATE_CACHE=str(cache))
    (kept,) = (cache / "bytecode").glob("*/projectenv.commands.check-*")
    source, code = marshal.loads(kept.read_bytes())
    kept.write_bytes(marshal.dumps((source, compile("raise SystemExit(77)", code.co_filename, "exec"))))
    another = project.folder.parent / "another"
    shutil.copytree(project.folder / "bootstrap", another / "bootstrap")
    for folder in (project.folder, another):
        command = [str(BASE_PYTHON), "-I", "-B", typed, "check"]
        ran = subprocess.run(command, cwd=folder, env={"VENV_TEMPLATE_CACHE": str(cache)}, capture_output=True)
        assert ran.returncode == 77, ran.stderr


def test_a_traceback_shows_the_line_and_no_home(project: Project) -> None:
    """What is pasted into a report names the file as every project has it, whoever compiled it first."""
    module = project.folder / "bootstrap" / "projectenv" / "commands" / "check.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n1 / 0\n", encoding="utf-8")
    ran = project.run("check")
    assert ran.code == 3
    assert f'File "{Path("bootstrap", "projectenv", "commands", "check.py")}", line' in ran.err
    assert "    1 / 0\n" in ran.err
    assert 'projectenv/cli.py"' in ran.err.replace("\\", "/")


@pytest.mark.parametrize("broken", [b"", b"no such thing", marshal.dumps(7)])
def test_what_cannot_be_read_is_compiled_again(project: Project, tmp_path: Path, broken: bytes) -> None:
    """A file that was cut off or belongs to something else is replaced."""
    cache = tmp_path / "kept"
    project.run("check", VENV_TEMPLATE_CACHE=str(cache))
    (kept,) = (cache / "bytecode").glob("*/projectenv.commands.check-*")
    whole = kept.read_bytes()
    kept.write_bytes(broken)
    assert "Traceback" not in project.run("check", VENV_TEMPLATE_CACHE=str(cache)).text
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_made_is_no_failure(project: Project, tmp_path: Path) -> None:
    """Where a file stands in the cache's place, checking works as before."""
    blocked = tmp_path / "blocked"
    blocked.touch()
    ran = project.run("check", VENV_TEMPLATE_CACHE=str(blocked))
    assert ran.code == 1
    assert "Traceback" not in ran.text


@pytest.mark.skipif(os.name == "nt", reason="rights are bits on POSIX only")
def test_a_cache_that_others_may_write_to_is_not_run(project: Project, tmp_path: Path) -> None:
    """Whoever shares a machine must not choose what runs here."""
    cache = tmp_path / "kept"
    project.run("check", VENV_TEMPLATE_CACHE=str(cache))
    (kept,) = (cache / "bytecode").glob("*/projectenv.commands.check-*")
    assert kept.parent.stat().st_mode & 0o077 == 0
    source, code = marshal.loads(kept.read_bytes())
    kept.write_bytes(marshal.dumps((source, compile("raise SystemExit(77)", code.co_filename, "exec"))))
    kept.parent.chmod(0o777)
    assert project.run("check", VENV_TEMPLATE_CACHE=str(cache)).code == 1
