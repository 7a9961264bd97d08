"""Look at the folder of the project: whether an environment can be in it at all, and whose it will be."""

from __future__ import annotations

import os
from pathlib import Path

from .failure import Failure
from .machine import Machine


def refuse_separator(project: Path) -> None:
    """Refuse a folder that PATH cannot hold, so that no shell could ever use an environment in it (FAILURES B18)."""
    if os.pathsep in str(project):
        name = {":": "a colon", ";": "a semicolon"}[os.pathsep]
        raise Failure(
            f"the path of the project holds {name}: {project}",
            f"PATH is a list of folders with {name} between them, so no shell can find programs there.",
            "rename that folder, then run this again",
        )


def warning_for_root(project: Path, machine: Machine) -> str:
    """Return what root should know before making something in a folder of another user's; else an empty text.

    A container in which everything is root's is nothing to talk about, and root is never refused (FAILURES B13).
    """
    if not machine.is_root or os.stat(project).st_uid == machine.user_id:
        return ""
    return (
        f"you are root, and {project} belongs to another user: .venv will be root's, too. Better run this without sudo."
    )
