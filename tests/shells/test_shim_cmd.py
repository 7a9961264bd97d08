"""Run bootstrap.cmd under wine's cmd.exe, with stand-ins for Python that a cross compiler makes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shells.shim import TEMPLATE
from tests.support import needs

pytestmark = [pytest.mark.wine, pytest.mark.skipif(os.name == "nt", reason="the real one: test_hosted.py")]
FOLDER = "it's &-$ è"
COMPILER = "x86_64-w64-mingw32-gcc-win32"
SOURCE = """\
#include <stdio.h>
#include <string.h>
#include <windows.h>
int main(void) {
    char *line = GetCommandLineA();
    if (strstr(line, "import sys")) return ANSWER;
    printf("%s", line);
    return CODE;
}
"""


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a Windows of wine's, made once, and kept running so that each command starts at once."""
    needs.need("wine", have=shutil.which("wine") is not None)
    place = tmp_path_factory.mktemp("wine")
    environ = {"PATH": os.environ["PATH"], "HOME": str(place), "WINEPREFIX": str(place / "prefix"), "WINEDEBUG": "-all"}
    null = subprocess.DEVNULL
    subprocess.run(["wine", "cmd", "/c", "exit"], env=environ, timeout=180, stdout=null, stderr=null)
    with subprocess.Popen(["wine", "cmd"], env=environ, stdin=subprocess.PIPE, stdout=null, stderr=null) as running:
        yield place
        running.communicate(b"exit\r\n", timeout=60)


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    """Return a function that compiles a stand-in: its answer to the probe, and its exit code otherwise."""
    needs.need(COMPILER, have=shutil.which(COMPILER) is not None)
    place = tmp_path_factory.mktemp("stand-ins")
    (place / "python.c").write_text(SOURCE)
    made: dict[tuple[int, int], Path] = {}

    def make(answer: int, code: int) -> Path:
        if (answer, code) not in made:
            program = place / f"{answer}-{code}.exe"
            flags = [f"-DANSWER={answer}", f"-DCODE={code}", "-o", str(program), str(place / "python.c")]
            subprocess.run([COMPILER, *flags], check=True, timeout=120)
            made[answer, code] = program
        return made[answer, code]

    return make


