"""See the prompt as a person sees it, in a terminal; and the paths of Git Bash, with a stand-in for cygpath."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from projectenv.activators import write_missing

from tests.shells.drivers import DRIVERS, find
from tests.shells.matrix import HERE

pytestmark = [pytest.mark.shells, pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")]
SET = {
    "fish": "function fish_prompt; echo -n 'in$ '; end; function fish_right_prompt; end",
    "csh": "set prompt='in$ '",
    "tcsh": "set prompt='in$ '",
}
SHELLS = [shell for shell in HERE if DRIVERS[shell].suffix == "sh"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with activators alone."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    write_missing(str(tmp_path / ".venv"))
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
def test_the_prompt_comes_and_goes(shell: str, folder: Path) -> None:
    """Show (.venv) before the prompt while the environment is on, and the former prompt afterwards."""
    import pexpect

    name = {"fish": ".fish", "csh": ".csh", "tcsh": ".csh"}.get(shell, "")
    command = [word for word in find(shell).command if word != "-eu"]
    # The set-up that yash brings has a prompt of its own, YASH_PS1.
    command += ["--norcfile"] if shell == "yash" else []
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    terminal = pexpect.spawn(
        command[0], [*command[1:], "-i"], cwd=str(folder), env=environ, timeout=20, encoding="utf-8"
    )
    try:
        terminal.sendline(SET.get(shell, "PS1='in$ '"))
        terminal.expect_exact("in$ ")
        terminal.sendline("echo one-$?" if "csh" not in shell and shell != "fish" else "echo one-0")
        terminal.expect("one-0\r?\n.*in\\$ ")
        terminal.sendline(f". .venv/bin/activate{name}" if not name else f"source .venv/bin/activate{name}")
        terminal.expect_exact("(.venv) in$ ")
        terminal.sendline("deactivate; echo left-it")
        terminal.expect("left-it\r?\n")
        terminal.expect_exact("in$ ")
        assert "(.venv)" not in str(terminal.before).rpartition("\n")[2]
    finally:
        terminal.close(force=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_windows_path_is_turned_for_git_bash(shell: str, folder: Path) -> None:
    """Ask cygpath, as a drive's colon would part the PATH."""
    driver = find(shell)
    (folder / "bin").mkdir()
    (folder / "bin" / "cygpath").write_text("#!/bin/sh\necho '/c/my project/.venv'\n")
    (folder / "bin" / "cygpath").chmod(0o755)
    name = "activate.fish" if shell == "fish" else "activate"
    script = folder / ".venv" / "bin" / name
    script.write_text(
        script.read_text().replace(str(folder / ".venv"), "C:\\my project\\.venv").replace("/bin", "/Scripts")
    )
    lines = f"source {script}\nenv\n"
    environ = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "HOME": str(folder)}
    command = [*driver.command, "script"]
    (folder / "script").write_text(lines)
    printed = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True).stdout
    assert "VIRTUAL_ENV=/c/my project/.venv\n" in printed
    assert "PATH=/c/my project/.venv/Scripts:" in printed
