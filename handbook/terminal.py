"""A shell on a real terminal, driven as a person drives it, and what its screen shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

import pexpect
import pyte
from rich.style import Style
from rich.text import Text

PROMPT = "$"
_BOLD, _PLAIN = r"\e[1;36m", r"\e[0m"
_ECHO, _STILL, _PATIENCE = 0.2, 0.8, 120.0
"""Seconds: until a typed line is echoed, of silence that mean it is done, and until it is given up."""


class _Screen(pyte.Screen):
    """A screen that answers when a program asks the terminal where its cursor is."""

    answer: Callable[[str], object]

    def write_process_input(self, data: str) -> None:
        self.answer(data)


class Terminal:
    """A shell in a folder, on a terminal of this size; it answers the questions that programs ask a terminal."""

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        *,
        rows: int,
        columns: int,
        begin: Callable[[], None] | None = None,
    ) -> None:
        self.screen = _Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._child: pexpect.spawn[str] = pexpect.spawn(
            "bash",
            ["--norc", "--noprofile"],
            cwd=str(folder),
            env={**environ, "TERM": "xterm-256color", **_typing(), "HISTFILE": "/dev/null"},
            dimensions=(rows, columns),
            encoding="utf-8",
            preexec_fn=begin,
        )
        self.screen.answer = self._child.send
        self.ready()

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self._child.send(f"{line}\r")
        self._read(_ECHO)

    def until(self, words: str) -> None:
        """Wait until the screen shows these words and holds still."""
        self._wait(lambda: any(words in line for line in self.screen.display))

    def ready(self) -> None:
        """Wait for the shell's prompt, alone on its line."""
        self._wait(lambda: self.screen.display[self.screen.cursor.y].rstrip() == PROMPT)

    def _wait(self, there: Callable[[], bool]) -> None:
        give_up = time.monotonic() + _PATIENCE
        while self._read(_STILL) or not there():
            if time.monotonic() > give_up:
                shown = "\n".join(line.rstrip() for line in self.screen.display).strip()
                raise TimeoutError(f"the terminal never came to that; it shows:\n{shown}")

    def _read(self, seconds: float) -> bool:
        """Bring what the child prints within this time to the screen, and tell whether there was anything."""
        try:
            self._stream.feed(self._child.read_nonblocking(65536, seconds))
        except pexpect.TIMEOUT:
            return False
        return True

    def close(self) -> None:
        """End the shell."""
        self._child.close(force=True)

    def shown(self, *, since: str = "") -> list[Text]:
        """Return the lines of the screen with their colours, from the one that begins so, without empty ones at the end."""
        rows = [self._row(number) for number in range(self.screen.lines)]
        while rows and not rows[-1].plain:
            rows.pop()
        found = [number for number, row in enumerate(rows) if row.plain.startswith(since)]
        if not found:
            shown = "\n".join(row.plain for row in rows)
            raise LookupError(f"no line on the screen begins with {since!r}; it shows:\n{shown}")
        return rows[found[0] :]

    def _row(self, number: int) -> Text:
        row = self.screen.buffer[number]
        text = Text(no_wrap=True)
        for style, cells in groupby((row[column] for column in range(self.screen.columns)), _style):
            text.append("".join(cell.data for cell in cells), style)
        text.rstrip()
        return text


def _typing() -> dict[str, str]:
    """Return what has the shell show a typed line apart from what programs print."""
    return {"PS1": rf"\[{_BOLD}\]{PROMPT} ", "PS0": _PLAIN}


def _style(cell: pyte.screens.Char) -> Style:
    return Style(color=_colour(cell.fg), bold=cell.bold or None, italic=cell.italics or None)


def _colour(name: str) -> str | None:
    if name == "default":
        return None
    # pyte says brown where a terminal's palette has yellow, and gives other colours as six digits.
    plain = {"brown": "yellow", "brightbrown": "bright_yellow"}.get(name, name.replace("bright", "bright_"))
    return f"#{name}" if len(name) == 6 and all(each in "0123456789abcdef" for each in name) else plain
