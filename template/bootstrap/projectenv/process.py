"""Run child processes: argument lists, never a shell; quiet on success, everything on failure."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .record import Record

# What would send packages elsewhere, or let other packages in (FAILURES C1 to C7, B26).
ISOLATION_BREAKERS = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_DRY_RUN",
    "PIP_PYTHON",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_BREAK_SYSTEM_PACKAGES",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONPLATLIBDIR",
    "PYTHONEXECUTABLE",
    "PYTHONNOUSERSITE",
    "__PYVENV_LAUNCHER__",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "UV_PYTHON",
    "UV_TARGET",
    "UV_PREFIX",
    "UV_SYSTEM_PYTHON",
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PROJECT",
    "UV_WORKING_DIRECTORY",
    "UV_VENV_SEED",
    "UV_VENV_CLEAR",
    "UV_NO_VERIFY_HASHES",
    "UV_DRY_RUN",
)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for pip and uv: the user's own, less what would break isolation."""
    clean = {name: value for name, value in environ.items() if name.upper() not in ISOLATION_BREAKERS}
    # An empty or absent variable does not override a pip.conf; these values do (FAILURES C1, C2).
    clean.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    clean.update(PYTHONUTF8="1", PYTHONNOUSERSITE="1")
    return clean


class Finished(Record):
    """What a child process left: its exit code and all it printed."""

    command: tuple[str, ...]
    code: int
    output: str


def run(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Finished:
    """Run a command to its end and return its exit code and output, both streams together.

    Each line goes to `on_line` as it comes. A program that cannot be started ends with code 127.
    """
    words = tuple(str(word) for word in command)
    try:
        child = subprocess.Popen(
            words,
            env=dict(environ),
            cwd=cwd,
            close_fds=os.name == "nt",  # elsewhere the only one to inherit is the lock (see turn.py)
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # Debian's venv explains itself on stdout, pip on stderr: keep both, in order (FAILURES B1).
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return Finished(words, 127, f"{error}\n")
    lines: list[str] = []
    try:
        for line in child.stdout or ():
            lines.append(line)
            if on_line:
                on_line(line)
        child.wait()
    except BaseException:
        child.kill()
        child.wait()
        raise
    finally:
        if child.stdout:
            child.stdout.close()
    return Finished(words, child.returncode, "".join(lines))


def pasteable(command: Sequence[str | Path], *, windows: bool = False) -> str:
    """Return the command as a person would type it."""
    words = [str(word) for word in command]
    return subprocess.list2cmdline(words) if windows else shlex.join(words)
