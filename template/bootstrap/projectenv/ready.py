"""Say that the environment is ready, and what to type in this shell to use it."""

from __future__ import annotations

import os

from .layout import project_folder, starter

_NEAR = 3
"""From further away than that many folders, a whole path is easier to read."""

TYPE_CHECKING = False  # the name that type checkers believe; importing `typing` costs a third of a Python's start
if TYPE_CHECKING:
    from typing import TextIO

    from .console import Console
    from .ensure import Outcome
    from .settings import Settings


def typed(command: str) -> str:
    """Return a command of the bootstrap, or a sentence that ends with one, as it is typed here."""
    whole = command.startswith("bootstrap ")
    before, colon, last = ("", "", command) if whole else command.rpartition(": ")
    own = last.split(" ", 1)[0] == "bootstrap"
    return before + colon + started(starter(project_folder())) + last.removeprefix("bootstrap") if own else command


def started(script: str) -> str:
    """Return how a script of the project is started: by its name in the project's folder, by a path in any other."""
    whole = os.path.join(project_folder(), script)
    try:
        path = os.path.relpath(whole)
    except (OSError, ValueError):  # the folder we are in is gone, or it is on another drive
        path = whole
    if path.count("..") > _NEAR:
        path = whole
    if not script.endswith(".cmd"):
        program = "sh" if script.endswith(".sh") else "py" if os.name == "nt" else "python3"
        return f"{program} {_quoted(path)}"
    return on_windows(path, powershell=" " in path and _in_powershell())


def on_windows(path: str, *, powershell: bool) -> str:
    """Return how a program is started by its path: PowerShell runs nothing of the current folder without a dot."""
    path = path if path[1:2] == ":" or path.startswith(("..", "\\\\")) else f".\\{path}"
    if " " not in path:
        return path
    return f'& "{path}"' if powershell else f'"{path}"'


def _in_powershell() -> bool:
    from .shells import shell_in_use

    return shell_in_use() in ("powershell", "pwsh")


def how_to_use(folder: str) -> str:
    """Return the two ways to use the environment, for the shell in use.

    BOOTSTRAP_GO_TO is the hook's word for the project's folder, for a person who stands elsewhere.
    """
    from .activation import in_words
    from .shells import shell_in_use

    system = "windows" if os.name == "nt" else "posix"
    first = os.environ.get("BOOTSTRAP_GO_TO")
    words = in_words(folder, os.getcwd(), system, shell_in_use(), starter(project_folder()))
    return f"Go to the project:\n    {_quoted_cd(first)}\n{words}" if first else words


def _quoted_cd(folder: str) -> str:
    if os.name != "nt":
        return f"cd -- {_quoted(folder)}" if folder.startswith("-") else f"cd {_quoted(folder)}"
    # cmd stays on its drive unless it is told; PowerShell goes along, and knows no /d.
    return f"cd {_quoted(folder)}" if _in_powershell() else f"cd /d {_quoted(folder)}"


def _quoted(path: str) -> str:
    if all(character.isalnum() or character in "/._-:\\" for character in path):
        return path
    return f'"{path}"' if os.name == "nt" else "'" + path.replace("'", "'\\''") + "'"


def tell_ready(folder: str, header: dict[str, str], stream: TextIO) -> None:
    """Print that nothing is to be done, then how to use what is there."""
    count = len(header["installed"].split())
    stream.write(f"Nothing to do: .venv matches the pins (Python {header['python']}, {count} packages).\n")
    stream.write(how_to_use(folder) + "\n")
    if header.get("try"):
        stream.write(_try(header["try"]) + "\n")


def tell_done(outcome: Outcome, settings: Settings, console: Console) -> None:
    """Print what was done, then how to use it."""
    from . import pins

    packages = len(pins.installed(outcome.environment.site_packages))
    if outcome.steps:
        console.say(f"Done in {outcome.seconds:.1f} s: {packages} packages in .venv.")
    else:
        console.say(
            f"Nothing to do: .venv matches the pins (Python {outcome.environment.version}, {packages} packages)."
        )
    console.say(how_to_use(str(outcome.environment.folder)))
    if settings.try_it:
        console.say(_try(settings.try_it))


def _try(command: str) -> str:
    whole = command if command.startswith("bootstrap ") else f"bootstrap run {command}"
    return f"Try it:\n    {typed(whole)}"
