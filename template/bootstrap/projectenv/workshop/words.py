"""Say what to do next, in words for people who have never used a terminal; each failure has exactly one next step."""

from __future__ import annotations

from pathlib import Path

from ..ready import started
from .described import Workshop

NOTHING_YET = "the workshop's packages are not installed yet"
START, ANEW = "bootstrap start", "bootstrap start --recreate"
NEXT = {
    "python": ANEW,
    "environment": START,
    "pins": START,
    "imports": ANEW,
    "kernel": ANEW,
}


_BEGUN_WITH = {"windows": "start-windows.cmd", "macos": "start-mac.command", "linux": "start-linux.sh"}


def as_begun(step: str, system: str, project: Path) -> str:
    """Return a next step with the file that an attendee began with, which they can also double-click, in place of `start`."""
    begun = _BEGUN_WITH[system]
    return step.replace(START, started(begun)) if (project / begun).is_file() else step


def for_attendees(next_step: str) -> str:
    """Return the next step of a set-up that failed, in place of options that an attendee never needs."""
    if "--offline" in next_step:
        return f"check the Wi-Fi, plug in the stick if you have one, then: {START}"
    return next_step


def blocked(workshop: Workshop) -> str:
    """Return what to do where the computer's owner does not allow it: installing again would not help."""
    if workshop.cloud:
        return f"open this in your browser and work there: {workshop.cloud}"
    return "tell the instructor: this computer does not run it, and installing again does not help"


def without_library() -> str:
    """Return how to get the library that Windows lacks."""
    return "install this, then start again: https://aka.ms/vs/17/release/vc_redist.x64.exe"


def bring_back(workshop: Workshop, folder: str) -> str:
    """Return how to get the workshop's own files again; attendees' work is in my-work, which this leaves alone."""
    if (workshop.project / ".git").exists():
        return f"git checkout -- {folder}"
    return "download the workshop's folder again, and start in the new one"
