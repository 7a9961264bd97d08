"""Read the command line: options, commands, and in plain words what was mistyped."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from .cli import DEFAULTS
from .failure import Failure
from .layout import ENVIRONMENT, project_folder
from .process import pasteable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

COMMANDS = ("run", "check", "activate", "doctor", "lock", "add", "remove")
_MEANT = {
    "install": "add", "uninstall": "remove", "update": "lock --upgrade", "upgrade": "lock --upgrade", "pin": "lock",
    "freeze": "lock", "compile": "lock", "shell": "activate", "exec": "run", "status": "check", "list": "check",
    "info": "doctor", "sync": "", "init": "", "create": "", "setup": "", "help": "--help",
}  # fmt: skip
"""What other tools call it."""
_TAKES_VALUE = ("--project", "--python", "--installer")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are failures as all others are."""

    verbs: Mapping[str, argparse.ArgumentParser]
    """The parser of each command."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to say as a Failure."""
        raise Failure(f"{message.rstrip('.')}.", "", f"{self.prog} --help", exit_code=2)


def read(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options, and the command of `run` with every argument as it is; Failure when something is mistyped."""
    made = parser()
    place = _place_of_command(arguments)
    if place is not None and arguments[place] not in made.verbs:
        known = re.findall(r"--?[a-z-]+", made.format_help())
        for word in arguments[:place]:
            # The word after a mistyped option is its value, and no command.
            if word.startswith("-") and word.partition("=")[0] not in known:
                raise _no_option(word, made)
        raise _no_command(arguments, place, sorted(made.verbs))
    own, command = _split_run(arguments, place)
    options, unknown = made.parse_known_args(own)
    if unknown:
        raise _no_option(unknown[0], made.verbs[options.command] if options.command else made)
    return options, command


def _place_of_command(arguments: list[str]) -> int | None:
    position = 0
    while position < len(arguments):
        if not arguments[position].startswith("-"):
            return position
        position += 2 if arguments[position] in _TAKES_VALUE else 1
    return None


def _split_run(arguments: list[str], place: int | None) -> tuple[list[str], list[str]]:
    """Part our own options from the command of `run`, which keeps every argument as it is."""
    if place is None or arguments[place] != "run":
        return arguments, []
    after = place + 1
    while after < len(arguments) and arguments[after].startswith("-") and arguments[after] != "--":
        after += 2 if arguments[after] in _TAKES_VALUE else 1
    command = arguments[after:]
    return arguments[:after], command[1:] if command[:1] == ["--"] else command


def _no_command(arguments: list[str], place: int, known: list[str]) -> Failure:
    import difflib

    word, before, after = arguments[place], arguments[:place], arguments[place + 1 :]
    near = difflib.get_close_matches(word, [*known, *_MEANT], 1)
    if near:
        meant = [*before, *_MEANT.get(near[0], near[0]).split(), *after]
    elif _is_program(word):
        meant = [*before, "run", word, *after]
    else:
        meant = ["--help"]
    return Failure(
        f"{word} is not a command of the bootstrap.",
        "",
        pasteable(["bootstrap", *meant], windows=os.name == "nt"),
        exit_code=2,
    )


def _is_program(word: str) -> bool:
    own = Path(project_folder(), ENVIRONMENT)
    here = os.pathsep.join([str(own / "bin"), str(own / "Scripts"), os.environ.get("PATH", "")])
    return shutil.which(word, path=here) is not None


def _no_option(word: str, verb: argparse.ArgumentParser) -> Failure:
    import difflib

    near = difflib.get_close_matches(word.partition("=")[0], re.findall(r"--[a-z-]+", verb.format_help()), 1)
    why = f"Did you mean {near[0]}?" if near else ""
    return Failure(f"{verb.prog} does not know {word}.", why, f"{verb.prog} --help", exit_code=2)


def workshop() -> Any:
    """Return the commands that only a workshop has: into other projects they are not even rendered."""
    if not (Path(__file__).parent / "workshop").is_dir():
        return None
    return importlib.import_module("projectenv.workshop.commandline")


def _common() -> Parser:
    """Return the options that stand before a command as well as behind it; made anew each time, as argparse shares them."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--project", metavar="DIR", help="the project, when it is not the one this folder is in")
    common.add_argument("--python", metavar="X", help="a version (3.12) or a path; default: the newest that fits")
    common.add_argument("--installer", choices=("auto", "uv", "pip"), help="default: uv when it is there, else pip")
    common.add_argument("--offline", action="store_true", help="use the caches and ./wheelhouse, never the network")
    common.add_argument("--recreate", action="store_true", help="make .venv anew, whatever its state")
    common.add_argument("--prod", action="store_true", help="only the first pin file: what production needs")
    common.add_argument("--dry-run", action="store_true", help="print the steps and touch nothing")
    common.add_argument("--quiet", action="store_true", help="print failures only")
    common.add_argument("--verbose", action="store_true", help="print each step and the commands it runs")
    common.add_argument("--no-input", action="store_true", help="never ask (the bootstrap itself never does)")
    return common


