"""Show each failure on purpose, so that who helps in the room has seen it before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from ..failure import Failure
from ..machine import Machine
from ..ready import typed
from .before import Ground, obstacle
from .examine import Room
from .words import NEXT, blocked, foreign_kernel, without_library

_PLENTY = 1 << 40


def rehearse(room: Room) -> int:
    """Print every failure that an attendee can meet, with what it tells them to do."""
    for failure in (*_before(room), *_after(room)):
        room.console.say(f"{failure.what}\nnext: {typed(failure.next_step)}\n")
    room.console.say("This was a rehearsal: nothing was looked at, and nothing is wrong.")
    return 0


def _before(room: Room) -> list[Failure]:
    windows, here = replace(room.machine, system="windows"), room.machine
    far = "C:\\Users\\someone\\Documents\\" + "a-long-name\\" * 8
    grounds = [
        _ground(PureWindowsPath("C:\\Users\\someone\\AppData\\Local\\Temp\\Temp1_workshop.zip\\workshop"), windows),
        _ground(PureWindowsPath("\\\\wsl$\\Ubuntu\\home\\someone\\workshop"), windows),
        _ground(PureWindowsPath("\\\\server\\home\\workshop"), windows),
        _ground(PureWindowsPath("C:\\Users\\someone\\OneDrive\\workshop"), windows),
        _ground(PureWindowsPath(far), windows),
        Ground(PurePosixPath("/workshop"), here, _PLENTY, writable=False),
        Ground(PurePosixPath("/workshop"), here, 300 << 20),
    ]
    return [failure for failure in map(obstacle, grounds) if failure]


def _ground(folder: PurePath, machine: Machine) -> Ground:
    return Ground(folder, machine, _PLENTY)


def _after(room: Room) -> list[Failure]:
    allowed = room.settings.allowed
    return [
        Failure("there is no .venv yet", "", NEXT["environment"]),
        Failure(f"Python 3.9.2 is not one of {allowed}", "", NEXT["python"]),
        Failure("numpy is 1.0, not the pinned version", "", NEXT["pins"]),
        Failure("pandas cannot be loaded (ImportError: ...)", "", NEXT["imports"]),
        Failure("this computer does not allow pandas to run (DLL load failed ...)", "", blocked(room.workshop)),
        Failure("numpy lacks a part of Windows (DLL load failed ...)", "", without_library()),
        Failure("a notebook does not start", "", NEXT["kernel"]),
        Failure("notebooks run in another Python", "", foreign_kernel()),
        Failure(f"{room.workshop.data}/seedlings.csv is not the file that it should be", "", NEXT["data"]),
        Failure(f"{room.workshop.notebooks}/01-welcome.ipynb cannot be read", "", NEXT["notebooks"]),
    ]
