"""Say what a test needs of the machine: missing, it skips at a desk and fails in CI."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def need(what: str, *, have: bool) -> None:
    """Go on if the machine has it; never skip silently in CI."""
    if have:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"this machine has no {what}, which CI must have")
    pytest.skip(f"needs {what}")


@functools.cache
def works(*command: str) -> bool:
    """Tell whether a command succeeds on this machine."""
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


def without_network() -> list[str]:
    """Return the words that start a command where there is no network at all, not even loopback."""
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if works(*words, "true"):
            return words
    need("unshare that may take the network away", have=False)
    return []


# Interface flags of a loopback that is up (netdevice(7)); not every system has the program `ip`.
_LOOPBACK = (
    "import fcntl, os, socket, struct, sys\n"
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh22x', b'lo', 0x49))\n"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


def unplugged(python: str = sys.executable) -> list[str]:
    """Return the words that start a command as on a laptop without a network: loopback works, nothing else."""
    return [*without_network(), python, "-I", "-c", _LOOPBACK]


def own_mounts() -> list[str]:
    """Return the words that start a command which may mount things that only it sees."""
    for words in (["unshare", "-m"], ["unshare", "-rm"]):
        if works(*words, "mount", "-t", "tmpfs", "none", "/mnt"):
            return words
    need("unshare that may mount", have=False)
    return []


def uv() -> Path:
    """Return the uv that came with the environment of these tests, or one on PATH."""
    found = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    need("uv", have=found is not None)
    return Path(found or "")
