"""Each kind of Python that cannot be used is refused with its reason; the search goes on to the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from projectenv import interpreters
from projectenv.failure import Failure
from projectenv.interpreters import Interpreter, Refused, probe, refusal
from projectenv.machine import Machine
from projectenv.record import replace
from projectenv.search import candidates, choose
from projectenv.settings import Settings, read_settings

from tests.support.project import TEMPLATE
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Callable

BOOTSTRAP = TEMPLATE / "bootstrap"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its Pythons are shell scripts")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that allow 3.10 to 3.15."""
    file = tmp_path / "settings.ini"
    file.write_text("[environment]\noldest-python = 3.10\nnewest-python = 3.15\npins = requirements.txt\n")
    return read_settings(file)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a Linux machine whose PATH is one folder, and which knows no other place for Pythons."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "home").mkdir()
    environ = {"PATH": str(tmp_path / "bin")}
    return Machine("linux", "x86_64", "debian", 1000, environ, tmp_path / "home")


@pytest.fixture(autouse=True)
def _no_other_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own Pythons out of the search."""
    monkeypatch.setattr("projectenv.search._well_known", lambda _machine: [])


def script(machine: Machine, name: str, text: str) -> Path:
    """Put a program on the machine's PATH."""
    program = Path(machine.environ["PATH"].split(os.pathsep)[0]) / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return program


def fake(machine: Machine, name: str, version: str = "3.12.1", **told: str) -> Path:
    """Put a program on PATH that answers the probe as this Python would."""
    program = Path(machine.environ["PATH"].split(os.pathsep)[0]) / name
    answers = {"version": version, "executable": str(program), "base": str(program), **told}
    return script(machine, name, "\n".join(f"echo '{key}={value}'" for key, value in answers.items()))


def too_old(machine: Machine) -> Path:
    """Return an old Python."""
    return fake(machine, "python3", "3.9.2")


def python_two(machine: Machine) -> Path:
    """Return a Python 2, which answers only what it knows."""
    return fake(machine, "python", "2.7.18")


def too_new(machine: Machine) -> Path:
    """Return a Python that the pins know nothing of."""
    return fake(machine, "python3", "3.16.0")


def beta(machine: Machine) -> Path:
    """Return a pre-release."""
    return fake(machine, "python3.15", "3.15.0", level="beta")


def pypy(machine: Machine) -> Path:
    """Return a PyPy."""
    return fake(machine, "python3", "3.11.9", implementation="pypy")


def free_threaded(machine: Machine) -> Path:
    """Return a build without the global lock."""
    return fake(machine, "python3.14", "3.14.1", threads="True")


def store_stub(machine: Machine) -> Path:
    """Return the Microsoft Store's placeholder: it speaks on the error stream only, and ends with 9009."""
    folder = Path(machine.environ["PATH"]) / "WindowsApps"
    machine.environ["PATH"] = str(folder)
    return script(machine, "python", "echo 'Python was not found; run without arguments to install' >&2; exit 9009")


def no_runtime(machine: Machine) -> Path:
    """Return the install manager's python where no runtime is installed."""
    return script(machine, "python", "echo '[ERROR] No runtimes are installed.' >&2; exit 1")


