"""Answer at once when there is nothing to do; everything else is handed to the command line.

Only `os`, `sys` and `stamp` are imported here: an up-to-date environment is told in milliseconds.
"""

from __future__ import annotations

import os
import sys

from . import stamp
from .layout import ENVIRONMENT, project_folder


def main(arguments: list[str]) -> int:
    """Run the bootstrap with these arguments and return its exit code."""
    runs = bool(arguments) and arguments[0] == "run" and len(arguments) > 1 and not arguments[1].startswith("-")
    if not arguments or runs or arguments == ["--quiet"]:
        project = project_folder()
        folder = os.path.join(project, ENVIRONMENT)
        header = stamp.current(project, folder)
        if header and not os.path.lexists(folder + ".before"):
            if runs:
                from .commands.run import hand_over

                return hand_over(folder, arguments[1:])
            if not arguments:
                from .ready import tell_ready

                tell_ready(folder, header, sys.stdout)
            return 0
    from .cli import main as full

    return full(arguments)
