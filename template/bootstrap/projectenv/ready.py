"""Say that the environment is ready, and what to type in this shell to use it."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # the name that type checkers believe; importing `typing` costs a third of a Python's start
if TYPE_CHECKING:
    from typing import TextIO

    from .console import Console
    from .ensure import Outcome
    from .settings import Settings


def typed(command: str) -> str:
    """Return a command of the bootstrap, or a sentence that ends with one, as it is typed on this system."""
    shim = "bootstrap.cmd" if os.name == "nt" else "sh bootstrap.sh"
    before, colon, last = command.rpartition(": ")
    own = last.split(" ", 1)[0] == "bootstrap"
    return before + colon + shim + last.removeprefix("bootstrap") if own else command


def how_to_use(folder: str) -> str:
    """Return the two ways to use the environment, for the shell in use.

    BOOTSTRAP_GO_TO is the hook's word for the project's folder, for a person who stands elsewhere.
    """
    from .activation import in_words
    from .shells import shell_in_use

    system = "windows" if os.name == "nt" else "posix"
    first = os.environ.get("BOOTSTRAP_GO_TO")
    words = in_words(folder, os.getcwd(), system, shell_in_use())
    return f"Go to the project:\n    {_quoted_cd(first)}\n{words}" if first else words


def _quoted_cd(folder: str) -> str:
    plain = all(character.isalnum() or character in "/._-:\\" for character in folder)
    if os.name == "nt":
        return f"cd {folder}" if plain else f'cd "{folder}"'
    quoted = folder if plain else "'" + folder.replace("'", "'\\''") + "'"
    return f"cd -- {quoted}" if folder.startswith("-") else f"cd {quoted}"


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
    return f"Try it:\n    {typed('bootstrap run ' + command)}"
