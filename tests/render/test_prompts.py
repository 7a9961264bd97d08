"""Whoever presses Enter is asked three questions and has the default project, on a real terminal."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from handbook.terminal import Terminal
from tests.support.template import Template, hello, make_template

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="a POSIX terminal"),
]


@pytest.fixture(scope="module")
def versions(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Make a template with one release, whose pins are a wheel made by hand."""
    made = make_template(template, tmp_path_factory.mktemp("versions"))
    made.release("1.0.0", hello(made, "1.0"))
    return made


def content(project: Path) -> dict[str, bytes]:
    """Return what a project holds, without its environment."""
    files = (path for path in project.rglob("*") if path.is_file())
    named = {path.relative_to(project).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in named.items() if not name.startswith(".venv/") and "__pycache__" not in name}


def asked(terminal: Terminal) -> list[str]:
    """Return the questions on the screen."""
    return [line.rstrip() for line in terminal.screen.display if "\N{MICROPHONE}" in line]


def test_three_times_enter_is_the_default_project(versions: Template) -> None:
    """Byte for byte what --defaults gives, with an environment that is ready."""
    default = versions.new("by-default")
    terminal = Terminal(versions.folder.parent, versions.world.environ, rows=200, columns=100)
    with closing(terminal):
        terminal.type(f"{sys.executable} -m copier copy --trust {versions.folder} by-enter")
        for number in (1, 2, 3):
            terminal.until("A few questions; Enter takes what is offered.")
            assert len(asked(terminal)) == number
            terminal.type("")
        terminal.ready()
        assert len(asked(terminal)) == 3
        shown = "\n".join(line.rstrip() for line in terminal.screen.display)
    assert "Done in" in shown
    assert "Activate it in this shell (bash):" in shown
    entered = versions.folder.parent / "by-enter"
    assert content(entered) == {name: data for name, data in content(default.folder).items() if name[:5] != ".git/"}
    assert (entered / ".venv" / "pyvenv.cfg").is_file()


def test_the_fourth_question_comes_only_when_it_was_asked_for(versions: Template) -> None:
    """Yes to the third brings the others, each with a default: at most eight in all."""
    terminal = Terminal(versions.folder.parent, versions.world.environ, rows=200, columns=100)
    with closing(terminal):
        terminal.type(f"{sys.executable} -m copier copy --trust --skip-tasks {versions.folder} by-yes")
        for answer in ("", "", "y"):
            terminal.until("A few questions; Enter takes what is offered.")
            terminal.type(answer)
        for _ in range(8):
            terminal.until("A few questions")
            if terminal.screen.display[terminal.screen.cursor.y].startswith("$"):
                break
            terminal.type("")
        terminal.ready()
        assert 4 <= len(asked(terminal)) <= 8
    assert (versions.folder.parent / "by-yes" / "bootstrap.sh").is_file()
