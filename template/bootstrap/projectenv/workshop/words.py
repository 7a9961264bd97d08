"""Say what to do next, in words for people who have never used a terminal; each failure has exactly one next step."""

from __future__ import annotations

from .described import Workshop

NEXT = {
    "python": "bootstrap start --recreate",
    "environment": "bootstrap start",
    "pins": "bootstrap start",
    "imports": "bootstrap start --recreate",
    "kernel": "bootstrap start --recreate",
    "data": "git checkout -- data   (or download the workshop's folder again)",
    "notebooks": "git checkout -- notebooks   (or download the workshop's folder again)",
}


def blocked(workshop: Workshop) -> str:
    """Return what to do where the computer's owner does not allow it: installing again would not help."""
    if workshop.cloud:
        return f"open this in your browser and work there: {workshop.cloud}"
    return "tell the instructor: this computer's owner allows only certain programs, installing again does not help"


def without_library() -> str:
    """Return how to get the library that Windows lacks."""
    return "install this, then try again: https://aka.ms/vs/17/release/vc_redist.x64.exe"


def foreign_kernel() -> str:
    """Return how to be rid of a kernel that another project left in this person's home."""
    return "bootstrap run python -m jupyter kernelspec remove python3   (another project left it behind)"
