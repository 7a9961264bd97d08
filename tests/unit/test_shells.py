"""Check how the shell in use is found, with process trees that are only data."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from projectenv import shells
from projectenv.shells import nearest

if TYPE_CHECKING:
    from projectenv.shells import Process


def tree(*processes: tuple[str, str]) -> dict[int, Process]:
    """Return a process tree, the nearest first: (names separated by commas, command line)."""
    return {
        pid: (pid + 1, names.split(","), line.split())
        for pid, (names, line) in enumerate(processes, start=100)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("processes", "shell"),
    [
        ([("bash,bash", "-bash")], "bash"),
        ([("dash,sh", "sh")], "sh"),
        ([("python3.11,xonsh", "python3 /usr/bin/xonsh")], "xonsh"),
        ([("zsh,mysh", "mysh")], "zsh"),
        ([("busybox,ash", "ash")], "sh"),
        ([("make,make", "make"), ("fish,fish", "fish")], "fish"),
        ([("sudo,sudo", "sudo x"), ("env,env", "env x"), ("tcsh,tcsh", "-tcsh")], "tcsh"),
        ([("dash,sh", "sh -c python3"), ("make,make", "make"), ("fish,fish", "fish")], "fish"),
        ([("bash,bash", "bash -ec x"), ("systemd,systemd", "systemd")], "bash"),
        ([("pwsh,pwsh", "pwsh -NoProfile -Command x"), ("zsh,zsh", "zsh -l")], "zsh"),
        ([("bash,bash", "bash --init-file /x/c -i"), ("code,code", "code")], "bash"),
        ([("bash,bash", "bash script -c"), ("fish,fish", "fish")], "bash"),
        ([("systemd,systemd", "systemd")], None),
        ([], None),
    ],
)
def test_the_nearest_shell_with_a_prompt_is_found(processes: list[tuple[str, str]], shell: str | None) -> None:
    """Pass over programs, and over shells that only carry a command for one."""
    assert nearest(100, tree(*processes).get) == shell


@pytest.mark.parametrize(
    ("names", "shell"),
    [
        (["cmd.exe", "explorer.exe"], "cmd"),
        (["cmd.exe", "WindowsTerminal.exe"], "cmd"),
        (["cmd.exe", "powershell.exe", "explorer.exe"], "powershell"),
        (["cmd.exe", "pwsh.exe"], "pwsh"),
        (["py.exe", "powershell.exe"], "powershell"),
        (["sh.exe", "bash.exe"], "sh"),
        (["python.exe", "explorer.exe"], None),
    ],
)
def test_on_windows_a_shim_in_between_is_not_the_shell(names: list[str], shell: str | None) -> None:
    """See through the cmd.exe that another shell starts for a .cmd file."""
    found = nearest(100, {pid: (pid + 1, [name], []) for pid, name in enumerate(names, start=100)}.get)
    assert found == shell


@pytest.mark.parametrize(
    ("found", "environ", "shell"),
    [
        ("sh", {"MSYSTEM": "MINGW64"}, "bash"),
        (None, {"MSYSTEM": "UCRT64"}, "bash"),
        ("powershell", {"MSYSTEM": "MINGW64"}, "powershell"),
        (None, {}, None),
    ],
)
def test_git_bash_names_itself(found: str | None, environ: dict[str, str], shell: str | None) -> None:
    """Fall back on MSYSTEM, which other shells inherit, only where the tree shows none."""
    assert shells.on_windows(found, environ) == shell


def test_a_loop_of_parents_ends() -> None:
    """Windows reuses numbers: a process may seem to be its own ancestor."""
    assert nearest(100, lambda pid: (pid, ["svchost.exe"], [])) is None


def test_the_output_of_ps_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read ps as macOS prints it: paths, login shells with a dash, scripts behind their interpreter."""
    output = b"""\
    1     0 /sbin/launchd
  500     1 /Applications/My Editor.app/Contents/MacOS/Editor --type=x
  501   500 -zsh
  502   501 /opt/homebrew/bin/python3.13 /opt/homebrew/bin/xonsh
  503     1 /opt/homebrew/bin/fish -l
"""
    finished = subprocess.CompletedProcess([], 0, stdout=output)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: finished)
    read = shells._from_ps()
    assert [nearest(pid, read) for pid in (500, 501, 502, 503)] == [None, "zsh", "xonsh", "fish"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is neither ps nor /proc")
def test_both_ways_to_read_this_system_agree() -> None:
    """Find the same parent by /proc and by ps, where both exist."""
    read = shells._from_ps()
    own = read(os.getpid())
    assert own is not None
    assert own[0] == os.getppid()
    if os.path.exists("/proc/self/stat"):
        process = shells._from_proc(os.getpid())
        assert process is not None
        assert process[0] == own[0]


def test_a_process_that_is_gone_is_no_error() -> None:
    """Give up quietly at a process that ended or cannot be seen."""
    assert shells._from_proc(2**30) is None


def test_without_proc_and_without_ps_no_shell_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare chroot has neither: then every line is told, and nothing breaks."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert shells._from_ps()(1) is None
