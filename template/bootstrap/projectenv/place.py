"""Look at the folder of the project: whether an environment can be in it at all, and whose it will be."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from .failure import Failure
from .machine import Machine
from .process import run


def refuse_separator(project: Path) -> None:
    """Refuse a folder that PATH cannot hold, so that no shell could ever use an environment in it (FAILURES B18)."""
    if os.pathsep in str(project):
        name = {":": "a colon", ";": "a semicolon"}[os.pathsep]
        raise Failure(
            f"the path of the project holds {name}: {project}",
            f"PATH is a list of folders with {name} between them, so no shell can find programs there.",
            "rename that folder, then run this again",
        )


# The longest path that JupyterLab installs below a project is 155 characters; Windows' own limit is 260 (WORKSHOP, 10).
LONGEST_ON_WINDOWS = 97
_SYNCHRONISED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "mobile documents",
    "cloudstorage",
    "pcloud",
    "nextcloud",
)


def warnings(project: PurePath, machine: Machine) -> list[str]:
    """Return what may go wrong later because of where the project is, each in a sentence with what to do."""
    found = []
    if machine.system == "windows" and len(str(project)) > LONGEST_ON_WINDOWS:
        found.append(
            f"the path of the project has {len(str(project))} characters: with more than {LONGEST_ON_WINDOWS}, files of large "
            "packages may not fit Windows' limit of 260. If an installation fails, move the project to C:\\work."
        )
    service = synchronised(project)
    if service:
        found.append(
            f"the project is in a folder that is synchronised ({service}): thousands of files of .venv would be uploaded, and may "
            "be locked while they are written. Better keep the project elsewhere, and in git."
        )
    return found


def synchronised(project: PurePath) -> str:
    """Return the service that keeps a copy of this folder elsewhere, or an empty string."""
    parts = [part.lower() for part in project.parts]
    return next((name for name in _SYNCHRONISED for part in parts if part == name or part.startswith(name + " -")), "")


def warning_for_rosetta(machine: Machine, python: str) -> str:
    """Return what to say of an Intel Python on Apple silicon; `python` is its platform, such as macosx-11.0-x86_64."""
    if machine.system != "macos" or not python.endswith("x86_64") or not _is_apple_silicon(machine):
        return ""
    return (
        "this Python was built for Intel, and runs through Rosetta: packages for Intel will be installed, which a native "
        "program (an editor, say) cannot load. Better name a native one: --python /opt/homebrew/bin/python3"
    )


def _is_apple_silicon(machine: Machine) -> bool:
    if machine.architecture == "arm64":
        return True
    # A translated program is told that the processor is Intel's; only sysctl knows better (FAILURES A12).
    told = run(["sysctl", "-n", "hw.optional.arm64"], environ=machine.environ)
    return told.code == 0 and told.output.strip() == "1"


def warning_for_root(project: Path, machine: Machine) -> str:
    """Return what root should know before making something in a folder of another user's; else an empty text.

    A container in which everything is root's is nothing to talk about, and root is never refused (FAILURES B13).
    """
    if not machine.is_root or os.stat(project).st_uid == machine.user_id:
        return ""
    return (
        f"you are root, and {project} belongs to another user: .venv will be root's, too. Better run this without sudo."
    )
