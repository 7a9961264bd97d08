"""What is said is plain, and never holds a credential."""

from __future__ import annotations

import io
import os

import pytest
from projectenv.console import Console, Progress, colour_wanted, masked
from projectenv.failure import Failure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:secret@host/simple", "https://****@host/simple"),
        ("git+ssh://token@host/x y", "git+ssh://****@host/x y"),
        ("mail me@host", "mail me@host"),
        ("https://host/a@b", "https://host/a@b"),
        ("http://u:p%40ss@h:8080 and https://v:q@i", "http://****@h:8080 and https://****@i"),
    ],
)
def test_credentials_in_addresses_are_masked(text: str, shown: str) -> None:
    """user:password goes, the host stays."""
    assert masked(text) == shown


def test_a_failure_shows_its_three_parts(capsys: pytest.CaptureFixture[str]) -> None:
    """What, why, next: on the error stream, also when quiet."""
    Console(quiet=True).fail(Failure("it broke.", "because https://a:b@c", "type this"))
    assert capsys.readouterr().err == "error: it broke.\nbecause https://****@c\nNext: type this\n"


def test_characters_that_a_console_cannot_show_do_not_stop_it() -> None:
    """A path in another script is spelt out where the code page lacks it."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252")
    Console(stream).say("in C:\\Проект")
    assert raw.getvalue().startswith(b"in C:\\\\u041f")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm"}, True),
    ],
)
def test_colour_obeys_no_color_and_dumb_terminals(environ: dict[str, str], wanted: bool) -> None:
    """https://no-color.org: any value but the empty one."""
    assert colour_wanted(Terminal(), environ) is wanted


def test_what_is_no_terminal_gets_no_colour() -> None:
    """Log files stay plain."""
    assert colour_wanted(io.StringIO(), {}) is False


def test_quiet_says_nothing_and_verbose_says_more() -> None:
    """Three loudnesses."""
    heard = []
    for options in ({"quiet": True}, {}, {"verbose": True}):
        stream = io.StringIO()
        console = Console(stream, **options)
        console.say("a")
        console.detail("b")
        heard.append(stream.getvalue())
    assert heard == ["", "a\n", "a\nb\n"]


def test_a_reader_that_has_seen_enough_does_not_stop_the_work() -> None:
    """Think of `sh bootstrap.sh | head -1`: what follows goes nowhere, without a complaint at the end."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        Console.write(stream, "nobody hears this\n")
        Console.write(stream, "nor this\n")


class Clock:
    """Stand for the pause between two drawings: two of them, then the end."""

    def __init__(self) -> None:
        self.left = 2

    def wait(self, _seconds: float) -> bool:
        """Tell that it is time to stop, the third time."""
        self.left -= 1
        return self.left < 0


def test_the_progress_line_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line stays one line: what does not fit is cut, and the line before is covered."""
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    progress = Progress(Console(stream), "installing 17 packages with pip")
    progress.note("Downloading a-very-long-name-1.0-py3-none-any.whl")
    monkeypatch.setattr(progress, "_stopped", Clock())
    progress._draw()
    assert [len(line) for line in stream.getvalue().split("\r")[1:]] == [29, 29]