@dataclass
class Windows:
    """A project folder under wine, and the folder that is its PATH."""

    folder: Path
    bin: Path
    environ: dict[str, str]
    make: Callable[[int, int], Path]

    def python(self, name: str, answer: int = 77, code: int = 5) -> None:
        """Put a stand-in on PATH."""
        shutil.copy(self.make(answer, code), self.bin / name)

    def cmd(self, *words: str, **environ: str) -> tuple[int, str, str]:
        """Run a command with cmd.exe; return its exit code, what it printed, and its errors."""
        done = subprocess.run(
            ["wine", "cmd", "/c", *words], cwd=self.folder, env={**self.environ, **environ},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout.decode("utf-8", "replace").strip(), done.stderr.decode("utf-8", "replace")

    def ran(self, *words: str) -> tuple[str, str]:
        """Return which stand-in the shim handed over to, and what came behind the folder's name."""
        code, out, err = self.cmd("bootstrap.cmd", *words)
        assert code == 5, out + err
        program, _, rest = out.partition('.exe"')
        flags, _, arguments = rest.partition('"')
        return f"{program.rpartition(chr(92))[2]} {flags.strip()}", arguments.partition('bootstrap"')[2].strip()


@pytest.fixture
def windows(prefix: Path, stand_in: Callable[[int, int], Path], tmp_path: Path) -> Windows:
    """Return a project folder with a difficult name, and nothing on PATH."""
    folder, programs = tmp_path / FOLDER, tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    shutil.copy(TEMPLATE / "bootstrap.cmd", folder)
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(prefix), "WINEPREFIX": str(prefix / "prefix"), "WINEDEBUG": "-all",
        "WINEPATH": "Z:" + str(programs).replace("/", "\\"), "CI": "true", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    return Windows(folder, programs, environ, stand_in)


def test_python_is_handed_the_arguments_as_they_were_typed(windows: Windows) -> None:
    """Keep quotes, empty words, carets and exclamation marks; give back the exit code."""
    windows.python("python.exe")
    words = ["run", "a b", "", "-x", "--", "c^d e", "!p!", "a&b c", "it's"]
    assert windows.ran(*words) == ("python -I -B", 'run "a b" "" -x -- "c^d e" !p! "a&b c" it\'s')


def test_the_launcher_comes_first(windows: Windows) -> None:
    """Ask py for a Python 3 before what happens to be on PATH."""
    windows.python("python.exe")
    windows.python("py.exe")
    assert windows.ran() == ("py -3 -I -B", "")


@pytest.mark.parametrize("answer", [0, 1, 9009, 103, -1610612730])
def test_what_only_looks_like_a_python_is_passed_over(answer: int, windows: Windows) -> None:
    """Pass over the Store's stub, a launcher without a Python, and one that prints its usage."""
    windows.python("py.exe", answer)
    windows.python("python3.exe", answer)
    windows.python("python.exe")
    assert windows.ran("x") == ("python -I -B", "x")


def test_batch_files_are_no_python(windows: Windows) -> None:
    """Pass over pyenv-win's batch files, which would never come back."""
    (windows.bin / "python3.bat").write_text("@exit 77\r\n")
    windows.python("python.exe")
    assert windows.ran()[0] == "python -I -B"


def test_an_old_python_gets_to_say_what_is_missing(windows: Windows) -> None:
    """Run the bootstrap with an old Python when there is no other."""
    windows.python("python3.exe", 76)
    assert windows.ran("x") == ("python3 -B", "x")
    windows.python("python.exe", 77)
    assert windows.ran("x") == ("python -I -B", "x")


def test_the_environments_own_python_is_not_taken(windows: Windows) -> None:
    """Leave .venv's Python alone, as Windows locks what runs."""
    own = windows.folder / ".venv" / "Scripts"
    own.mkdir(parents=True)
    shutil.copy(windows.make(77, 9), own / "python.exe")
    windows.environ["WINEPATH"] = "Z:" + str(own).replace("/", "\\")
    assert windows.cmd("bootstrap.cmd")[0] == 2


def test_without_any_python_it_says_what_to_install(windows: Windows) -> None:
    """Give the three parts, exit code 2."""
    code, out, err = windows.cmd("bootstrap.cmd", "x")
    assert (code, out) == (2, "")
    assert [line.split()[0] for line in err.splitlines()] == ["error:", "The", "Next:", "Then:"]
    assert "winget install" in err


@pytest.mark.parametrize(
    ("line", "words", "stays"),
    [
        (r'C:\windows\cmd.exe /c ""Z:\p & q\bootstrap.cmd" "', [], True),
        (r'C:\windows\cmd.exe /c ""Z:\p & q\bootstrap.cmd" x"', ["x"], False),
        (r'"C:\windows\cmd.exe"', [], False),
    ],
)
def test_a_double_click_keeps_its_window_on_failure(line: str, words: list[str], stays: bool, windows: Windows) -> None:
    """Wait for a key when the window would close on the message; wine sets no CMDCMDLINE, so the test does."""
    del windows.environ["CI"]
    code, out, _ = windows.cmd("bootstrap.cmd", *words, CMDCMDLINE=line)
    assert code == 2
    assert ("Press any key" in out) == stays


STUB = '@echo off\r\nif "%~1"=="--help" exit /b HELP\r\necho ran %*\r\nexit /b CODE\r\n'


def start(windows: Windows, *words: str, help_: int = 0, code: int = 0) -> tuple[int, list[str]]:
    """Double-click a workshop's start-windows.cmd beside a stand-in for bootstrap.cmd."""
    shutil.copy(TEMPLATE / "start-windows.cmd", windows.folder)
    stub = STUB.replace("HELP", str(help_)).replace("CODE", str(code))
    (windows.folder / "bootstrap.cmd").write_bytes(stub.encode())
    ended, out, err = windows.cmd(".\\start-windows.cmd", *words)
    return ended, (out + err).splitlines()


@pytest.mark.parametrize("code", [0, 1])  # wine makes 1 of every other code that comes back from `call`
def test_a_workshops_start_keeps_arguments_and_exit_code(windows: Windows, code: int) -> None:
    """In CI it asks nothing, and opens nothing."""
    assert start(windows, "--from", "a b", code=code) == (code, ['ran start --from "a b"'])


def test_a_workshops_start_without_a_python_ends_in_a_verdict(windows: Windows) -> None:
    """With the real shim, which says what is missing before."""
    shutil.copy(TEMPLATE / "start-windows.cmd", windows.folder)
    ended, out, err = windows.cmd(".\\start-windows.cmd")
    lines = [line.strip() for line in out.splitlines()]
    assert ended == 2
    assert "no Python that runs was found" in err
    assert lines[-2].startswith("NOT READY  code: 8080-00P0-")
    assert lines[-1].startswith("next: install Python from https://www.python.org/downloads/")


def test_a_workshops_start_inside_a_zip_says_so(windows: Windows) -> None:
    """Windows unpacks only the file that was double-clicked: nothing lies beside it."""
    start(windows)
    (windows.folder / "bootstrap.cmd").unlink()
    ended, out, _ = windows.cmd(".\\start-windows.cmd")
    assert ended == 1
    assert out.splitlines()[0] == "This is still inside the ZIP."
    assert out.splitlines()[-1].startswith("next: close this window")
