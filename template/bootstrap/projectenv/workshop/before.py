"""Look at the folder and the disk before anything is installed; each obstacle has one next step."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path, PurePath

from ..failure import Failure
from ..machine import Machine
from ..place import LONGEST_ON_WINDOWS, synchronised
from ..record import Record
from .examine import Room
from .words import blocked

_MB = 1 << 20
NEEDED_MB = 1200
"""What JupyterLab and its friends take when installed (up to 680 MB), and room to unpack them."""
UPDATE_MB = 300
_ZIP_PREVIEW = re.compile(
    r"[\\/](Temp\d*_[^\\/]+\.zip|7z[0-9A-Z]{6,}|Rar\$[^\\/]+|wz[0-9a-f]{4}|\.fr-[^\\/]{6})[\\/]", re.I
)


class Ground(Record):
    """What is known of the place where the environment will be."""

    folder: PurePath
    machine: Machine
    free: int
    """Bytes that may still be written there."""
    writable: bool = True
    network_drive: bool = False
    needed: int = NEEDED_MB * _MB


def stand_on(project: Path, machine: Machine, *, anew: bool) -> Ground:
    """Ask the disk what the project stands on; an environment that is there needs less."""
    free, needed = shutil.disk_usage(project).free, (NEEDED_MB if anew else UPDATE_MB) * _MB
    return Ground(project, machine, free, _writable(project), _is_network_drive(project), needed)


def obstacle(ground: Ground) -> Failure | None:
    """Return the first thing that is in the way, or None."""
    folder, windows = str(ground.folder), ground.machine.system == "windows"
    home = "C:\\work" if windows else "your home folder"
    if _ZIP_PREVIEW.search(folder + ("\\" if windows else "/")):
        return _failure("this is still inside the ZIP.", "right-click the ZIP, choose Extract All, and start there")
    if windows and re.match(r"\\\\wsl(\$|\.localhost)\\", folder, re.I):
        return _failure("this folder belongs to Linux (WSL).", "in the WSL window, type: sh start-linux.sh")
    if folder.startswith("\\\\") or ground.network_drive:
        return _failure("this folder is on a network drive.", f"copy it to {home} and start there")
    name = synchronised(ground.folder)
    if name:
        return _failure(f"this folder is synchronised with the cloud ({name}).", f"copy it to {home} and start there")
    if windows and len(folder) > LONGEST_ON_WINDOWS:
        return _failure(
            f"the path of this folder is too long for Windows ({len(folder)} characters, {LONGEST_ON_WINDOWS} fit).",
            "move the folder to C:\\work and start there",
        )
    if not ground.writable:
        return _failure("nothing can be written into this folder.", f"copy it to {home} and start there")
    if ground.free < ground.needed:
        return _failure(
            f"the disk has {ground.free // _MB} MB left, and {ground.needed // _MB} are needed.",
            "empty the bin, or move the folder to another disk; then start again",
        )
    return None


def refuse_obstacles(project: Path, machine: Machine, *, anew: bool) -> None:
    """Raise the first obstacle."""
    found = obstacle(stand_on(project, machine, anew=anew))
    if found:
        raise found


def refuse_foreign(target: str, look: Room) -> None:
    """Raise a Failure where the pins have nothing for this processor; Windows on ARM runs what is made for the usual one."""
    if target in look.settings.targets:
        return
    next_step = blocked(look.workshop)
    if target == "windows-arm64":
        next_step = "install the Python for Windows 64-bit, not ARM64, from https://www.python.org/downloads/windows/ and start again"
    raise Failure(f"the workshop's packages do not exist for this Python ({target}).", "", next_step, exit_code=2)


def _failure(what: str, next_step: str) -> Failure:
    return Failure(what, "Nothing was installed yet.", next_step)


def _writable(project: Path) -> bool:
    # os.access believes too much on Windows and on network drives.
    try:
        with tempfile.TemporaryFile(dir=project):
            return True
    except OSError:
        return False


def _is_network_drive(project: Path) -> bool:
    """Tell whether a letter of Windows stands for a share; elsewhere a share works like any folder."""
    if os.name != "nt":
        return False
    import ctypes

    remote = 4
    root = f"{project.drive}\\"
    return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == remote)  # type: ignore[attr-defined,unused-ignore]
