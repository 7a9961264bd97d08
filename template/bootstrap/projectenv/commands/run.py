"""Run a command inside the environment, as if it were activated."""

from __future__ import annotations

import os
import sys


def activated(folder: str, environ: dict[str, str]) -> dict[str, str]:
    """Return the variables that activation would leave: the environment's programs first, PYTHONHOME gone."""
    scripts = os.path.join(folder, "bin")
    if not os.path.isdir(scripts):
        scripts = os.path.join(folder, "Scripts")
    inside = {name: value for name, value in environ.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    inside["VIRTUAL_ENV"] = folder
    inside["PATH"] = scripts + os.pathsep + environ.get("PATH", os.defpath)
    return inside


def hand_over(folder: str, command: list[str]) -> int:
    """Become the command (on Windows: run it) and return its exit code; 127 when there is no such program."""
    environ = activated(folder, dict(os.environ))
    if os.name == "nt":
        import shutil
        import subprocess

        # CreateProcess searches our own PATH, not the child's.
        program = shutil.which(command[0], path=environ["PATH"]) or command[0]
        try:
            return subprocess.call([program, *command[1:]], env=environ)
        except OSError as error:
            return _cannot_start(command[0], error)
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, environ)  # noqa: S606 the point: no shell between
    except OSError as error:
        return _cannot_start(command[0], error)


def _cannot_start(program: str, error: OSError) -> int:
    from ..ready import typed

    sys.stderr.write(
        f"error: {program} cannot be run: {error.strerror or error}.\n"
        "It was looked for in .venv first, then on PATH.\n"
        f"Next: {typed(f'if it belongs to a package, declare it: bootstrap add {program}')}\n"
    )
    return 126 if isinstance(error, PermissionError) else 127
