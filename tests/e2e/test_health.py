"""One test for each way in which an environment dies: the next run says what is wrong and puts it right."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.project import BASE_PYTHON, Project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its faults are made with links and POSIX layouts")


def half_made(project: Project) -> None:
    """Leave what an interrupted `python -m venv` leaves."""
    shutil.rmtree(project.venv)
    subprocess.run([BASE_PYTHON, "-I", "-m", "venv", "--without-pip", project.venv], check=True)


def python_gone(project: Project) -> None:
    """Let the environment's Python point to nothing."""
    project.python.unlink()
    project.python.symlink_to("/opt/gone/bin/python3.13")


def upgraded(project: Project) -> None:
    """Make it look as if it had been made by Python 3.9, which has been replaced since."""
    library = next(project.venv.glob("lib/python3*"))
    library.rename(library.with_name("python3.9"))
    (project.venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.2\n")


def from_windows(project: Project) -> None:
    """Put an environment there as Windows makes them."""
    shutil.rmtree(project.venv)
    (project.venv / "Scripts").mkdir(parents=True)
    (project.venv / "pyvenv.cfg").write_text("home = C:\\Python313\nversion = 3.13.1\n")


def other_machine(project: Project) -> None:
    """Make the stamp say that this was made on another kind of machine."""
    stamp = project.venv / "bootstrap-stamp"
    stamp.write_bytes(stamp.read_bytes().replace(f"machine = {os.uname().machine}".encode(), b"machine = riscv64", 1))


def older_stamp(project: Project) -> None:
    """Leave the stamp of a version of this template that nobody remembers."""
    (project.venv / "bootstrap-stamp").write_text("venv-template environment, format 0\n\n")


def library_gone(project: Project) -> None:
    """Remove everything that was installed."""
    shutil.rmtree(next(project.venv.glob("lib/python3*/site-packages")))


def metadata_gone(project: Project) -> None:
    """Damage one package as a killed `pip install` does."""
    shutil.rmtree(next(project.venv.glob("lib/python3*/site-packages/hello-1.0.dist-info")))


def pip_gone(project: Project) -> None:
    """Uninstall pip from the environment."""
    for folder in project.venv.glob("lib/python3*/site-packages/pip*"):
        shutil.rmtree(folder)


def odd_names(project: Project) -> None:
    """Leave a half-made environment with a program as Python 3.14 names one."""
    half_made(project)
    (project.venv / "bin" / "𝜋thon").symlink_to("python3")


DAMAGES: dict[str, Callable[[Project], None]] = {
    damage.__name__: damage
    for damage in (
        half_made,
        python_gone,
        upgraded,
        from_windows,
        other_machine,
        older_stamp,
        library_gone,
        metadata_gone,
        pip_gone,
        odd_names,
    )
}


@situations(
    Situation(
        "`python -m venv` was interrupted, or somebody made `.venv` by hand",
        "made anew",
        ".venv was not finished, or was not made by this bootstrap. ... Making .venv with Python ... Done in",
        modes="B2",
        case="half_made",
    ),
    Situation(
        "the Python that `.venv` was made with was removed",
        "made anew with one that is there",
        "The Python that .venv was made with is gone (it was in ... Making .venv with Python ... Done in",
        modes="B7",
        case="python_gone",
    ),
    Situation(
        "the Python was upgraded in place from one minor version to the next",
        "made anew",
        ".venv was made with Python 3.9, which is now Python ... Making .venv with Python ... Done in",
        modes="B9",
        case="upgraded",
    ),
    Situation(
        "`.venv` was made by Windows in a shared folder",
        "made anew",
        ".venv was made on another operating system. ... Making .venv with Python ... Done in",
        modes="B12",
        case="from_windows",
    ),
    Situation(
        "`.venv` was made on another kind of processor",
        "made anew",
        ".venv was made on riscv64; this machine is ... Making .venv with Python ... Done in",
        modes="B12",
        case="other_machine",
    ),
    Situation(
        "`.venv` has the stamp of an older version of this template",
        "made anew",
        ".venv was not finished, or was not made by this bootstrap. ... Making .venv with Python ... Done in",
        modes="B2",
        case="older_stamp",
    ),
    Situation(
        "the folder that packages are installed into is gone",
        "made anew",
        ".venv has no site-packages folder. ... Making .venv with Python ... Done in",
        modes="B2",
        case="library_gone",
    ),
    Situation(
        "a package is half installed",
        "installed again, the rest is kept",
        "hello is not installed. ... Updating .venv with Python ... Done in",
        modes="B5",
        case="metadata_gone",
    ),
    Situation(
        "pip was uninstalled from the environment",
        "pip is put back",
        "pip is not installed. ... Updating .venv with Python ... Done in",
        modes="B3",
        case="pip_gone",
    ),
    Situation(
        "`.venv` holds a program with a non-ASCII name",
        "removed and made anew, in the C locale too",
        ".venv was not finished, or was not made by this bootstrap. ... Making .venv with Python ... Done in",
        modes="B23",
        case="odd_names",
    ),
)
def test_a_dead_environment_lives_again(made: Project, situation: Situation) -> None:
    """A run after this damage names it, and ends with an environment that holds the pins and pip."""
    DAMAGES[situation.case](made)
    assert made.run("check").code == 1

    situation.shown_by(made.run(LANG="C", LC_ALL="C"))

    assert made.installed() == {"hello": "1.0", "pip": pip_version()}
    assert made.run("check").code == 0
    assert not (made.folder / ".venv.before").exists()


@situations(
    Situation(
        "the project was moved or renamed",
        "made anew in its new place",
        ".venv was made in ... environments cannot be moved or copied. ... Done in",
        modes="B10",
    )
)
def test_a_moved_project(made: Project, situation: Situation) -> None:
    """After a move the environment is made again, and its programs start the Python of the new place."""
    made.folder = made.folder.rename(made.folder.with_name("elsewhere"))
    situation.shown_by(made.run())
    shebang = (made.venv / "bin" / "hello").read_text().splitlines()[0]
    assert shebang == f"#!{made.python}"


@situations(
    Situation(
        "the project was copied, with its `.venv`",
        "the copy gets an environment of its own, the original is not touched",
        ".venv was made in ... environments cannot be moved or copied. ... Done in",
        modes="B11",
    )
)
def test_a_copied_project(made: Project, situation: Situation) -> None:
    """The copy is made anew while every file of the original stays as it was."""
    original = made.folder
    before = {path: path.lstat().st_mtime_ns for path in original.rglob("*")}
    made.folder = original.with_name("copy")
    shutil.copytree(original, made.folder, symlinks=True)

    situation.shown_by(made.run())

    assert made.inside("import sys; print(sys.prefix)") == str(made.venv)
    assert {path: path.lstat().st_mtime_ns for path in original.rglob("*")} == before


@situations(
    Situation(
        "the project is reached through a symbolic link",
        "nothing: it is the same environment",
        "Nothing to do: .venv matches the pins",
        modes="B10",
    )
)
def test_a_project_behind_a_link(made: Project, situation: Situation) -> None:
    """Another path to the same folder is no move."""
    link = made.folder.with_name("link")
    link.symlink_to(made.folder)
    situation.shown_by(made.finish([str(BASE_PYTHON), "-I", "-B", str(link / "bootstrap")]))


def test_a_second_run_says_the_same_last_words(project: Project) -> None:
    """How to activate, how to do without, what to try: told where something was done and where nothing was."""
    project.configure(**{"try": "python -V"})
    first, second = (project.run().out for _ in range(2))
    assert second.startswith("Nothing to do")
    assert first.partition("Activate")[2] == second.partition("Activate")[2]
    assert "Try it:" in second


def test_nothing_to_do_quietly_is_told_by_nothing(made: Project) -> None:
    """A hook or a script that asks for quiet gets the exit code alone, and what `run` starts is not held up by a word."""
    ran = made.run("--quiet")
    assert (ran.code, ran.text) == (0, "")
    (made.folder / "requirements.txt").write_text("<<<<<<< before\n", encoding="utf-8")
    assert made.run("--quiet").code == 1
