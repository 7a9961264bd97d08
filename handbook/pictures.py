"""Take the README's pictures: real sessions on a real terminal, by a person with a Python, Copier and git.

What is typed is what the README says; git is told to find the template's address in this work tree.
"""

from __future__ import annotations

import html
import io
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from handbook.terminal import Terminal
from tests.support.person import ADDRESS, NOBODY, with_a_clone

COLUMNS = 84

# Colours that can be told apart on this ground by everybody: each has a contrast of 4.5 or more.
_THEME = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [
        (110, 118, 129), (255, 123, 114), (86, 211, 100), (227, 179, 65),
        (121, 192, 255), (210, 168, 255), (86, 212, 221), (230, 237, 243),
    ],
    [
        (139, 148, 158), (255, 161, 152), (126, 231, 135), (242, 204, 96),
        (165, 214, 255), (226, 197, 255), (179, 240, 255), (255, 255, 255),
    ],
)  # fmt: skip

# Rich's own names a font at an address elsewhere; a page that shows the picture must ask nobody.
_FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>@TITLE@</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre }}
.{unique_id}-title {{ font: bold 18px sans-serif }}
{styles}
</style>
<defs>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def take(folder: Path) -> list[Path]:
    """Take every picture into a folder, and return the files."""
    pictures = []
    with _at_a_terminal() as terminal:
        terminal.type(f"copier copy --trust {ADDRESS} my-project")
        terminal.until("What are you starting?")
        terminal.type("")
        terminal.until("What is the project called?")
        terminal.type("")
        terminal.until("more questions?")
        pictures.append(
            _draw(folder / "questions.svg", "Three questions; Enter takes what is offered", terminal.shown())
        )
        terminal.type("")
        terminal.ready()
        for line in (
            "cd my-project",
            "sh bootstrap.sh",
            """sh bootstrap.sh run python -c "import requests; print('it works')\"""",
            "sh bootstrap.sh run pytest -q",
        ):
            terminal.type(line)
            terminal.ready()
        shown = terminal.shown(since="There is no .venv yet.")[:-1]
        pictures.append(_draw(folder / "run.svg", "The end of copier copy; a second run; the packages work", shown))
    return pictures


@contextmanager
def _at_a_terminal() -> Iterator[Terminal]:
    people = with_a_clone()
    with closing(people):
        person = next(people)
        person.has_copier()
        work = person.makes(person.home / "work")
        begin = _as_nobody if os.geteuid() == 0 else None
        with closing(Terminal(work, person.environ, rows=40, columns=COLUMNS, begin=begin)) as terminal:
            yield terminal


def _as_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _draw(file: Path, title: str, lines: list[Text]) -> Path:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    for line in lines:
        console.print(line, no_wrap=True, crop=False)
    form = _FORMAT.replace("@TITLE@", html.escape(title))
    svg = console.export_svg(title=title, theme=_THEME, code_format=form, unique_id=file.stem)
    file.write_text(svg, encoding="utf-8", newline="\n")
    return file
