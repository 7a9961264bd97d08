"""Find out whether a laptop is ready: one finding for each thing that a notebook needs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ..console import Console
from ..environment import Environment, health
from ..layout import ENVIRONMENT
from ..machine import Machine
from ..process import Finished, clean_environment, run
from ..record import Record
from ..settings import Settings
from .copies import digest_of
from .described import SUMS, Workshop
from .inside import MARK, POLICY
from .words import NEXT, NOTHING_YET, blocked, bring_back, without_library

_INSIDE = Path(__file__).with_name("inside.py")
IMPORT_SECONDS = 300
"""How long one package may take: a virus scanner looks at each of its files, the first time."""
NOT_STARTED = 127
"""What process.run says of a program that could not be started."""


class Finding(Record):
    """What was looked at, and what is to be done when it is not right."""

    check: str
    right: bool
    says: str
    next_step: str = ""


class Room(Record):
    """All that a check looks at."""

    workshop: Workshop
    settings: Settings
    machine: Machine
    console: Console

    @property
    def environment(self) -> Environment:
        """Return the project's environment, whether it is there or not."""
        return Environment(self.workshop.project / ENVIRONMENT)

    @property
    def pins(self) -> list[Path]:
        """Return the pin files."""
        return [self.workshop.project / name for name in self.settings.pins]


def examine(room: Room) -> Iterator[Finding]:
    """Yield what was found, in the order in which it has to be put right; later looks need the earlier ones."""
    project = room.workshop.project
    trouble = health(room.environment, project, room.settings.pins)
    if trouble and trouble.kind != "outdated":
        says = NOTHING_YET if trouble.kind == "missing" else trouble.sentence.rstrip(".")
        yield Finding("environment", False, says, NEXT["environment"])
    else:
        python = _python(room)
        yield python
        if python.right:
            yield Finding("environment", True, "the workshop's own Python is in place")
            pins = _pins(room, trouble.sentence.rstrip(".") if trouble else "")
            yield pins
            if pins.right:
                yield from _imports(room)
                yield from _kernel(room)
    yield from _data(room.workshop)
    yield from _notebooks(room.workshop)


def _python(room: Room) -> Finding:
    version = room.environment.version
    parts = version.split(".")
    fits = len(parts) > 1 and room.settings.oldest <= (int(parts[0]), int(parts[1])) <= room.settings.newest
    says = f"Python {version}" if fits else f"Python {version} is not one of {room.settings.allowed}"
    return Finding("python", fits, says, NEXT["python"])


def _inside(room: Room, *words: str | Path) -> Finished:
    return run(
        [room.environment.python, "-I", "-B", _INSIDE, *words], environ=jupyter_environment(), cwd=room.workshop.project
    )


def jupyter_environment() -> dict[str, str]:
    """Return the variables with which Jupyter uses this environment's kernel, whatever others a home has been given."""
    kept = clean_environment(dict(os.environ))
    kept.pop("JUPYTER_PATH", None)
    return kept | {"JUPYTER_PREFER_ENV_PATH": "1"}


def _rows(done: Finished) -> list[tuple[str, bool, str]]:
    return [tuple(json.loads(line.removeprefix(MARK))) for line in done.output.splitlines() if line.startswith(MARK)]


def _pins(room: Room, outdated: str) -> Finding:
    done = _inside(room, "pins", *room.pins)
    rows = _rows(done)
    if _was_held_back(done):
        told = f"this computer does not allow the workshop's Python to run ({_last_line(done)})"
        return Finding("blocked", False, told, blocked(room.workshop))
    wrong = [told for _, right, told in rows if not right]
    if outdated and not wrong:
        wrong = [outdated]
    if done.code != 0 or not rows:
        wrong = wrong or [_last_line(done)]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return Finding("pins", False, f"{wrong[0]}{more}", NEXT["pins"])
    return Finding("pins", True, f"all {len(rows)} packages have the pinned version")


def _imports(room: Room) -> Iterator[Finding]:
    with room.console.progress("loading each package once"):
        done = _inside(room, "imports", room.workshop.project / "pyproject.toml", str(IMPORT_SECONDS))
    rows = _rows(done)
    wrong = [(name, *told.split(": ", 1)) for name, right, told in rows if not right]
    if not wrong and (not rows or rows[-1][2] != "end"):
        name, told = rows[-1][0] if rows else "Python", f"it ended Python with code {done.code}: {_last_line(done)}"
        wrong = [(name, "broken", f"it took more than {IMPORT_SECONDS} s" if "\nTimeout (" in done.output else told)]
    for name, kind, told in wrong[:1]:
        if kind == "blocked":
            yield Finding(
                "blocked", False, f"this computer does not allow {name} to run ({told})", blocked(room.workshop)
            )
        elif kind == "library":
            yield Finding("imports", False, f"{name} lacks a part of Windows ({told})", without_library())
        else:
            yield Finding("imports", False, f"{name} cannot be loaded ({told})", NEXT["imports"])
    if not wrong:
        names = sorted({name for name, _, _ in rows if name and not name.startswith("_")})
        yield Finding("imports", True, f"{', '.join(names)} can be loaded")


def _kernel(room: Room) -> Iterator[Finding]:
    if "\njupyter-client==" not in "".join(file.read_text(encoding="utf-8") for file in room.pins):
        return
    with room.console.progress("starting a notebook"):
        done = _inside(room, "kernel")
    rows = _rows(done)
    if not rows:
        yield Finding("kernel", False, f"a notebook does not start: {_last_line(done)}", NEXT["kernel"])
    elif not rows[0][1]:
        yield Finding("kernel", False, rows[0][2], NEXT["kernel"])
    else:
        yield Finding("kernel", True, "a notebook starts, in this environment")


def _data(workshop: Workshop) -> Iterator[Finding]:
    folder = workshop.project / workshop.data
    if not workshop.data or not (folder / SUMS).is_file():
        return
    wrong = []
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    for digest, _, name in (line.partition("  ") for line in lines if line.strip()):
        try:
            if digest_of(folder / name) != digest:
                wrong.append(f"{workshop.data}/{name} is not the file that it should be")
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            wrong.append(f"{workshop.data}/{name} {'is missing' if missing else 'cannot be read'}")
    says = wrong[0] if wrong else f"the data is complete ({_count(len(lines), 'file')})"
    yield Finding("data", not wrong, says, bring_back(workshop, workshop.data))


def _notebooks(workshop: Workshop) -> Iterator[Finding]:
    wrong = []
    notebooks = sorted((workshop.project / workshop.notebooks).glob("**/*.ipynb"))
    for notebook in notebooks:
        try:
            json.loads(notebook.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            wrong.append(f"{notebook.relative_to(workshop.project).as_posix()} cannot be read")
    if not notebooks:
        wrong = [f"there is no notebook in {workshop.notebooks}"]
    says = wrong[0] if wrong else f"the notebooks can be opened ({_count(len(notebooks), 'file')})"
    yield Finding("notebooks", not wrong, says, bring_back(workshop, workshop.notebooks))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _was_held_back(done: Finished) -> bool:
    """Tell whether the system's policy stopped the program itself (AppLocker, Smart App Control, ...)."""
    code = re.search(r"WinError (\d+)", done.output) if done.code == NOT_STARTED else None
    return code is not None and int(code[1]) in POLICY


def _last_line(done: Finished) -> str:
    lines = [line.strip() for line in done.output.splitlines() if line.strip() and not line.startswith(MARK)]
    return lines[-1] if lines else f"it ended with code {done.code}"