def pyenv_shim(machine: Machine) -> Path:
    """Return a shim of pyenv's for a version that is not active."""
    return script(machine, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")


def windows_python(machine: Machine) -> Path:
    """Return a Windows Python as WSL sees it."""
    return script(machine, "python3.exe", "exit 1")


def thirty_two_bits(machine: Machine) -> Path:
    """Return a 32-bit Python for Windows."""
    return fake(machine, "python3", bits="32", platform="win32")


def msys(machine: Machine) -> Path:
    """Return MSYS2's Python."""
    return fake(machine, "python3", platform="mingw_x86_64_ucrt_gnu")


def incomplete(machine: Machine) -> Path:
    """Return a Python built without zlib and ssl."""
    return fake(machine, "python3", lacks="ssl zlib")


def broken(machine: Machine) -> Path:
    """Return a program that is none for this machine."""
    program = script(machine, "python3", "")
    program.write_bytes(b"\x7fELF not really")
    return program


KINDS: dict[str, Callable[[Machine], Path]] = {
    kind.__name__: kind
    for kind in (
        too_old,
        python_two,
        too_new,
        beta,
        pypy,
        free_threaded,
        store_stub,
        no_runtime,
        pyenv_shim,
        windows_python,
        thirty_two_bits,
        msys,
        incomplete,
        broken,
    )
}
ONLY = "passed over; exit code 2 where it is the only one"


@situations(
    Situation("a Python that is too old", ONLY, "Python 3.9.2 is too old; this project supports", 2, "A6", "too_old"),
    Situation("a Python 2", ONLY, "Python 2.7.18 is too old; this project supports", 2, "A6", "python_two"),
    Situation("a Python newer than the pins", ONLY, "Python 3.16.0 is newer than this", 2, "A7 A8", "too_new"),
    Situation("a pre-release", ONLY, "Python 3.15.0 is a pre-release (beta)", 2, "A7", "beta"),
    Situation("PyPy", ONLY, "it is pypy; the pins have wheels for CPython", 2, "A7", "pypy"),
    Situation("a free-threaded build", ONLY, "it is a free-threaded build", 2, "A7", "free_threaded"),
    Situation("the Microsoft Store's placeholder", ONLY, "the Microsoft Store's placeholder", 2, "A2", "store_stub"),
    Situation("the install manager without a runtime", ONLY, "No runtimes are installed", 2, "A4", "no_runtime"),
    Situation("a pyenv shim without that version", ONLY, "command not found", 2, "A9", "pyenv_shim"),
    Situation("Windows' Python, met in WSL", ONLY, "a Windows Python, reached from WSL", 2, "A13", "windows_python"),
    Situation("a 32-bit Python on Windows", ONLY, "it is a 32-bit Python", 2, "A11", "thirty_two_bits"),
    Situation("MSYS2's Python", ONLY, "it is MSYS2's Python", 2, "A14", "msys"),
    Situation("a Python built without zlib and ssl", ONLY, "it was built without ssl, zlib", 2, "A10", "incomplete"),
    Situation("a program for another machine", ONLY, "it does not start", 2, "", "broken"),
)
def test_each_refusal_has_its_reason(
    machine: Machine, settings: Settings, tmp_path: Path, situation: Situation
) -> None:
    """A Python of this kind is refused when it is asked for, and passed over when another one is there."""
    program = KINDS[situation.case](machine)
    with pytest.raises(Failure) as caught:
        choose(settings, machine, tmp_path, str(program))
    assert caught.value.exit_code == situation.code
    situation.told_in(f"{caught.value.what}\n{caught.value.why}")
    assert "--python" in caught.value.next_step

    machine.environ["PATH"] += f"{os.pathsep}{tmp_path / 'good'}"
    good = fake(replace(machine, environ={"PATH": str(tmp_path / "good")}), "python3.12")
    assert choose(settings, machine, tmp_path, None).interpreter.path == good


@situations(
    Situation(
        "no Python at all can be used",
        "nothing is changed; each one found is named with its reason",
        "no Python found here that this project can use (3.10 to 3.15). ... is too old ... it is pypy",
        code=2,
        modes="A1",
    )
)
def test_none_fits(machine: Machine, settings: Settings, tmp_path: Path, situation: Situation) -> None:
    """The failure lists what was found, why not, and what to install on this system."""
    fake(machine, "python3", "3.8.1")
    fake(machine, "python", "3.11.1", implementation="pypy")
    with pytest.raises(Failure) as caught:
        choose(settings, machine, tmp_path, None)
    situation.told_in(f"{caught.value.what}\n{caught.value.why}")
    assert caught.value.exit_code == situation.code
    assert "sudo apt install python3" in caught.value.next_step


def test_the_newest_that_fits(machine: Machine, settings: Settings, tmp_path: Path) -> None:
    """Of several Pythons the newest within the range is taken, under whatever name it goes."""
    fake(machine, "python3", "3.16.1")
    fake(machine, "python3.11", "3.11.4")
    newest = fake(machine, "python3.14", "3.14.2")
    assert choose(settings, machine, tmp_path, None).interpreter.path == newest


@pytest.mark.parametrize("name", ["python3", "python"])
def test_one_name_alone(machine: Machine, settings: Settings, tmp_path: Path, name: str) -> None:
    """A machine with only `python3`, or only `python`, is enough."""
    program = fake(machine, name)
    assert choose(settings, machine, tmp_path, None).interpreter.path == program


@situations(
    Situation(
        "another environment is active, or conda is",
        "the Python behind it is used, never that environment",
        "it is the base that carries .venv",
        modes="A15 A16",
    )
)
def test_inside_another_environment(machine: Machine, settings: Settings, tmp_path: Path, situation: Situation) -> None:
    """A Python inside an environment stands for its base; whether that is conda's is known."""
    assert situation.modes
    fake(machine, "python3", environment="True", base="/opt/conda/bin/python3.12", conda="True")
    found = choose(settings, machine, tmp_path, None).interpreter
    assert (found.path, found.conda) == (Path("/opt/conda/bin/python3.12"), True)
    assert found.inside == Path(machine.environ["PATH"]).parent


@situations(
    Situation(
        "`.python-version` or `--python` asks for a Python that is not there",
        "exit code 2; no other one is taken instead",
        "asks for, 3.14, cannot be used. ... it is not on this machine",
        code=2,
        modes="A8",
    )
)
@pytest.mark.parametrize("by_file", [True, False], ids=[".python-version", "--python"])
def test_an_explicit_choice_stops(
    machine: Machine, settings: Settings, tmp_path: Path, situation: Situation, *, by_file: bool
) -> None:
    """An explicit choice never falls through to another Python."""
    fake(machine, "python3.12")
    if by_file:
        (tmp_path / ".python-version").write_text("# ours\n3.14\n")
    with pytest.raises(Failure) as caught:
        choose(settings, machine, tmp_path, None if by_file else "3.14")
    situation.told_in(f"{caught.value.what}\n{caught.value.why}")
    assert caught.value.exit_code == situation.code
    assert ("change .python-version" in caught.value.next_step) is by_file


def test_uv_is_offered_when_it_is_there(machine: Machine, settings: Settings, tmp_path: Path) -> None:
    """Where uv is at hand, it can fetch the version that was asked for, without sudo."""
    script(machine, "uv", "")
    with pytest.raises(Failure) as caught:
        choose(settings, machine, tmp_path, "3.14")
    assert caught.value.next_step.startswith("uv python install 3.14")


def test_python_version_chooses(machine: Machine, settings: Settings, tmp_path: Path) -> None:
    """What .python-version asks for is taken, though a newer one is there; --python goes before both."""
    fake(machine, "python3.14", "3.14.2")
    older, oldest = fake(machine, "python3.12"), fake(machine, "python3.11", "3.11.4")
    (tmp_path / ".python-version").write_text("3.12\n")
    assert choose(settings, machine, tmp_path, None).interpreter.path == older
    assert choose(settings, machine, tmp_path, "3.11").interpreter.path == oldest
    assert choose(settings, machine, tmp_path, str(oldest)).interpreter.path == oldest


def test_each_file_is_tried_once(machine: Machine, settings: Settings) -> None:
    """python3 and python that link to python3.12 are one candidate."""
    program = fake(machine, "python3.12")
    for name in ("python3", "python"):
        program.with_name(name).symlink_to(program)
    assert list(candidates(settings, machine)) == [program]


@situations(
    Situation(
        "macOS without the developer tools, where python3 would pop up an installer",
        "that Python is not started",
        "Apple's placeholder",
        modes="A5",
    )
)
def test_apples_placeholder(machine: Machine, monkeypatch: pytest.MonkeyPatch, situation: Situation) -> None:
    """Apple's placeholder is told without running it."""
    monkeypatch.setattr(interpreters, "_has_developer_tools", lambda: False)
    monkeypatch.setattr("projectenv.interpreters.os.path.realpath", lambda _path: "/usr/bin/python3")
    found = probe(script(machine, "python3", "exit 1"), replace(machine, system="macos"))
    assert isinstance(found, Refused)
    situation.told_in(found.reason)


def test_a_release_candidate_is_allowed(settings: Settings) -> None:
    """A release candidate has the final's ABI, so wheels fit."""
    assert refusal(Interpreter(Path("/x"), (3, 15, 0), level="candidate"), settings) is None


def test_the_python_that_runs_this_is_asked_without_starting_it_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says of itself is what it says when it is started, as every candidate is (the two must not drift)."""
    own = os.path.realpath(sys.executable)
    started = probe(own, machine)
    monkeypatch.setattr(interpreters, "_is_this_one", lambda _name: True)
    monkeypatch.setattr(subprocess, "run", None)
    asked = probe(own, machine)
    assert isinstance(started, Interpreter)
    assert isinstance(asked, Interpreter)
    # These tests run inside an environment, where a Python says that it is not at home.
    assert replace(asked, path=started.path, inside=None) == replace(started, inside=None)


def test_a_python_of_an_environment_is_never_taken_for_the_one_that_runs_this(tmp_path: Path) -> None:
    """Its link leads to the same file, and yet it is another Python."""
    inside = tmp_path / "bin" / "python"
    inside.parent.mkdir()
    inside.symlink_to(os.path.realpath(sys.executable))
    (tmp_path / "pyvenv.cfg").touch()
    code = (
        f"import sys; sys.path.insert(0, {str(BOOTSTRAP)!r}); from projectenv import interpreters as i; "
        f"print(i._is_this_one({str(inside)!r}), i._is_this_one(sys.executable))"
    )
    base = getattr(sys, "_base_executable", sys.executable)
    said = subprocess.run([base, "-I", "-B", "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]


def test_a_path_comes_through_a_pipe_of_any_encoding(machine: Machine) -> None:
    """Windows' Pythons before 3.15 print their code page into a pipe, and -E has them ignore PYTHONUTF8."""
    folder = Path(machine.environ["PATH"]) / "J\u00fcrgen"
    folder.mkdir()
    program = folder / "python3"
    program.symlink_to(os.path.realpath(sys.executable))
    wrapper = script(machine, "python3", f'shift\nexport PYTHONIOENCODING=latin-1\nexec "{program}" "$@"')
    found = probe(wrapper, machine)
    assert isinstance(found, Interpreter)
    assert found.path == program
