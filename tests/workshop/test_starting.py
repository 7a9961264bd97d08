"""What Linux and macOS double-click: it finds its folder, keeps arguments and exit code, and opens the notebooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.support.project import TEMPLATE
from tests.support.workshop import make_workshop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="start-windows.cmd: tests/shells")
STUB = '#!/bin/sh\n[ "$1" != --help ] || exit HELP\necho "$# in ${PWD##*/}:" "$@"\n[ "$1" = open ] || exit CODE\n'
everywhere = pytest.mark.parametrize("name", ["start-linux.sh", "start-mac.command"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workshop's folder with a difficult name, a stand-in for the bootstrap in it."""
    folder = tmp_path / "it's -n $HOME è"
    folder.mkdir()
    for name in ("start-linux.sh", "start-mac.command"):
        shutil.copy(TEMPLATE / name, folder)
    return folder


def stub(folder: Path, *, help_: int = 0, code: int = 0) -> None:
    """Write the stand-in, with its exit codes."""
    text = STUB.replace("HELP", str(help_)).replace("CODE", str(code))
    (folder / "bootstrap.sh").write_text(text, encoding="utf-8")


def start(folder: Path, name: str, *words: str) -> tuple[int, list[str]]:
    """Run it from elsewhere, without a terminal, as a program of its own."""
    command = [str(folder / name), *words]
    done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


@everywhere
@pytest.mark.parametrize("code", [0, 1, 2])
def test_arguments_and_exit_code_are_kept(folder: Path, name: str, code: int) -> None:
    """Without a terminal it asks nothing, and opens nothing."""
    stub(folder, code=code)
    assert start(folder, name, "--from", "a b") == (code, [f"3 in {folder.name}: start --from a b"])


@everywhere
def test_without_a_python_it_ends_in_a_verdict(folder: Path, name: str) -> None:
    """Below what the shim says of it."""
    stub(folder, help_=2)
    code, lines = start(folder, name)
    assert code == 2
    assert lines[-2].startswith("NOT READY  code: 8080-00")
    assert lines[-1].startswith("next: install Python ")


@everywhere
def test_alone_it_says_that_it_is_still_inside_the_zip(folder: Path, name: str) -> None:
    """Nothing lies beside it there."""
    code, lines = start(folder, name)
    assert code == 1
    assert lines[0] == "This is still inside the ZIP."
    assert lines[-1].startswith("next: ")


@everywhere
def test_whoever_is_there_is_asked_before_the_notebooks_open(folder: Path, name: str) -> None:
    """And reads the last line before the window closes."""
    stub(folder)
    environ = {name: value for name, value in os.environ.items() if name != "CI"}
    child = pexpect.spawn("/usr/bin/env", [str(folder / name)], encoding="utf-8", timeout=20, env=environ)
    child.expect_exact("press Enter to open the notebooks")
    child.sendline("")
    child.expect_exact("open")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    stub(folder, code=1)
    child = pexpect.spawn("/usr/bin/env", [str(folder / name)], encoding="utf-8", timeout=20, env=environ)
    child.expect_exact("Press Enter to close.")
    child.sendline("")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_a_roster_counts_a_laptop_without_python_as_that(tmp_path: Path) -> None:
    """Not as one with an old copy: getting the folder again would not help."""
    project = make_workshop(tmp_path)
    lines = []
    for name in ("start-linux.sh", "start-mac.command", "start-windows.cmd"):
        (code,) = re.findall(r"code: (\S{14})", (TEMPLATE / name).read_text(encoding="utf-8"))
        lines.append(f"{name}: NOT READY  code: {code}\n")
    (project.folder / "chat.txt").write_text("".join(lines), encoding="utf-8")
    ran = project.run("roster", "chat.txt")
    assert ran.code == 1
    assert "old copy" not in ran.out
    assert "the wrong Python" in ran.out
