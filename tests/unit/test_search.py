"""Pythons are looked for where their installers were told to keep them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from projectenv.failure import Failure
from projectenv.machine import Machine
from projectenv.search import candidates, choose
from projectenv.settings import Settings

from tests.support.project import BASE_PYTHON


@pytest.mark.parametrize(
    ("variable", "place"),
    [("PYENV_ROOT", "versions/3.12.1/bin/python3"), ("UV_PYTHON_INSTALL_DIR", "cpython-3.12.1-linux/bin/python3.12")],
)
def test_pythons_are_found_where_pyenv_and_uv_were_told_to_keep_them(tmp_path: Path, variable: str, place: str) -> None:
    """Both may have been moved away from the home by their own variable."""
    program = tmp_path / "moved" / place
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    environ = {"PATH": "/nowhere", variable: str(tmp_path / "moved")}
    machine = Machine("linux", "x86_64", "", 1000, environ, tmp_path / "home")
    assert program in list(candidates(Settings((3, 10), (3, 15), (), "", "auto", ""), machine))


def test_a_folder_that_may_not_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `su` the variables may still name another person's folders."""
    asked: list[Path] = []

    def refuse(self: Path, pattern: str) -> list[Path]:
        asked.append(self)
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "glob", refuse)
    environ = {"PATH": "/nowhere", "PYENV_ROOT": str(tmp_path)}
    machine = Machine("linux", "x86_64", "", 1000, environ, tmp_path / "home")
    assert list(candidates(Settings((3, 10), (3, 15), (), "", "auto", ""), machine)) == []
    assert tmp_path / "versions" in asked


def test_a_python_that_is_not_here_is_answered_with_one_that_is(tmp_path: Path) -> None:
    """What the system's package manager would install is here already, and is not what was asked for."""
    (tmp_path / "python3").symlink_to(BASE_PYTHON)
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    machine = Machine("linux", "x86_64", "debian", 1000, {"PATH": str(tmp_path)}, tmp_path)
    settings = Settings(sys.version_info[:2], sys.version_info[:2], ("requirements.txt",), "", "auto", "")
    with pytest.raises(Failure) as told:
        choose(settings, machine, tmp_path, "2.7")
    assert told.value.next_step.startswith(f"bootstrap --python {minor} "), told.value.next_step
