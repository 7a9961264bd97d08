"""Never lose a working environment: set it aside, put it back, and remove only what is one."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import stamp
from .environment import Environment
from .failure import Failure


def recover(environment: Environment) -> bool:
    """Put right what a killed run left; return whether there was anything.

    A finished environment wins over the one set aside; a half-made one loses against it.
    """
    if not environment.aside.is_dir():
        return False
    if environment.is_one and _complete(environment):
        remove(environment.aside)
        return True
    if os.path.lexists(environment.folder):
        remove(environment.folder)
    rename(environment.aside, environment.folder)
    return True


def _complete(environment: Environment) -> bool:
    written = stamp.read(str(environment.folder))
    return written is not None and written[0].get("folder") == str(environment.folder)


def remove(folder: Path) -> None:
    """Remove an environment, and nothing that is not one."""
    if not folder.is_dir() or folder.is_symlink():
        return
    if not (folder / "pyvenv.cfg").is_file() and any(folder.iterdir()):
        raise Failure(
            f"{folder} holds no pyvenv.cfg, so it is not removed.", "It may be yours.", f"look into it: {folder}"
        )
    # pyvenv.cfg goes last, so that a folder half removed can still be told for what it is.
    for child in sorted(folder.iterdir(), key=lambda each: each.name == "pyvenv.cfg"):
        if child.is_dir() and not child.is_symlink():
            _remove_tree(child)
        else:
            child.unlink()
    folder.rmdir()


def _remove_tree(folder: Path) -> None:
    # `onerror` is deprecated from 3.12 on, and its successor is not there before.
    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=_make_writable)
    else:
        shutil.rmtree(folder, onerror=_make_writable)


def _make_writable(function: Callable[[str], object], path: str, _error: object) -> None:
    os.chmod(path, stat.S_IRWXU)
    function(path)


def rename(old: Path, new: Path) -> None:
    """Give an environment another name; on Windows with patience."""
    # Windows' scanners hold files for a moment (FAILURES B28).
    for pause in (0.1, 0.2, 0.4, 0.8, 1.6, None):
        try:
            os.rename(old, new)
            return
        except PermissionError:
            if pause is None or os.name != "nt":
                raise
            time.sleep(pause)
