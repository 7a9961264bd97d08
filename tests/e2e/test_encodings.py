"""Consoles that show little: every message arrives, in ASCII where it must, without colour where it is not welcome."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.project import BASE_PYTHON, Project, Ran, make_project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform != "win32":
    import pty

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal and POSIX locales")
ESCAPE = "\x1b["


@posix
@situations(
    Situation(
        "the C locale without UTF-8 mode, and a project in `проект`",
        "the environment is made",
        "Done in",
        modes="B22 E10",
        case="c",
    ),
    Situation(
        "a console in cp1252, and a project in `проект`",
        "the environment is made; what the console cannot show is spelt out",
        "Done in",
        modes="E10",
        case="cp1252",
    ),
)
def test_consoles_that_are_not_unicode(tmp_path: Path, situation: Situation) -> None:
    """No message fails on a console that cannot show it; started without -I, so that these variables count."""
    project = make_project(tmp_path, "проект")
    project.configure(source="src")
    (project.folder / "src").mkdir()
    worlds: dict[str, dict[str, str | None]] = {
        "c": {"LANG": None, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        "cp1252": {"PYTHONIOENCODING": "cp1252"},
    }
    world = worlds[situation.case]
    ran = project.finish([str(BASE_PYTHON), "-B", "bootstrap", "--verbose"], world)
    situation.shown_by(ran)
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert str(project.folder / "src") in project.inside("import sys; print(*sys.path)")
    failed = project.finish([str(BASE_PYTHON), "-B", "bootstrap", "--python", "/nowhere/пайтон"], world)
    assert failed.code == 2, failed.text
    assert "Next: " in failed.err


def test_messages_are_ascii(project: Project) -> None:
    """What a run prints is plain ASCII when the path is."""
    for ran in (project.run("--verbose"), project.run(), project.run("check"), project.run("--help")):
        assert ran.text.isascii(), ran.text


def in_terminal(project: Project, *arguments: str, **environ: str) -> Ran:
    """Run the bootstrap with a terminal as its input and output."""
    own, theirs = pty.openpty()
    merged = {**project.environ, "COLUMNS": "80", **environ}
    child = os.fork()
    if child == 0:  # pragma: no cover
        os.close(own)
        os.login_tty(theirs) if hasattr(os, "login_tty") else [os.dup2(theirs, number) for number in range(3)]
        os.chdir(project.folder)
        world = {name: value for name, value in merged.items() if value is not None}
        os.execve(str(BASE_PYTHON), [str(BASE_PYTHON), "-I", "-B", "bootstrap", *arguments], world)
    os.close(theirs)
    told = b""
    try:
        while part := os.read(own, 4096):
            told += part
    except OSError:  # Linux tells the end of a terminal as an error
        pass
    os.close(own)
    return Ran(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told.decode(), "")


@posix
@pytest.mark.parametrize(
    ("world", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "NO_COLOR", "dumb"],
)
def test_colour(project: Project, world: dict[str, str], *, coloured: bool) -> None:
    """A terminal gets colour; NO_COLOR and a dumb terminal get none; the words are the same."""
    ran = in_terminal(project, "--python", "/nowhere", **world)
    assert ran.code == 2
    assert (ESCAPE in ran.out) is coloured
    assert "Next:" in ran.out


@situations(
    Situation(
        "output goes to a file or a CI log, with FORCE_COLOR or without",
        "no colour, no line that is drawn again",
        "Done in",
        modes="E11",
    )
)
def test_no_terminal(project: Project, situation: Situation) -> None:
    """Without a terminal there are no escapes and no carriage returns."""
    ran = project.run(FORCE_COLOR="1", CLICOLOR_FORCE="1")
    situation.shown_by(ran)
    assert ESCAPE not in ran.text
    assert "\r" not in ran.text.replace("\r\n", "\n")


@posix
@situations(
    Situation(
        "nobody is there to answer",
        "nothing asks: standard input is not read",
        "Done in",
        modes="E12",
    )
)
def test_nothing_asks(project: Project, situation: Situation) -> None:
    """A run with a closed standard input ends as any other."""
    command = f"{BASE_PYTHON} -I -B bootstrap <&-"
    situation.shown_by(project.finish(["sh", "-c", command]))


@posix
def test_a_closed_output(project: Project) -> None:
    """A reader that goes away (`| head -0`) leaves no traceback and no half-made environment."""
    ran = project.finish(["sh", "-c", f"{BASE_PYTHON} -I -B bootstrap | head -0; {BASE_PYTHON} -I -B bootstrap check"])
    assert "Traceback" not in ran.text, ran.text
    assert project.run().code == 0


@posix
@situations(
    Situation(
        "the executable bit of bootstrap.sh is lost (a zip, a commit from Windows)",
        "`sh bootstrap.sh` does not need it",
        "Done in",
        modes="E17",
    )
)
def test_the_executable_bit_is_lost(project: Project, situation: Situation) -> None:
    """The documented command works without an executable bit anywhere."""
    for file in (project.folder / "bootstrap.sh", *(project.folder / "bootstrap").rglob("*.py")):
        file.chmod(0o644)
    situation.shown_by(project.sh())


@posix
@situations(
    Situation(
        "bootstrap.sh arrives cut off, at any line",
        "it does nothing, or fails; no environment is half made",
        "",
        modes="D11",
    )
)
def test_a_script_cut_off(project: Project, situation: Situation) -> None:
    """Everything in bootstrap.sh happens in its last line, so a part of it changes nothing."""
    lines = (project.folder / "bootstrap.sh").read_text().splitlines(keepends=True)
    for count in range(1, len(lines)):
        (project.folder / "bootstrap.sh").write_text("".join(lines[:count]))
        ran = project.sh()
        situation.told_in(ran.text)
        assert not project.venv.exists(), f"after line {count}: {ran.text}"
