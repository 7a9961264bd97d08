"""Let one run at a time change an environment; the others wait and say for whom."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .console import Console

if sys.platform == "win32":  # not os.name: type checkers follow only this
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: better alone than not at all
            return True
        return True


@contextmanager
def our_turn(environment: Path, console: Console) -> Iterator[bool]:
    """Hold the lock beside an environment, freed by the system even after kill -9; yield whether it had to wait.

    The file stands beside the environment, not in it, because that folder comes and goes (FAILURES B6).
    """
    path = environment.with_name(environment.name + ".lock")
    waited = False
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        while not _try_lock(file):
            if not waited:
                console.warn(f"another run ({_holder(path)}) is changing {environment.name}; waiting for it")
            waited = True
            time.sleep(0.2)
        if _is_still(file, path):
            break
        os.close(file)
    try:
        # Byte 0 is what Windows locks; the holder's number stands behind it, to be read by who waits.
        os.ftruncate(file, 0)
        os.write(file, f" {os.getpid()}\n".encode())
        # An installer that outlives a killed run goes on writing, and holds the lock until it ends.
        os.set_inheritable(file, os.name != "nt")
        yield waited
    finally:
        if os.name != "nt":
            path.unlink(missing_ok=True)
        os.close(file)
        if os.name == "nt":
            _unlink_quietly(path)


def _is_still(file: int, path: Path) -> bool:
    """Tell whether the locked file is still the one at that path: the last holder removed its own."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except OSError:
        return False


def _holder(path: Path) -> str:
    try:
        return "process " + path.read_bytes()[1:].decode().strip()
    except (OSError, ValueError):
        return "unknown"


def _unlink_quietly(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
