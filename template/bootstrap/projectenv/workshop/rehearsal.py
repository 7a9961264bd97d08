"""Show each failure on purpose, so that who helps in the room has seen it before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from ..causes import cause_of
from ..failure import Failure
from ..record import replace
from .before import Ground, obstacle, refuse_foreign
from .check import last_lines
from .examine import Finding, Room
from .words import NEXT, NOTHING_YET, blocked, bring_back, for_attendees, without_library

_PLENTY = 1 << 40
_TOLD_BY_PIP = (
    "Temporary failure in name resolution",
    "Read timed out",
    "Connection broken: IncompleteRead",
    "CERTIFICATE_VERIFY_FAILED",
    "DO NOT MATCH THE HASHES",
    "No space left on device",
)


def rehearse(room: Room) -> int:
    """Print every failure that an attendee can meet: what was found, the code, and what it tells them to do."""
    say = room.console.say
    say("Before anything is installed:\n")
    for each in _before(room):
        _show(room, each)
    say("After that:\n")
    for each in _after(room):
        _show(room, each)
    say("This was a rehearsal: nothing was looked at, and nothing is wrong. `roster` understands these codes.")
    return 0


def _show(room: Room, finding: Finding) -> None:
    room.console.say(f"  NO  {finding.says}")
    room.console.say(last_lines(room, [finding]))


def _before(room: Room) -> Iterator[Finding]:
    for ground in _grounds(room):
        failure = obstacle(ground)
        if failure:
            yield Finding("environment", False, failure.what.rstrip("."), failure.next_step)
    missing = f"no Python found here that this project can use ({room.settings.allowed})"
    how = f"{room.machine.how_to_install_python}   and run this again, or name one with --python PATH"
    yield Finding("python", False, missing, how)
    for target in ("windows-arm64", "linux-armv7l"):
        try:
            refuse_foreign(target, room)
        except Failure as failure:
            yield Finding("python", False, failure.what.rstrip("."), failure.next_step)
    for told in _TOLD_BY_PIP:
        cause = cause_of(told, "pypi.org")
        if cause:
            says = f"the packages could not be installed: {cause[0]}"
            yield Finding("environment", False, says, for_attendees(cause[1]))


def _grounds(room: Room) -> list[Ground]:
    windows = replace(room.machine, system="windows")
    folders = (
        r"C:\Users\someone\AppData\Local\Temp\Temp1_workshop.zip\workshop",
        r"\\wsl$\Ubuntu\home\someone\workshop",
        r"\\server\home\workshop",
        r"C:\Users\someone\OneDrive\workshop",
        "C:\\Users\\someone\\Documents\\" + "a-long-name\\" * 8,
    )
    return [
        *(Ground(PureWindowsPath(folder), windows, _PLENTY) for folder in folders),
        Ground(PurePosixPath("/workshop"), room.machine, _PLENTY, writable=False),
        Ground(PurePosixPath("/workshop"), room.machine, 300 << 20),
    ]


def _after(room: Room) -> Iterator[Finding]:
    workshop, told = room.workshop, "DLL load failed while importing lib: ..."
    yield Finding("environment", False, NOTHING_YET, NEXT["environment"])
    yield Finding("python", False, f"Python 3.9.2 is not one of {room.settings.allowed}", NEXT["python"])
    yield Finding("pins", False, "numpy is 1.0, not ==2.4.6", NEXT["pins"])
    yield Finding("imports", False, "pandas cannot be loaded (ImportError: ...)", NEXT["imports"])
    yield Finding("blocked", False, f"this computer does not allow pandas to run ({told})", blocked(workshop))
    yield Finding("imports", False, f"numpy lacks a part of Windows ({told})", without_library())
    yield Finding("kernel", False, "a notebook does not start: ...", NEXT["kernel"])
    yield Finding("kernel", False, "notebooks run in another Python, not in this environment", NEXT["kernel"])
    if workshop.data:
        damaged = f"{workshop.data}/seedlings.csv is not the file that it should be"
        yield Finding("data", False, damaged, bring_back(workshop, workshop.data))
    damaged = f"{workshop.notebooks}/01-welcome.ipynb cannot be read"
    yield Finding("notebooks", False, damaged, bring_back(workshop, workshop.notebooks))