def parser() -> Parser:
    """Return the parser of every command and option."""
    made = Parser(
        prog="bootstrap",
        parents=[_common()],
        allow_abbrev=False,
        description="Make .venv match the pins: create, repair, sync, or nothing; then say how to use it.",
        epilog="Exit codes: 0 done, 1 it failed and says why, 2 usage or no usable Python, 3 a bug of ours.",
    )
    made.set_defaults(**DEFAULTS)
    verbs = made.add_subparsers(dest="command", metavar="COMMAND")
    # Its words are taken out before argparse sees the line: they are the command's own.
    verbs.add_parser(
        "run",
        parents=[_common()],
        usage="bootstrap run [options] CMD ...",
        help="the same, quietly, then run CMD inside; its exit code",
    )
    check = verbs.add_parser(
        "check", parents=[_common()], help="touch nothing; exit 0, or 1 with reasons and the next command"
    )
    check.add_argument("--json", action="store_true", help="print the answer for machines")
    activate = verbs.add_parser("activate", parents=[_common()], help="print the activation line for this shell")
    activate.add_argument("--shell", metavar="NAME", default=None, help="for this shell instead of the one in use")
    activate.add_argument("--all", action="store_true", help="for every shell")
    _add_pinning(verbs)
    doctor = verbs.add_parser(
        "doctor", parents=[_common()], help="explain this machine and what to type; exit 0 if all works"
    )
    doctor.add_argument("names", nargs="*", metavar="NAME", help="projects to ask the package manager for")
    doctor.add_argument("--json", action="store_true", help="print the answer for machines, fit to be shared")
    doctor.add_argument(
        "--explain", action="store_true", help="tell what externally managed means here, and the ways out"
    )
    doctor.add_argument("--rollback-plan", metavar="FILE", help="write how to take back what pip was forced to install")
    if more := workshop():
        more.declare(verbs, _common)
    made.verbs = verbs.choices
    return made


def _add_pinning(verbs: Any) -> None:
    lock = verbs.add_parser("lock", parents=[_common()], help="pin what is declared, for every platform and Python")
    lock.add_argument("--upgrade", nargs="*", metavar="PKG", help="renew these pins, or all; else what is pinned stays")
    lock.add_argument("--pylock", action="store_true", help="write pylock.toml (PEP 751) beside the pins as well")
    add = verbs.add_parser("add", parents=[_common()], help="declare packages, pin and install them")
    remove = verbs.add_parser("remove", parents=[_common()], help="declare packages no longer, pin and uninstall")
    for verb in (add, remove):
        verb.add_argument("names", nargs="+", metavar="PKG", help="a name, or a requirement: 'rich>=14'")
        verb.add_argument("--group", metavar="NAME", help="a dependency group instead of production, such as dev")
    for verb in (lock, add, remove):
        verb.add_argument("--cooldown", type=int, metavar="DAYS", help="leave out releases younger than that")
