"""The last words: commands as they are typed where the person is."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest
from projectenv import ready

from tests.support.project import TEMPLATE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths as a POSIX shell has them")


@pytest.mark.parametrize(
    ("here", "typed"),
    [
        ("project", "sh bootstrap.sh lock"),
        ("project/src/deep", "sh ../../bootstrap.sh lock"),
        (".", "sh project/bootstrap.sh lock"),
        ("a/b/c/d", "sh {root}/project/bootstrap.sh lock"),
    ],
)
def test_a_command_is_told_as_it_is_typed_from_here(
    here: str, typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a subfolder the name of the shim alone would not be found."""
    (tmp_path / here).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / here)
    monkeypatch.setattr(ready, "project_folder", lambda: str(tmp_path / "project"))
    assert ready.typed("bootstrap lock") == typed.format(root=tmp_path)
    assert ready.typed("edit it, then: bootstrap lock").endswith(f": {typed.format(root=tmp_path)}")
    assert ready.typed("free some space") == "free some space"
    rest = " or leave it: another is taken"
    assert ready.typed(f"bootstrap lock{rest}") == typed.format(root=tmp_path) + rest
    assert ready.started("start-linux.sh") == typed.format(root=tmp_path).replace("bootstrap.sh lock", "start-linux.sh")


def test_a_persons_own_script_is_never_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they kept theirs under the shim's name, the folder is started; ours, or none at all, is the shim."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ready, "project_folder", lambda: str(tmp_path))
    monkeypatch.setattr(ready, "_in_powershell", lambda: False)
    monkeypatch.delenv("BOOTSTRAP_GO_TO", raising=False)
    (tmp_path / "bootstrap.sh").write_text("echo mine\n", encoding="ascii")
    assert ready.typed("bootstrap lock") == "python3 bootstrap lock"
    assert ready.how_to_use(str(tmp_path / ".venv")).endswith("\n    python3 bootstrap run python")
    shutil.copy(TEMPLATE / "bootstrap.sh", tmp_path)
    assert ready.typed("bootstrap lock") == "sh bootstrap.sh lock"
    assert ready.how_to_use(str(tmp_path / ".venv")).endswith("\n    sh bootstrap.sh run python")


def test_what_is_proposed_first_is_a_program_or_a_command_of_the_bootstrap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workshop proposes `open`, which makes copies before it starts anything."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ready, "project_folder", lambda: str(tmp_path))
    shutil.copy(TEMPLATE / "bootstrap.sh", tmp_path)
    for setting, typed in (
        ("bootstrap open", "open"),
        ("jupyter lab", "run jupyter lab"),
        ("bootstrapper", "run bootstrapper"),
    ):
        out = io.StringIO()
        ready.tell_ready(str(tmp_path / ".venv"), {"installed": "", "python": "3.13.1", "try": setting}, out)
        assert out.getvalue().endswith(f"Try it:\n    sh bootstrap.sh {typed}\n")


def test_a_path_with_a_blank_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told can be pasted."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ready, "project_folder", lambda: str(tmp_path / "my project"))
    assert ready.typed("bootstrap") == "sh 'my project/bootstrap.sh'"


@pytest.mark.parametrize(
    ("path", "powershell", "typed"),
    [
        ("bootstrap.cmd", False, ".\\bootstrap.cmd"),
        ("..\\bootstrap.cmd", True, "..\\bootstrap.cmd"),
        ("D:\\work\\bootstrap.cmd", False, "D:\\work\\bootstrap.cmd"),
        ("my workshop\\bootstrap.cmd", False, '".\\my workshop\\bootstrap.cmd"'),
        ("my workshop\\bootstrap.cmd", True, '& ".\\my workshop\\bootstrap.cmd"'),
        ("\\\\server\\share\\bootstrap.cmd", True, "\\\\server\\share\\bootstrap.cmd"),
    ],
)
def test_on_windows_it_can_be_typed_in_cmd_and_in_powershell(path: str, powershell: bool, typed: str) -> None:
    """Both take the same words, except where a blank has to be quoted."""
    assert ready.on_windows(path, powershell=powershell) == typed
