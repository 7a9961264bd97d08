"""Run one command and tell what it cost: wall time, and processor time with all its children."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = list["str | Path"]


@dataclass(frozen=True)
class Spent:
    """Seconds: those on the wall, and those of the processor in user and system mode."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        """Add what two commands cost, one after the other."""
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


def spend(commands: Sequence[Command], cwd: Path, environ: Mapping[str, str], log: Path) -> Spent:
    """Run commands one after the other and return what they cost together; RuntimeError when one fails.

    What they print goes to the log, as a terminal would cost time that is not theirs.
    """
    spent = Spent()
    for command in commands:
        spent += _one([str(word) for word in command], cwd, environ, log)
    return spent


def _one(command: list[str], cwd: Path, environ: Mapping[str, str], log: Path) -> Spent:
    with log.open("wb") as output:
        began = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=cwd, env=dict(environ), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        # wait4 counts every child that the command itself waited for.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        message = f"{' '.join(command)} ended with {child.returncode} in {cwd}:\n{said}"
        raise RuntimeError(message)
    return Spent(wall, usage.ru_utime + usage.ru_stime)
