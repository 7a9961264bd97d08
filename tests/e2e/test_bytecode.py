"""A bootstrap that runs again does not compile itself again, and leaves the project's folder as it was."""

from __future__ import annotations

from pathlib import Path

from tests.support.project import Project


def test_bytecode_goes_to_the_cache_and_only_ours(project: Project, tmp_path: Path) -> None:
    """One run keeps the bytecode of the bootstrap, none of the standard library's, and writes none into the project."""
    cache = tmp_path / "kept"
    project.run("check", VENV_TEMPLATE_CACHE=str(cache))
    kept = {file.name.split(".")[0] for file in cache.rglob("*.pyc")}
    assert {"quick", "stamp", "cli", "check"} <= kept
    assert not kept & {"argparse", "abc", "json", "typing"}
    assert not list((project.folder / "bootstrap").rglob("__pycache__"))


def test_changed_source_is_compiled_again(project: Project) -> None:
    """What was kept never wins over a source that has changed since."""
    project.run("check")
    module = project.folder / "bootstrap" / "projectenv" / "commands" / "check.py"
    module.write_text(module.read_text(encoding="utf-8") + "\nraise SystemExit(77)\n", encoding="utf-8")
    assert project.run("check").code == 77


def test_a_cache_that_cannot_be_made_is_no_failure(project: Project, tmp_path: Path) -> None:
    """Where a file stands in the cache's place, checking works as before."""
    blocked = tmp_path / "blocked"
    blocked.touch()
    ran = project.run("check", VENV_TEMPLATE_CACHE=str(blocked))
    assert ran.code == 1
    assert "Traceback" not in ran.text
