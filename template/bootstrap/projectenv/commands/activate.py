"""Print how to activate the environment: the line alone, so that a shell can evaluate it, or a table of all."""

from __future__ import annotations

import os
from pathlib import Path

from ..activation import IS_IT_ON, LEAVE, ON, one_line, table, without_activating
from ..console import Console
from ..failure import Failure
from ..layout import project_folder, starter
from ..shells import shell_in_use

SYSTEM = "windows" if os.name == "nt" else "posix"


def activate(folder: Path, console: Console, *, shell: str | None, show_all: bool) -> int:
    """Print the line for this shell, for the one named, or for all; return the exit code."""
    if show_all:
        _print_all(str(folder), console)
        return 0
    if not (folder / "pyvenv.cfg").is_file():
        raise Failure(f"there is no environment in {folder}.", "", "bootstrap")
    name = shell or shell_in_use()
    if name is None:
        raise Failure(
            "no shell was found among the programs that started this.",
            f"Known: {', '.join(ON[SYSTEM])}.",
            f"bootstrap activate --shell {ON[SYSTEM][0]}",
        )
    line = one_line(str(folder), os.getcwd(), SYSTEM, name) + "\n"
    if SYSTEM == "posix":
        # A shell evaluates this: the path's own bytes, whatever the console can show.
        console.stream.buffer.write(os.fsencode(line))
        console.stream.flush()
    else:
        console.write(console.stream, line)
    return 0


def _print_all(folder: str, console: Console) -> None:
    rows = [
        *table(folder, os.getcwd(), SYSTEM),
        ("leave it", LEAVE),
        ("is it on?", IS_IT_ON),
        ("without", without_activating(folder, os.getcwd(), SYSTEM, ON[SYSTEM][0], starter(project_folder()))),
    ]
    width = max(len(label) for label, _ in rows)
    for label, line in rows:
        console.write(console.stream, f"{label:{width}}  {line}\n")
