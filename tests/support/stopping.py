"""Run a project's bootstrap and kill it right before its Nth change to the disk or child process, with all its children.

    python -I -B stopping.py N PROJECT [ARGUMENTS]      N = 0: kill nothing, print each of these moments
    python -I -B stopping.py N:SIGINT PROJECT ...       another signal

The code that ships knows nothing of this: Python's audit events tell of each change before it happens.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys

CHANGES = (
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.symlink",
    "os.truncate",
    "os.link",
    "os.chmod",
    "subprocess.Popen",
    "os.exec",
)


def main(arguments: list[str]) -> None:
    """Count the moments and stop at the one that was asked for."""
    number, _, name = arguments[0].partition(":")
    stop_at, project = int(number), arguments[1]
    moments: list[str] = []

    def watch(event: str, details: tuple[object, ...]) -> None:
        if details and "bytecode" in str(details[0]):
            return  # kept in the user's cache by the first run only, in one step each, and checked by Python itself
        if event in CHANGES or (event == "open" and _writes(details) and project in str(details[0])):
            moments.append(f"{event} {details[0]}")
            if len(moments) == stop_at:
                os.killpg(0, signal.Signals[name or "SIGKILL"])

    sys.argv = [os.path.join(project, "bootstrap"), *arguments[2:]]
    os.chdir(project)
    sys.addaudithook(watch)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        if stop_at == 0:
            sys.stdout.write("\n".join(("MOMENTS", *moments)) + "\n")


def _writes(details: tuple[object, ...]) -> bool:
    mode, flags = details[1], details[2]
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


if __name__ == "__main__":
    main(sys.argv[1:])
