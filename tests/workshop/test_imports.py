"""A package that was installed well and cannot be loaded is found by loading it, and told apart from one to be installed again."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.machine import this_machine
from projectenv.settings import read_settings
from projectenv.workshop import examine
from projectenv.workshop.described import read_workshop
from projectenv.workshop.examine import Room

from tests.support import needs
from tests.support.project import Project
from tests.support.workshop import OF_WORKSHOPS, declare, describe, last_lines

pytestmark = OF_WORKSHOPS


def with_module(project: Project, text: str, name: str = "broken") -> None:
    """Declare, pin and install a package whose module is this text."""
    declare(project, "hello", name)
    project.pin(project.wheel("hello"), project.wheel(name, modules={f"{name}.py": text}))
    ran = project.run()
    assert ran.code == 0, ran.text


@pytest.mark.parametrize(
    ("text", "check", "says", "step"),
    [
        ("raise ImportError('no such symbol')", "imports", "broken cannot be loaded (ImportError: no such symbol)", "--recreate"),
        ("import os; os._exit(3)", "imports", "it ended Python with code 3", "--recreate"),
        ("import os; os._exit(0)", "imports", "it ended Python with code 0", "--recreate"),
        ("import sys; sys.exit()", "imports", "broken cannot be loaded (SystemExit", "--recreate"),
        ("1 / 0", "imports", "broken cannot be loaded (ZeroDivisionError", "--recreate"),
        ("raise OSError('[WinError 4551] Eine Richtlinie')", "blocked", "does not allow broken to run", "tell the instructor"),
        ("raise OSError('[WinError 1260] by group policy')", "blocked", "does not allow broken to run", "tell the instructor"),
        ("raise OSError('[WinError 126] not found')", "imports", "broken lacks a part of Windows", "vc_redist.x64.exe"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_loaded_is_told_apart(
    ready: Project, text: str, check: str, says: str, step: str
) -> None:
    """Installed well, and yet: broken, forbidden by the computer's owner, or a library of Windows is missing."""
    with_module(ready, text + "\n")
    ran = ready.run("check")
    verdict, told = last_lines(ran)
    assert verdict.failed == (check,), ran.text
    assert says in ran.out
    assert step in told
    assert ran.code == 1


def test_where_programs_are_forbidden_the_cloud_is_the_next_step(ready: Project) -> None:
    """Installing again would not help; the address is the instructor's."""
    describe(ready, cloud="https://example.org/lab")
    with_module(ready, "raise OSError('[WinError 4551] ...')\n")
    assert last_lines(ready.run("check"))[1] == "open this in your browser and work there: https://example.org/lab"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk from which nothing may be run")
def test_compiled_files_on_a_disk_from_which_nothing_may_run_are_blocked(ready: Project) -> None:
    """As Windows does by policy, Linux does by `noexec`: a good installation, and an import that fails."""
    words = needs.own_mounts()
    with_module(ready, "import ctypes, pathlib; ctypes.CDLL(pathlib.Path(__file__).parent / 'lib.so')\n")
    library = next(ready.venv.glob("lib/python3*/site-packages"))
    shutil.copy(_some_library(), library / "lib.so")
    assert last_lines(ready.run("check"))[0].ready
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,noexec "$1" && shift && exec "$@"'
    command = [*words, "sh", "-euc", script, "sh", str(library), sys.executable, "-I", "-B", "bootstrap", "check"]
    ran = ready.finish(command)
    assert last_lines(ran)[0].failed == ("blocked",), ran.text
    assert "failed to map segment" in ran.out


def _some_library() -> Path:
    import _ctypes

    return Path(_ctypes.__file__)


def test_a_package_that_prints_or_waits_does_not_confuse_the_check(ready: Project) -> None:
    """What an import prints is not taken for a finding."""
    with_module(ready, "print('[\"no\", false, \"x\"'); print('READY  code: 0000'); input\n")
    assert last_lines(ready.run("check"))[0].ready


def test_a_package_that_waits_for_ever_does_not_keep_the_check_waiting(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, with the time that it was given."""
    with_module(ready, "import time; time.sleep(600)\n")
    workshop = read_workshop(ready.folder)
    assert workshop
    settings = read_settings(ready.folder / "bootstrap" / "settings.ini")
    look = Room(workshop, settings, this_machine(), Console(io.StringIO()))
    monkeypatch.setattr(examine, "IMPORT_SECONDS", 1)
    wrong = [each for each in examine.examine(look) if not each.right]
    assert [(each.check, each.says) for each in wrong] == [
        ("imports", "broken cannot be loaded (it took more than 1 s)")
    ]
